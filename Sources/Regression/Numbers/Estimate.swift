import Statistics

/// One metric's number of one night, and how sure it is.
public struct Estimate: Sendable, Hashable {
    /// The number.
    public var value: Double
    /// Its standard error over new generated images against the same real ones; nil where it cannot be told.
    public var standardError: Double?
    /// How many independent pieces the standard error was estimated from, less one; nil for many.
    public var degreesOfFreedom: Double?

    /// A number.
    public init(_ value: Double, standardError: Double? = nil, degreesOfFreedom: Double? = nil) {
        (self.value, self.standardError, self.degreesOfFreedom) = (value, standardError, degreesOfFreedom)
    }

    /// Where the number of other images lies with this confidence; nil where the standard error says nothing.
    public func interval(_ confidence: Double = 0.95) -> ClosedRange<Double>? {
        guard let usableError, value.isFinite else { return nil }
        let half = NormalDistribution.quantile((1 + confidence) / 2) * usableError
        return value - half...value + half
    }

    /// The standard error where it says something: a share of exactly 0 or 1 has one of 0.
    var usableError: Double? { standardError.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } }
}

/// A sum of independent variances, each estimated with its own degrees of freedom.
struct VarianceSum {
    /// The sum.
    private(set) var variance = 0.0
    private var spread = 0.0

    /// Adds a variance.
    mutating func add(_ part: Double, degreesOfFreedom: Double?) {
        variance += part
        if let degreesOfFreedom { spread += part * part / degreesOfFreedom }
    }

    /// (Σv)²/Σ(v²/ν), infinite where all are known well. Source: Welch 1947; Satterthwaite 1946.
    var degreesOfFreedom: Double { spread > 0 ? variance * variance / spread : .infinity }
}
