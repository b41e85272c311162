#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The Mode Score: the Inception Score, lowered where the generated images' classes are not distributed as the real ones'.
///
///     MS = exp(E_x KL(p(y|x) ‖ p(y)) − KL(p(y) ‖ p*(y)))
///
/// p(y) is the mean of the generated images' p(y|x), p* that of the real ones. This is the form of Xu et al. 2018 (*An empirical study on evaluation metrics of
/// generative adversarial networks*, arXiv:1806.07755) and their code. With p* in both terms, exp(E KL(p(y|x) ‖ p*) − KL(p ‖ p*)), as reviews print it, p* cancels and
/// what remains is the Inception Score in one split; Che et al. 2017 (arXiv:1612.02136) proposed the score.
public struct ModeScore: Sendable, Hashable {
    /// The score.
    public init() {}

    /// The score, from 0 to the number of classes.
    ///
    /// The interval covers the score expected at these numbers of images; it is that of the delta method over both sets.
    /// - Parameters:
    ///   - real: Class scores before the softmax, a row for each real image.
    ///   - fake: Those of the generated images.
    /// - Throws: `tooFewImages` for an empty set; `badShape` for different numbers of classes.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        let generated = try ClassScores(fake, for: "mode-score", set: "generated"), truth = try ClassScores(real, for: "mode-score", set: "real")
        try generated.check(against: truth)
        let divergence = ClassScores.divergence(generated.marginal, truth.marginal)
        let logInception = generated.marginalEntropy - generated.conditionalEntropy
        let value = exp(logInception - divergence)
        var result = MetricResult(
            metric: "mode-score", value: value, details: generated.details + [.init("inception_score", exp(logInception)), .init("divergence_from_real_classes", divergence)],
            realCount: truth.count, fakeCount: generated.count)
        result.warnings += truth.fewImagesWarning(beside: generated)
        guard divergence.isFinite else {
            result.warnings.append("a class of the generated images has probability 0 in every real one: the score is 0")
            return result
        }
        // ∂ ln MS: −H(x) + Σ p(y|x)·(ln p* − 2 ln p) for a generated image, Σ p(y|t)·p/p* for a real one.
        let weights = zip(truth.logMarginal, generated.logMarginal).map { $0 - 2 * $1 }
        let influence = zip(generated.expectations(of: weights), generated.entropies).map { $0 - $1 }
        let realInfluence = truth.expectations(of: zip(generated.marginal, truth.marginal).map { $1 > 0 ? $0 / $1 : 0 })
        result.addInterval(standardError: value * (varianceOfMean(influence) + varianceOfMean(realInfluence)).squareRoot(), confidence)
        return result
    }
}

/// The Mode Score as `gan-eval evaluate --metrics mode-score` reports it.
struct ModeScoreMetric: Metric {
    let about = MetricDescription(
        "mode-score", "Mode Score", "the Inception Score, less where classes are not as frequent as in real images", needs: [.real, .scores, .realScores], better: .larger, cost: "N·C",
        paper: "Che et al. 2017, arXiv:1612.02136")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ModeScore()(real: sets.real(for: name).file(for: name).logits(), fake: sets.fake.file(for: name).logits(), confidence: sets.confidence)
    }
}
