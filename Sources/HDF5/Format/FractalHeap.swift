/// The heap in which newer files keep many links or attributes (III.G).
struct FractalHeap {
    private let file: StoredFile
    private let address: Int
    private let idSize: Int
    private let hugeTree: Int?
    private let hasChecksums: Bool
    private let table: Table
    private let root: Int?
    private let rootRows: Int
    private let lengthSize: Int
    /// Blocks that were read and found sound, by their addresses.
    private var blocks: [Int: FieldReader] = [:]
    /// Addresses and lengths of large objects by their numbers, once one was asked for.
    private var hugeObjects: [Int: (address: Int, length: Int)]?
    private var budget: Budget
    private var objectBudget: Budget

    /// The doubling table: rows of `width` blocks, twice as large in each row from the third on.
    private struct Table {
        let width: Int
        let start: Int
        let directRows: Int
        let maximumBits: Int
        var offsetSize: Int { (maximumBits + 7) / 8 }

        func blockSize(_ row: Int) -> Int { row == 0 ? start : start << (row - 1) }

        /// The row and column of the block that holds an offset, and where the block begins.
        func place(_ offset: Int) -> (row: Int, column: Int, begin: Int) {
            let firstRow = start * width
            if offset < firstRow { return (0, offset / start, offset / start * start) }
            let row = Self.log2(offset) - Self.log2(firstRow) + 1, rowBegin = firstRow << (row - 1), size = blockSize(row)
            let column = (offset - rowBegin) / size
            return (row, column, rowBegin + column * size)
        }

        static func log2(_ value: Int) -> Int { Int.bitWidth - 1 - value.leadingZeroBitCount }
    }

    init(at address: Int, in file: StoredFile) throws(Damage) {
        let (a, l) = (file.widths.address, file.widths.length)
        // Filters would make the head longer, and are refused.
        var prefix = try file.fields(at: address, count: 9)
        try prefix.head("FRHP", versions: 0...0)
        let idSize = try prefix.number(2), filterSize = try prefix.number(2)
        guard filterSize == 0 else { throw Damage(expected: "a heap without filters", found: "a filtered one; rewrite the file with h5repack") }
        var head = try file.checked(at: address, count: 26 + 12 * l + 3 * a)
        try head.skip(9)
        let flags = try head.byte(), maximumManaged = try head.number(4)
        _ = try head.length()
        let hugeTree = try head.address()
        try head.skip(l + a + 8 * l)
        let width = try head.number(2), start = try head.length(), direct = try head.length(), maximumBits = try head.number(2)
        try head.skip(2)
        (root, rootRows) = (try head.address(), try head.number(2))
        guard width.nonzeroBitCount == 1, start.nonzeroBitCount == 1, direct.nonzeroBitCount == 1, start <= direct,
            (1...62).contains(maximumBits), Table.log2(start) + Table.log2(width) <= maximumBits, idSize >= 2, maximumManaged > 0
        else { throw Damage(expected: "a heap with rows of blocks", found: "\(width) blocks of \(start) to \(direct) bytes, 2^\(maximumBits) bytes in all") }
        (self.file, self.address, self.idSize, self.hugeTree, hasChecksums) = (file, address, idSize, hugeTree, flags & 2 != 0)
        table = Table(width: width, start: start, directRows: Table.log2(direct) - Table.log2(start) + 2, maximumBits: maximumBits)
        (budget, objectBudget) = (Budget(file.bytes.count), Budget(file.bytes.count))
        lengthSize = min((Table.log2(direct) + 7) / 8, Table.log2(maximumManaged) / 8 + 1)
    }

    /// The object of an identifier, as fields.
    mutating func object(_ id: FieldReader) throws(Damage) -> FieldReader {
        var id = id
        let head = try id.byte()
        switch head >> 4 & 3 {
        case 0:
            let offset = try id.number(table.offsetSize), length = try id.number(lengthSize)
            return try managed(offset, length)
        case 1: return try huge(id)
        case 2:
            // The length less one is in the first byte, or continues in the second where identifiers are long.
            let length = idSize - 1 <= 17 ? head & 15 : (head & 15) << 8 | (try id.byte())
            return FieldReader(try id.take(length + 1), widths: file.widths)
        default: throw Damage(expected: "an object of a heap", found: "an unknown kind")
        }
    }

    private mutating func managed(_ offset: Int, _ length: Int) throws(Damage) -> FieldReader {
        guard offset < 1 << table.maximumBits, var block = root else { throw Damage(expected: "an object of a heap", found: "an offset beyond it") }
        var (rows, begin, inner) = (rootRows, 0, offset)
        // Each step enters a block that is smaller than the one around it.
        while rows > 0 {
            let (row, column, place) = table.place(inner)
            guard row < rows else { throw Damage(expected: "a block in row 0..<\(rows) of a heap", found: "row \(row)") }
            (block, begin, inner) = (try child(of: block, rows: rows, row, column), begin + place, inner - place)
            rows = row < table.directRows ? 0 : Table.log2(table.blockSize(row)) - Table.log2(table.start * table.width) + 1
            if rows <= 0 { return try content(of: block, size: table.blockSize(row), begin: begin, inner, length) }
        }
        return try content(of: block, size: table.start, begin: 0, inner, length)
    }

    /// The address of a block in an indirect block.
    private mutating func child(of block: Int, rows: Int, _ row: Int, _ column: Int) throws(Damage) -> Int {
        let head = 5 + file.widths.address + table.offsetSize
        let (count, overflow) = rows.multipliedReportingOverflow(by: table.width)
        guard !overflow, count <= file.bytes.count else { throw Damage(expected: "an indirect block inside the file", found: "\(rows) rows") }
        var fields = try known(block, size: head + count * file.widths.address + 4, isDirect: false)
        try fields.head("FHIB", versions: 0...0)
        try fields.skip(head - 5 + (row * table.width + column) * file.widths.address)
        return try fields.definedAddress()
    }

    private mutating func content(of block: Int, size: Int, begin: Int, _ offset: Int, _ length: Int) throws(Damage) -> FieldReader {
        var fields = try known(block, size: size, isDirect: true)
        try fields.head("FHDB", versions: 0...0)
        guard try fields.definedAddress() == address, try fields.number(table.offsetSize) == begin else {
            throw Damage(expected: "a block of this heap", found: "another one")
        }
        guard offset >= fields.position else { throw Damage(expected: "an object inside its block", found: "offset \(offset)") }
        try fields.skip(offset - fields.position)
        try objectBudget.spend(length, on: "objects of a heap")
        return try fields.part(length)
    }

    /// A block as it was read before, or as it is read now.
    private mutating func known(_ block: Int, size: Int, isDirect: Bool) throws(Damage) -> FieldReader {
        if let fields = blocks[block] { return fields }
        try budget.spend(size, on: "blocks of a heap")
        let fields = isDirect ? try direct(block, size: size) : try file.checked(at: block, count: size)
        blocks[block] = fields
        return fields
    }

    /// A block, against its checksum if it has one, which was taken with zeros in its place.
    private func direct(_ block: Int, size: Int) throws(Damage) -> FieldReader {
        var bytes = try file.bytes.read(at: file.position(block), count: size)
        let place = 5 + file.widths.address + table.offsetSize
        guard hasChecksums else { return FieldReader(bytes, widths: file.widths) }
        guard size >= place + 4 else { throw Damage(expected: "a block with a checksum", found: "\(size) bytes") }
        let stored = bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0, 0])
        guard Checksum.isRight(stored, Checksum.lookup3(bytes)) else { throw Damage(expected: "a block with the checksum \(stored)", found: "another: it is damaged") }
        return FieldReader(bytes, widths: file.widths)
    }

    /// An object of its own in the file, by its address or by its number in a tree.
    private mutating func huge(_ id: FieldReader) throws(Damage) -> FieldReader {
        var id = id
        if idSize - 1 >= file.widths.address + file.widths.length {
            let address = try id.definedAddress(), length = try id.length()
            try objectBudget.spend(length, on: "objects of a heap")
            return try file.fields(at: address, count: length)
        }
        let number = try id.number(min(idSize - 1, file.widths.length))
        if hugeObjects == nil { hugeObjects = try readHugeObjects() }
        guard let object = hugeObjects?[number] else { throw Damage(expected: "the large object \(number)", found: "none of this number") }
        try objectBudget.spend(object.length, on: "objects of a heap")
        return try file.fields(at: object.address, count: object.length)
    }

    private func readHugeObjects() throws(Damage) -> [Int: (address: Int, length: Int)] {
        guard let hugeTree else { throw Damage(expected: "a tree of large objects", found: "none") }
        var objects: [Int: (address: Int, length: Int)] = [:]
        for var record in try SecondTree(at: hugeTree, in: file).records {
            let address = try record.definedAddress(), length = try record.length()
            objects[try record.length()] = (address, length)
        }
        return objects
    }
}
