/// Integrated β-recall: whether the typical generated images cover as many real ones as their share promises.
///
///     R(β) = 1/N · |{i : ‖xᵢ − yⱼ‖ ≤ rₖ(xᵢ) for some j with ‖yⱼ − c‖ ≤ r(β)}|      IR = 1 − 2·∫₀¹ |R(β) − β| dβ
///
/// rₖ(xᵢ) is the distance of a real image to its k-th nearest other, c the mean of the generated images and r(β) the β-quantile of their distances from it.
/// Source: Alaa et al. 2022, arXiv:2102.08921, equations 6, 8 and 10, with k = 1 as in their code. Without their one-class embedding; see `AlphaPrecision`. With k = 1 a real image's nearest
/// generated one is nearer than its nearest real one in half of the cases at best where the sets are alike, so that R stays near β/2 and IR near 0.5; compare values of one k only.
public struct BetaRecall: Sendable, Hashable {
    /// How the paper's formula becomes a number.
    public enum Convention: Sendable, Hashable {
        /// The formula above, with empirical quantiles and the exact integral.
        case exact
        /// The authors' code: only the generated image nearest to a real one may cover it, r(β) is the quantile over those nearest images alone, and 30 levels are summed.
        case published
    }

    /// k.
    public var neighbours: Int
    /// Which generated images may cover and how the integral is taken.
    public var convention: Convention

    /// The formula with one neighbour, or other conventions.
    public init(neighbours: Int = 1, convention: Convention = .exact) { (self.neighbours, self.convention) = (neighbours, convention) }

    /// The integrated recall, in 0…1. The curve `beta_recall` is R; the detail `covered` is R(1).
    ///
    /// The standard error takes real images for independent given the generated ones, though their balls depend on each other a little; the interval covers what as many other real images would give.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for a set of no more than k images.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    func callAsFunction(_ sets: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        try sets.check(neighbours, for: "beta-recall")
        let centre = try CentreDistances(of: sets.set(.fake), fromMeanOf: sets.set(.fake))
        let entries = try convention == .exact ? nearestToCentre(sets, centre.levels(among: centre)) : published(sets, centre)
        let curve = SupportCurve(entries: entries), integrated = curve.integrated, covered = Double(entries.count { convention == .exact ? $0 < 1 : $0 <= 1 }) / Double(entries.count)
        // The code's levels are quantiles reached, not passed.
        let points: [SIMD2<Double>] = convention == .exact ? curve.points() : (0..<30).map { step in [Double(step) / 29, Double(entries.count { $0 <= Double(step) / 29 }) / Double(entries.count)] }
        return MetricResult(
            support: "beta-recall", value: convention == .exact ? integrated.value : SupportCurve.summed(points.map(\.y)), standardError: integrated.standardError,
            curve: .init("beta_recall", x: "share of generated images", y: "share of real images", points), sets, confidence,
            details: [.init("neighbours", Double(neighbours)), .init("covered", covered)])
    }

    /// For each real image the level of the most typical generated one in its ball; 1 where there is none.
    private func nearestToCentre(_ sets: Neighbourhoods, _ levels: [Double]) throws(EvaluationError) -> [Double] {
        let radii = try sets.nearest(.real, neighbours).squaredRadii(neighbours)
        var entries = [Double](repeating: 1, count: radii.count)
        try DistanceBlock.forEach(sets.set(.real), sets.set(.fake), sameSet: false) { block in
            for row in 0..<block.rows.count {
                let i = block.rows.lowerBound + row, radius = radii[i]
                var entry = entries[i]
                for column in 0..<block.columns.count {
                    let level = levels[block.columns.lowerBound + column]
                    guard level < entry else { continue }
                    let (lower, upper) = block.bounds(row, column)
                    if lower > radius { continue }
                    if upper < radius || block.exact(row, column) <= radius { entry = level }
                }
                entries[i] = entry
            }
        }
        return entries
    }

    /// For each real image the level, among the 30, from which on the code counts it; 2 where it never does.
    private func published(_ sets: Neighbourhoods, _ centre: CentreDistances) throws(EvaluationError) -> [Double] {
        let radii = try sets.nearest(.real, neighbours).squaredRadii(neighbours), across = try sets.nearestOfTheOther(.real, 1)
        let nearest = radii.indices.map { across.nearest($0) }
        let steps = CentreDistances(squared: nearest.map { centre.squared[$0.index] }).radii(30)
        return radii.indices.map { image in
            guard nearest[image].squaredDistance <= radii[image] else { return 2 }
            return Double(steps.partitioningIndex { $0 >= centre.squared[nearest[image].index].squareRoot() }) / 29
        }
    }
}

/// Integrated β-recall as `gan-eval evaluate --metrics beta-recall` reports it.
struct BetaRecallMetric: Metric {
    let about = MetricDescription(
        "beta-recall", "β-recall", "whether typical generated images cover real ones as their share promises", needs: [.real, .features], better: .larger, cost: "N²·d",
        paper: "Alaa et al. 2022, arXiv:2102.08921")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try BetaRecall()(sets.neighbourhoods(for: name), confidence: sets.confidence)
    }
}
