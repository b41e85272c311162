/// The records of a version 2 B-tree (III.A.2), in their order.
struct SecondTree {
    /// The type of the records.
    let kind: Int
    private(set) var records: [FieldReader] = []

    private let recordSize: Int
    private let nodeSize: Int
    private var budget: Budget

    init(at address: Int, in file: StoredFile) throws(Damage) {
        var head = try file.checked(at: address, count: 22 + file.widths.address + file.widths.length)
        try head.head("BTHD", versions: 0...0)
        kind = try head.byte()
        budget = Budget(file.bytes.count)
        (nodeSize, recordSize) = (try head.number(4), try head.number(2))
        let depth = try head.number(2)
        try head.skip(2)
        let root = try head.address(), count = try head.number(2)
        guard recordSize > 0, nodeSize >= 10 + recordSize, nodeSize <= file.bytes.count else {
            throw Damage(expected: "a tree whose nodes hold records", found: "nodes of \(nodeSize) bytes and records of \(recordSize)")
        }
        guard let root else { return }
        try read(root, count: count, depth: depth, levels: Levels(depth, nodeSize: nodeSize, recordSize: recordSize, addressSize: file.widths.address), in: file)
    }

    /// How wide the counts in a child's pointer are, by the child's depth.
    private struct Levels {
        let countSize: Int
        /// The width of the count of all records below a node; none for leaves.
        var totalSizes = [0]

        init(_ depth: Int, nodeSize: Int, recordSize: Int, addressSize: Int) throws(Damage) {
            let perLeaf = (nodeSize - 10) / recordSize
            countSize = Self.width(perLeaf)
            var total = perLeaf
            for _ in 0..<depth {
                let pointer = addressSize + countSize + totalSizes[totalSizes.count - 1]
                let perNode = (nodeSize - 10 - pointer) / (recordSize + pointer)
                let (product, overflow) = (perNode + 1).multipliedReportingOverflow(by: total)
                guard perNode > 0, !overflow, product < Int.max >> 1 else { throw Damage(expected: "a tree of possible depth", found: "depth \(depth)") }
                total = product + perNode
                totalSizes.append(Self.width(total))
            }
        }

        private static func width(_ limit: Int) -> Int { (Int.bitWidth - 1 - limit.leadingZeroBitCount) / 8 + 1 }
    }

    private mutating func read(_ address: Int, count: Int, depth: Int, levels: Levels, in file: StoredFile) throws(Damage) {
        let pointerSize = depth == 0 ? 0 : file.widths.address + levels.countSize + levels.totalSizes[depth - 1]
        let size = 6 + count * recordSize + (depth == 0 ? 0 : (count + 1) * pointerSize) + 4
        guard size <= nodeSize else { throw Damage(expected: "a node of at most \(nodeSize) bytes", found: "\(count) records") }
        try budget.spend(size, on: "nodes of a tree")
        var node = try file.checked(at: address, count: size)
        try node.head(depth == 0 ? "BTLF" : "BTIN", versions: 0...0)
        guard try node.byte() == kind else { throw Damage(expected: "records of type \(kind)", found: "another type") }
        var own: [FieldReader] = []
        for _ in 0..<count { own.append(try node.part(recordSize)) }
        guard depth > 0 else { return records += own }
        for index in 0...count {
            let child = try node.definedAddress(), below = try node.number(levels.countSize)
            try node.skip(levels.totalSizes[depth - 1])
            try read(child, count: below, depth: depth - 1, levels: levels, in: file)
            if index < count { records.append(own[index]) }
        }
    }
}
