import Statistics

/// The classifier two-sample test: can a linear classifier tell generated images from real ones that it has not seen? An accuracy of one half says no.
///
/// A ``LogisticRegression`` is trained on four fifths of both sets and asked about the rest, for each fifth, which are drawn at random, the same for
/// both sets: images in a periodic order, such as classes in turn, must not share a fifth. The larger set is thinned evenly to the size of the smaller, so that guessing
/// is right half of the time. Under equality each answer is right with probability ½, hence p = 1 − Φ((accuracy − ½)·2√n) for n answers.
/// Source: Lopez-Paz & Oquab 2017, *Revisiting classifier two-sample tests*, arXiv:1610.06545, who answer for one held-out half; here every image is answered for once. Answers of one fifth share
/// their classifier and fifths share training images, so p is approximate.
public struct ClassifierTwoSampleTest: Sendable, Hashable {
    /// Parts that are held out in turn.
    public var folds: Int
    /// At most this many images of each set are used, evenly spaced.
    public var limit: Int
    /// Of NumPy's `RandomState(seed).permutation`, whose p-th image is in fold p mod `folds`.
    public var seed: UInt32

    /// Five folds of at most 10 000 images of each set, or others.
    public init(folds: Int = 5, limit: Int = 10_000, seed: UInt32 = 2020) { (self.folds, self.limit, self.seed) = (folds, limit, seed) }

    /// The share of right answers, one half for sets that cannot be told apart; `p_value` and the shares among real and generated images are details.
    ///
    /// The interval is Wilson's for as many independent answers.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than two images for each fold in a set; `badOption` for fewer than two folds.
    public func callAsFunction(real: FeatureRows, fake: FeatureRows, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        guard folds >= 2 else { throw .badOption(name: "folds", value: "\(folds)", expected: "at least 2") }
        for (name, set) in [("real", real), ("generated", fake)] where set.count < 2 * folds {
            throw .tooFewImages(metric: "classifier-two-sample with \(folds) folds", set: name, needed: 2 * folds, found: set.count)
        }
        let count = min(real.count, fake.count, limit)
        let sets = [try real.evenlySpaced(count).features, try fake.evenlySpaced(count).features]
        var generator = MersenneTwister(seed: seed), right = [0, 0], isConverged = true
        let order = generator.permutation(count)
        for fold in 0..<folds {
            let (held, others) = (order.indices.filter { $0 % folds == fold }.map { order[$0] }, order.indices.filter { $0 % folds != fold }.map { order[$0] })
            var training = sets[0].rows(others)
            try training.append(sets[1].rows(others).values)
            let classifier = try LogisticRegression(training, labels: others.map { _ in 0 } + others.map { _ in 1 })
            isConverged = isConverged && classifier.isConverged
            for side in 0...1 { right[side] += classifier.predictions(sets[side].rows(held)).count { $0 == side } }
        }
        let answers = 2 * count, accuracy = Double(right[0] + right[1]) / Double(answers)
        let z = (accuracy - 0.5) * 2 * Double(answers).squareRoot()
        var result = MetricResult(
            metric: "classifier-two-sample", value: accuracy, standardError: (accuracy * (1 - accuracy) / Double(answers)).squareRoot(),
            interval: ConfidenceInterval(share: accuracy, count: answers, confidence: confidence),
            details: [.init("p_value", NormalDistribution.cumulative(-z)), .init("real_accuracy", Double(right[0]) / Double(count)), .init("generated_accuracy", Double(right[1]) / Double(count)), .init("folds", Double(folds))],
            realCount: real.count, fakeCount: fake.count)
        if max(real.count, fake.count) > count { result.warnings.append("\(count) evenly spaced images of each set were used") }
        if count < 50 { result.warnings.append("\(count) images of each set: only gross differences would show") }
        if !isConverged { result.warnings.append("a classifier was not trained to the end") }
        return result
    }
}

/// The trained two-sample test as `gan-eval evaluate --metrics classifier-two-sample` reports it.
struct ClassifierTwoSampleMetric: Metric {
    let about = MetricDescription(
        "classifier-two-sample", "C2ST (linear)", "how often a linear classifier tells generated from real, ½ if it cannot", needs: [.real, .features], better: .smaller, cost: "100·N·d",
        paper: "Lopez-Paz & Oquab 2017, arXiv:1610.06545")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ClassifierTwoSampleTest(seed: sets.proto.seed)(real: sets.real(for: name).rows(for: name), fake: sets.fake.rows(for: name), confidence: sets.confidence)
    }
}
