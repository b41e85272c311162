/// The harmonic mean of improved precision and recall.
///
///     F = 2·P·R / (P + R)
///
/// 0 where both are. Source: torch-fidelity's `f_score`, on Kynkäänniemi et al. 2019, arXiv:1904.06991. There is no interval: precision's covers new generated images, recall's new real ones, and
/// each holds the balls fixed that the other draws.
public struct ManifoldFScore: Sendable, Hashable {
    /// k.
    public var neighbours: Int

    /// The paper's three neighbours, or others.
    public init(neighbours: Int = 3) { self.neighbours = neighbours }

    /// The score, in 0…1.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for a set of no more than k images.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    func callAsFunction(_ neighbourhoods: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        let precision = try ManifoldPrecision(neighbours: neighbours)(neighbourhoods, confidence: confidence).value
        let recall = try ManifoldRecall(neighbours: neighbours)(neighbourhoods, confidence: confidence).value
        return MetricResult(
            metric: "f-score", value: precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0,
            details: [.init("neighbours", Double(neighbours)), .init("precision", precision), .init("recall", recall)],
            realCount: neighbourhoods.count(.real), fakeCount: neighbourhoods.count(.fake))
    }
}

/// The F-score as `gan-eval evaluate --metrics f-score` reports it.
struct FScoreMetric: Metric {
    let about = MetricDescription(
        "f-score", "F-score", "harmonic mean of precision and recall", needs: [.real, .features], better: .larger, cost: "N²·d", paper: "Kynkäänniemi et al. 2019, arXiv:1904.06991",
        usualFeatures: (network: "vgg16", tap: "fc2_relu"))

    func announce(to sets: EvaluatedSets) throws(EvaluationError) {
        let neighbourhoods = try sets.neighbourhoods(for: name)
        neighbourhoods.expect(.real, k: ManifoldFScore().neighbours, isClosed: true)
        neighbourhoods.expect(.fake, k: ManifoldFScore().neighbours, isClosed: true)
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ManifoldFScore()(sets.neighbourhoods(for: name), confidence: sets.confidence)
    }
}
