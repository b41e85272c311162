/// A node of a version 1 B-tree (III.A.1): its keys, each with a child.
struct FirstTree {
    /// The leaves' keys with the addresses behind them, in their order.
    private(set) var entries: [(key: FieldReader, address: Int)] = []
    private var budget: Budget

    enum Kind: Int { case group = 0, chunks = 1 }

    init(at address: Int, _ kind: Kind, keySize: Int, in file: StoredFile) throws(Damage) {
        budget = Budget(file.bytes.count)
        try read(at: address, kind, keySize, level: nil, in: file)
    }

    private mutating func read(at address: Int, _ kind: Kind, _ keySize: Int, level expected: Int?, in file: StoredFile) throws(Damage) {
        let headSize = 8 + 2 * file.widths.address
        var head = try file.fields(at: address, count: headSize)
        guard try head.take(4) == Array("TREE".utf8), try head.byte() == kind.rawValue else { throw Damage(expected: "a node of a tree", found: "other bytes") }
        let level = try head.byte(), used = try head.number(2)
        guard expected == nil || level == expected else { throw Damage(expected: "level \(expected ?? 0) of a tree", found: "level \(level)") }
        try budget.spend(headSize + used * (keySize + file.widths.address), on: "nodes of a tree")
        var fields = try file.fields(at: address + headSize, count: used * (keySize + file.widths.address))
        for _ in 0..<used {
            let key = try fields.part(keySize), child = try fields.definedAddress()
            if level == 0 { entries.append((key, child)) } else { try read(at: child, kind, keySize, level: level - 1, in: file) }
        }
    }
}

/// The links of a group in the older form: a tree of tables, and a heap of names (III.A to III.D).
struct SymbolTable {
    private(set) var links: [(name: String, target: StoredLink)] = []

    /// Reads what the message of a group (IV.A.2.r) names.
    init(_ message: FieldReader, in file: StoredFile) throws(Damage) {
        var message = message
        let tree = try message.definedAddress()
        let names = try Self.heap(at: message.definedAddress(), in: file)
        var tables = Budget(file.bytes.count), texts = Budget(names.remaining)
        let entrySize = file.widths.length + file.widths.address + 24
        for (_, address) in try FirstTree(at: tree, .group, keySize: file.widths.length, in: file).entries {
            var head = try file.fields(at: address, count: 8)
            try head.head("SNOD", versions: 1...1)
            try head.skip(1)
            let count = try head.number(2)
            try tables.spend(8 + count * entrySize, on: "tables of a group")
            var entries = try file.fields(at: address + 8, count: count * entrySize)
            for _ in 0..<count {
                let name = try Self.text(names, at: entries.length(), &texts), object = try entries.address(), kind = try entries.number(4)
                try entries.skip(4)
                let offset = try entries.number(4)
                try entries.skip(12)
                // Kind 2 keeps a path in the place of the address.
                if kind == 2 {
                    links.append((name, .soft(try Self.text(names, at: offset, &texts))))
                } else if let object {
                    links.append((name, .hard(object)))
                } else {
                    throw Damage(expected: "the address of \(name)", found: "an undefined one")
                }
            }
        }
    }

    private static func text(_ names: FieldReader, at offset: Int, _ budget: inout Budget) throws(Damage) -> String {
        var names = names
        try names.skip(offset)
        let begin = names.position, text = try names.terminatedText()
        try budget.spend(names.position - begin, on: "names")
        return text
    }

    private static func heap(at address: Int, in file: StoredFile) throws(Damage) -> FieldReader {
        var head = try file.fields(at: address, count: 8 + 2 * file.widths.length + file.widths.address)
        try head.head("HEAP", versions: 0...0)
        try head.skip(3)
        let size = try head.length()
        _ = try head.length()
        return try file.fields(at: head.definedAddress(), count: size)
    }
}
