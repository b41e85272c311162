extension NumPyArray {
    /// The `.npy` bytes of a row-major array, as NumPy 1.x and 2.x read them.
    /// - Parameters:
    ///   - shape: the extents, whose product is the count of elements; one axis by default.
    ///   - bigEndian: whether bytes stand most significant first.
    public static func encode<Element: NumPyElement>(_ elements: [Element], shape: [Int]? = nil, bigEndian: Bool = false) -> [UInt8] {
        let shape = shape ?? [elements.count]
        precondition(shape.reduce(1, *) == elements.count, "\(elements.count) elements for shape \(shape)")
        let size = MemoryLayout<Element>.stride
        var bytes = NumPyHeader.encode(Element.numPyType, isBigEndian: bigEndian, shape: shape)
        let start = bytes.count
        elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
        if bigEndian != (1.bigEndian == 1), size > 1 {
            for element in stride(from: start, to: bytes.count, by: size) { bytes[element..<element + size].reverse() }
        }
        return bytes
    }

    /// The `.npy` bytes of numbers rounded to half precision.
    public static func encodeHalf(_ elements: [Float], shape: [Int]? = nil) -> [UInt8] {
        let shape = shape ?? [elements.count]
        precondition(shape.reduce(1, *) == elements.count, "\(elements.count) elements for shape \(shape)")
        var bytes = NumPyHeader.encode(.float16, isBigEndian: false, shape: shape)
        for element in elements {
            let bits = HalfPrecision.bits(element)
            bytes.append(UInt8(bits & 0xFF))
            bytes.append(UInt8(bits >> 8))
        }
        return bytes
    }

    /// Writes a row-major array as a `.npy` file, synced and moved to `path` when complete.
    public static func write<Element: NumPyElement>(_ elements: [Element], shape: [Int]? = nil, to path: String) throws(ArchiveError) {
        var file = try AtomicFile(path)
        try file.write(encode(elements, shape: shape))
        try file.commit()
    }
}
