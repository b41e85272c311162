/// Boundary distortion: how much accuracy on real images is lost by learning the classes from generated images instead of other real ones.
///
///     drop = accuracy(trained on real, held out) − accuracy(trained on generated)
///
/// Source: Santurkar et al. 2018, *A classification-based study of covariate shift in GAN distributions*, arXiv:1711.00970, with a linear classifier on frozen features.
public struct BoundaryDistortion: Sendable, Hashable {
    /// The measure.
    public init() {}

    /// The drop, 0 where generated images teach as well as real ones.
    ///
    /// The interval is that of paired answers: both classifiers are asked about the same real images.
    /// - Throws: as ``ClassificationAccuracy``.
    public func callAsFunction(
        real: FeatureSet, labels realLabels: ImageLabels, fake: FeatureSet, labels fakeLabels: ImageLabels, confidence: Double = 0.95
    ) throws(EvaluationError) -> MetricResult {
        try self(CrossedClassifiers(real: real, realLabels, fake: fake, fakeLabels, for: "boundary-distortion"), confidence)
    }

    func callAsFunction(_ classifiers: CrossedClassifiers, _ confidence: Double) throws(EvaluationError) -> MetricResult {
        let held = try classifiers.heldOutReal(), generated = try classifiers.trainedOnGenerated()
        let differences = zip(held.isRight, generated.isRight).map { ($0 ? 1.0 : 0) - ($1 ? 1 : 0) }
        var result = MetricResult(metric: "boundary-distortion", value: held.accuracy - generated.accuracy, details: [.init("real_accuracy", held.accuracy), .init("generated_accuracy", generated.accuracy)],
                                  realCount: classifiers.realCount, fakeCount: classifiers.fakeCount, warnings: classifiers.warnings)
        result.addInterval(standardError: varianceOfMean(differences).squareRoot(), confidence)
        return result
    }
}

/// Boundary distortion as `gan-eval evaluate --metrics boundary-distortion` reports it.
struct BoundaryDistortionMetric: Metric {
    let about = MetricDescription(
        "boundary-distortion", "Boundary distortion (linear)", "accuracy lost by learning classes from generated images", needs: [.real, .features, .labels], better: .smaller, cost: "100·N·d·C",
        paper: "Santurkar et al. 2018, arXiv:1711.00970")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try BoundaryDistortion()(sets.crossedClassifiers(for: name), sets.confidence) }
}
