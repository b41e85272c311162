/// Philox 4×32-10: a counter-based generator, so element i depends on key and counter only, whatever the thread count.
///
/// Named sub-streams are independent: `stream["latents"]`. Source: Salmon et al., *Parallel random numbers: as easy as 1, 2, 3*, SC 2011.
public struct RandomStream: Hashable, Sendable {
    private let key: UInt64

    /// The root stream of a seed.
    public init(seed: UInt64) { key = seed }

    /// An independent stream named within this one.
    public subscript(_ name: String) -> RandomStream {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let block = block(hash)
        return RandomStream(seed: UInt64(block.x) << 32 | UInt64(block.y))
    }

    /// Four 32-bit words for one counter value.
    public func block(_ counter: UInt64) -> SIMD4<UInt32> {
        var c = SIMD4<UInt32>(UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), 0, 0)
        var (k0, k1) = (UInt32(truncatingIfNeeded: key), UInt32(key >> 32))
        for _ in 0..<10 {
            let a = UInt64(c.x) * 0xD251_1F53, b = UInt64(c.z) * 0xCD9E_8D57
            c = SIMD4(UInt32(b >> 32) ^ c.y ^ k0, UInt32(truncatingIfNeeded: b), UInt32(a >> 32) ^ c.w ^ k1, UInt32(truncatingIfNeeded: a))
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return c
    }

    /// The words of eight counters from `counter` on, side by side: word w of counter `counter` + i is lane i of element w.
    func eightBlocks(_ counter: UInt64) -> (SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>) {
        let low = SIMD8<UInt64>(repeating: 0xFFFF_FFFF), counters = SIMD8<UInt64>(0, 1, 2, 3, 4, 5, 6, 7) &+ counter
        var (x, y, z, w) = (counters & low, counters &>> 32, SIMD8<UInt64>.zero, SIMD8<UInt64>.zero)
        var (k0, k1) = (UInt32(truncatingIfNeeded: key), UInt32(key >> 32))
        for _ in 0..<10 {
            // Factors of 32 bits: the mask tells the compiler that one multiplication is enough.
            let a = (x & low) &* 0xD251_1F53, b = (z & low) &* 0xCD9E_8D57
            (x, y, z, w) = (b &>> 32 ^ y ^ UInt64(k0), b & low, a &>> 32 ^ w ^ UInt64(k1), a & low)
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return (x, y, z, w)
    }

    /// Element `index` of the uniform stream on [0, 1) with 24 random bits.
    public func uniform(_ index: Int) -> Float { Float(block(UInt64(index / 4))[index % 4] >> 8) * 0x1p-24 }
}
