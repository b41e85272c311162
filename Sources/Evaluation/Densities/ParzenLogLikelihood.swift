/// The average log-likelihood of real images under Gaussian windows around generated ones.
///
///     1/|test| Σ_{x ∈ test} ln p_σ(x),  σ the deviation under which the validation images are likeliest
///
/// Every second real image, from the first, is for validation, the others are the test. σ is one of 21 values, 10⁻² to 10^½ times the generated features' deviation, in steps of 10^⅛. In features (the papers: in pixels).
/// In many dimensions the value says little about images (Theis et al. 2016, arXiv:1511.01844).
/// Sources: Breuleux, Bengio & Vincent 2011, *Quickly generating representative samples from an RBM-derived process*; Goodfellow et al. 2014, arXiv:1406.2661.
public struct ParzenLogLikelihood: Sendable, Hashable {
    /// At most this many images of each set are used, evenly spaced.
    public var limit: Int

    /// The papers' 10 000 generated images, and as many real ones, or another limit.
    public init(limit: Int = 10_000) { self.limit = limit }

    /// The log-likelihood in nats; the detail `deviation` is σ.
    ///
    /// The interval covers the mean over test images, for these generated images and this σ, as the papers' ± does.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than four real or two generated images; `badOption` for generated images that are all the same.
    public func callAsFunction(real: FeatureRows, fake: FeatureRows, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        let (truth, generated) = try ParzenSets.of(real, fake, limit, "parzen-log-likelihood", fewestFake: 2)
        let windows = try ParzenWindows(centres: generated, for: "parzen-log-likelihood")
        let best = windows.bestDeviation(for: truth.half(0)), values = windows.logDensities(of: truth.half(1), deviations: [best.deviation])[0]
        var result = MetricResult(metric: "parzen-log-likelihood", value: values.reduce(0, +) / Double(values.count), details: [.init("deviation", best.deviation), .init("validation_log_likelihood", best.mean)],
                                  realCount: real.count, fakeCount: fake.count)
        result.warnings = ParzenSets.warnings(real, fake, truth, generated, isInner: best.isInner)
        result.addInterval(standardError: varianceOfMean(values).squareRoot(), confidence)
        return result
    }
}

/// Coverage: the share of real images where generated ones are as dense as where all but a twentieth of the generated ones lie.
///
///     C = P_real(p > t),  t with P_generated(p > t) = 0.95
///
/// p is the density of Gaussian windows around every second generated image, t the 5 % quantile of it at the others, σ chosen as in ``ParzenLogLikelihood``; 0.95 where the sets are alike.
/// Source: Tolstikhin et al. 2017, *AdaGAN*, arXiv:1701.02386.
public struct ParzenCoverage: Sendable, Hashable {
    /// At most this many images of each set are used, evenly spaced.
    public var limit: Int
    /// The share of generated images above t.
    public var mass: Double

    /// The paper's 95 %.
    public init(limit: Int = 10_000, mass: Double = 0.95) { (self.limit, self.mass) = (limit, mass) }

    /// The share; the interval is Wilson's over real test images, for these generated images.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than four images in a set; `badOption` for generated images that are all the same or a mass outside 0…1.
    public func callAsFunction(real: FeatureRows, fake: FeatureRows, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        guard 0 < mass, mass < 1 else { throw .badOption(name: "mass", value: "\(mass)", expected: "a number between 0 and 1") }
        let (truth, generated) = try ParzenSets.of(real, fake, limit, "parzen-coverage", fewestFake: 4)
        let windows = try ParzenWindows(centres: generated.half(0), for: "parzen-coverage")
        let best = windows.bestDeviation(for: truth.half(0))
        let own = windows.logDensities(of: generated.half(1), deviations: [best.deviation])[0].sorted()
        // The largest threshold that leaves at least the mass above or at it.
        let threshold = own[Int((Double(own.count) * (1 - mass)).rounded(.down))]
        let others = windows.logDensities(of: truth.half(1), deviations: [best.deviation])[0]
        let share = Double(others.count { $0 > threshold }) / Double(others.count)
        var result = MetricResult(
            metric: "parzen-coverage", value: share, standardError: (share * (1 - share) / Double(others.count)).squareRoot(), interval: ConfidenceInterval(share: share, count: others.count, confidence: confidence),
            details: [.init("deviation", best.deviation), .init("log_density_threshold", threshold)], realCount: real.count, fakeCount: fake.count)
        result.warnings = ParzenSets.warnings(real, fake, truth, generated, isInner: best.isInner)
        if own.count < 100 { result.warnings.append("\(own.count) generated images tell a 5 % quantile roughly") }
        return result
    }
}

/// Image retrieval performance: how far the nearest generated image of a real one is, on average over real images.
///
/// Wang et al. take the distances of two generators for the same queries and ask Wilcoxon's signed-rank test which is nearer; the value here is the mean distance of one.
/// Source: Wang, Zhang & van de Weijer 2016, *Ensembles of generative adversarial networks*, arXiv:1612.00991.
public struct ImageRetrieval: Sendable, Hashable {
    /// At most this many images of each set are used, evenly spaced: a nearest distance depends on the number to choose from.
    public var limit: Int

    /// A measure over up to 10 000 images of each set.
    public init(limit: Int = 10_000) { self.limit = limit }

    /// The mean distance, and the median as a detail. The interval covers the mean over real images, for these generated ones.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for an empty set.
    public func callAsFunction(real: FeatureRows, fake: FeatureRows, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        for (name, set) in [("real", real), ("generated", fake)] where set.count < 1 { throw .tooFewImages(metric: "image-retrieval", set: name, needed: 1, found: 0) }
        let queries = try real.evenlySpaced(limit).features, candidates = try fake.evenlySpaced(limit).features
        let distances = ParzenWindows(distancesTo: candidates).nearestDistances(of: queries), sorted = distances.sorted(), middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        var result = MetricResult(metric: "image-retrieval", value: distances.reduce(0, +) / Double(distances.count), details: [.init("median", median)], realCount: real.count, fakeCount: fake.count)
        if max(real.count, fake.count) > limit { result.warnings.append("at most \(limit) evenly spaced images of each set were used") }
        result.warnings.append("a nearest distance falls with the number of generated images; compare only values of \(candidates.count)")
        result.addInterval(standardError: varianceOfMean(distances).squareRoot(), confidence)
        return result
    }
}

/// What the measures of windows share.
private enum ParzenSets {
    static func of(_ real: FeatureRows, _ fake: FeatureRows, _ limit: Int, _ metric: String, fewestFake: Int) throws(EvaluationError) -> (real: FeatureSet, fake: FeatureSet) {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        for (name, set, needed) in [("real", real, 4), ("generated", fake, fewestFake)] where set.count < needed {
            throw .tooFewImages(metric: metric, set: name, needed: needed, found: set.count)
        }
        return (try real.evenlySpaced(limit).features, try fake.evenlySpaced(limit).features)
    }

    static func warnings(_ real: FeatureRows, _ fake: FeatureRows, _ usedReal: FeatureSet, _ usedFake: FeatureSet, isInner: Bool) -> [String] {
        var warnings: [String] = []
        if real.count > usedReal.count || fake.count > usedFake.count { warnings.append("\(usedReal.count) real and \(usedFake.count) generated images were used, evenly spaced") }
        if !isInner { warnings.append("the best deviation is at the edge of those tried: the sets lie far apart, or images repeat") }
        if usedFake.count < 1000 { warnings.append("\(usedFake.count) windows estimate a density of \(usedFake.dimension) dimensions badly; compare only values of equal numbers of images") }
        return warnings
    }
}

/// The log-likelihood as `gan-eval evaluate --metrics parzen-log-likelihood` reports it.
struct ParzenLogLikelihoodMetric: Metric {
    let about = MetricDescription(
        "parzen-log-likelihood", "Parzen log-likelihood", "how likely real images are under windows around generated ones", needs: [.real, .features], better: .larger, cost: "N²·d + 21·N²",
        paper: "Breuleux et al. 2011; Goodfellow et al. 2014, arXiv:1406.2661")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try ParzenLogLikelihood()(real: sets.real(for: name).rows(for: name), fake: sets.fake.rows(for: name), confidence: sets.confidence) }
}

/// Coverage by density as `gan-eval evaluate --metrics parzen-coverage` reports it.
struct ParzenCoverageMetric: Metric {
    let about = MetricDescription(
        "parzen-coverage", "Coverage (density)", "share of real images where generated ones are dense, 0.95 for real ones", needs: [.real, .features], better: .larger, cost: "N²·d + 21·N²",
        paper: "Tolstikhin et al. 2017, arXiv:1701.02386")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try ParzenCoverage()(real: sets.real(for: name).rows(for: name), fake: sets.fake.rows(for: name), confidence: sets.confidence) }
}

/// Image retrieval as `gan-eval evaluate --metrics image-retrieval` reports it.
struct ImageRetrievalMetric: Metric {
    let about = MetricDescription(
        "image-retrieval", "Image retrieval", "mean distance of a real image to the nearest generated one", needs: [.real, .features], better: .smaller, cost: "N²·d", paper: "Wang et al. 2016, arXiv:1612.00991")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try ImageRetrieval()(real: sets.real(for: name).rows(for: name), fake: sets.fake.rows(for: name), confidence: sets.confidence) }
}
