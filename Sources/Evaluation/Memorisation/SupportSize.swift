#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How many different images a generator makes, by the birthday paradox (Arora & Zhang 2017, *Do GANs actually learn the distribution?*).
///
/// Of N images there are N(N − 1)/2 pairs. If C of them show the same image, two images are the same with probability C/(N(N − 1)/2), which is one over the size of the support where all images are equally likely; where
/// they are not, the estimate is the size of a uniform support that would repeat itself as often, which is smaller.
public struct SupportSize: Sendable, Equatable {
    /// Images looked at.
    public let images: Int
    /// Pairs that count as the same.
    public let duplicates: Int
    /// Covers the support; its upper end is infinite where no pair was found.
    public let interval: (lower: Double, upper: Double)

    /// An estimate with its interval: C counts as a Poisson number (Garwood 1936).
    public init(images: Int, duplicates: Int, confidence: Double = 0.95) {
        (self.images, self.duplicates) = (images, duplicates)
        let pairs = Double(images) * Double(images - 1) / 2, tail = (1 - confidence) / 2
        let (low, high) = (PoissonMean.lower(duplicates, tail: tail), PoissonMean.upper(duplicates, tail: tail))
        interval = (pairs / high, low > 0 ? pairs / low : .infinity)
    }

    /// Pairs over duplicates; infinite where no pair was found.
    public var estimate: Double { duplicates > 0 ? Double(images) * Double(images - 1) / 2 / Double(duplicates) : .infinity }

    /// Images among which a duplicate is as likely as not.
    public var batchSize: Double { (1 + (1 + 8 * log(2) * estimate).squareRoot()) / 2 }

    /// Equal where everything is.
    public static func == (a: SupportSize, b: SupportSize) -> Bool { (a.images, a.duplicates) == (b.images, b.duplicates) && a.interval == b.interval }
}

/// The ends of an exact interval of a Poisson distribution's mean.
enum PoissonMean {
    /// The mean of which `count` or more have this probability; 0 for none.
    static func lower(_ count: Int, tail: Double) -> Double { count == 0 ? 0 : root(count, tail) { 1 - cumulative(count - 1, mean: $0) < tail } }

    /// The mean of which `count` or fewer have this probability.
    static func upper(_ count: Int, tail: Double) -> Double { root(count, tail) { cumulative(count, mean: $0) > tail } }

    private static func root(_ count: Int, _ tail: Double, isBelow: (Double) -> Bool) -> Double {
        let reach = 10 * (Double(count).squareRoot() + 1) + 2 * -log(tail)
        var low = max(0, Double(count) - reach), high = Double(count) + reach
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if isBelow(middle) { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// P(X ≤ count), summed downwards from the term at `count` until terms vanish. Beyond 40 deviations from the mean it is 0 or 1.
    private static func cumulative(_ count: Int, mean: Double) -> Double {
        let reach = 40 * mean.squareRoot() + 40
        guard mean > 0, Double(count) < mean + reach else { return 1 }
        func term(_ k: Int) -> Double { exp(Double(k) * log(mean) - mean - lgamma(Double(k) + 1)) }
        var sum = 0.0
        let first = max(0, Int(mean - reach))
        guard first <= count else { return 0 }
        var k = count, value = term(count)
        while k >= first {
            sum += value
            value *= Double(k) / mean
            k -= 1
            if value < 1e-18 * sum && Double(k) < mean { break }
        }
        return min(sum, 1)
    }
}
