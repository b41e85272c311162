import Archives

/// Reads a source from front to back through a window, so that a short head of a large file costs little.
struct ByteCursor {
    let source: any ByteSource
    private(set) var position: Int
    private var window: [UInt8] = []
    private var windowStart = 0

    init(_ source: any ByteSource, at position: Int = 0) {
        self.source = source
        self.position = position
    }

    var remaining: Int { source.count - position }

    /// The next byte.
    mutating func byte() throws(WeightsError) -> UInt8 {
        if position - windowStart >= window.count { try refill() }
        let byte = window[position - windowStart]
        position += 1
        return byte
    }

    /// The next bytes, which must exist.
    mutating func bytes(_ count: Int) throws(WeightsError) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw end(expected: "\(count) more bytes") }
        let offset = position - windowStart
        position += count
        if offset + count <= window.count { return Array(window[offset..<offset + count]) }
        let start = position - count
        return try WeightsError.archives { () throws(ArchiveError) in try source.bytes(start..<start + count) }
    }

    /// A whole number of `width` bytes, least significant first.
    mutating func unsigned(_ width: Int) throws(WeightsError) -> UInt64 {
        var value: UInt64 = 0
        for shift in 0..<width { value |= UInt64(try byte()) << (8 * UInt64(shift)) }
        return value
    }

    /// The bytes up to the next line feed, which is consumed.
    mutating func line() throws(WeightsError) -> String {
        var bytes: [UInt8] = []
        while true {
            let next = try byte()
            if next == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(next)
        }
    }

    mutating func skip(_ count: Int) throws(WeightsError) {
        guard count >= 0, count <= remaining else { throw end(expected: "\(count) more bytes") }
        position += count
    }

    private mutating func refill() throws(WeightsError) {
        guard remaining > 0 else { throw end(expected: "more bytes") }
        let (start, size) = (position, min(remaining, 1 << 16))
        window = try WeightsError.archives { () throws(ArchiveError) in try source.bytes(start..<start + size) }
        windowStart = position
    }

    private func end(expected: String) -> WeightsError {
        WeightsError(.unreadable, file: source.file, entry: source.entry, expected: "\(expected) at byte \(position)", found: "an end at \(source.count)")
    }
}
