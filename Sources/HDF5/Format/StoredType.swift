/// How a file stores the elements of an array or attribute (IV.A.2.d).
struct StoredType: Sendable {
    var element: HDF5ElementType
    /// Bytes of an element in the file.
    var size: Int
    var isBigEndian = false
    var text: Text?

    /// How text is stored.
    enum Text { case fixed(isSpacePadded: Bool), variable }

    init(_ fields: inout FieldReader) throws(Damage) {
        let head = try fields.byte()
        guard (1...5).contains(head >> 4) else { throw Damage(expected: "version 1…5 of an element type", found: "version \(head >> 4)") }
        let bits = try fields.number(3)
        size = try fields.number(4)
        guard size > 0 else { throw Damage(expected: "elements of at least one byte", found: "none") }
        element = .other("unknown")
        switch head & 15 {
        case 0:
            isBigEndian = bits & 1 != 0
            let offset = try fields.number(2), precision = try fields.number(2)
            element = offset == 0 && precision == 8 * size ? Self.integer(size, isSigned: bits & 8 != 0) : .other("part of a \(8 * size)-bit integer")
        case 1:
            isBigEndian = bits & 0x41 == 1
            element = try Self.isIEEE(&fields, size, bits) ? Self.float(size) : .other("\(8 * size)-bit float")
        case 3:
            element = .string
            text = .fixed(isSpacePadded: bits & 15 == 2)
        case 4: element = .other("bit field")
        case 5: element = .other("opaque")
        case 6: element = .other("compound")
        case 7: element = .other("reference")
        case 8:
            // The type of the numbers; names and values follow.
            let base = try StoredType(base: &fields)
            isBigEndian = base.isBigEndian
            element = size == 1 && base.size == 1 && bits & 0xFFFF == 2 ? .boolean : .other("enumeration")
        case 9:
            element = bits & 15 == 1 ? .string : .other("variable-length sequence")
            text = bits & 15 == 1 ? .variable : nil
        case 10: element = .other("array")
        default: break
        }
    }

    /// The type inside an enumeration, which must be a whole number: types inside types are not followed without end.
    private init(base fields: inout FieldReader) throws(Damage) {
        var inner = fields
        guard try inner.byte() & 15 == 0 else { throw Damage(expected: "an enumeration of whole numbers", found: "another type") }
        try self.init(&fields)
    }

    private static func integer(_ size: Int, isSigned: Bool) -> HDF5ElementType {
        switch size {
        case 1: isSigned ? .int8 : .uint8
        case 2: isSigned ? .int16 : .uint16
        case 4: isSigned ? .int32 : .uint32
        case 8: isSigned ? .int64 : .uint64
        default: .other("\(8 * size)-bit integer")
        }
    }

    private static func float(_ size: Int) -> HDF5ElementType { size == 2 ? .float16 : size == 4 ? .float32 : .float64 }

    /// Whether the fields are those of binary16, 32 or 64: offset, precision, exponent's place and size, mantissa's place and size, bias, sign's place.
    private static func isIEEE(_ fields: inout FieldReader, _ size: Int, _ bits: Int) throws(Damage) -> Bool {
        let layout = [try fields.number(2), try fields.number(2), try fields.byte(), try fields.byte(), try fields.byte(), try fields.byte(), try fields.number(4), bits >> 8 & 0xFF]
        guard bits & 0x40 == 0, bits >> 4 & 3 == 2 else { return false }
        return switch size {
        case 2: layout == [0, 16, 10, 5, 0, 10, 15, 15]
        case 4: layout == [0, 32, 23, 8, 0, 23, 127, 31]
        case 8: layout == [0, 64, 52, 11, 0, 52, 1023, 63]
        default: false
        }
    }
}

/// The extents of an array or attribute (IV.A.2.b).
struct StoredSpace: Sendable {
    /// Empty for a scalar; one extent of 0 where there is no element at all.
    var extents: [Int]
    /// What the extents may grow to; nil without bound.
    var limits: [Int?]
    var isScalar: Bool
    /// Count of elements.
    let count: Int

    init(_ fields: inout FieldReader) throws(Damage) {
        let version = try fields.version(1...2, of: "a shape"), rank = try fields.byte(), flags = try fields.byte()
        guard rank <= 32 else { throw Damage(expected: "at most 32 axes", found: "\(rank)") }
        let kind = version == 1 ? (rank == 0 ? 0 : 1) : try fields.byte()
        if version == 1 { try fields.skip(5) }
        guard kind <= 2, kind == 1 || rank == 0 else { throw Damage(expected: "a shape", found: "kind \(kind) with \(rank) axes") }
        isScalar = kind == 0
        if kind == 2 {
            (extents, limits, count) = ([0], [0], 0)
            return
        }
        let unlimited = UInt64.max >> (64 - 8 * fields.widths.length)
        var extents: [Int] = []
        for _ in 0..<rank { extents.append(try fields.length()) }
        limits = extents
        if flags & 1 != 0 {
            for axis in 0..<rank {
                let limit = try fields.bits(fields.widths.length)
                limits[axis] = limit == unlimited ? nil : Int(clamping: limit)
            }
        }
        let product = try? checkedProduct(extents.map { max($0, 1) }, of: "elements")
        guard product != nil else { throw Damage(reason: .oversized, expected: "a count of elements that fits 64 bits", found: "shape \(extents)") }
        count = extents.reduce(1, *)
        self.extents = extents
    }
}
