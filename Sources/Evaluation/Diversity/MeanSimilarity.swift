/// The mean cosine similarity of the features of two different images of a set: the plainest measure of variety, low where there is much.
///
///     1/(N(N − 1)) · Σ_{i≠j} ⟨xᵢ, xⱼ⟩/(‖xᵢ‖·‖xⱼ‖) = (‖Σ uᵢ‖² − N)/(N(N − 1)),  uᵢ = xᵢ/‖xᵢ‖
///
/// One minus it is the internal diversity (IntDiv) that the Vendi score's authors compare with (arXiv:2210.02410, section 2), which counts each image with itself as well.
public struct MeanSimilarity: Sendable, Hashable {
    /// The mean.
    public init() {}

    /// The mean of a set, in −1…1, with a normal interval for what infinitely many images would give, by the jackknife of a U-statistic of two (Hoeffding 1948).
    /// - Throws: `tooFewImages` for fewer than 3 images; `badOption` for an image whose features are all zero.
    public func callAsFunction(_ features: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(.memory(features), named: "generated", confidence: confidence)
    }

    func callAsFunction(_ features: FeatureRows, named set: String, confidence: Double) throws(EvaluationError) -> MetricResult {
        guard features.count > 2 else { throw .tooFewImages(metric: "mean-similarity", set: set, needed: 3, found: features.count) }
        let rows = FeatureRows.directions(features, of: set), n = Double(rows.count), d = rows.dimension
        var sum = [Double](repeating: 0, count: d), each: [Double] = []
        try rows.forEachBatch { _, values in
            for (index, value) in values.enumerated() { sum[index % d] += Double(value) }
        }
        // Each image with all others: ⟨u, Σ⟩ less its product with itself, which float32 makes not quite 1.
        try rows.forEachBatch { _, values in
            for image in 0..<values.count / d {
                let total = (0..<d).reduce(0.0) { total, column in
                    let value = Double(values[image * d + column])
                    return total + value * (sum[column] - value)
                }
                each.append(total / (n - 1))
            }
        }
        let mean = each.reduce(0, +) / n, variance = each.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * 4 * (n - 1) / (n * (n - 2) * (n - 2))
        var result = MetricResult(metric: "mean-similarity", value: mean, fakeCount: rows.count)
        result.addInterval(standardError: variance.squareRoot(), within: -1...1, confidence)
        return result
    }
}

/// The mean similarity as `gan-eval evaluate --metrics mean-similarity` reports it.
struct MeanSimilarityMetric: Metric {
    let about = MetricDescription(
        "mean-similarity", "Mean similarity", "mean cosine similarity of two different images' features", needs: [.features], better: .asReal, cost: "N·d",
        paper: "Friedman and Dieng 2023, arXiv:2210.02410")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        var result = try MeanSimilarity()(sets.fake.rows(for: name), named: "generated", confidence: sets.confidence)
        if let real = try? sets.real(for: name), case .features = real.content {
            let of = try MeanSimilarity()(real.rows(for: name), named: "real", confidence: sets.confidence)
            result.details = [.init("real", of.value)]
            result.realCount = of.fakeCount
        }
        return result
    }
}
