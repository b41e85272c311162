#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// MT19937 (Matsumoto & Nishimura 1998) with the derived draws of NumPy's legacy `RandomState`, bit for bit, because the peers' KID subsets and IS
/// shuffles are defined by it. For everything else this package uses counter-based streams.
public struct MersenneTwister: Sendable {
    private var state: [UInt32]
    private var position: Int
    private var spareNormal: Double?

    /// `RandomState(seed)`.
    public init(seed: UInt32) {
        state = [seed]
        state.reserveCapacity(624)
        for i in 1..<624 { state.append(1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i)) }
        position = 624
    }

    /// The next 32 bits.
    public mutating func nextUInt32() -> UInt32 {
        if position == 624 { regenerate() }
        var y = state[position]
        position += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C_5680
        y ^= (y << 15) & 0xEFC6_0000
        return y ^ (y >> 18)
    }

    private mutating func regenerate() {
        for i in 0..<624 {
            let y = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7FFF_FFFF)
            state[i] = state[(i + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
        }
        position = 0
    }

    /// `random_sample()`: uniform on [0, 1), a multiple of 2⁻⁵³.
    public mutating func randomSample() -> Double {
        let high = Double(nextUInt32() >> 5), low = Double(nextUInt32() >> 6)
        return (high * 67_108_864 + low) / 9_007_199_254_740_992
    }

    /// `randn()`: standard normal by Marsaglia's polar method; the second of each pair is kept for the next call.
    public mutating func standardNormal() -> Double {
        if let spare = spareNormal {
            spareNormal = nil
            return spare
        }
        while true {
            let x = 2 * randomSample() - 1, y = 2 * randomSample() - 1
            let square = x * x + y * y
            guard square < 1, square != 0 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spareNormal = factor * x
            return factor * y
        }
    }

    /// `randint(0, bound)`: uniform on 0..<bound, by rejection under the smallest mask.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0 && bound <= 1 << 32, "draws lie below a bound between 1 and 2³², not \(bound)")
        let largest = UInt32(bound - 1)
        guard largest > 0 else { return 0 }
        let mask = UInt32.max >> UInt32(largest.leadingZeroBitCount)
        while true {
            let draw = nextUInt32() & mask
            if draw <= largest { return Int(draw) }
        }
    }

    /// `shuffle(array)`: Fisher–Yates from the end.
    public mutating func shuffle<Element>(_ array: inout [Element]) {
        for i in stride(from: array.count - 1, to: 0, by: -1) { array.swapAt(i, integer(below: i + 1)) }
    }

    /// `permutation(count)`.
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        shuffle(&order)
        return order
    }

    /// `choice(count, size, replace=False)`: the first `size` of a permutation.
    public mutating func choice(_ size: Int, of count: Int) -> ArraySlice<Int> {
        precondition(size <= count, "cannot choose \(size) of \(count) without replacement")
        return permutation(count).prefix(size)
    }
}
