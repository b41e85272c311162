/// The type of the elements of a NumPy array.
public enum NumPyElementType: String, CaseIterable, Sendable, CustomStringConvertible {
    case float16 = "f2", float32 = "f4", float64 = "f8"
    case int8 = "i1", int16 = "i2", int32 = "i4", int64 = "i8"
    case uint8 = "u1", uint16 = "u2", uint32 = "u4", uint64 = "u8"
    case boolean = "b1"

    /// Bytes per element.
    public var size: Int {
        switch self {
        case .int8, .uint8, .boolean: 1
        case .float16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// The name NumPy's `dtype` prints.
    public var description: String {
        switch self {
        case .boolean: "bool"
        case .float16: "float16"
        case .float32: "float32"
        case .float64: "float64"
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .uint8: "uint8"
        case .uint16: "uint16"
        case .uint32: "uint32"
        case .uint64: "uint64"
        }
    }
}

/// A Swift number or truth value that NumPy arrays are read into and written from.
public protocol NumPyElement: BitwiseCopyable, Sendable {
    /// The stored type whose little-endian bytes are this type's.
    static var numPyType: NumPyElementType { get }
    /// The value of a whole number, `nil` where this type cannot hold it; floating point rounds.
    static func holding(_ value: Int64) -> Self?
    /// The value of an unsigned whole number, `nil` where this type cannot hold it; floating point rounds.
    static func holding(_ value: UInt64) -> Self?
    /// The value of a real number, `nil` where this type cannot hold it; floating point rounds, but does not overflow.
    static func holding(_ value: Double) -> Self?
}

extension NumPyElement where Self: FixedWidthInteger {
    @inlinable public static func holding(_ value: Int64) -> Self? { Self(exactly: value) }
    @inlinable public static func holding(_ value: UInt64) -> Self? { Self(exactly: value) }
    @inlinable public static func holding(_ value: Double) -> Self? { Self(exactly: value) }
}

extension Int8: NumPyElement { public static var numPyType: NumPyElementType { .int8 } }
extension Int16: NumPyElement { public static var numPyType: NumPyElementType { .int16 } }
extension Int32: NumPyElement { public static var numPyType: NumPyElementType { .int32 } }
extension Int64: NumPyElement { public static var numPyType: NumPyElementType { .int64 } }
extension Int: NumPyElement { public static var numPyType: NumPyElementType { .int64 } }
extension UInt8: NumPyElement { public static var numPyType: NumPyElementType { .uint8 } }
extension UInt16: NumPyElement { public static var numPyType: NumPyElementType { .uint16 } }
extension UInt32: NumPyElement { public static var numPyType: NumPyElementType { .uint32 } }
extension UInt64: NumPyElement { public static var numPyType: NumPyElementType { .uint64 } }

extension Bool: NumPyElement {
    /// The array type that holds it.
    public static var numPyType: NumPyElementType { .boolean }
    /// The same number, or nil where this type cannot hold it.
    public static func holding(_ value: Int64) -> Bool? { value == 0 ? false : value == 1 ? true : nil }
    /// The same number, or nil where this type cannot hold it.
    public static func holding(_ value: UInt64) -> Bool? { value == 0 ? false : value == 1 ? true : nil }
    /// The same number, rounded where the type is narrower, or nil where it cannot be held.
    public static func holding(_ value: Double) -> Bool? { value == 0 ? false : value == 1 ? true : nil }
}

extension Float: NumPyElement {
    /// The array type that holds it.
    public static var numPyType: NumPyElementType { .float32 }
    /// The same number, or nil where this type cannot hold it.
    public static func holding(_ value: Int64) -> Float? { Float(value) }
    /// The same number, or nil where this type cannot hold it.
    public static func holding(_ value: UInt64) -> Float? { Float(value) }
    /// The same number, rounded where the type is narrower, or nil where it cannot be held.
    public static func holding(_ value: Double) -> Float? {
        let rounded = Float(value)
        return rounded.isInfinite && value.isFinite ? nil : rounded
    }
}

extension Double: NumPyElement {
    /// The array type that holds it.
    public static var numPyType: NumPyElementType { .float64 }
    /// The same number, or nil where this type cannot hold it.
    public static func holding(_ value: Int64) -> Double? { Double(value) }
    /// The same number, or nil where this type cannot hold it.
    public static func holding(_ value: UInt64) -> Double? { Double(value) }
    /// The same number, rounded where the type is narrower, or nil where it cannot be held.
    public static func holding(_ value: Double) -> Double? { value }
}
