/// Logarithm, sine and cosine from additions, multiplications, divisions and square roots only, which IEEE 754 rounds alike everywhere.
///
/// System libraries differ in the last bit between machines; random numbers that are to be the same bits on any of them cannot use those.
/// Eight numbers are computed side by side, because random numbers are needed by the thousand; one alone is the first of eight equal ones.
package enum PortableMath {
    /// ±1 / k! for k = 18, 16, … 0, and ±1 / (k + 1)!; the factorials themselves are exact.
    private static let taylor: [(cosine: Double, sine: Double)] = stride(from: 18, through: 0, by: -2).map { k in
        let factorial = (1...max(k, 1)).reduce(1.0) { $0 * Double($1) }, sign: Double = k % 4 == 0 ? 1 : -1
        return (sign / factorial, sign / (factorial * Double(k + 1)))
    }

    /// 1 / k for k = 21, 19, … 3.
    private static let artanh: [Double] = stride(from: 21, through: 3, by: -2).map { 1 / Double($0) }
    /// 1 / k for k = 13, 12, … 2.
    private static let exponential: [Double] = stride(from: 13, through: 2, by: -1).map { 1 / Double($0) }

    /// Eight numbers.
    typealias Lanes = SIMD8<Double>

    /// ln x for positive normal x, to about 2 units in the last place.
    package static func logarithm(_ x: Double) -> Double { logarithms(Lanes(repeating: x))[0] }

    /// cos 2πx and sin 2πx for x in [0, 1).
    package static func cosineAndSine(turns x: Double) -> (cosine: Double, sine: Double) {
        let quarter = (x * 4).rounded(), quarters = SIMD8<UInt64>(repeating: UInt64(quarter))
        let (cosine, sine) = cosinesAndSines(quarters: quarters, rest: Lanes(repeating: (x - quarter / 4) * 6.283185307179586))
        return (cosine[0], sine[0])
    }

    @inline(__always)
    static func logarithms(_ x: Lanes) -> Lanes {
        // x = m · 2ᵉ with m in [√½, √2); ln m = 2 artanh((m − 1) / (m + 1)), whose argument is at most 0.172.
        let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self), shifted = bits &- UInt64(0x3FE6_A09E_667F_3BCD)
        let mantissa = unsafeBitCast(bits &- (shifted & 0xFFF0_0000_0000_0000), to: Lanes.self)
        // 1.5 · 2⁵² + e has e in its last bits: a conversion that every processor has for eight numbers.
        let exponent = unsafeBitCast(((shifted &+ 0x4000_0000_0000_0000) &>> 52 &- 0x400) &+ 0x4338_0000_0000_0000, to: Lanes.self) - 0x1.8p52
        let t = (mantissa - 1) / (mantissa + 1), square = t * t
        var series = Lanes.zero
        for coefficient in artanh { series = (series + coefficient) * square }
        return exponent * 0.6931471805599453 + 2 * t * (1 + series)
    }

    /// cos and sin of `quarters` · π/2 + `rest`, with |rest| at most π/4, where the Taylor series converge fast.
    @inline(__always)
    static func cosinesAndSines(quarters: SIMD8<UInt64>, rest: Lanes) -> (cosine: Lanes, sine: Lanes) {
        let square = rest * rest
        var cosine = Lanes.zero, sine = Lanes.zero
        for term in taylor {
            cosine = cosine * square + term.cosine
            sine = sine * square + term.sine
        }
        let c = unsafeBitCast(cosine, to: SIMD8<UInt64>.self), s = unsafeBitCast(rest * sine, to: SIMD8<UInt64>.self)
        let isOdd = 0 &- (quarters & 1)
        return (unsafeBitCast((c ^ ((c ^ s) & isOdd)) ^ (((quarters &+ 1) & 2) &<< 62), to: Lanes.self),
                unsafeBitCast((s ^ ((c ^ s) & isOdd)) ^ ((quarters & 2) &<< 62), to: Lanes.self))
    }

    /// tanh x, to about 3 units in the last place, NaN where x is.
    @inline(__always)
    static func hyperbolicTangents(_ x: Lanes) -> Lanes {
        // tanh x = m / (m + 2) with m = e²ˣ − 1; beyond 20 it is ±1 in every digit. 2x = n ln 2 + r, and eʳ − 1 has no cancellation.
        let y = 2 * x.clamped(lowerBound: Lanes(repeating: -20), upperBound: Lanes(repeating: 20))
        let shifted = y * 1.4426950408889634 + 0x1.8p52, n = shifted - 0x1.8p52
        let r = (y - n * 0x1.62e42feep-1) - n * 1.9082149292705877e-10
        var series = Lanes(repeating: 1)
        for share in exponential { series = 1 + r * share * series }
        let power = unsafeBitCast((unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &<< 52) &+ 0x3FF0_0000_0000_0000, to: Lanes.self)
        let m = power * (r * series) + (power - 1)
        return (m / (m + 2)).replacing(with: x, where: x .!= x)
    }
}
