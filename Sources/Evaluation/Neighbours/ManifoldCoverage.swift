/// Coverage: the share of real images with a generated one nearer than their k-th nearest other real one. Unlike recall its balls are around real images, so it is not fooled by generated
/// outliers.
///
///     coverage = 1/N · |{i : ‖yⱼ − xᵢ‖ < rₖ(xᵢ) for some j}|
///
/// Source: Naeem et al. 2020, *Reliable fidelity and diversity metrics for generative models*, arXiv:2002.09797, section 3, with their k = 5 and <, as `prdc`. It depends on the numbers of images: N real
/// and M generated ones of one distribution give 1 − Π (N − i)/(M + N − i), i = 1…k, on average: about 1 − 2⁻ᵏ for as many, more for more generated ones.
public struct ManifoldCoverage: Sendable, Hashable {
    /// k.
    public var neighbours: Int

    /// The paper's five neighbours, or others.
    public init(neighbours: Int = 5) { self.neighbours = neighbours }

    /// The share, in 0…1.
    ///
    /// The interval covers what as many other generated images would give on average against these real ones. Balls share images, so the share is no mean of independent ones; the standard error is
    /// the jackknife's over generated images, whose leaving out uncovers those balls in which they are alone. It errs on the wide side (Efron and Stein 1981). Where no image is alone in a ball it says nothing, and there is none.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for a set of no more than k images.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    func callAsFunction(_ neighbourhoods: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        let membership = try neighbourhoods.membership(inBallsOf: .real, k: neighbours, isClosed: false, for: "coverage")
        let count = Double(membership.points.count), value = Double(membership.points.count { $0 > 0 }) / count
        var lost = [Double](repeating: 0, count: membership.balls.count)
        for (ball, points) in membership.points.enumerated() where points == 1 { lost[membership.aPoint[ball]] += 1 / count }
        let n = Double(lost.count), mean = lost.reduce(0, +) / n
        let error = (lost.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * (n - 1) / n).squareRoot()
        var result = MetricResult(metric: "coverage", value: value, details: [.init("neighbours", Double(neighbours))], realCount: neighbourhoods.count(.real), fakeCount: neighbourhoods.count(.fake))
        result.addInterval(standardError: error, within: 0...1, confidence)
        return result
    }
}

/// Coverage as `gan-eval evaluate --metrics coverage` reports it.
struct CoverageMetric: Metric {
    let about = MetricDescription(
        "coverage", "Coverage", "share of real neighbourhoods that hold a generated image", needs: [.real, .features], better: .larger, cost: "N²·d", paper: "Naeem et al. 2020, arXiv:2002.09797",
        usualFeatures: (network: "vgg16", tap: "fc2_relu"))

    func announce(to sets: EvaluatedSets) throws(EvaluationError) {
        try sets.neighbourhoods(for: name).expect(.real, k: ManifoldCoverage().neighbours, isClosed: false)
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ManifoldCoverage()(sets.neighbourhoods(for: name), confidence: sets.confidence)
    }
}
