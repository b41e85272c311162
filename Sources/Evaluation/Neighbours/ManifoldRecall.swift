/// Improved recall: the share of real images that lie among generated ones, within the distance of some generated image to its k-th nearest other.
///
///     recall = 1/N · |{i : ‖xᵢ − yⱼ‖ ≤ rₖ(yⱼ) for some j}|
///
/// Precision with the sets exchanged. Source: Kynkäänniemi et al. 2019, arXiv:1904.06991, equations 1 and 2, with their k = 3 and ≤. A few generated images far from everything have large balls and
/// make it look better than it is; see `ManifoldCoverage`.
public struct ManifoldRecall: Sendable, Hashable {
    /// k.
    public var neighbours: Int

    /// The paper's three neighbours, or others.
    public init(neighbours: Int = 3) { self.neighbours = neighbours }

    /// The share, in 0…1.
    ///
    /// The interval, Wilson's, covers what infinitely many real images would give against these generated ones; that other generated images would have other balls is not in it.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for a set of no more than k images.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    func callAsFunction(_ neighbourhoods: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        let membership = try neighbourhoods.membership(inBallsOf: .fake, k: neighbours, isClosed: true, for: "recall")
        return MetricResult(share: membership.balls.count { $0 > 0 }, of: membership.balls.count, metric: "recall", neighbours: neighbours, neighbourhoods, confidence)
    }
}

/// Recall as `gan-eval evaluate --metrics recall` reports it.
struct RecallMetric: Metric {
    let about = MetricDescription(
        "recall", "Recall", "share of real images within the generated ones' manifold", needs: [.real, .features], better: .larger, cost: "N²·d", paper: "Kynkäänniemi et al. 2019, arXiv:1904.06991",
        usualFeatures: (network: "vgg16", tap: "fc2_relu"))

    func announce(to sets: EvaluatedSets) throws(EvaluationError) {
        try sets.neighbourhoods(for: name).expect(.fake, k: ManifoldRecall().neighbours, isClosed: true)
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ManifoldRecall()(sets.neighbourhoods(for: name), confidence: sets.confidence)
    }
}
