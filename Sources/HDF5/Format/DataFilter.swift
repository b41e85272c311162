import CZlib

/// One step of what was done to the bytes of a chunk before they were stored (IV.A.2.l).
enum DataFilter: Sendable {
    case deflate
    /// The bytes of all elements regrouped: all first ones, all second ones, ….
    case shuffle(size: Int)
    case fletcher32
    /// One that cannot be undone here.
    case other(Int)

    /// The steps of a message, in the order in which they were taken.
    static func all(_ message: FieldReader) throws(Damage) -> [DataFilter] {
        var message = message, filters: [DataFilter] = []
        let version = try message.version(1...2, of: "filters"), count = try message.byte()
        guard count <= 32 else { throw Damage(expected: "at most 32 filters", found: "\(count)") }
        if version == 1 { try message.skip(6) }
        for _ in 0..<count {
            let id = try message.number(2), nameSize = version == 1 || id >= 256 ? try message.number(2) : 0
            try message.skip(2)
            let values = try message.number(2)
            try message.skip(nameSize)
            var settings = try message.part(4 * values)
            if version == 1, values % 2 != 0 { try message.skip(4) }
            switch id {
            case 1: filters.append(.deflate)
            case 2: filters.append(.shuffle(size: try settings.number(4)))
            case 3: filters.append(.fletcher32)
            default: filters.append(.other(id))
            }
        }
        return filters
    }

    /// Undoes the steps of a chunk, last first, except those that its mask marks as left out.
    static func undo(_ filters: [DataFilter], mask: Int, on stored: [UInt8], size: Int) throws(Damage) -> [UInt8] {
        var bytes = stored
        for (number, filter) in filters.enumerated().reversed() where mask & 1 << number == 0 {
            switch filter {
            case .deflate: bytes = try inflated(bytes, limit: size + 4 * number)
            case .shuffle(let element): bytes = unshuffled(bytes, element)
            case .fletcher32:
                guard bytes.count >= 4 else { throw Damage(expected: "a chunk with a checksum", found: "\(bytes.count) bytes") }
                let sum: UInt32 = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
                bytes.removeLast(4)
                guard Checksum.isRight(sum, Checksum.fletcher32(bytes[...])) else { throw Damage(expected: "a chunk with the checksum \(sum)", found: "another: it is damaged") }
            case .other(let id):
                let name = [4: "szip", 5: "n-bit", 6: "scale-offset", 32000: "LZF"][id].map { "the filter \($0)" } ?? "filter number \(id)"
                throw Damage(expected: "chunks under deflate, shuffle or fletcher32", found: "\(name); rewrite the file with h5repack -f GZIP=4")
            }
        }
        guard bytes.count == size else { throw Damage(expected: "a chunk of \(size) bytes", found: "\(bytes.count)") }
        return bytes
    }

    private static func inflated(_ bytes: [UInt8], limit: Int) throws(Damage) -> [UInt8] {
        guard let count = UInt32(exactly: bytes.count), let capacity = UInt32(exactly: limit) else {
            throw Damage(expected: "a compressed chunk below 4 GiB", found: "\(limit) bytes")
        }
        var failed = false
        let unpacked = [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            let produced = CZlib_inflate(bytes, count, buffer.baseAddress, capacity)
            failed = produced < 0
            initialized = max(0, produced)
        }
        if failed { throw Damage(expected: "a chunk that unpacks to \(limit) bytes", found: "a damaged one") }
        return unpacked
    }

    private static func unshuffled(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
        guard size > 1 else { return bytes }
        let count = bytes.count / size
        return [UInt8](unsafeUninitializedCapacity: bytes.count) { target, initialized in
            bytes.withUnsafeBufferPointer { source in
                for byte in 0..<(count > 0 ? size : 0) {
                    for index in 0..<count { target[index * size + byte] = source[byte * count + index] }
                }
                // What fills no whole element stands at the end as it was.
                for index in count * size..<bytes.count { target[index] = source[index] }
            }
            initialized = bytes.count
        }
    }
}
