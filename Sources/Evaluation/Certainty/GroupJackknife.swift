import Statistics
import Tensors

/// The standard error, over new generated images against the same real ones, of metrics that do not tell one: each is computed again without each of g random parts of the generated images.
///
///     s² = (g − 1)/g · Σ (θ₋ᵢ − θ̄₋)²,   g − 1 degrees of freedom
///
/// It holds for a value that changes smoothly with the images, and on average errs on the wide side (Efron & Stein 1981). Source: Shao & Tu 1995, *The jackknife and bootstrap*, section 2.3.
public struct GroupJackknife {
    /// g.
    public let groups: Int
    /// Whether metrics that have a standard error of other *real* images get one of generated ones beside it.
    public let completesOthers: Bool

    /// A jackknife of `groups` parts, 2 or more; 20 are usual.
    public init(groups: Int, completesOthers: Bool = false) { (self.groups, self.completesOthers) = (groups, completesOthers) }

    /// Whether it is for a metric: one whose own standard error is not of generated images, and which sees nothing of them but features and classes, of which parts can be taken.
    public static func isFor(_ metric: any Metric) -> Bool {
        !MetricCatalog.withErrorsOfGenerated.contains(metric.name) && metric.about.needs.isDisjoint(with: [.images, .training])
    }

    /// Metrics for which a jackknife is wide enough for a nightly alarm and no interval, with the reason: what is drawn at random for every set it multiplies, and a sum over loops is no smooth function of few images.
    static let unfit = [
        "imd": "it draws anew at random for every group", "geometry-score": "it draws anew at random for every group",
        "mtop": "it draws anew for every group, or sums the loops of few images",
    ]

    /// Where the values of a metric end.
    static func bounds(of metric: String) -> ClosedRange<Double> {
        if ["f-score", "prd-f8", "prd-f1-8", "divergence-frontier", "ndb", "1nn", "recall", "beta-recall", "gan-train", "classifier-two-sample"].contains(metric) { return 0...1 }
        // Differences of two values are on both sides of zero.
        return metric == "boundary-distortion" ? -.infinity ... .infinity : (metric == "vendi" ? 1 : 0)...Double.infinity
    }

    /// Why `--jackknife` gives a metric without an interval none; nil where it does.
    func obstacle(to metric: any Metric, _ result: MetricResult) -> String? {
        if let reason = Self.unfit[metric.name] { return reason }
        if !metric.about.needs.isDisjoint(with: [.images, .training]) { return "it looks at more than features" }
        return result.warnings.contains { $0.hasSuffix(Self.none) } ? "its own is none here" : nil
    }

    /// How results say that there is no interval.
    static let none = ": no interval"

    /// What leaving out groups says of one metric.
    enum Estimate {
        /// A standard error.
        case error(Double)
        /// Why there is none.
        case none(String)
    }

    /// The estimates of metrics whose values on all images are known, in their order.
    /// - Throws: `cancelled`, and what files that cannot be written throw. What a metric throws of a part is the reason why it has no estimate.
    func estimates(
        of metrics: [any Metric], _ wholes: [MetricResult], _ sets: EvaluatedSets, real: MetricInput?, fake: FeaturesFile, progress: (Int) -> Void, isCancelled: () -> Bool
    ) throws(EvaluationError) -> [Estimate] {
        guard groups >= 2, groups <= fake.count else { return metrics.map { _ in .none("\(groups) groups of \(fake.count) images: expected at least 2 groups, and an image for each") } }
        // Folders are in the order of classes, and parts must be as the whole.
        let order = RandomStream(seed: UInt64(sets.proto.seed))["jackknife"].permutation(fake.count), folder = try TemporaryFolder(), labels = sets.fake.labels
        var values = metrics.map { _ in [Double]() }, reasons = metrics.map { _ in nil as String? }
        for group in 0..<groups {
            if isCancelled() { throw .cancelled(isKept: true) }
            progress(group)
            let kept = order.enumerated().filter { $0.offset % groups != group }.map(\.element).sorted()
            // Each takes the place of the one before: all together would be many times the features.
            let part = try fake.copy(of: kept, to: folder.path + "/part.h5")
            let classes = try labels.map { labels throws(EvaluationError) in try ImageLabels(kept.map { labels.labels[$0] }, classNames: labels.classNames) }
            let sets = EvaluatedSets(real: real, fake: MetricInput(.features(part), labels: classes), under: sets.proto)
            func attempt(_ index: Int, _ body: () throws(EvaluationError) -> Void) throws(EvaluationError) {
                do throws(EvaluationError) { try body() } catch {
                    switch error {
                    case .cancelled, .system, .hdf5, .archive: throw error
                    default: reasons[index] = "of \(part.count) images: \(error)"
                    }
                }
            }
            for index in metrics.indices where reasons[index] == nil { try attempt(index) { () throws(EvaluationError) in try metrics[index].announce(to: sets) } }
            for index in metrics.indices where reasons[index] == nil {
                try attempt(index) { () throws(EvaluationError) in
                    let result = try metrics[index].evaluate(sets)
                    values[index].append(result.value)
                    // Of other classes it would be another quantity.
                    if result[detail: "classes"] != wholes[index][detail: "classes"] { reasons[index] = "without some group a class has too few images" }
                }
            }
        }
        return zip(values, reasons).map { values, reason in
            if let reason { return .none(reason) }
            let count = Double(groups), mean = values.reduce(0, +) / count
            return .error(((count - 1) / count * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot())
        }
    }
}

extension MetricResult {
    /// Takes the standard error over new generated images from a jackknife, and Student's interval with it where the metric tells none itself, cut where the metric ends.
    mutating func add(_ jackknife: GroupJackknife, standardError: Double, _ confidence: Double) {
        guard standardError.isFinite else { return }
        generatedStandardError = standardError
        guard interval == nil, self.standardError == nil, value.isFinite else { return }
        guard standardError > 0 else { return warnings.append("no group of images makes a difference, which does not tell how sure the value is" + GroupJackknife.none) }
        let range = GroupJackknife.bounds(of: metric), half = StudentDistribution.quantile((1 + confidence) / 2, degreesOfFreedom: Double(jackknife.groups - 1)) * standardError
        self.standardError = standardError
        details.append(Detail("jackknife_groups", Double(jackknife.groups)))
        interval = ConfidenceInterval(lower: min(value, max(range.lowerBound, value - half)), upper: max(value, min(range.upperBound, value + half)), confidence: confidence)
        warnings.append("the interval is of other generated images against the same real ones, by a jackknife of \(jackknife.groups) groups")
    }
}

extension FeaturesFile {
    /// Some of the images, in ascending order, in a file of their own.
    fileprivate func copy(of rows: [Int], to path: String) throws(EvaluationError) -> FeaturesFile {
        var next = rows[...], start = 0
        try FeaturesFile.write(to: path, identity: identity, dimension: dimension, classes: classes) { () throws(EvaluationError) in
            while start < count {
                let range = start..<min(start + 2048, count), chosen = next.prefix { $0 < range.upperBound }.map { $0 - start }
                start = range.upperBound
                next = next.dropFirst(chosen.count)
                if chosen.isEmpty { continue }
                let features = try FeatureSet(features(range), dimension: dimension).rows(chosen).values
                return (features, classes == nil ? [] : try logits(range).rows(chosen).values)
            }
            return nil
        }
        return try FeaturesFile(reading: path)
    }
}
