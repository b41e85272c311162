/// The sliced 2-Wasserstein distance without slices (ASW): in many dimensions projections are nearly Gaussian, so that means and total variances are all that it takes.
///
///     ASW² = ‖µ₁ − µ₂‖²/d + (√v₁ − √v₂)²,  v = tr Σ/d
///
/// Source: Nadjahi et al. 2021, *Fast approximation of the sliced-Wasserstein distance using concentration of random projections*, arXiv:2106.15427, equation 14, with variances over N, as dgm-eval.
public struct ApproximateSlicedWasserstein: Sendable, Hashable {
    /// The distance.
    public init() {}

    /// The distance, at least 0; it has no interval.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for an empty set.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet) throws(EvaluationError) -> MetricResult { try self(real: .features(real), fake: .features(fake)) }

    /// The distance of sets of which at least mean and covariance are known. Statistics are taken as they were given, with N − 1 if they were made so.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for an empty set.
    public func callAsFunction(real: FeatureSummary, fake: FeatureSummary) throws(EvaluationError) -> MetricResult {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        let a = try Self.gaussian(real), b = try Self.gaussian(fake), d = Double(real.dimension)
        var shift = 0.0
        for (x, y) in zip(a.mean, b.mean) { shift += (x - y) * (x - y) / d }
        let spread = (a.covariance.trace / d).squareRoot() - (b.covariance.trace / d).squareRoot()
        return MetricResult(metric: "asw", value: (shift + spread * spread).squareRoot(), details: [.init("shift", shift.squareRoot()), .init("spread", spread)], realCount: real.count, fakeCount: fake.count)
    }

    private static func gaussian(_ summary: FeatureSummary) throws(EvaluationError) -> FeatureStatistics {
        switch summary {
        case .features(let features): try Moments(features).statistics(.population)
        case .stored(_, let statistics), .statistics(let statistics): statistics
        }
    }
}

/// ASW as `gan-eval evaluate --metrics asw` reports it.
struct ApproximateSlicedMetric: Metric {
    let about = MetricDescription(
        "asw", "ASW", "distance of means and total variances, which slices tend to in many dimensions", needs: [.real, .moments], better: .smaller, cost: "N·d²", paper: "Nadjahi et al. 2021, arXiv:2106.15427")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ApproximateSlicedWasserstein()(real: sets.real(for: name).summary(.population, for: name), fake: sets.fake.summary(MomentConvention(degreesOfFreedomRemoved: 0), for: name))
    }
}
