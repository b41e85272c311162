import Evaluation
import Statistics

/// The mean of the values between two percentiles, both included, with its standard error.
///
/// The percentile q of n sorted values is the one at `⌊q (n − 1)⌋` or, rounding up, at `⌈q (n − 1)⌉`: NumPy's methods `lower` and `higher`. The standard error is that of a trimmed mean,
/// `√((n − 1) s²_w / (h (h − 1)))` with the variance s²_w of all values, those outside moved to the nearest bound, and the number h of values within.
/// Sources: Tukey & McLaughlin 1963, *Less vulnerable confidence and significance procedures for location*; Yuen 1974, Biometrika 61.
public struct PercentileMean: Sendable {
    /// The mean of the values within the bounds.
    public let mean: Double
    /// The population deviation of the values within the bounds.
    public let deviation: Double
    /// The lowest and the highest value that counts.
    public let bounds: ClosedRange<Double>
    /// How many values count.
    public let kept: Int
    /// The standard error of the mean; nil where fewer than two values count.
    public let standardError: Double?

    /// The mean of `values` between two shares of them.
    /// - Parameter roundsUp: Whether the upper percentile is the value above where it falls between two.
    /// - Throws: `tooFewImages` below two values.
    public init(_ values: [Double], from lower: Double = 0.01, through upper: Double = 0.99, roundsUp: Bool = true) throws(EvaluationError) {
        guard values.count >= 2 else { throw .tooFewImages(metric: "path-length", set: "generated", needed: 2, found: values.count) }
        precondition(0 <= lower && lower < upper && upper <= 1, "percentiles from \(lower) through \(upper)")
        let sorted = values.sorted(), last = Double(values.count - 1)
        let bounds = sorted[Int((lower * last).rounded(.down))]...sorted[Int((upper * last).rounded(roundsUp ? .up : .down))]
        let within = sorted.filter(bounds.contains), h = Double(within.count)
        let mean = within.reduce(0, +) / h
        let moved = sorted.map { min(max($0, bounds.lowerBound), bounds.upperBound) }, centre = moved.reduce(0, +) / Double(moved.count)
        let squares = moved.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
        (self.mean, self.bounds, kept) = (mean, bounds, within.count)
        deviation = (within.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / h).squareRoot()
        standardError = h > 1 ? (squares / (h * (h - 1))).squareRoot() : nil
    }

    /// The interval of the mean, for many draws: Student's with h − 1 degrees of freedom.
    public func interval(_ confidence: Double) -> ConfidenceInterval? {
        guard let standardError else { return nil }
        let half = StudentDistribution.quantile((1 + confidence) / 2, degreesOfFreedom: Double(kept - 1)) * standardError
        return ConfidenceInterval(lower: mean - half, upper: mean + half, confidence: confidence)
    }
}
