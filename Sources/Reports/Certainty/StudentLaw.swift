#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Student's t distribution, for rooms that import no metrics: the regularised incomplete beta function by its continued fraction (Abramowitz and Stegun 26.5.8, 26.7.1).
enum StudentLaw {
    /// P(|T| ≥ |t|).
    static func bothTails(_ t: Double, degreesOfFreedom freedom: Double) -> Double {
        precondition(freedom > 0, "\(freedom) degrees of freedom")
        guard freedom < 1e7 else { return erfc(abs(t) / 2.0.squareRoot()) }
        return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
    }

    /// How many standard errors an interval of this confidence reaches to each side: 4.30 for 0.95 and two degrees of freedom.
    static func quantile(confidence: Double, degreesOfFreedom freedom: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while bothTails(high, degreesOfFreedom: freedom) > 1 - confidence, high < 1e12 { high *= 2 }
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if bothTails(middle, degreesOfFreedom: freedom) > 1 - confidence { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// I_x(a, b), on the side where the fraction converges fast.
    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0, x < 1 else { return x > 0 ? 1 : 0 }
        return x < (a + 1) / (a + b + 2) ? fraction(x, a, b) : 1 - fraction(1 - x, b, a)
    }

    /// Lentz's method.
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a, tiny = 1e-300
        var c = 1.0, d = 1 / max(1 - (a + b) * x / (a + 1), tiny), value = d
        for step in 1...10_000 {
            let m = Double(step)
            for numerator in [m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))] {
                d = 1 / (abs(1 + numerator * d) < tiny ? tiny : 1 + numerator * d)
                c = abs(1 + numerator / c) < tiny ? tiny : 1 + numerator / c
                value *= c * d
            }
            if abs(c * d - 1) < 1e-15 { break }
        }
        return front * value
    }
}
