/// Integrated α-precision: whether generated images spread over the real ones' support as real ones do, from the typical to the outlying.
///
///     P(α) = 1/M · |{j : ‖yⱼ − c‖ ≤ r(α)}|      IP = 1 − 2·∫₀¹ |P(α) − α| dα
///
/// c is the mean of the real images and r(α) the α-quantile of their distances from it, so that a ball holds the share α of them. Generated images that all are typical raise P above α and lower IP as
/// much as outlying ones do; 1 is best.
/// Source: Alaa et al. 2022, *How faithful is your synthetic data?*, arXiv:2102.08921, equations 5 and 8. Their one-class embedding, a network trained for each real set that gathers it around a
/// given centre, is not part of this: features are taken as they are, around their mean, as their code does when it is given none.
public struct AlphaPrecision: Sendable, Hashable {
    /// How the paper's formula becomes a number.
    public enum Convention: Sendable, Hashable {
        /// Empirical quantiles and the exact integral.
        case exact
        /// The authors' code: 30 levels with interpolated quantiles, summed.
        case published
    }

    /// How the integral is taken.
    public var convention: Convention

    /// The exact integral, or the authors' sum.
    public init(convention: Convention = .exact) { self.convention = convention }

    /// The integrated precision, in 0…1. The curve `alpha_precision` is P.
    ///
    /// The interval covers what as many other generated images would give on average against these real ones: given them, images enter the balls independently.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than 2 images in a set.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    func callAsFunction(_ sets: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        try sets.check(1, for: "alpha-precision")
        let real = try CentreDistances(of: sets.set(.real), fromMeanOf: sets.set(.real)), fake = try CentreDistances(of: sets.set(.fake), fromMeanOf: sets.set(.real))
        let curve = SupportCurve(entries: fake.levels(among: real)), integrated = curve.integrated
        var shares: [Double]?
        if convention == .published {
            let sorted = fake.squared.map { $0.squareRoot() }.sorted()
            shares = real.radii(30).map { radius in Double(sorted.partitioningIndex { $0 > radius }) / Double(sorted.count) }
        }
        return MetricResult(
            support: "alpha-precision", value: shares.map(SupportCurve.summed) ?? integrated.value, standardError: integrated.standardError,
            curve: .init("alpha_precision", x: "share of real images", y: "share of generated images", shares.map { $0.enumerated().map { [Double($0.offset) / 29, $0.element] } } ?? curve.points()),
            sets, confidence)
    }
}

extension MetricResult {
    /// An integrated share with a normal interval within 0…1.
    init(support metric: String, value: Double, standardError: Double, curve: Curve, _ sets: Neighbourhoods, _ confidence: Double, details: [Detail] = []) {
        self.init(metric: metric, value: value, details: details, realCount: sets.count(.real), fakeCount: sets.count(.fake))
        curves = [curve]
        if min(sets.count(.real), sets.count(.fake)) < 500 {
            warnings = ["fewer than 500 images in a set: chance alone moves \(metric) of sets alike by \(Number.short(1 / Double(min(sets.count(.real), sets.count(.fake))).squareRoot())) or so"]
        }
        addInterval(standardError: standardError, within: 0...1, confidence)
    }
}

/// Integrated α-precision as `gan-eval evaluate --metrics alpha-precision` reports it.
struct AlphaPrecisionMetric: Metric {
    let about = MetricDescription(
        "alpha-precision", "α-precision", "whether generated images are as typical and as outlying as real ones", needs: [.real, .features], better: .larger, cost: "N·d",
        paper: "Alaa et al. 2022, arXiv:2102.08921")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try AlphaPrecision()(sets.neighbourhoods(for: name), confidence: sets.confidence)
    }
}
