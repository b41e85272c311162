/// How an array is cut into chunks, and where the list of them is.
struct ChunkLayout: Sendable {
    /// The shape of a chunk.
    var extents: [Int]
    var index: Index
    /// Nil where nothing was written yet.
    var address: Int?
    /// Whether chunks that reach over the edge of the array went through the filters as well.
    var filtersPartialChunks = true

    enum Index: Sendable {
        case firstTree, secondTree, implicit, fixedArray, extensibleArray
        /// One chunk; its size where filters changed it.
        case single(size: Int?, mask: Int)
    }
}

/// The chunks of an array, in the order of their places in it.
struct ChunkIndex: Sendable {
    /// One chunk: its number in row-major order among all that the array has room for, and its bytes in the file.
    struct Chunk: Sendable {
        var number: Int
        var address: Int
        var size: Int
        /// The filters that were left out.
        var mask: Int
    }

    /// How many chunks the array has room for along each axis.
    let grid: [Int]
    /// Bytes of a chunk in memory.
    let chunkSize: Int
    private(set) var chunks: [Chunk] = []

    private let layout: ChunkLayout
    private let space: StoredSpace

    init(_ layout: ChunkLayout, space: StoredSpace, elementSize: Int, isFiltered: Bool, in file: StoredFile) throws(Damage) {
        (self.layout, self.space) = (layout, space)
        grid = zip(space.extents, layout.extents).map { ($0 - 1) / $1 + 1 }
        chunkSize = try checkedProduct(layout.extents + [elementSize], of: "chunks")
        guard let address = layout.address else { return }
        _ = try file.position(address)
        switch layout.index {
        case .firstTree: try readFirstTree(address, in: file)
        case .secondTree: try readSecondTree(address, in: file)
        case .single(let size, let mask): add([Int](repeating: 0, count: grid.count), address, size ?? chunkSize, mask)
        case .implicit:
            // All chunks one after the other, those of the largest shape that the array may take.
            let scale = try ChunkScale(layout, space, slowest: 0)
            try file.bytes.justify(checkedProduct(grid, of: "chunks"), times: chunkSize)
            for number in 0..<grid.reduce(1, *) {
                let place = coordinates(number), (offset, overflow) = try scale.number(place).multipliedReportingOverflow(by: chunkSize)
                guard !overflow, offset <= file.bytes.count else { throw Damage(expected: "a chunk inside the file", found: "one beyond it") }
                add(place, address + offset, chunkSize, 0)
            }
        case .fixedArray:
            let scale = try ChunkScale(layout, space, slowest: 0)
            for (number, entry) in try FixedArray(address, isFiltered, in: file).entries { try add(entry, at: scale.coordinates(number)) }
        case .extensibleArray:
            let scale = try ChunkScale(layout, space, slowest: space.limits.firstIndex { $0 == nil } ?? 0)
            for (number, entry) in try ExtensibleArray(address, isFiltered, in: file).entries { try add(entry, at: scale.coordinates(number)) }
        }
        chunks.sort { $0.number < $1.number }
        var budget = Budget(file.bytes.count)
        for (index, chunk) in chunks.enumerated() {
            guard index == 0 || chunks[index - 1].number < chunk.number else { throw Damage(expected: "chunks that differ", found: "one twice") }
            try budget.spend(chunk.size, on: "chunks")
        }
    }

    /// The chunks that hold elements of a range of rows.
    func chunks(in rows: Range<Int>) -> ArraySlice<Chunk> {
        let perRow = grid.dropFirst().reduce(1, *)
        func first(from number: Int) -> Int {
            var (low, high) = (0, chunks.count)
            while low < high {
                let middle = (low + high) / 2
                if chunks[middle].number < number { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return chunks[first(from: rows.lowerBound / layout.extents[0] * perRow)..<first(from: ((rows.upperBound - 1) / layout.extents[0] + 1) * perRow)]
    }

    /// Whether every element of a range of rows lies in a chunk that was written.
    func covers(_ rows: Range<Int>) -> Bool {
        let rowsOfChunks = (rows.upperBound - 1) / layout.extents[0] - rows.lowerBound / layout.extents[0] + 1
        return chunks(in: rows).count == rowsOfChunks * grid.dropFirst().reduce(1, *)
    }

    /// The place of a chunk among the chunks of the array.
    func coordinates(_ number: Int) -> [Int] {
        var rest = number, place = grid
        for axis in grid.indices.reversed() { (rest, place[axis]) = rest.quotientAndRemainder(dividingBy: max(1, grid[axis])) }
        return place
    }

    /// Notes a chunk; one beyond the present shape was left over when the array shrank.
    private mutating func add(_ place: [Int], _ address: Int, _ size: Int, _ mask: Int) {
        guard zip(place, grid).allSatisfy({ $0 < $1 }) else { return }
        let isPartial = grid.indices.contains { axis in place[axis] >= space.extents[axis] / layout.extents[axis] }
        let number = zip(place, grid).reduce(0) { $0 * $1.1 + $1.0 }
        chunks.append(Chunk(number: number, address: address, size: size, mask: isPartial && !layout.filtersPartialChunks ? -1 : mask))
    }

    private mutating func add(_ entry: ChunkEntry, at place: [Int]) throws(Damage) {
        guard let address = entry.address else { return }
        add(place, address, entry.size ?? chunkSize, entry.mask)
    }

    private mutating func readFirstTree(_ address: Int, in file: StoredFile) throws(Damage) {
        let rank = grid.count
        for (key, child) in try FirstTree(at: address, .chunks, keySize: 8 + 8 * (rank + 1), in: file).entries {
            var key = key
            let size = try key.number(4), mask = try key.number(4)
            var place: [Int] = []
            for extent in layout.extents {
                let offset = try key.number(8)
                guard offset.isMultiple(of: extent) else { throw Damage(expected: "a chunk at a multiple of \(extent)", found: "\(offset)") }
                place.append(offset / extent)
            }
            add(place, child, size, mask)
        }
    }

    private mutating func readSecondTree(_ address: Int, in file: StoredFile) throws(Damage) {
        let tree = try SecondTree(at: address, in: file)
        guard tree.kind == 10 || tree.kind == 11 else { throw Damage(expected: "a tree of chunks", found: "records of type \(tree.kind)") }
        for var record in tree.records {
            let entry = try ChunkEntry(&record, isFiltered: tree.kind == 11, size: record.remaining - 8 * grid.count)
            var place: [Int] = []
            for _ in grid { place.append(try record.number(8)) }
            try add(entry, at: place)
        }
    }
}

/// Numbers of chunks where they count those of the largest shape that the array may take, one axis first.
private struct ChunkScale {
    /// The axes, slowest first.
    private let order: [Int]
    /// How many chunks the later axes have room for, for each axis in that order.
    private let strides: [Int]

    init(_ layout: ChunkLayout, _ space: StoredSpace, slowest: Int) throws(Damage) {
        order = [slowest] + layout.extents.indices.filter { $0 != slowest }
        var strides = [1]
        for axis in order.dropFirst().reversed() {
            let limit = max(1, space.limits[axis] ?? Int.max), count = (limit - 1) / layout.extents[axis] + 1
            strides.append(try checkedProduct([strides[strides.count - 1], count], of: "chunks"))
        }
        self.strides = strides.reversed()
    }

    func number(_ place: [Int]) throws(Damage) -> Int {
        var number = 0
        for (axis, stride) in zip(order, strides) {
            let (product, overflow) = place[axis].multipliedReportingOverflow(by: stride), (sum, carry) = number.addingReportingOverflow(product)
            guard !overflow, !carry else { throw Damage(expected: "a chunk's number below 2^63", found: "more") }
            number = sum
        }
        return number
    }

    func coordinates(_ number: Int) -> [Int] {
        var place = [Int](repeating: 0, count: order.count), rest = number
        for (axis, stride) in zip(order, strides) { (place[axis], rest) = rest.quotientAndRemainder(dividingBy: stride) }
        return place
    }
}
