#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whether two estimates with standard errors differ: the two-sided z test of independent, about normal estimates.
///
/// z = (a − b)/√(σa² + σb²), p = erfc(|z|/√2). Estimates that share their real images are positively dependent, which makes the true error of the difference smaller and the test cautious.
public struct NormalTest: Hashable, Sendable {
    /// The first value minus the second, its standard error, and their ratio.
    public let difference: Double, standardError: Double, z: Double
    /// How likely a difference at least as large is where there is none, before and after Holm's correction.
    public let p: Double
    /// See `p`.
    public internal(set) var adjusted: Double

    /// A test of two values; nil where an error is not known or both are 0.
    public init?(_ a: Double, _ aError: Double?, _ b: Double, _ bError: Double?) {
        guard let aError, let bError, a.isFinite, b.isFinite else { return nil }
        let error = (aError * aError + bError * bError).squareRoot()
        guard error > 0, error.isFinite else { return nil }
        (difference, standardError, z) = (a - b, error, (a - b) / error)
        p = erfc(abs(z) / 2.0.squareRoot())
        adjusted = p
    }

    /// Whether the corrected p-value is below 0.05.
    public var isSignificant: Bool { adjusted < Self.level }
    /// The level of all tests of a report.
    static let level = 0.05

    /// Holm's step-down correction over a family of tests, in place: each p-value times the number of those not smaller, made monotone, at most 1. Source: Holm 1979.
    static func correct(_ tests: inout [NormalTest?]) {
        let order = tests.indices.filter { tests[$0] != nil }.sorted { (tests[$0]?.p ?? 1, $0) < (tests[$1]?.p ?? 1, $1) }
        var floor = 0.0
        for (rank, index) in order.enumerated() {
            floor = max(floor, min(1, (tests[index]?.p ?? 1) * Double(order.count - rank)))
            tests[index]?.adjusted = floor
        }
    }

    /// How many standard errors an interval of this confidence reaches to each side: 1.96 for 0.95.
    public static func quantile(confidence: Double) -> Double {
        guard confidence > 0, confidence < 1 else { return .infinity }
        var (low, high) = (0.0, 40.0)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if erfc(middle / 2.0.squareRoot()) > 1 - confidence { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
