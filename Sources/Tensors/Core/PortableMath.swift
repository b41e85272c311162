/// Logarithm, sine and cosine from additions, multiplications, divisions and square roots only, which IEEE 754 rounds alike everywhere.
///
/// System libraries differ in the last bit between machines; random numbers that are to be the same bits on any of them cannot use those.
package enum PortableMath {
    /// ln x for positive finite x, to about 2 units in the last place.
    package static func logarithm(_ x: Double) -> Double {
        // x = m · 2ᵉ with m in [√½, √2); ln m = 2 artanh((m − 1) / (m + 1)), whose argument is at most 0.172.
        var mantissa = x.significand, exponent = Double(x.exponent)
        if mantissa > 1.4142135623730951 { (mantissa, exponent) = (mantissa / 2, exponent + 1) }
        let t = (mantissa - 1) / (mantissa + 1), square = t * t
        var series = 0.0
        for k in stride(from: 21, through: 3, by: -2) { series = (series + 1 / Double(k)) * square }
        return exponent * 0.6931471805599453 + 2 * t * (1 + series)
    }

    /// cos 2πx and sin 2πx for x in [0, 1).
    package static func cosineAndSine(turns x: Double) -> (cosine: Double, sine: Double) {
        // The nearest eighth is turned away exactly; the rest is at most 1/16 turn, where the Taylor series converge fast.
        let quarter = (x * 4).rounded(), angle = (x - quarter / 4) * 6.283185307179586, square = angle * angle
        var (cosine, sine) = (0.0, 0.0)
        for k in stride(from: 20, through: 2, by: -2) {
            cosine = -square / Double(k * (k - 1)) * (1 + cosine)
            sine = -square / Double(k * (k + 1)) * (1 + sine)
        }
        let (c, s) = (1 + cosine, angle * (1 + sine))
        return switch Int(quarter) % 4 {
        case 0: (c, s)
        case 1: (-s, c)
        case 2: (-c, -s)
        default: (s, -c)
        }
    }
}
