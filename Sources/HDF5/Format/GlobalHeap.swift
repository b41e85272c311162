/// The collections in which a file keeps its texts of variable length (III.E).
struct GlobalHeap {
    private var collections: [Int: [Int: [UInt8]]] = [:]
    private var budget: Budget

    init(_ bytes: StoredBytes) { budget = Budget(bytes.count) }

    /// The object of a number in the collection at an address.
    mutating func object(_ number: Int, at address: Int, in file: StoredFile) throws(Damage) -> [UInt8] {
        if collections[address] == nil { collections[address] = try read(at: address, in: file) }
        guard let object = collections[address]?[number] else { throw Damage(expected: "text number \(number) of the heap at \(address)", found: "none of this number") }
        return object
    }

    private mutating func read(at address: Int, in file: StoredFile) throws(Damage) -> [Int: [UInt8]] {
        var head = try file.fields(at: address, count: 8 + file.widths.length)
        try head.head("GCOL", versions: 1...1)
        try head.skip(3)
        let size = try head.length(), headSize = head.position
        guard size >= headSize else { throw Damage(expected: "a heap of at least \(headSize) bytes", found: "\(size) at \(address)") }
        try budget.spend(size, on: "heaps of texts")
        var fields = try file.fields(at: address + headSize, count: size - headSize), objects: [Int: [UInt8]] = [:]
        while fields.remaining >= 8 + file.widths.length {
            let number = try fields.number(2)
            try fields.skip(6)
            let length = try fields.length()
            // Number 0 is the space that is free.
            if number == 0 { break }
            guard objects.updateValue(try fields.take(length), forKey: number) == nil else { throw Damage(expected: "numbers that differ", found: "\(number) twice") }
            try fields.skip(min(fields.remaining, (8 - length % 8) % 8))
        }
        return objects
    }
}
