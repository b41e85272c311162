import Evaluation

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
/// Without standard errors the scatter around the line takes their place, with Student's t of n − 2 degrees of freedom.
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

    /// A line through estimates in the order of their nights; nil for too few nights, or for numbers that do not scatter at all.
    public init?(_ estimates: [Estimate], better: MetricDescription.Better) {
        let hasErrors = estimates.allSatisfy { $0.standardError != nil } && estimates.contains { $0.usableError != nil }
        guard estimates.count >= (hasErrors ? Self.fewestNights : Self.fewestNightsWithoutErrors) else { return nil }
        let n = Double(estimates.count), centre = (n - 1) / 2, squares = n * (n * n - 1) / 12
        let steps = estimates.indices.map { Double($0) - centre }
        let slope = zip(steps, estimates).reduce(0) { $0 + $1.0 * $1.1.value } / squares
        var sum = VarianceSum()
        if hasErrors {
            for (step, estimate) in zip(steps, estimates) {
                let error = estimate.standardError ?? 0
                sum.add(step * step * error * error / (squares * squares), degreesOfFreedom: estimate.degreesOfFreedom)
            }
        } else {
            let mean = estimates.reduce(0) { $0 + $1.value } / n
            let scatter = zip(steps, estimates).reduce(0) { sum, pair in
                let residual = pair.1.value - mean - slope * pair.0
                return sum + residual * residual
            }
            sum.add(scatter / (n - 2) / squares, degreesOfFreedom: n - 2)
        }
        guard sum.variance > 0, sum.variance.isFinite, slope.isFinite else { return nil }
        (nights, self.slope, standardError) = (estimates.count, slope, sum.variance.squareRoot())
        worsening = better.worsening(slope * (n - 1))
        let tail = StudentDistribution.upperTail(better.worsening(slope) / standardError, degreesOfFreedom: sum.degreesOfFreedom)
        pValue = better == .asReal ? min(1, 2 * tail) : tail
    }
}
