import Archives
import HDF5

/// The type of the elements of an array in a weights file.
public enum WeightsElementType: String, Sendable, CaseIterable, CustomStringConvertible {
    case float16, bfloat16, float32, float64
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case boolean

    /// Bytes per element.
    public var size: Int {
        switch self {
        case .int8, .uint8, .boolean: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// The name itself.
    public var description: String { rawValue }
}

/// One named array of a weights file. Its elements are read when asked for, in row-major order.
public struct WeightsArray: Sendable {
    /// The dotted name (`conv1.weight`).
    public var name: String
    /// The extent of each axis; empty for a scalar.
    public let shape: [Int]
    /// How the file stores the elements.
    public let elementType: WeightsElementType

    let storage: Storage
    /// Axis k of this array is axis `axes[k]` of the stored one.
    private let axes: [Int]?

    /// Where the elements come from.
    enum Storage: Sendable {
        case strided(StridedBytes)
        case hdf5(HDF5Dataset)
        case numPy(NumPyArray)
        case constant(Double)
    }

    init(name: String, shape: [Int], elementType: WeightsElementType, storage: Storage, axes: [Int]? = nil) {
        self.name = name
        self.shape = shape
        self.elementType = elementType
        self.storage = storage
        self.axes = axes
    }

    /// An array of numbers in memory.
    public init(name: String, shape: [Int], floats: [Float]) {
        precondition(shape.reduce(1, *) == floats.count, "\(floats.count) elements for shape \(shape)")
        let array = floats.withUnsafeBytes { MemoryBytes(Array($0), file: "memory", entry: name) }
        self.init(name: name, shape: shape, elementType: .float32, storage: .strided(StridedBytes(wholeOf: array, .float32, shape)))
    }

    /// The count of elements.
    public var count: Int { shape.reduce(1, *) }

    /// The elements, rounded to single precision where they are wider.
    /// - Throws: `WeightsError` where the bytes cannot be read or a value exceeds the range.
    public func floats() throws(WeightsError) -> [Float] { try read() }

    /// The elements in double precision.
    public func doubles() throws(WeightsError) -> [Double] { try read() }

    /// The elements as whole numbers.
    /// - Throws: `WeightsError` also where one is a fraction.
    public func integers() throws(WeightsError) -> [Int64] { try read() }

    /// The elements as they are stored, row-major and least significant byte first; truth values are the bytes 0 and 1.
    public func bytes() throws(WeightsError) -> [UInt8] {
        switch elementType {
        case .float16: try floats().flatMap { Self.littleEndian(HalfPrecision.bits($0)) }
        case .bfloat16: try floats().flatMap { Self.littleEndian(UInt16(truncatingIfNeeded: $0.bitPattern >> 16)) }
        case .float32: try Self.littleEndian(floats().map(\.bitPattern))
        case .float64: try Self.littleEndian(doubles().map(\.bitPattern))
        case .int8: try Self.littleEndian(read() as [Int8])
        case .int16: try Self.littleEndian(read() as [Int16])
        case .int32: try Self.littleEndian(read() as [Int32])
        case .int64: try Self.littleEndian(read() as [Int64])
        case .uint8, .boolean: try read()
        case .uint16: try Self.littleEndian(read() as [UInt16])
        case .uint32: try Self.littleEndian(read() as [UInt32])
        case .uint64: try Self.littleEndian(read() as [UInt64])
        }
    }

    private static func littleEndian<Element: FixedWidthInteger>(_ elements: [Element]) -> [UInt8] {
        1.littleEndian == 1 ? elements.withUnsafeBytes { Array($0) } : elements.map(\.littleEndian).withUnsafeBytes { Array($0) }
    }

    private static func littleEndian(_ element: UInt16) -> [UInt8] { [UInt8(element & 0xFF), UInt8(element >> 8)] }

    /// The same elements under another order of axes: axis k of the result is axis `axes[k]` of this array.
    public func permuted(_ axes: [Int]) -> WeightsArray {
        precondition(axes.sorted() == Array(shape.indices), "axes \(axes) of shape \(shape)")
        return WeightsArray(
            name: name, shape: axes.map { shape[$0] }, elementType: elementType, storage: storage,
            axes: axes.map { self.axes?[$0] ?? $0 })
    }

    func read<Element: NumPyElement & HDF5Element>() throws(WeightsError) -> [Element] {
        let stored: [Element]
        switch storage {
        case .strided(let bytes): stored = try bytes.read(name)
        case .hdf5(let dataset): stored = try WeightsError.hdf5 { () throws(HDF5Error) in try dataset.read() }
        case .numPy(let array): stored = try WeightsError.archives { () throws(ArchiveError) in try array.read() }
        case .constant(let value):
            guard let element = Element.holding(value) else { preconditionFailure("\(Element.self) cannot hold the constant \(value)") }
            stored = Array(repeating: element, count: count)
        }
        guard let axes, axes != Array(shape.indices), count > 0 else { return stored }
        var storedShape = shape
        for (axis, source) in axes.enumerated() { storedShape[source] = shape[axis] }
        let storedStrides = StridedBytes.rowMajorStrides(storedShape)
        return StridedBytes.gather(stored, shape: shape, strides: axes.map { storedStrides[$0] }, start: 0)
    }
}
