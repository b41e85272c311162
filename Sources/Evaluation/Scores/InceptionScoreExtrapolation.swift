#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// IS∞, the Inception Score that infinitely many images would have: the expected score is linear in 1/N to first order (Chong & Forsyth 2020, *Effectively unbiased FID and Inception Score*,
/// arXiv:1911.07023).
///
/// The images are shuffled and cut into quarters; the quarters' mean score lies on the line at 4/N, the whole set's (one split) at 1/N, IS∞ at 0:
///
///     IS∞ = IS_N + (IS_N − mean IS_{N/4})/3
///
/// The paper fits a line through 15 random parts between 5 000 images and all. Disjoint quarters reach farther along 1/N from the same images, and their first-order noise cancels against the
/// whole's, as in ``FrechetExtrapolation``.
public struct InceptionScoreExtrapolation: Sendable, Hashable {
    /// The seed of NumPy's legacy permutation that comes first.
    public var seed: UInt32

    private static let parts = 4

    /// An extrapolation; the seed is that of this package's other shuffles.
    public init(seed: UInt32 = 2020) { self.seed = seed }

    /// - Throws: `tooFewImages`.
    static func expect(_ count: Int, classes: Int) throws(EvaluationError) {
        let needed = parts * max(classes, 2)
        guard count >= needed else { throw .tooFewImages(metric: "is-infinity with \(classes) classes", set: "generated", needed: needed, found: count) }
    }

    /// The extrapolated score.
    ///
    /// The interval is that of the whole set's score, moved: the quarters share its first-order noise.
    /// - Parameter logits: Class scores before the softmax, a row for each image.
    /// - Throws: `tooFewImages` for fewer than four images for each class: the line does not hold there.
    public func callAsFunction(_ logits: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try Self.expect(logits.count, classes: logits.dimension)
        let whole = try ClassScores(logits, for: "is-infinity", set: "generated")
        var generator = MersenneTwister(seed: seed)
        let order = generator.permutation(logits.count)
        var sum = 0.0
        for part in 0..<Self.parts {
            sum += try whole.rows(order[part * order.count / Self.parts..<(part + 1) * order.count / Self.parts], for: "is-infinity").inceptionScore
        }
        let score = whole.inceptionScore
        let bias = (sum / Double(Self.parts) - score) / Double(Self.parts - 1)
        var result = MetricResult(metric: "is-infinity", value: score - bias, details: whole.details + [.init("one_split_score", score), .init("bias", bias)], fakeCount: whole.count)
        let influence = zip(whole.expectations(of: whole.logMarginal), whole.entropies).map { -$0 - $1 }
        result.addInterval(standardError: score * varianceOfMean(influence).squareRoot(), confidence)
        return result
    }
}

extension ClassScores {
    /// exp(H(y) − E H(y|x)), the Inception Score of one split.
    var inceptionScore: Double { exp(marginalEntropy - conditionalEntropy) }
}

/// IS∞ as `gan-eval evaluate --metrics is-infinity` reports it.
struct InceptionScoreInfinityMetric: Metric {
    let about = MetricDescription(
        "is-infinity", "IS∞", "the Inception Score of infinitely many images, extrapolated", needs: [.scores], better: .larger, cost: "N·C", paper: "Chong & Forsyth 2020, arXiv:1911.07023")

    /// Whether there are enough images is known before any metric computes.
    func announce(to sets: EvaluatedSets) throws(EvaluationError) {
        let fake = try sets.fake.file(for: name)
        if let classes = fake.classes { try InceptionScoreExtrapolation.expect(fake.count, classes: classes) }
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try InceptionScoreExtrapolation(seed: sets.proto.seed)(sets.fake.file(for: name).logits(), confidence: sets.confidence)
    }
}
