/// One number of an evaluation.
public struct RecordedResult: Sendable, Hashable {
    /// The metric's name, and how a table calls the number.
    public var metric: String, title: String
    /// The number.
    public var value: Double
    /// Ends of its interval, what share of repetitions it covers, and the standard error.
    public var lower: Double?, upper: Double?, confidence: Double?, error: Double?

    /// A result.
    public init(metric: String, title: String, value: Double, lower: Double? = nil, upper: Double? = nil, confidence: Double? = nil, error: Double? = nil) {
        (self.metric, self.title, self.value, self.lower, self.upper, self.confidence, self.error) = (metric, title, value, lower, upper, confidence, error)
    }
}
