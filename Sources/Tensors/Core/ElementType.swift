/// The number formats that a tensor can hold.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
    /// IEEE 754 single precision: the default of every network.
    case float32
    /// IEEE 754 double precision: derivative checks and statistics; reference backend.
    case float64
    /// Brain float: the upper half of a float32; activations of reduced-precision inference.
    case bfloat16

    /// Bytes of one element.
    public var size: Int {
        switch self {
        case .float32: 4
        case .float64: 8
        case .bfloat16: 2
        }
    }
}

/// A Swift number that is a tensor's element.
public protocol TensorElement: BinaryFloatingPoint, Sendable {
    /// The format that holds this type.
    static var elementType: ElementType { get }
}

extension Float: TensorElement {
    /// `.float32`.
    public static var elementType: ElementType { .float32 }
}

extension Double: TensorElement {
    /// `.float64`.
    public static var elementType: ElementType { .float64 }
}

/// Conversions between float32 and its upper half.
public enum BFloat16 {
    /// The nearest bfloat16, ties to even; NaN stays NaN.
    @inlinable public static func bits(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16((bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
    }

    /// The float32 with these upper bits: exact.
    @inlinable public static func float(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
