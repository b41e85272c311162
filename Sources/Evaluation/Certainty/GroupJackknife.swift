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

    /// Metrics that draw anew at random for every set they are given, which a jackknife multiplies: wide enough for a nightly alarm, too wide for an interval.
    static let withDraws: Set<String> = ["imd", "geometry-score", "mtop"]

    /// Where the values of a metric end.
    static func bounds(of metric: String) -> ClosedRange<Double> {
        if ["f-score", "prd-f8", "prd-f1-8", "ndb", "1nn", "recall", "beta-recall", "gan-train", "classifier-two-sample"].contains(metric) { return 0...1 }
        // Differences of two values are on both sides of zero.
        return metric == "boundary-distortion" ? -.infinity ... .infinity : (metric == "vendi" ? 1 : 0)...Double.infinity
    }

    /// The estimates of metrics whose values on all images are known, in their order.
    /// - Throws: what the metrics throw, as of too few images.
    func standardErrors(
        of metrics: [any Metric], real: MetricInput?, fake: FeaturesFile, labels: ImageLabels?, under proto: EvaluationProtocol,
        progress: (Int) -> Void, isCancelled: () -> Bool
    ) throws(EvaluationError) -> [Double] {
        guard 2...fake.count ~= groups else { throw .badOption(name: "jackknife", value: "\(groups) groups", expected: "at least 2 and at most the number of generated images, \(fake.count)") }
        // Folders are in the order of classes, and parts must be as the whole.
        let order = RandomStream(seed: 2020)["jackknife"].permutation(fake.count), folder = try TemporaryFolder()
        var values = metrics.map { _ in [Double]() }
        for group in 0..<groups {
            if isCancelled() { throw .cancelled(isKept: true) }
            progress(group)
            let kept = order.enumerated().filter { $0.offset % groups != group }.map(\.element).sorted()
            // Each takes the place of the one before: all together would be many times the features.
            let part = try fake.copy(of: kept, to: folder.path + "/part.h5")
            let classes = try labels.map { labels throws(EvaluationError) in try ImageLabels(kept.map { labels.labels[$0] }, classNames: labels.classNames) }
            let sets = EvaluatedSets(real: real, fake: MetricInput(.features(part), labels: classes), under: proto)
            for metric in metrics { try metric.announce(to: sets) }
            for (index, metric) in metrics.enumerated() { values[index].append(try metric.evaluate(sets).value) }
        }
        return values.map { values in
            let count = Double(groups), mean = values.reduce(0, +) / count
            return ((count - 1) / count * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
        }
    }
}

extension MetricResult {
    /// Takes the standard error over new generated images from a jackknife, and Student's interval with it where the metric tells none itself, cut where the metric ends.
    mutating func add(_ jackknife: GroupJackknife, standardError: Double, _ confidence: Double) {
        guard standardError.isFinite else { return }
        generatedStandardError = standardError
        // Where no group makes a difference, that says nothing of other images.
        guard interval == nil, self.standardError == nil, standardError > 0, value.isFinite else { return }
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
        var values: [Float] = [], next = rows[...]
        values.reserveCapacity(rows.count * dimension)
        for start in stride(from: 0, to: count, by: 2048) {
            let range = start..<min(start + 2048, count), features = try features(range)
            while let row = next.first, row < range.upperBound {
                next = next.dropFirst()
                values += features[(row - start) * dimension..<(row - start + 1) * dimension]
            }
        }
        var batch: (features: [Float], logits: [Float])? = (values, classes == nil ? [] : try logits().rows(rows).values)
        try FeaturesFile.write(to: path, identity: identity, dimension: dimension, classes: classes) { () throws(EvaluationError) in
            defer { batch = nil }
            return batch
        }
        return try FeaturesFile(reading: path)
    }
}
