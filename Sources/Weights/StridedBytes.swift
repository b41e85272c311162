import Archives

/// Elements in a run of bytes, addressed by strides: element (i, j, …) stands at `start + i·strides[0] + j·strides[1] + …`, counted in elements.
struct StridedBytes: Sendable {
    let source: any ByteSource
    let elementType: WeightsElementType
    /// Where the run begins in the source, in bytes.
    let origin: Int
    let start: Int
    let shape: [Int]
    let strides: [Int]
    let isBigEndian: Bool

    /// - Parameter available: the count of elements in the run, all of which exist in the source.
    /// - Throws: `WeightsError` where an element would lie outside the run, or the array would be absurdly larger than what is stored.
    init(
        _ name: String, source: any ByteSource, elementType: WeightsElementType, origin: Int, available: Int, start: Int = 0, shape: [Int],
        strides: [Int]? = nil, isBigEndian: Bool = false
    ) throws(WeightsError) {
        let bound = Self.bound(shape: shape, strides: strides)
        guard let count = bound.count else {
            throw Self.error(source, name, .oversized, "a count of elements that fits 64 bits", "shape \(shape)")
        }
        let strides = strides ?? Self.rowMajorStrides(shape)
        guard strides.count == shape.count, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }), start >= 0 else {
            throw Self.error(source, name, .unreadable, "extents, strides and offset of at least 0", "\(shape), \(strides), \(start)")
        }
        if count > 0 {
            guard let last = bound.last, start < available, last < available - start else {
                throw Self.error(source, name, .oversized, "elements among the \(available) stored", "shape \(shape) with strides \(strides) from \(start)")
            }
            // Stride 0 repeats elements; nothing honest repeats them into more memory than this.
            guard count <= max(available, 1 << 24) else {
                throw Self.error(source, name, .oversized, "at most \(max(available, 1 << 24)) elements", "shape \(shape) over \(available) stored")
            }
        }
        self.source = source
        self.elementType = elementType
        self.origin = origin
        self.start = start
        self.shape = shape
        self.strides = strides
        self.isBigEndian = isBigEndian
    }

    /// All of a source, whose size is that of the shape, in the machine's byte order.
    init(wholeOf source: MemoryBytes, _ elementType: WeightsElementType, _ shape: [Int]) {
        self.source = source
        self.elementType = elementType
        self.origin = 0
        self.start = 0
        self.shape = shape
        self.strides = Self.rowMajorStrides(shape)
        self.isBigEndian = 1.bigEndian == 1
    }

    func read<Element: NumPyElement>(_ name: String) throws(WeightsError) -> [Element] {
        switch elementType {
        case .float16: try convert(name, UInt16.self, { Double(HalfPrecision.float($0)) }, Element.holding)
        case .bfloat16: try convert(name, UInt16.self, { Double(Float(bitPattern: UInt32($0) << 16)) }, Element.holding)
        case .float32: try convert(name, UInt32.self, { Double(Float(bitPattern: $0)) }, Element.holding)
        case .float64: try convert(name, UInt64.self, { Double(bitPattern: $0) }, Element.holding)
        case .int8: try convert(name, UInt8.self, { Int64(Int8(bitPattern: $0)) }, Element.holding)
        case .int16: try convert(name, UInt16.self, { Int64(Int16(bitPattern: $0)) }, Element.holding)
        case .int32: try convert(name, UInt32.self, { Int64(Int32(bitPattern: $0)) }, Element.holding)
        case .int64: try convert(name, UInt64.self, { Int64(bitPattern: $0) }, Element.holding)
        case .uint8: try convert(name, UInt8.self, { UInt64($0) }, Element.holding)
        case .uint16: try convert(name, UInt16.self, { UInt64($0) }, Element.holding)
        case .uint32: try convert(name, UInt32.self, { UInt64($0) }, Element.holding)
        case .uint64: try convert(name, UInt64.self, { $0 }, Element.holding)
        case .boolean: try convert(name, UInt8.self, { UInt64($0 == 0 ? 0 : 1) }, Element.holding)
        }
    }

    private func convert<Stored: FixedWidthInteger & BitwiseCopyable, Decoded, Element: NumPyElement>(
        _ name: String, _ type: Stored.Type, _ decode: (Stored) -> Decoded, _ hold: (Decoded) -> Element?
    ) throws(WeightsError) -> [Element] {
        let isMachineOrder = Stored.bitWidth == 8 || isBigEndian == (1.bigEndian == 1)
        if isMachineOrder, elementType.rawValue == Element.numPyType.description, elementType != .boolean { return try gathered(Element.self) }
        var elements: [Element] = []
        let stored = try gathered(Stored.self)
        elements.reserveCapacity(stored.count)
        for value in stored {
            let decoded = decode(isMachineOrder ? value : value.byteSwapped)
            guard let element = hold(decoded) else {
                throw Self.error(source, name, .mismatched, "\(elementType) elements that \(Element.self) can hold", "\(decoded)")
            }
            elements.append(element)
        }
        return elements
    }

    /// The elements in row-major order, as they are stored.
    private func gathered<Stored: BitwiseCopyable>(_ type: Stored.Type) throws(WeightsError) -> [Stored] {
        let count = shape.reduce(1, *)
        if count == 0 { return [] }
        let span = 1 + zip(shape, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
        let run = try WeightsError.archives { () throws(ArchiveError) in
            try source.array(of: type, count: span, at: origin + start * elementType.size)
        }
        let dense = Self.rowMajorStrides(shape)
        let isDense = zip(shape, zip(strides, dense)).allSatisfy { $0 == 1 || $1.0 == $1.1 }
        return isDense ? run : Self.gather(run, shape: shape, strides: strides, start: 0)
    }

    /// Elements of a run in the row-major order of a shape; none of the extents is 0.
    static func gather<Element>(_ run: [Element], shape: [Int], strides: [Int], start: Int) -> [Element] {
        var gathered: [Element] = []
        gathered.reserveCapacity(shape.reduce(1, *))
        guard let width = shape.last, let step = strides.last else { return [run[start]] }
        var index = [Int](repeating: 0, count: shape.count - 1)
        var row = start
        while true {
            for column in 0..<width { gathered.append(run[row + column * step]) }
            var axis = index.count - 1
            while axis >= 0 {
                index[axis] += 1
                row += strides[axis]
                if index[axis] < shape[axis] { break }
                row -= index[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return gathered }
        }
    }

    static func rowMajorStrides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] &* max(1, shape[axis + 1]) }
        return strides
    }

    /// The count of elements and the distance of the last from the first, `nil` where they exceed 64 bits.
    private static func bound(shape: [Int], strides: [Int]?) -> (count: Int?, last: Int?) {
        var count = 1
        for extent in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: max(1, extent))
            if overflow { return (nil, nil) }
            count = product
        }
        if shape.contains(0) { return (0, 0) }
        guard let strides else { return (count, count - 1) }
        var last = 0
        for (extent, stride) in zip(shape, strides) {
            let (reach, overflow) = (extent &- 1).multipliedReportingOverflow(by: stride)
            let (sum, carry) = last.addingReportingOverflow(reach)
            if overflow || carry { return (count, nil) }
            last = sum
        }
        return (count, last)
    }

    private static func error(_ source: any ByteSource, _ name: String, _ reason: WeightsError.Reason, _ expected: String, _ found: String) -> WeightsError {
        WeightsError(reason, file: source.file, entry: name, expected: expected, found: found)
    }
}
