import Statistics

/// What several trainings of one recipe say together.
///
/// Their numbers are taken as independent draws of one normal distribution, so that (m − μ)/(s/√n) follows Student's t of n − 1 degrees of freedom, with m their mean and s their standard deviation (of n − 1). What is uncertain about each
/// number for its samples' sake is part of s; what the real images, which all share, contribute is not.
public struct SeedSummary: Hashable, Sendable {
    /// Trainings, two or more.
    public let count: Int
    /// Of their numbers: the mean, and the standard deviation over n − 1.
    public let mean: Double, deviation: Double

    /// A summary; nil for fewer than two numbers, and where one is not finite.
    public init?(_ values: [Double]) {
        guard values.count > 1, values.allSatisfy(\.isFinite) else { return nil }
        let n = Double(values.count), mean = values.reduce(0, +) / n
        (count, self.mean) = (values.count, mean)
        deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
    }

    /// Of the mean: s/√n.
    public var standardError: Double { deviation / Double(count).squareRoot() }

    /// Where the mean of ever more trainings lies, with a confidence of 95 %: m ± t·s/√n.
    public var interval: ClosedRange<Double> {
        let half = StudentDistribution.quantile((1 + Self.confidence) / 2, degreesOfFreedom: Double(count - 1)) * standardError
        return mean - half...mean + half
    }

    /// Of intervals.
    static let confidence = 0.95
}
