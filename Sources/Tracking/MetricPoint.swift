/// One number of a curve.
public struct MetricPoint: Sendable, Hashable {
    /// Steps done when it was taken.
    public var step: Int
    /// When, in seconds since 1970; nil where nobody noted it.
    public var time: Double?
    /// The number; NaN where it was not finite.
    public var value: Double
    /// Ends of its interval.
    public var lower: Double?, upper: Double?

    /// A number of a curve.
    public init(step: Int, time: Double? = nil, value: Double, lower: Double? = nil, upper: Double? = nil) {
        (self.step, self.time, self.value, self.lower, self.upper) = (step, time, value, lower, upper)
    }

    /// Equal fields, NaN equal to itself.
    public static func == (a: Self, b: Self) -> Bool {
        a.step == b.step && a.time == b.time && a.value.bitPattern == b.value.bitPattern && a.lower == b.lower && a.upper == b.upper
    }
}
