import Archives
import Datasets
import Images
import Tensors

/// Disturbs real images in growing degrees and measures what every metric makes of it.
///
/// The images, in random order, are split: n stand for the training set, n for held-out real images, the rest for what a perfect generator would draw. The reference is the training set, for metrics of
/// memorisation the held-out images.
public struct SanityStudy {
    /// Images of each set, n; a fifth of those at hand where they are fewer.
    public var count: Int
    /// Of the split, the draws and the noise.
    public var seed: UInt64
    /// What is done to the images.
    public var disturbances = Disturbance.allCases

    /// A study with this many images in each set.
    public init(count: Int = 1000, seed: UInt64 = 0) { (self.count, self.seed) = (count, seed) }

    /// Fewest images of a set that a study makes sense with.
    private static let fewest = 50

    /// Measures everything. Metrics that need classes are left out where the images have none, and mode dropping with them.
    /// - Parameters:
    ///   - evaluator: Whose network, conventions, progress and cache are used.
    ///   - progress: Told how many of all evaluations are done.
    /// - Throws: `tooFewImages`, `wrongSize`; what extraction throws; `cancelled`.
    public func callAsFunction(_ images: ImageSource, _ metrics: [any Metric], with evaluator: Evaluator, progress: (Int, Int) -> Void = { _, _ in }) throws -> SanityTable {
        let shuffled = images.shuffled(seed: seed), source = images.count > 5 * count ? shuffled.limited(to: 5 * count) : shuffled
        // Before anything is extracted, and again for what could be read.
        _ = try size(images.count)
        let extracted = try evaluator.extract(source, named: "real", keepsLogits: true), n = try size(extracted.file.count)
        let sets = try SanitySets(extracted, source: source, count: n, seed: seed)
        let asked = metrics.filter { $0.about.needs.isDisjoint(with: .labels) || source.classNames != nil }
        let wanted = disturbances.filter { $0 != .modeDropping || source.classNames != nil }
        var identity = extracted.file.identity
        (identity["protocol"], identity["seed"], identity["study_seed"]) = (evaluator.proto.name, String(evaluator.proto.seed), String(seed))
        var table = SanityTable(metrics: asked.map(\.about), disturbances: wanted, count: n, identity: identity)
        // Three disjoint draws say how far a metric moves when nothing has changed.
        var (done, all) = (0, 3 + wanted.reduce(0) { $0 + $1.degrees.count })
        func advance() throws(EvaluationError) {
            done += 1
            progress(done, all)
            if evaluator.isCancelled() { throw .cancelled(isKept: false) }
        }
        for draw in 0..<3 {
            table.undisturbed.append(try measure(asked, sets, fake: sets.part(sets.undisturbed(draw)), evaluator).values)
            try advance()
        }
        for disturbance in wanted {
            for degree in disturbance.degrees {
                let fake = disturbance.changesPixels && degree > 0 ? try disturbed(sets, disturbance, degree, evaluator) : try sets.part(sets.rows(disturbance, degree))
                let found = try measure(asked, sets, fake: fake, evaluator)
                table.add(disturbance, degree: disturbance == .sampleSize ? Double(fake.count ?? 0) : degree, found.values, found.failures)
                try advance()
            }
        }
        return table
    }

    /// Images of each set where there are this many in all.
    private func size(_ all: Int) throws(EvaluationError) -> Int {
        let size = min(count, all / 5)
        guard size >= Self.fewest else { throw .tooFewImages(metric: "a study of metrics", set: "given", needed: 5 * Self.fewest, found: all) }
        return size
    }

    private typealias Measured = (values: [MetricResult?], failures: [String: String])

    /// Results in the order of the metrics; a metric that refuses these sets has none, and says why.
    private func measure(_ metrics: [any Metric], _ sets: SanitySets, fake: MetricInput, _ evaluator: Evaluator) throws -> Measured {
        let usual = EvaluatedSets(real: sets.training, fake: fake, under: evaluator.proto, confidence: evaluator.confidence)
        let withTraining = EvaluatedSets(real: sets.heldOut, fake: fake, training: sets.training, under: evaluator.proto, confidence: evaluator.confidence)
        func given(_ metric: any Metric) -> EvaluatedSets { metric.about.needs.contains(.training) ? withTraining : usual }
        var measured: Measured = ([], [:])
        // What a metric lacks it says again when it computes.
        for metric in metrics { try? metric.announce(to: given(metric)) }
        for metric in metrics {
            do throws(EvaluationError) {
                measured.values.append(try metric.evaluate(given(metric)))
            } catch {
                measured.values.append(nil)
                measured.failures[metric.name] = "\(error.naming(real: "the reference", fake: "the disturbed set"))"
            }
        }
        return measured
    }

    /// The features of the drawn images after something was done to each.
    private func disturbed(_ sets: SanitySets, _ disturbance: Disturbance, _ degree: Double, _ evaluator: Evaluator) throws -> MetricInput {
        let rows = sets.rows(disturbance, degree), path = sets.folder.path + "/\(disturbance.rawValue)-\(degree).h5", noise = RandomStream(seed: seed)["noise"]
        let first = try sets.image(rows[0]), labels = sets.labels.map { labels in rows.map { labels.labels[$0] } }
        var file = try CollectionFile(creating: path, as: .hdf5, count: rows.count, shape: [first.height, first.width, first.channels], labels: labels, classNames: sets.labels?.classNames)
        for (index, row) in rows.enumerated() {
            let image = try sets.image(row)
            guard (image.width, image.height, image.channels) == (first.width, first.height, first.channels) else {
                throw EvaluationError.wrongSize(image: sets.location(row), expected: "\(first.width) x \(first.height) x \(first.channels)", found: "\(image.width) x \(image.height) x \(image.channels)")
            }
            try file.append(disturbance.disturb(image, degree: degree, noise["\(disturbance.rawValue) \(index)"]).pixels)
        }
        try file.commit()
        let source = try ImageSource.open(path, labelled: labels != nil)
        let extracted = try evaluator.extract(source, named: "\(disturbance.rawValue) \(degree)", keepsLogits: true)
        return try sets.keeping(extracted, source)
    }
}
