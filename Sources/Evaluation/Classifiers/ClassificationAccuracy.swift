/// Classification accuracy scores on frozen features: a linear classifier learns the classes from one set and is tested on the other.
///
/// GAN-train, which is the classification accuracy score (CAS), is high where generated images are good and various enough to learn from; GAN-test where they look like what they were asked to be. Ravuri & Vinyals
/// and Shmelkov et al. train a ResNet on pixels; here a ``LogisticRegression`` on features of a network that stays as it is, which takes seconds and is deterministic, so that numbers of papers are not comparable.
/// Sources: Ravuri & Vinyals 2019, *Classification accuracy score for conditional generative models*, arXiv:1905.10887; Shmelkov et al. 2018, *How good is my GAN?*, arXiv:1807.09499.
public struct ClassificationAccuracy: Sendable, Hashable {
    /// What the classifier learns from.
    public enum Training: String, Sendable, Hashable {
        /// Generated images; tested on real ones.
        case generated
        /// Real images; tested on generated ones.
        case real
    }

    /// What the classifier learns from.
    public var training: Training

    /// A score.
    public init(training: Training) { self.training = training }

    /// The share of right answers. Details: each class's share, `real_accuracy` (trained on real images, tested on others by five-fold cross-validation), and for GAN-train `gqi` = 100·value/real_accuracy, the
    /// GAN quality index of Ye et al. 2018 (arXiv:1806.03334).
    ///
    /// The interval is Wilson's over the tested images, for the classifier as it was trained.
    /// - Throws: `dimensionMismatch`; `badShape` for labels of another number or a single class; `tooFewImages` for fewer than five real images of a class.
    public func callAsFunction(
        real: FeatureSet, labels realLabels: ImageLabels, fake: FeatureSet, labels fakeLabels: ImageLabels, confidence: Double = 0.95
    ) throws(EvaluationError) -> MetricResult {
        try self(CrossedClassifiers(real: real, realLabels, fake: fake, fakeLabels, for: name), confidence)
    }

    private var name: String { training == .generated ? "gan-train" : "gan-test" }

    func callAsFunction(_ classifiers: CrossedClassifiers, _ confidence: Double) throws(EvaluationError) -> MetricResult {
        let answers = training == .generated ? try classifiers.trainedOnGenerated() : try classifiers.trainedOnReal(), baseline = try classifiers.heldOutReal().accuracy
        let value = answers.accuracy, count = answers.isRight.count
        var result = MetricResult(
            metric: name, value: value, standardError: (value * (1 - value) / Double(count)).squareRoot(), interval: ConfidenceInterval(share: value, count: count, confidence: confidence),
            details: [.init("real_accuracy", baseline)], realCount: classifiers.realCount, fakeCount: classifiers.fakeCount, warnings: classifiers.warnings)
        if training == .generated { result.details.append(.init("gqi", 100 * value / baseline)) }
        for (name, share) in classifiers.accuracies(answers, ofReal: training == .generated) { result.details.append(.init("accuracy_of_class", ofClass: name, share)) }
        return result
    }
}

/// GAN-train and GAN-test as `gan-eval evaluate --metrics gan-train,gan-test` reports them.
struct ClassificationAccuracyMetric: Metric {
    private let training: ClassificationAccuracy.Training
    let about: MetricDescription

    init(_ training: ClassificationAccuracy.Training) {
        self.training = training
        about = MetricDescription(
            training == .generated ? "gan-train" : "gan-test", training == .generated ? "CAS (GAN-train, linear)" : "GAN-test (linear)",
            training == .generated ? "how well classes learnt from generated images are told in real ones" : "how well classes learnt from real images are told in generated ones",
            needs: [.real, .features, .labels], better: .larger, cost: "100·N·d·C", paper: training == .generated ? "Ravuri & Vinyals 2019, arXiv:1905.10887" : "Shmelkov et al. 2018, arXiv:1807.09499")
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try ClassificationAccuracy(training: training)(sets.crossedClassifiers(for: name), sets.confidence) }
}
