/// The two checksums of the format.
enum Checksum {
    /// Whether a stored sum is the one that was computed. Fuzzing goes on behind it, as a forger would.
    static func isRight(_ stored: some BinaryInteger, _ computed: UInt32) -> Bool {
        #if FUZZING
        true
        #else
        stored == computed
        #endif
    }

    /// Bob Jenkins' lookup3 (hashlittle), which guards the newer structures.
    static func lookup3(_ bytes: some Collection<UInt8>) -> UInt32 {
        func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
        var a = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count), b = a, c = a
        var rest = bytes[...]
        // Up to twelve bytes, the missing ones zero.
        func add(_ block: some Collection<UInt8>) {
            for (index, byte) in block.enumerated() {
                let value = UInt32(byte) << UInt32(8 * (index % 4))
                switch index / 4 {
                case 0: a &+= value
                case 1: b &+= value
                default: c &+= value
                }
            }
        }
        while rest.count > 12 {
            add(rest.prefix(12))
            rest = rest.dropFirst(12)
            a &-= c; a ^= rotated(c, 4); c &+= b
            b &-= a; b ^= rotated(a, 6); a &+= c
            c &-= b; c ^= rotated(b, 8); b &+= a
            a &-= c; a ^= rotated(c, 16); c &+= b
            b &-= a; b ^= rotated(a, 19); a &+= c
            c &-= b; c ^= rotated(b, 4); b &+= a
        }
        if rest.isEmpty { return c }
        add(rest)
        c ^= b; c &-= rotated(b, 14)
        a ^= c; a &-= rotated(c, 11)
        b ^= a; b &-= rotated(a, 25)
        c ^= b; c &-= rotated(b, 16)
        a ^= c; a &-= rotated(c, 4)
        b ^= a; b &-= rotated(a, 14)
        c ^= b; c &-= rotated(b, 24)
        return c
    }

    /// Fletcher's sum over big-endian 16-bit words, which may guard the data of a chunk.
    static func fletcher32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        func folded(_ sum: UInt32) -> UInt32 { (sum & 0xFFFF) + (sum >> 16) }
        var first: UInt32 = 0, second: UInt32 = 0, position = bytes.startIndex
        while position < bytes.endIndex {
            // The sums are folded before they can overflow.
            let end = min(position + 720, bytes.endIndex)
            while position < end {
                first &+= UInt32(bytes[position]) << 8 | (position + 1 < bytes.endIndex ? UInt32(bytes[position + 1]) : 0)
                second &+= first
                position += 2
            }
            (first, second) = (folded(first), folded(second))
        }
        return folded(second) << 16 | folded(first)
    }
}
