import Statistics

/// An interval that covers a stated quantity in the stated fraction of repetitions.
public struct ConfidenceInterval: Sendable, Equatable {
    /// The lower end.
    public let lower: Double
    /// The upper end.
    public let upper: Double
    /// The fraction of repetitions covered, for example 0.95.
    public let confidence: Double

    /// The interval `lower...upper`.
    public init(lower: Double, upper: Double, confidence: Double) {
        precondition(lower <= upper && confidence > 0 && confidence < 1)
        (self.lower, self.upper, self.confidence) = (lower, upper, confidence)
    }

    /// estimate ± z·standardError with z = Φ⁻¹((1 + confidence)/2).
    public init(normal estimate: Double, standardError: Double, confidence: Double = 0.95) {
        let half = NormalDistribution.quantile((1 + confidence) / 2) * standardError
        self.init(lower: estimate - half, upper: estimate + half, confidence: confidence)
    }

    /// Whether `value` lies within.
    public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
