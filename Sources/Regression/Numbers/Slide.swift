import Evaluation
import Statistics

/// Whether a metric has been getting worse night by night: the slope of a straight line through the baseline and the nights since.
///
///     slope = Σ (i − ī)·vᵢ / Σ (i − ī)²,   Var(slope) = Σ (i − ī)²·sᵢ² / (Σ (i − ī)²)²
///
/// with i the number of the night. The line's level is free, so that the baseline is one night among others: a chart of sums of deviations *from the baseline* (CUSUM, EWMA) would treat that one noisy night as known,
/// and then raises alarms far more often than it says (Jensen, Jones-Farmer, Champ & Woodall 2006, *Effects of parameter estimation on control chart properties*). For independent nights the ratio of slope and
/// standard error is normal in every night, whatever the level, so that it takes its place among the night's other tests and needs no run length of its own.
///
/// Nights are not weighted by their own errors: a share near 1 has a small one, and would pull the line to itself. A night that measured the same images again is no new night and is left out by the caller.
///
/// Without standard errors the scatter around the line takes their place, with Student's t of n − 2 degrees of freedom. A baseline of several nights is the line's first point, as sure as its mean; where it tells how much trainings scatter
/// (``Agreement/scatter``), that is the variance of every night, with its degrees of freedom.
public struct Slide: Sendable, Hashable {
    /// Nights in the line, the baseline among them.
    public let nights: Int
    /// Change for each night, in units of the metric.
    public let slope: Double
    /// Of the slope.
    public let standardError: Double
    /// By how much the line got worse from its first to its last night; negative where it is better.
    public let worsening: Double
    /// Whether the slope is by chance: one-sided, towards worse; two-sided where every change is one for the worse.
    public let pValue: Double

    /// Fewer nights than this make no line.
    public static let fewestNights = 6
    /// Fewer nights than this do not tell how much they scatter.
    static let fewestNightsWithoutErrors = 8

    /// A line through a baseline and the nights since in their order; nil for too few nights, or for numbers that do not scatter at all.
    /// - Parameters:
    ///   - window: Nights in the line, at most; beyond, the oldest are left out.
    ///   - isRetrained: Whether every night measures another training.
    public init?(from agreed: Agreement, _ nights: [Estimate], better: MetricDescription.Better, window: Int = .max, isRetrained: Bool = true) {
        let all = [(estimate: agreed.estimate, share: 1 / Double(agreed.count))] + nights.map { (estimate: $0, share: 1) }
        let points = all.suffix(window).map { $0 }, scatter = isRetrained ? agreed.scatter : nil
        let hasErrors = scatter != nil || points.allSatisfy { $0.estimate.standardError != nil } && points.contains { $0.estimate.usableError != nil }
        guard points.count >= (hasErrors ? Self.fewestNights : Self.fewestNightsWithoutErrors) else { return nil }
        let n = Double(points.count), centre = (n - 1) / 2, squares = n * (n * n - 1) / 12
        let steps = points.indices.map { Double($0) - centre }
        let slope = zip(steps, points).reduce(0) { $0 + $1.0 * $1.1.estimate.value } / squares
        var sum = VarianceSum()
        if let scatter {
            let parts = zip(steps, points).reduce(0) { $0 + $1.0 * $1.0 * $1.1.share }
            sum.add(parts * scatter.variance / (squares * squares), degreesOfFreedom: scatter.degreesOfFreedom)
        } else if hasErrors {
            for (step, point) in zip(steps, points) {
                let error = point.estimate.standardError ?? 0
                sum.add(step * step * error * error * point.share / (squares * squares), degreesOfFreedom: point.estimate.degreesOfFreedom)
            }
        } else {
            let mean = points.reduce(0) { $0 + $1.estimate.value } / n
            let residues = zip(steps, points).reduce(0) { sum, pair in
                let residual = pair.1.estimate.value - mean - slope * pair.0
                return sum + residual * residual
            }
            sum.add(residues / (n - 2) / squares, degreesOfFreedom: n - 2)
        }
        guard sum.variance > 0, sum.variance.isFinite, slope.isFinite else { return nil }
        (self.nights, self.slope, standardError) = (points.count, slope, sum.variance.squareRoot())
        worsening = better.worsening(slope * (n - 1))
        let tail = StudentDistribution.upperTail(better.worsening(slope) / standardError, degreesOfFreedom: sum.degreesOfFreedom)
        pValue = better == .asReal ? min(1, 2 * tail) : tail
    }
}
