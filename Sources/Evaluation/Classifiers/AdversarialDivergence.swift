#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Adversarial divergence: how differently a classifier trained on generated and one trained on real images judge the same real images.
///
///     E_x KL(P_g(·|x) ‖ P_r(·|x)),  in nats
///
/// P_r judges images that it was not trained on. The adversarial accuracies, of both classifiers on the same images, are details.
/// Source: Yang et al. 2017, *LR-GAN*, arXiv:1703.01560, with a linear classifier on frozen features.
public struct AdversarialDivergence: Sendable, Hashable {
    /// The measure.
    public init() {}

    /// The divergence, at least 0. The interval covers the mean over real images, for the classifiers as they were trained.
    /// - Throws: as ``ClassificationAccuracy``.
    public func callAsFunction(
        real: FeatureSet, labels realLabels: ImageLabels, fake: FeatureSet, labels fakeLabels: ImageLabels, confidence: Double = 0.95
    ) throws(EvaluationError) -> MetricResult {
        try self(CrossedClassifiers(real: real, realLabels, fake: fake, fakeLabels, for: "adversarial-divergence"), confidence)
    }

    func callAsFunction(_ classifiers: CrossedClassifiers, _ confidence: Double) throws(EvaluationError) -> MetricResult {
        let held = try classifiers.heldOutReal(), generated = try classifiers.trainedOnGenerated()
        let divergences = held.isRight.indices.map { i in
            classifiers.classNames.indices.reduce(0.0) { sum, k in
                // A probability that underflowed stands for the smallest number, which bounds the divergence.
                let p = generated.probabilities[i, k], q = max(held.probabilities[i, k], .leastNormalMagnitude)
                return p > 0 ? sum + p * log(p / q) : sum
            }
        }
        var result = MetricResult(
            metric: "adversarial-divergence", value: divergences.reduce(0, +) / Double(divergences.count),
            details: [.init("adversarial_accuracy", generated.accuracy), .init("real_accuracy", held.accuracy)],
            realCount: classifiers.realCount, fakeCount: classifiers.fakeCount, warnings: classifiers.warnings)
        result.addInterval(standardError: varianceOfMean(divergences).squareRoot(), confidence)
        return result
    }
}

/// Adversarial divergence as `gan-eval evaluate --metrics adversarial-divergence` reports it.
struct AdversarialDivergenceMetric: Metric {
    let about = MetricDescription(
        "adversarial-divergence", "Adversarial divergence (linear)", "how differently classifiers learnt from generated and from real images judge", needs: [.real, .features, .labels], better: .smaller,
        cost: "100·N·d·C", paper: "Yang et al. 2017, arXiv:1703.01560")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try AdversarialDivergence()(sets.crossedClassifiers(for: name), sets.confidence) }
}
