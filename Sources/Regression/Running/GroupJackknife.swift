import Evaluation
import Tensors

/// The standard error, over new generated images against the same real ones, of metrics that do not tell one: each is computed again without each of g random parts of the generated images.
///
///     s² = (g − 1)/g · Σ (θ₋ᵢ − θ̄₋)²,   g − 1 degrees of freedom
///
/// It holds for a value that changes smoothly with the images, and on average errs on the wide side (Efron & Stein 1981). Source: Shao & Tu 1995, *The jackknife and bootstrap*, section 2.3.
struct GroupJackknife {
    /// g.
    let groups: Int

    /// Whether a metric sees nothing of the generated images but their features, of which parts can be taken.
    static func isPossible(_ metric: any Metric) -> Bool { metric.about.needs.isDisjoint(with: [.images, .training, .labels]) }

    /// The estimates of metrics whose values on all images are known.
    /// - Throws: what the metrics throw, as of too few images.
    func standardErrors(of metrics: [any Metric], real: FeaturesFile?, fake: FeaturesFile, under proto: EvaluationProtocol, isCancelled: () -> Bool) throws -> [String: Double] {
        // Folders are in the order of classes, and parts must be as the whole.
        let order = RandomStream(seed: 2020)["jackknife"].permutation(fake.count), folder = try TemporaryFolder()
        var values = metrics.map { _ in [Double]() }
        for group in 0..<groups {
            if isCancelled() { throw EvaluationError.cancelled(isKept: true) }
            let kept = order.enumerated().filter { $0.offset % groups != group }.map(\.element).sorted()
            // Each takes the place of the one before: all together would be many times the features.
            let part = try fake.copy(of: kept, to: folder.path + "/part.h5")
            let sets = EvaluatedSets(real: real.map { MetricInput(.features($0)) }, fake: MetricInput(.features(part)), under: proto)
            for metric in metrics { try metric.announce(to: sets) }
            for (index, metric) in metrics.enumerated() { values[index].append(try metric.evaluate(sets).value) }
        }
        let count = Double(groups)
        return Dictionary(uniqueKeysWithValues: zip(metrics, values).map { metric, values in
            let mean = values.reduce(0, +) / count
            return (metric.name, ((count - 1) / count * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot())
        })
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
