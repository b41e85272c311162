/// The value of an attribute.
public enum HDF5Value: Equatable, Sendable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case strings([String])
    /// Whole numbers; an array of several axes is flattened in row-major order.
    case integers([Int])
    case numbers([Double])

    /// The text, where the value is one.
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The whole number, where the value is one.
    public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    /// The truth value, where the value is one.
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// The value as a real number, also where a whole one is stored.
    public var number: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// The strings of an array; a single string is an array of one.
    public var strings: [String]? {
        switch self {
        case .strings(let values): values
        case .string(let value): [value]
        default: nil
        }
    }

    /// The whole numbers of an array; a single one is an array of one.
    public var integers: [Int]? {
        switch self {
        case .integers(let values): values
        case .integer(let value): [value]
        default: nil
        }
    }

    /// The numbers of an array, also where whole ones are stored; a single one is an array of one.
    public var numbers: [Double]? {
        switch self {
        case .numbers(let values): values
        case .integers(let values): values.map(Double.init)
        default: number.map { [$0] }
        }
    }
}

extension HDF5Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
