/// Where the elements of an array are, and what was done to them (IV.A.2.f, i, l).
struct DataLayout: Sendable {
    var place: Place
    var filters: [DataFilter]
    /// What elements that were never written read as; zeros without one.
    var fill: [UInt8]

    enum Place: Sendable {
        case compact([UInt8])
        /// Nil where nothing was written yet.
        case contiguous(Int?)
        case chunked(ChunkLayout)
    }

    init(_ header: ObjectHeader, type: StoredType, rank: Int, in file: StoredFile) throws(Damage) {
        guard !header.messages.contains(where: { $0.kind == .externalFiles }) else { throw Damage(expected: "data inside this file", found: "data in an external file") }
        guard var fields = try header.fields(of: .layout, in: file) else { throw Damage(expected: "a layout", found: "a dataset without one") }
        let version = try fields.version(1...5, of: "a layout")
        place = version < 3 ? try Self.oldPlace(&fields, rank) : try Self.place(&fields, version, rank)
        filters = try header.fields(of: .filters, in: file).map { fields throws(Damage) in try DataFilter.all(fields) } ?? []
        fill = try Self.fill(header, in: file)
        guard fill.isEmpty || fill.count == type.size else { throw Damage(expected: "a fill value of \(type.size) bytes", found: "\(fill.count)") }
        if case .chunked(let chunks) = place {
            guard rank > 0, chunks.extents.allSatisfy({ $0 > 0 }) else { throw Damage(expected: "chunks that hold elements", found: "shape \(chunks.extents)") }
            try file.bytes.justify(checkedProduct(chunks.extents, of: "chunks"), times: type.size)
        }
    }

    /// Versions 3 to 5, of which the last differs in the sizes of filtered chunks only.
    private static func place(_ fields: inout FieldReader, _ version: Int, _ rank: Int) throws(Damage) -> Place {
        let kind = try fields.byte()
        switch kind {
        case 0: return .compact(try fields.take(fields.number(2)))
        case 1: return .contiguous(try fields.address())
        case 2: break
        default: throw Damage(expected: "data inside this file", found: kind == 3 ? "a virtual dataset" : "layout \(kind)")
        }
        let flags = version == 3 ? 0 : try fields.byte(), stated = try fields.byte()
        guard stated == rank + 1 else { throw Damage(expected: "chunks of \(rank) axes", found: "\(stated - 1)") }
        if version == 3 {
            let address = try fields.address()
            return .chunked(ChunkLayout(extents: try extents(&fields, rank, size: 4), index: .firstTree, address: address))
        }
        let size = try fields.byte(), extents = try extents(&fields, rank, size: size)
        try fields.skip(size)
        let index: ChunkLayout.Index
        switch try fields.byte() {
        case 1: index = flags & 2 != 0 ? .single(size: try fields.length(), mask: try fields.number(4)) : .single(size: nil, mask: 0)
        case 2: index = .implicit
        case 3:
            try fields.skip(1)
            index = .fixedArray
        case 4:
            try fields.skip(5)
            index = .extensibleArray
        case 5:
            try fields.skip(6)
            index = .secondTree
        case let other: throw Damage(expected: "an index of chunks", found: "index \(other)")
        }
        return .chunked(ChunkLayout(extents: extents, index: index, address: try fields.address(), filtersPartialChunks: flags & 1 == 0))
    }

    /// Versions 1 and 2, of the library before 1.6.3.
    private static func oldPlace(_ fields: inout FieldReader, _ rank: Int) throws(Damage) -> Place {
        let stated = try fields.byte(), kind = try fields.byte()
        try fields.skip(5)
        guard kind < 2 || kind == 2 && stated == rank + 1 else { throw Damage(expected: "a layout of \(rank) axes", found: "layout \(kind) of \(stated)") }
        let address = kind == 0 ? nil : try fields.address(), extents = try extents(&fields, stated, size: 4)
        switch kind {
        case 0: return .compact(try fields.take(fields.number(4)))
        case 1: return .contiguous(address)
        default: return .chunked(ChunkLayout(extents: Array(extents.prefix(rank)), index: .firstTree, address: address))
        }
    }

    private static func extents(_ fields: inout FieldReader, _ rank: Int, size: Int) throws(Damage) -> [Int] {
        var extents: [Int] = []
        for _ in 0..<rank { extents.append(try fields.number(size)) }
        return extents
    }

    private static func fill(_ header: ObjectHeader, in file: StoredFile) throws(Damage) -> [UInt8] {
        if var fields = try header.fields(of: .fill, in: file) {
            let version = try fields.version(1...3, of: "a fill value")
            if version == 3 {
                return try fields.byte() & 0x20 != 0 ? fields.take(fields.number(4)) : []
            }
            try fields.skip(2)
            guard try fields.byte() != 0, fields.remaining >= 4 else { return [] }
            let size = try fields.number(4)
            // A negative size says that there is none.
            return size < 1 << 31 ? try fields.take(size) : []
        }
        guard var fields = try header.fields(of: .oldFill, in: file) else { return [] }
        return try fields.take(fields.number(4))
    }
}
