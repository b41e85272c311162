/// Density: in how many balls around real images a generated one lies, against k, which is about what a real one would. Unlike precision it does not let a single far-off real image vouch for
/// everything in its large ball. It may exceed 1, and is 1 on average where both sets are of one distribution.
///
///     density = 1/(k·M) · Σⱼ |{i : ‖yⱼ − xᵢ‖ < rₖ(xᵢ)}|
///
/// Source: Naeem et al. 2020, *Reliable fidelity and diversity metrics for generative models*, arXiv:2002.09797, section 3, with their k = 5 and <, as `prdc`.
public struct ManifoldDensity: Sendable, Hashable {
    /// k.
    public var neighbours: Int

    /// The paper's five neighbours, or others.
    public init(neighbours: Int = 5) { self.neighbours = neighbours }

    /// The density, at least 0.
    ///
    /// The interval covers what infinitely many generated images would give against these real ones: given them it is a mean of independent numbers. Where all numbers are equal it says nothing, and there is none.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for a set of no more than k images.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    func callAsFunction(_ neighbourhoods: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        let balls = try neighbourhoods.membership(inBallsOf: .real, k: neighbours, isClosed: false, for: "density").balls
        let n = Double(balls.count), k = Double(neighbours), mean = Double(balls.reduce(0, +)) / n
        let variance = balls.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / (n - 1)
        let value = mean / k, error = (variance / n).squareRoot() / k
        var result = MetricResult(metric: "density", value: value, details: [.init("neighbours", k)], realCount: neighbourhoods.count(.real), fakeCount: neighbourhoods.count(.fake))
        result.addInterval(standardError: error, within: 0 ... .infinity, confidence)
        return result
    }
}

/// Density as `gan-eval evaluate --metrics density` reports it.
struct DensityMetric: Metric {
    let about = MetricDescription(
        "density", "Density", "how many real neighbourhoods hold a generated image, 1 for real ones", needs: [.real, .features], better: .larger, cost: "N²·d", paper: "Naeem et al. 2020, arXiv:2002.09797",
        usualFeatures: (network: "vgg16", tap: "fc2_relu"))

    func announce(to sets: EvaluatedSets) throws(EvaluationError) {
        try sets.neighbourhoods(for: name).expect(.real, k: ManifoldDensity().neighbours, isClosed: false)
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ManifoldDensity()(sets.neighbourhoods(for: name), confidence: sets.confidence)
    }
}
