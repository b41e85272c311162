/// How much a metric may get worse before anybody wants to hear of it.
public enum Tolerance: Sendable, Hashable {
    /// In units of the metric.
    case absolute(Double)
    /// As a fraction of the baseline's size.
    case relative(Double)

    /// Nothing is tolerated that is significant.
    public static let none = Tolerance.absolute(0)

    /// `0.5` or `2%`; nil for other text, and for negative numbers.
    public init?(_ text: String) {
        let trimmed = text.filter { $0 != " " }
        guard let number = Double(trimmed.hasSuffix("%") ? String(trimmed.dropLast()) : trimmed), number.isFinite, number >= 0 else { return nil }
        self = trimmed.hasSuffix("%") ? .relative(number / 100) : .absolute(number)
    }

    /// In units of a metric whose baseline is `value`.
    public func amount(at value: Double) -> Double {
        switch self {
        case .absolute(let amount): amount
        case .relative(let fraction): fraction * abs(value)
        }
    }
}
