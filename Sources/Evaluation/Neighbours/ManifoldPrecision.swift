/// Improved precision: the share of generated images that lie among real ones, within the distance of some real image to its k-th nearest other.
///
///     precision = 1/M · |{j : ‖yⱼ − xᵢ‖ ≤ rₖ(xᵢ) for some i}|
///
/// Source: Kynkäänniemi et al. 2019, *Improved precision and recall metric for assessing generative models*, arXiv:1904.06991, equations 1 and 2, with their k = 3 and ≤, as StyleGAN's, ADM's and
/// torch-fidelity's code. `prdc` compares with < instead.
public struct ManifoldPrecision: Sendable, Hashable {
    /// k.
    public var neighbours: Int

    /// The paper's three neighbours, or others.
    public init(neighbours: Int = 3) { self.neighbours = neighbours }

    /// The share, in 0…1.
    ///
    /// The interval covers what infinitely many generated images would give against these real ones: given them, generated images lie among them or not independently of each other, so it is
    /// Wilson's. That other real images would have other balls is not in it.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for a set of no more than k images.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    func callAsFunction(_ neighbourhoods: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        let membership = try neighbourhoods.membership(inBallsOf: .real, k: neighbours, isClosed: true, for: "precision")
        return MetricResult(share: membership.balls.count { $0 > 0 }, of: membership.balls.count, metric: "precision", neighbours: neighbours, neighbourhoods, confidence)
    }
}

extension MetricResult {
    /// A share of independent images, with Wilson's interval.
    init(share hits: Int, of count: Int, metric: String, neighbours: Int, _ neighbourhoods: Neighbourhoods, _ confidence: Double) {
        let share = Double(hits) / Double(count)
        self.init(metric: metric, value: share, standardError: (share * (1 - share) / Double(count)).squareRoot(),
                  interval: ConfidenceInterval(share: share, count: count, confidence: confidence), details: [.init("neighbours", Double(neighbours))],
                  realCount: neighbourhoods.count(.real), fakeCount: neighbourhoods.count(.fake))
    }
}

/// Precision as `gan-eval evaluate --metrics precision` reports it.
struct PrecisionMetric: Metric {
    let about = MetricDescription(
        "precision", "Precision", "share of generated images within the real ones' manifold", needs: [.real, .features], better: .larger, cost: "N²·d", paper: "Kynkäänniemi et al. 2019, arXiv:1904.06991",
        usualFeatures: (network: "vgg16", tap: "fc2_relu"))

    func announce(to sets: EvaluatedSets) throws(EvaluationError) {
        try sets.neighbourhoods(for: name).expect(.real, k: ManifoldPrecision().neighbours, isClosed: true)
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ManifoldPrecision()(sets.neighbourhoods(for: name), confidence: sets.confidence)
    }
}
