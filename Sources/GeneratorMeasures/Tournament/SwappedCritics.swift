#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Evaluation

/// The generative adversarial metric (GAM): two games, each judged by the other's critic.
///
///     r_test = ε(D₁(x)) / ε(D₂(x)),   r_samples = ε(D₁(G₂(z))) / ε(D₂(G₁(z)))        ε: share of wrong judgements, x real samples that neither was trained on
///
/// The first game wins where r_samples < 1 and r_test ≈ 1, the second where r_samples > 1 and r_test ≈ 1: its samples deceive the other's critic more often than the other way round, and that is
/// not because one critic is simply worse. Source: Im, Kim, Jiang and Memisevic 2016, *Generating images with recurrent adversarial networks*, arXiv:1602.05110, section 5.
public struct SwappedCritics: Sendable, Equatable {
    /// Who wins.
    public enum Verdict: String, Sendable {
        /// The first game.
        case first
        /// The second game.
        case second
        /// The samples deceive the other's critic equally often, as far as their number tells.
        case tie
        /// The critics do not judge real samples equally well, so that nothing follows.
        case incomparable = "not comparable"
    }

    /// ε(D₁(x)) / ε(D₂(x)); where a critic never errs, half a judgement is added to both numbers.
    public let testRatio: Double
    /// ε(D₁(G₂(z))) / ε(D₂(G₁(z))); where a critic never errs, half a judgement is added to both numbers.
    public let sampleRatio: Double
    /// The interval of `sampleRatio`.
    public let interval: ConfidenceInterval
    /// Who wins.
    public let verdict: Verdict

    /// How far from 1 r_test may be, by a factor; the paper says "≈ 1" and gives no number.
    public static let tolerance = 1.25

    /// The metric from numbers of wrong judgements.
    /// - Parameters:
    ///   - real: Wrong judgements of each critic among `realCount` real samples.
    ///   - fake: Wrong judgements of the first critic about the second game's samples, and of the second about the first's, among `fakeCount` each.
    public init(real: (first: Int, second: Int), of realCount: Int, fake: (first: Int, second: Int), of fakeCount: Int, confidence: Double = 0.95) {
        func ratio(_ first: Int, _ second: Int) -> Double { min(first, second) > 0 ? Double(first) / Double(second) : (Double(first) + 0.5) / (Double(second) + 0.5) }
        (testRatio, sampleRatio) = (ratio(real.first, real.second), ratio(fake.first, fake.second))
        // The logarithm of a ratio of two independent shares, half a judgement added to each so that it is finite (Gart & Nam 1988, Biometrics 44, section 3.1).
        let (a, b, n) = (Double(fake.first) + 0.5, Double(fake.second) + 0.5, Double(fakeCount) + 0.5)
        let half = ConfidenceInterval(normal: 0, standardError: max(1 / a + 1 / b - 2 / n, 0).squareRoot(), confidence: confidence).upper
        interval = ConfidenceInterval(lower: a / b * exp(-half), upper: a / b * exp(half), confidence: confidence)
        let isAlike = (1 / Self.tolerance...Self.tolerance).contains(testRatio)
        verdict = !isAlike ? .incomparable : interval.upper < 1 ? .first : interval.lower > 1 ? .second : .tie
    }
}
