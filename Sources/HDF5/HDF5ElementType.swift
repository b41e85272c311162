import CHDF5

/// The type of the elements of a dataset, as the file stores them.
public enum HDF5ElementType: Equatable, Sendable, CustomStringConvertible {
    case float16, float32, float64
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    /// An enumeration of FALSE and TRUE, as h5py writes truth values.
    case boolean
    /// Text, of fixed or variable length.
    case string
    /// Anything else: compound, reference, opaque, … .
    case other(String)

    /// One line for people.
    public var description: String {
        switch self {
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
        case .boolean: "boolean"
        case .string: "string"
        case .other(let name): name
        }
    }

    /// Whether the elements are numbers or truth values, which the typed reads convert.
    public var isNumeric: Bool {
        switch self {
        case .string, .other: false
        default: true
        }
    }
}

/// A Swift number that datasets are read into and written from.
public protocol HDF5Element: BitwiseCopyable, Sendable {
    /// The type of the file's elements when this one is written.
    static var elementType: HDF5ElementType { get }
}

extension Float: HDF5Element { public static var elementType: HDF5ElementType { .float32 } }
extension Double: HDF5Element { public static var elementType: HDF5ElementType { .float64 } }
extension Int8: HDF5Element { public static var elementType: HDF5ElementType { .int8 } }
extension Int16: HDF5Element { public static var elementType: HDF5ElementType { .int16 } }
extension Int32: HDF5Element { public static var elementType: HDF5ElementType { .int32 } }
extension Int64: HDF5Element { public static var elementType: HDF5ElementType { .int64 } }
extension Int: HDF5Element { public static var elementType: HDF5ElementType { .int64 } }
extension UInt8: HDF5Element { public static var elementType: HDF5ElementType { .uint8 } }
extension UInt16: HDF5Element { public static var elementType: HDF5ElementType { .uint16 } }
extension UInt32: HDF5Element { public static var elementType: HDF5ElementType { .uint32 } }
extension UInt64: HDF5Element { public static var elementType: HDF5ElementType { .uint64 } }

extension HDF5Element {
    /// The library's native type of this Swift type; called inside the lock.
    static var nativeType: hid_t {
        switch elementType {
        case .float32: CHDF5_native_float()
        case .float64: CHDF5_native_double()
        case .int8: CHDF5_native_int8()
        case .int16: CHDF5_native_int16()
        case .int32: CHDF5_native_int32()
        case .int64: CHDF5_native_int64()
        case .uint8: CHDF5_native_uint8()
        case .uint16: CHDF5_native_uint16()
        case .uint32: CHDF5_native_uint32()
        case .uint64: CHDF5_native_uint64()
        default: preconditionFailure("\(Self.self) has no native HDF5 type")
        }
    }
}
