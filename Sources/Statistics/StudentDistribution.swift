#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Student's t distribution: what a mean over few values follows, divided by its estimated error.
public enum StudentDistribution {
    /// The quantile t with P(T ≤ t) = p, to about 1e-9 relative.
    ///
    /// Found by bisection of the distribution function, which is the regularised incomplete beta function: P(T ≤ t) = 1 − I_x(ν/2, 1/2) / 2 with x = ν / (ν + t²) for t ≥ 0 (Abramowitz and Stegun 26.7.1).
    /// - Parameters:
    ///   - p: a probability between 0 and 1, exclusive.
    ///   - freedom: ν, above 0.
    public static func quantile(_ p: Double, degreesOfFreedom freedom: Double) -> Double {
        precondition(p > 0 && p < 1 && freedom > 0, "quantile \(p) of \(freedom) degrees of freedom")
        guard p != 0.5 else { return 0 }
        guard p > 0.5 else { return -quantile(1 - p, degreesOfFreedom: freedom) }
        // x in (0, 1] falls as t grows; the tail is half of I_x.
        let tail = 2 * (1 - p)
        var (lower, upper) = (0.0, 1.0)
        for _ in 0..<200 {
            let middle = (lower + upper) / 2
            guard middle > lower, middle < upper else { break }
            if incompleteBeta(middle, freedom / 2, 0.5) < tail { lower = middle } else { upper = middle }
        }
        let x = (lower + upper) / 2
        return (freedom * (1 - x) / x).squareRoot()
    }

    /// P(T > t), accurate far out in the tail too.
    /// - Parameter freedom: ν, above 0; infinite for the normal distribution.
    public static func upperTail(_ t: Double, degreesOfFreedom freedom: Double) -> Double {
        precondition(freedom > 0, "\(freedom) degrees of freedom")
        guard freedom.isFinite, freedom < 1e7 else { return NormalDistribution.cumulative(-t) }
        guard t.isFinite else { return t > 0 ? 0 : 1 }
        let tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
        return t >= 0 ? tail : 1 - tail
    }

    /// I_x(a, b), by the continued fraction on the side where it converges fast.
    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        return x < (a + 1) / (a + b + 2) ? beta(x, a, b) : 1 - beta(1 - x, b, a)
    }

    /// Abramowitz and Stegun 26.5.8, evaluated by Lentz's method.
    private static func beta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        let tiny = 1e-300
        var c = 1.0, d = 1 / max(1 - (a + b) * x / (a + 1), tiny), fraction = d
        for step in 1...10_000 {
            let m = Double(step)
            for numerator in [m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))] {
                d = 1 + numerator * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + numerator / c
                if abs(c) < tiny { c = tiny }
                fraction *= c * d
            }
            if abs(c * d - 1) < 1e-15 { break }
        }
        return front * fraction
    }
}
