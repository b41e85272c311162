/// An array in NumPy's `.npy` format, in a file of its own, in an entry of an `.npz`, or in memory. Elements are read when asked for.
public struct NumPyArray: Sendable {
    /// The extent of each axis; empty for a scalar.
    public let shape: [Int]
    /// How the file stores the elements.
    public let elementType: NumPyElementType
    /// Whether the bytes of an element stand most significant first.
    public let isBigEndian: Bool
    /// Whether the first axis varies fastest in the file (`fortran_order`). Reads give row-major order in any case.
    public let isColumnMajor: Bool

    private let source: any ByteSource
    private let dataOffset: Int

    /// Reads the head of an array.
    /// - Throws: `ArchiveError` where the head is malformed, promises more than the source holds, or names a type that is no number.
    public init(_ source: some ByteSource) throws(ArchiveError) {
        let header = try NumPyHeader(source)
        shape = header.shape
        elementType = header.elementType
        isBigEndian = header.isBigEndian
        isColumnMajor = header.isColumnMajor
        dataOffset = header.dataOffset
        self.source = source
    }

    /// Opens a `.npy` file.
    public init(reading path: String) throws(ArchiveError) { try self.init(FileBytes(path)) }

    /// Whether the bytes begin as `.npy` files do.
    public static func isNumPy(_ start: [UInt8]) -> Bool { start.starts(with: NumPyHeader.magic) }

    /// Reads all elements, or those of a range of rows, in row-major order; only the bytes of those rows are touched.
    ///
    /// Values are converted from the stored type. One that `Element` cannot hold (too large, or a fraction where a whole number is asked for) is an
    /// error; a `Double` read as `Float` is rounded.
    /// - Shape: `[rows, shape[1], …]`, flattened.
    public func read<Element: NumPyElement>(_ type: Element.Type = Element.self, rows: Range<Int>? = nil) throws(ArchiveError) -> [Element] {
        if let rows {
            guard let height = shape.first, rows.lowerBound >= 0, rows.upperBound <= height else {
                throw source.error(.mismatched, expected: "rows \(rows.lowerBound)..<\(rows.upperBound)", found: "shape \(shape)")
            }
        }
        let rows = rows ?? 0..<(shape.first ?? 1)
        let width = shape.dropFirst().reduce(1, *)
        if rows.isEmpty || width == 0 { return [] }
        if elementType == Element.numPyType, elementType != .boolean, isMachineOrder, isRowMajor {
            return try source.array(of: type, count: rows.count * width, at: dataOffset + rows.lowerBound * width * elementType.size)
        }
        switch elementType {
        case .float16: return try convert(elements(UInt16.self, rows, width), { Double(HalfPrecision.float($0)) }, Element.holding)
        case .float32: return try convert(elements(UInt32.self, rows, width), { Double(Float(bitPattern: $0)) }, Element.holding)
        case .float64: return try convert(elements(UInt64.self, rows, width), { Double(bitPattern: $0) }, Element.holding)
        case .int8: return try convert(elements(Int8.self, rows, width), { Int64($0) }, Element.holding)
        case .int16: return try convert(elements(Int16.self, rows, width), { Int64($0) }, Element.holding)
        case .int32: return try convert(elements(Int32.self, rows, width), { Int64($0) }, Element.holding)
        case .int64: return try convert(elements(Int64.self, rows, width), { $0 }, Element.holding)
        case .uint8: return try convert(elements(UInt8.self, rows, width), { UInt64($0) }, Element.holding)
        case .uint16: return try convert(elements(UInt16.self, rows, width), { UInt64($0) }, Element.holding)
        case .uint32: return try convert(elements(UInt32.self, rows, width), { UInt64($0) }, Element.holding)
        case .uint64: return try convert(elements(UInt64.self, rows, width), { $0 }, Element.holding)
        // NumPy takes every byte but 0 for true.
        case .boolean: return try convert(elements(UInt8.self, rows, width), { UInt64($0 == 0 ? 0 : 1) }, Element.holding)
        }
    }

    private var isRowMajor: Bool { !isColumnMajor || shape.count < 2 }
    private var isMachineOrder: Bool { elementType.size == 1 || isBigEndian == (1.bigEndian == 1) }

    /// The stored bit patterns of some rows, in the machine's byte order and in row-major order.
    private func elements<Stored: FixedWidthInteger & BitwiseCopyable>(_ type: Stored.Type, _ rows: Range<Int>, _ width: Int) throws(ArchiveError) -> [Stored] {
        var values: [Stored]
        if isRowMajor {
            values = try source.array(of: type, count: rows.count * width, at: dataOffset + rows.lowerBound * width * elementType.size)
        } else {
            values = try columns(type, rows, width)
        }
        if !isMachineOrder {
            for index in values.indices { values[index] = values[index].byteSwapped }
        }
        return values
    }

    /// Gathers rows of a column-major array. Element (r, j₁, …, jₖ) stands at r + n₀·(j₁ + n₁·(j₂ + …)).
    private func columns<Stored: FixedWidthInteger & BitwiseCopyable>(_ type: Stored.Type, _ rows: Range<Int>, _ width: Int) throws(ArchiveError) -> [Stored] {
        let height = shape[0]
        var gathered = [Stored](repeating: 0, count: rows.count * width)
        let whole: [Stored]? = rows.count == height ? try source.array(of: type, count: height * width, at: dataOffset) : nil
        var index = [Int](repeating: 0, count: shape.count - 1)
        for column in 0..<width {
            // `column` counts in the file's order, where the second axis varies fastest; `target` is its place in a row-major row.
            let target = zip(index, shape.dropFirst()).reduce(0) { $0 * $1.1 + $1.0 }
            let start = column * height + rows.lowerBound
            if let whole {
                for row in 0..<height { gathered[row * width + target] = whole[start + row] }
            } else {
                let piece = try source.array(of: type, count: rows.count, at: dataOffset + start * elementType.size)
                for row in 0..<rows.count { gathered[row * width + target] = piece[row] }
            }
            for axis in index.indices {
                index[axis] += 1
                if index[axis] < shape[axis + 1] { break }
                index[axis] = 0
            }
        }
        return gathered
    }

    private func convert<Stored, Decoded, Element: NumPyElement>(
        _ values: [Stored], _ decode: (Stored) -> Decoded, _ hold: (Decoded) -> Element?
    ) throws(ArchiveError) -> [Element] {
        var converted: [Element] = []
        converted.reserveCapacity(values.count)
        for value in values {
            guard let element = hold(decode(value)) else {
                throw source.error(.mismatched, expected: "\(elementType) elements that \(Element.self) can hold", found: "\(decode(value))")
            }
            converted.append(element)
        }
        return converted
    }
}
