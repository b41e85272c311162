/// A piece of a PNG file: a type of four letters, and bytes.
struct PNGChunk {
    let type: [UInt8]
    let content: [UInt8]

    /// What every PNG file begins with.
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    init(_ type: StaticString, _ content: [UInt8] = []) {
        (self.type, self.content) = (type.withUTF8Buffer { Array($0) }, content)
    }

    /// The chunks of a whole and sound file.
    static func chunks(of file: [UInt8]) -> [PNGChunk] {
        var chunks: [PNGChunk] = [], place = signature.count
        while place < file.count {
            let count = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }, start = place + 8
            chunks.append(PNGChunk(type: Array(file[place + 4..<start]), content: Array(file[start..<start + count])))
            // A checksum of four bytes ends each.
            place = start + count + 4
        }
        return chunks
    }

    func isOf(_ type: StaticString) -> Bool { type.withUTF8Buffer { $0.elementsEqual(self.type) } }

    /// Length, type, content, and the checksum of the last two.
    var encoded: [UInt8] {
        let checked = type + content
        return UInt32(content.count).bigEndianBytes + checked + Self.checksum(checked).bigEndianBytes
    }

    private init(type: [UInt8], content: [UInt8]) { (self.type, self.content) = (type, content) }

    /// CRC-32 of ISO 3309, as zlib's.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { $0 >> 8 ^ remainders[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }

    /// The remainder of each byte.
    private static let remainders: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(byte) { remainder, _ in remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
    }
}

extension FixedWidthInteger {
    /// The bytes, most significant first.
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian, Array.init) }
}
