/// Where a chunk is, as the newer lists of chunks say it: its address and, where filters change sizes, its size and the filters left out.
struct ChunkEntry {
    var address: Int?
    var size: Int?
    var mask = 0

    init(_ fields: inout FieldReader, isFiltered: Bool, size entrySize: Int) throws(Damage) {
        address = try fields.address()
        guard isFiltered else { return }
        size = try fields.number(max(0, entrySize - fields.widths.address - 4))
        mask = try fields.number(4)
    }

    /// Reads entries one after the other that have an address.
    static func read(_ count: Int, from first: Int, _ fields: inout FieldReader, _ shape: Shape, into entries: inout [(number: Int, entry: ChunkEntry)]) throws(Damage) {
        for number in first..<first + count {
            let entry = try ChunkEntry(&fields, isFiltered: shape.isFiltered, size: shape.entrySize)
            if entry.address != nil { entries.append((number, entry)) }
        }
    }

    /// What the entries of a list look like.
    struct Shape {
        var isFiltered: Bool
        var entrySize: Int

        /// Reads client and size of the entries from the head of a list.
        init(_ head: inout FieldReader, isFiltered: Bool) throws(Damage) {
            let client = try head.byte()
            (self.isFiltered, entrySize) = (isFiltered, try head.byte())
            let least = head.widths.address + (isFiltered ? 5 : 0)
            guard client == (isFiltered ? 1 : 0), entrySize >= least, entrySize <= least + (isFiltered ? 7 : 0) else {
                throw Damage(expected: "a list of \(isFiltered ? "filtered" : "plain") chunks", found: "kind \(client) with entries of \(entrySize) bytes")
            }
        }
    }
}

/// The list of the chunks of an array of fixed shape (VII.C): one block, cut into pages where it is long.
struct FixedArray {
    private(set) var entries: [(number: Int, entry: ChunkEntry)] = []

    init(_ address: Int, _ isFiltered: Bool, in file: StoredFile) throws(Damage) {
        var head = try file.checked(at: address, count: 12 + file.widths.length + file.widths.address)
        try head.head("FAHD", versions: 0...0)
        let shape = try ChunkEntry.Shape(&head, isFiltered: isFiltered), pageBits = try head.byte(), count = try head.length()
        guard let block = try head.address() else { return }
        guard pageBits < 32, count <= file.bytes.count else { throw Damage(expected: "a list inside the file", found: "\(count) chunks") }
        let pageCount = 1 << pageBits, prefix = 6 + file.widths.address
        if count <= pageCount {
            var fields = try file.checked(at: block, count: prefix + count * shape.entrySize + 4)
            try fields.head("FADB", versions: 0...0)
            try fields.skip(prefix - 5)
            try ChunkEntry.read(count, from: 0, &fields, shape, into: &entries)
            return
        }
        let pages = (count - 1) / pageCount + 1, bitmapSize = (pages + 7) / 8
        var fields = try file.checked(at: block, count: prefix + bitmapSize + 4)
        try fields.head("FADB", versions: 0...0)
        try fields.skip(prefix - 5)
        let written = try fields.take(bitmapSize)
        for page in 0..<pages where written[page / 8] & 0x80 >> UInt8(page % 8) != 0 {
            let first = page * pageCount, inPage = min(pageCount, count - first), start = prefix + bitmapSize + 4 + page * (pageCount * shape.entrySize + 4)
            var fields = try file.checked(at: block + start, count: inPage * shape.entrySize + 4)
            try ChunkEntry.read(inPage, from: first, &fields, shape, into: &entries)
        }
    }
}

/// The list of the chunks of an array that grows along one axis (VII.D): the first entries, then blocks of them that grow, then blocks of such blocks.
struct ExtensibleArray {
    private(set) var entries: [(number: Int, entry: ChunkEntry)] = []
    private let file: StoredFile
    private let shape: ChunkEntry.Shape
    private let offsetSize: Int
    private let pageCount: Int
    private var budget: Budget

    init(_ address: Int, _ isFiltered: Bool, in file: StoredFile) throws(Damage) {
        self.file = file
        budget = Budget(file.bytes.count)
        var head = try file.checked(at: address, count: 16 + 6 * file.widths.length + file.widths.address)
        try head.head("EAHD", versions: 0...0)
        shape = try ChunkEntry.Shape(&head, isFiltered: isFiltered)
        let bits = try head.byte(), inIndex = try head.byte(), least = try head.byte(), leastPointers = try head.byte(), pageBits = try head.byte()
        try head.skip(6 * file.widths.length)
        guard (1...62).contains(bits), pageBits < 32, least.nonzeroBitCount == 1, leastPointers.nonzeroBitCount == 1, leastPointers >= 2,
            Self.log2(least) + 2 * Self.log2(leastPointers) <= bits + 1
        else {
            throw Damage(expected: "a growing list of chunks", found: "one of 2^\(bits) entries in blocks of \(least)")
        }
        (offsetSize, pageCount) = ((bits + 7) / 8, 1 << pageBits)
        guard let block = try head.address() else { return }
        // Level u holds 2^(u/2) blocks of 2^((u+1)/2) times the least number of entries.
        let levels = 1 + bits - Self.log2(least), direct = 2 * Self.log2(leastPointers)
        let size = 6 + file.widths.address + inIndex * shape.entrySize + (2 * (leastPointers - 1) + levels - direct) * file.widths.address + 4
        var fields = try file.checked(at: block, count: size), next = inIndex
        try fields.head("EAIB", versions: 0...0)
        try fields.skip(1 + file.widths.address)
        try ChunkEntry.read(inIndex, from: 0, &fields, shape, into: &entries)
        for level in 0..<levels {
            let blocks = 1 << (level / 2), (inBlock, overflow) = least.multipliedReportingOverflow(by: 1 << ((level + 1) / 2))
            let (total, carry) = blocks.multipliedReportingOverflow(by: inBlock)
            guard !overflow, !carry, total < Int.max - next else { throw Damage(expected: "a growing list of chunks", found: "more than 2^62 entries") }
            if level < direct {
                for index in 0..<blocks { try readBlock(fields.address(), from: next + index * inBlock, count: inBlock, []) }
            } else if let address = try fields.address() {
                try readLevel(address, from: next, blocks: blocks, inBlock: inBlock)
            }
            next += total
        }
    }

    private static func log2(_ value: Int) -> Int { Int.bitWidth - 1 - value.leadingZeroBitCount }

    /// A block of blocks.
    private mutating func readLevel(_ address: Int, from first: Int, blocks: Int, inBlock: Int) throws(Damage) {
        let pages = inBlock > pageCount ? inBlock / pageCount : 0, bitmapSize = (pages + 7) / 8, prefix = 6 + file.widths.address + offsetSize
        let (size, overflow) = blocks.multipliedReportingOverflow(by: bitmapSize + file.widths.address)
        try budget.spend(overflow ? Int.max : size, on: "blocks of a list")
        var fields = try file.checked(at: address, count: prefix + size + 4)
        try fields.head("EASB", versions: 0...0)
        try fields.skip(prefix - 5)
        // One bit for each page of all blocks.
        let written = try fields.take(blocks * bitmapSize)
        for index in 0..<blocks {
            let pagesWritten = (index * pages..<(index + 1) * pages).map { written[$0 / 8] & 0x80 >> UInt8($0 % 8) != 0 }
            try readBlock(fields.address(), from: first + index * inBlock, count: inBlock, pagesWritten)
        }
    }

    /// A block of entries; cut into pages where it is long, of which those that were written count.
    private mutating func readBlock(_ address: Int?, from first: Int, count: Int, _ pagesWritten: [Bool]) throws(Damage) {
        guard let address else { return }
        _ = try file.position(address)
        let prefix = 6 + file.widths.address + offsetSize
        try budget.spend(prefix, on: "blocks of a list")
        guard !pagesWritten.isEmpty else {
            let (size, overflow) = count.multipliedReportingOverflow(by: shape.entrySize)
            try budget.spend(overflow ? Int.max : size, on: "blocks of a list")
            var fields = try file.checked(at: address, count: prefix + size + 4)
            try fields.head("EADB", versions: 0...0)
            try fields.skip(prefix - 5)
            return try ChunkEntry.read(count, from: first, &fields, shape, into: &entries)
        }
        let pageSize = pageCount * shape.entrySize + 4
        for page in pagesWritten.indices where pagesWritten[page] {
            try budget.spend(pageSize, on: "pages of a list")
            var fields = try file.checked(at: address + prefix + 4 + page * pageSize, count: pageSize)
            try ChunkEntry.read(pageCount, from: first + page * pageCount, &fields, shape, into: &entries)
        }
    }
}
