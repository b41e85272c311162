import Synchronization

/// An array of a file that is read.
final class StoredDataset: Sendable {
    private let header: ObjectHeader
    let file: StoredFile
    let attributes: StoredAttributes
    let type: StoredType
    let space: StoredSpace
    /// Where the elements are, once it was asked for.
    private let storage = Mutex<Storage?>(nil)
    /// The chunk that was unpacked last: rows are read in order, and a chunk holds many.
    private let unpacked = Mutex<(number: Int, bytes: [UInt8])?>(nil)

    private struct Storage: Sendable {
        var layout: DataLayout
        var chunks: ChunkIndex?
    }

    init(header: ObjectHeader, file: StoredFile) throws(Damage) {
        guard var space = try header.fields(of: .dataspace, in: file), var type = try header.fields(of: .datatype, in: file) else {
            throw Damage(expected: "a shape and an element type", found: "a dataset without one of them")
        }
        (self.header, self.file, attributes) = (header, file, StoredAttributes(header: header, file: file))
        self.type = try StoredType(&type)
        self.space = try StoredSpace(&space)
        _ = try checkedProduct(self.space.extents.map { max(1, $0) } + [self.type.size], of: "bytes")
    }

    /// The shape, a scalar being one row of one element.
    private var extents: [Int] { space.extents.isEmpty ? [1] : space.extents }

    /// Bytes of a row as stored.
    private var rowSize: Int { extents.dropFirst().reduce(type.size, *) }

    /// Rows that are best read together, so that none of their chunks is unpacked twice.
    func rowsPerPass(_ bytes: Int) throws(Damage) -> Int {
        let rows = max(1, bytes / max(1, rowSize))
        guard case .chunked(let chunks) = try located().layout.place else { return rows }
        return (rows - 1) / chunks.extents[0] * chunks.extents[0] + chunks.extents[0]
    }

    /// Copies the stored bytes of a range of rows, whose size must be that of `target`.
    func read(_ rows: Range<Int>, into target: UnsafeMutableRawBufferPointer) throws(Damage) {
        guard !target.isEmpty else { return }
        let storage = try located()
        switch storage.layout.place {
        case .compact(let bytes):
            guard bytes.count >= rowSize * extents[0] else { throw Damage(expected: "\(rowSize * extents[0]) bytes of data", found: "\(bytes.count)") }
            bytes.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[rows.lowerBound * rowSize..<rows.upperBound * rowSize])) }
        case .contiguous(nil): fill(target, storage.layout.fill)
        case .contiguous(let address?):
            let begin = try file.position(address)
            // What the last row needs is there, so no product below is too large.
            try file.bytes.justify(extents[0], times: rowSize, limit: file.bytes.count - begin)
            try file.bytes.read(at: begin + rows.lowerBound * rowSize, into: target)
        case .chunked(let layout):
            guard let index = storage.chunks else { return }
            if !index.covers(rows) { fill(target, storage.layout.fill) }
            for chunk in index.chunks(in: rows) { try copy(chunk, layout, index, storage.layout.filters, rows, target) }
        }
    }

    /// The layout and the list of chunks, read once.
    private func located() throws(Damage) -> Storage {
        if let known = storage.withLock({ $0 }) { return known }
        let layout = try DataLayout(header, type: type, rank: space.extents.count, in: file)
        var found = Storage(layout: layout)
        if case .chunked(let chunks) = layout.place {
            found.chunks = try ChunkIndex(chunks, space: space, elementSize: type.size, isFiltered: !layout.filters.isEmpty, in: file)
        }
        storage.withLock { $0 = found }
        return found
    }

    private func fill(_ target: UnsafeMutableRawBufferPointer, _ value: [UInt8]) {
        target.initializeMemory(as: UInt8.self, repeating: 0)
        guard value.contains(where: { $0 != 0 }) else { return }
        value.withUnsafeBytes { value in
            for start in stride(from: 0, to: target.count, by: value.count) {
                UnsafeMutableRawBufferPointer(rebasing: target[start..<start + value.count]).copyMemory(from: value)
            }
        }
    }

    /// Copies what a chunk has of a range of rows.
    private func copy(
        _ chunk: ChunkIndex.Chunk, _ layout: ChunkLayout, _ index: ChunkIndex, _ filters: [DataFilter], _ rows: Range<Int>, _ target: UnsafeMutableRawBufferPointer
    ) throws(Damage) {
        let place = index.coordinates(chunk.number), first = place[0] * layout.extents[0]
        let shared = max(rows.lowerBound, first)..<min(rows.upperBound, first + min(layout.extents[0], extents[0] - first))
        let isPlain = filters.indices.allSatisfy { chunk.mask & 1 << $0 != 0 }
        let hasWholeRows = layout.extents.dropFirst().elementsEqual(extents.dropFirst())
        if isPlain, hasWholeRows {
            // Straight from the file, without the rest of the chunk.
            guard chunk.size == index.chunkSize else { throw Damage(expected: "a chunk of \(index.chunkSize) bytes", found: "\(chunk.size)") }
            let part = UnsafeMutableRawBufferPointer(rebasing: target[(shared.lowerBound - rows.lowerBound) * rowSize..<(shared.upperBound - rows.lowerBound) * rowSize])
            return try file.bytes.read(at: file.position(chunk.address) + (shared.lowerBound - first) * rowSize, into: part)
        }
        let bytes = try content(of: chunk, index, filters)
        if hasWholeRows {
            let part = UnsafeMutableRawBufferPointer(rebasing: target[(shared.lowerBound - rows.lowerBound) * rowSize..<(shared.upperBound - rows.lowerBound) * rowSize])
            return bytes.withUnsafeBytes { part.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[(shared.lowerBound - first) * rowSize..<(shared.upperBound - first) * rowSize])) }
        }
        copyBox(bytes, place, layout, shared, rows, target)
    }

    private func content(of chunk: ChunkIndex.Chunk, _ index: ChunkIndex, _ filters: [DataFilter]) throws(Damage) -> [UInt8] {
        if let last = unpacked.withLock({ $0 }), last.number == chunk.number { return last.bytes }
        let stored = try file.bytes.read(at: file.position(chunk.address), count: chunk.size)
        let bytes = try DataFilter.undo(filters, mask: chunk.mask, on: stored, size: index.chunkSize)
        unpacked.withLock { $0 = (chunk.number, bytes) }
        return bytes
    }

    /// Copies the part of a chunk that lies inside the array, run by run along the last axis.
    private func copyBox(_ bytes: [UInt8], _ place: [Int], _ layout: ChunkLayout, _ shared: Range<Int>, _ rows: Range<Int>, _ target: UnsafeMutableRawBufferPointer) {
        let rank = extents.count
        let begins = zip(place, layout.extents).map { $0 * $1 }
        // The box inside the chunk, and the places of its corner in chunk and target.
        var counts = (0..<rank).map { min(layout.extents[$0], extents[$0] - begins[$0]) }
        counts[0] = shared.count
        var offset = [Int](repeating: 0, count: rank)
        let run = counts[rank - 1] * type.size
        bytes.withUnsafeBytes { source in
            while true {
                var (from, to) = (0, 0)
                for axis in 0..<rank {
                    from = from * layout.extents[axis] + offset[axis] + (axis == 0 ? shared.lowerBound - begins[0] : 0)
                    to = to * extents[axis] + offset[axis] + (axis == 0 ? shared.lowerBound - rows.lowerBound : begins[axis])
                }
                UnsafeMutableRawBufferPointer(rebasing: target[to * type.size..<to * type.size + run])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from * type.size..<from * type.size + run]))
                var axis = rank - 2
                while axis >= 0, offset[axis] + 1 == counts[axis] {
                    offset[axis] = 0
                    axis -= 1
                }
                if axis < 0 { return }
                offset[axis] += 1
            }
        }
    }
}
