/// The AM score: how far the generated images' classes are from the real ones' distribution, plus how unsure the classifier is of each. Lower is better.
///
///     AM = KL(p*(y) ‖ p(y)) + E_x H(y|x)
///
/// p* is the mean class probability of the real images, p that of the generated ones; in nats.
/// Source: Zhou et al. 2018, *Activation maximization generative adversarial nets*, arXiv:1703.02000.
public struct ActivationMaximizationScore: Sendable, Hashable {
    /// The score.
    public init() {}

    /// The score, at least 0.
    ///
    /// The interval covers the score expected at these numbers of images; it is that of the delta method over both sets.
    /// - Parameters:
    ///   - real: Class scores before the softmax, a row for each real image.
    ///   - fake: Those of the generated images.
    /// - Throws: `tooFewImages` for an empty set; `badShape` for different numbers of classes.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        let generated = try ClassScores(fake, for: "am-score", set: "generated"), truth = try ClassScores(real, for: "am-score", set: "real")
        try generated.check(against: truth)
        let divergence = ClassScores.divergence(truth.marginal, generated.marginal)
        var result = MetricResult(
            metric: "am-score", value: divergence + generated.conditionalEntropy, details: generated.details + [.init("divergence_of_real_classes", divergence)],
            realCount: truth.count, fakeCount: generated.count)
        result.warnings += truth.fewImagesWarning(beside: generated)
        guard divergence.isFinite else {
            result.warnings.append("a class of the real images has probability 0 in every generated one: the score is infinite")
            return result
        }
        let ratio = zip(truth.marginal, generated.marginal).map { $1 > 0 ? -$0 / $1 : 0 }
        let influence = zip(generated.expectations(of: ratio), generated.entropies).map { $0 + $1 }
        let realInfluence = truth.expectations(of: zip(truth.logMarginal, generated.logMarginal).map { $0 - $1 })
        result.addInterval(standardError: (varianceOfMean(influence) + varianceOfMean(realInfluence)).squareRoot(), confidence)
        return result
    }
}

/// The AM score as `gan-eval evaluate --metrics am-score` reports it.
struct ActivationMaximizationMetric: Metric {
    let about = MetricDescription(
        "am-score", "AM score", "how unsure a classifier is, and how unlike the real ones' the classes' frequencies", needs: [.real, .scores, .realScores], better: .smaller, cost: "N·C",
        paper: "Zhou et al. 2018, arXiv:1703.02000")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ActivationMaximizationScore()(real: sets.real(for: name).file(for: name).logits(), fake: sets.fake.file(for: name).logits(), confidence: sets.confidence)
    }
}
