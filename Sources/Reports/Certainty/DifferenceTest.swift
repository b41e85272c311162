import Statistics
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whether two numbers differ.
public struct DifferenceTest: Hashable, Sendable {
    /// How that is told.
    public enum Method: String, Sendable {
        /// The two-sided z test of independent, about normal estimates: z = (a − b)/√(σa² + σb²), p = erfc(|z|/√2). Estimates that share their real images are positively dependent, which makes the true error of the difference smaller and
        /// the test cautious.
        case z
        /// Welch's t test of two recipes by their trainings: t = (a − b)/√(sa²/na + sb²/nb) with ν = (sa²/na + sb²/nb)²/((sa²/na)²/(na − 1) + (sb²/nb)²/(nb − 1)) degrees of freedom. Source: Welch 1947.
        case welch
        /// The z test's ratio of estimates whose errors come from few groups of images (`gan-eval evaluate --jackknife`), by Student's t with Welch's degrees of freedom, one less than groups for each.
        case groups
        /// `gan-eval compare` of the two sets: the larger p-value of its permutation test and of its difference over its standard error, in which the reference counts once, since it calls a set better only where both say so.
        case paired
    }

    /// How it was told.
    public let method: Method
    /// The first value minus the second, its standard error, and their ratio.
    public let difference: Double, standardError: Double, statistic: Double
    /// Of Student's t; nil where the ratio is taken as normal.
    public let degreesOfFreedom: Double?
    /// How likely a difference at least as large is where there is none, before and after Holm's correction.
    public let p: Double
    /// See `p`.
    public internal(set) var adjusted: Double

    private init?(_ method: Method, _ difference: Double, _ variance: Double, degreesOfFreedom: Double? = nil, atLeast least: Double = 0) {
        let error = variance.squareRoot()
        guard difference.isFinite, error > 0, error.isFinite else { return nil }
        let ratio = difference / error, tail = degreesOfFreedom.map { 2 * StudentDistribution.upperTail(abs(ratio), degreesOfFreedom: $0) } ?? erfc(abs(ratio) / 2.0.squareRoot())
        (self.method, self.difference, standardError, statistic, self.degreesOfFreedom) = (method, difference, error, ratio, degreesOfFreedom)
        p = max(tail, least)
        adjusted = p
    }

    /// A z test of two values; nil where an error is not known or both are 0.
    public init?(_ a: Double, _ aError: Double?, _ b: Double, _ bError: Double?) {
        guard let aError, let bError else { return nil }
        self.init(.z, a - b, aError * aError + bError * bError)
    }

    /// A t test of two values with errors from a jackknife by so many groups; nil where both errors are 0.
    public init?(_ a: Double, _ aError: Double, groups aGroups: Double, _ b: Double, _ bError: Double, groups bGroups: Double) {
        let (aVariance, bVariance) = (aError * aError, bError * bError), sum = aVariance + bVariance
        let spread = aVariance * aVariance / (aGroups - 1) + bVariance * bVariance / (bGroups - 1)
        guard min(aGroups, bGroups) >= 2, spread > 0 else { return nil }
        self.init(.groups, a - b, sum, degreesOfFreedom: sum * sum / spread)
    }

    /// Welch's test of two recipes; nil where one does not scatter.
    public init?(_ a: SeedSummary, _ b: SeedSummary) {
        let parts = [a, b].map { (variance: $0.standardError * $0.standardError, freedom: Double($0.count - 1)) }
        let sum = parts.reduce(0) { $0 + $1.variance }, spread = parts.reduce(0) { $0 + $1.variance * $1.variance / $1.freedom }
        guard a.deviation > 0, b.deviation > 0 else { return nil }
        self.init(.welch, a.mean - b.mean, sum, degreesOfFreedom: sum * sum / spread)
    }

    /// What a stored comparison found; nil where it knows no error.
    init?(_ item: StoredComparison.Item, isReversed: Bool) {
        guard let error = item.standard_error else { return nil }
        self.init(.paired, isReversed ? -item.difference : item.difference, error * error, atLeast: item.p_value)
    }

    /// Whether the corrected p-value is below 0.05.
    public var isSignificant: Bool { adjusted < Self.level }
    /// Half of the difference's interval of 95 %.
    var reach: Double { standardError * (degreesOfFreedom.map { StudentDistribution.quantile(0.975, degreesOfFreedom: $0) } ?? Self.quantile(confidence: 0.95)) }
    /// The level of all tests of a report.
    static let level = 0.05

    /// Holm's correction over a family of tests, in place. It holds for tests of different kinds.
    static func correct(_ tests: inout [DifferenceTest?]) {
        let family = tests.indices.filter { tests[$0] != nil }
        for (index, adjusted) in zip(family, HolmProcedure.adjusted(family.compactMap { tests[$0]?.p })) { tests[index]?.adjusted = adjusted }
    }

    /// How many standard errors an interval of this confidence reaches to each side: 1.96 for 0.95.
    public static func quantile(confidence: Double) -> Double {
        confidence > 0 && confidence < 1 ? NormalDistribution.quantile((1 + confidence) / 2) : .infinity
    }
}
