import LinearAlgebra

/// The class-aware Fréchet distance: each set is a mixture of Gaussians, one for each class of the classifier with every image belonging to each class as far as the classifier says; the distance is the mean of
/// the components'. It needs no labels.
///
///     CAFD = 1/K Σ_k d²(N(µ₁k, Σ₁k), N(µ₂k, Σ₂k)),   µ_k = Σᵢ p(k|xᵢ) xᵢ / Σᵢ p(k|xᵢ),   Σ_k = Σᵢ p(k|xᵢ)(xᵢ − µ_k)(xᵢ − µ_k)ᵀ / Σᵢ p(k|xᵢ)
///
/// Source: Liu et al. 2018, *An improved evaluation framework for generative adversarial networks*, arXiv:1803.07474. They take features and classes from a network trained on the domain; here they are
/// those of the network that is asked for.
public struct ClassAwareFrechetDistance: Sendable, Hashable {
    /// Classes with less probability than this many images in a set are left out: a classifier of 1 000 classes gives most of them next to none.
    public var leastImages: Double

    /// A distance over the classes that both sets have at least two images' worth of, or another number.
    public init(leastImages: Double = 2) { self.leastImages = leastImages }

    /// The mean distance; how many classes were compared is the detail `classes`.
    /// - Parameters:
    ///   - realScores: Class scores before the softmax, a row for each real image.
    ///   - fakeScores: Those of the generated images.
    /// - Throws: `dimensionMismatch`; `badShape` where scores and features do not belong together; `tooFewImages` where no class is in both sets.
    public func callAsFunction(real: FeatureSet, realScores: FeatureSet, fake: FeatureSet, fakeScores: FeatureSet) throws(EvaluationError) -> MetricResult {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        for (set, scores) in [(real, realScores), (fake, fakeScores)] where set.count != scores.count {
            throw .badShape(what: "class scores", expected: "\(set.count) rows, one for each image", found: "\(scores.count)")
        }
        let truth = try ClassScores(realScores, for: "class-aware-fid", set: "real"), generated = try ClassScores(fakeScores, for: "class-aware-fid", set: "generated")
        try generated.check(against: truth)
        let (n, m) = (Double(real.count), Double(fake.count))
        let classes = (0..<truth.classes).filter { truth.marginal[$0] * n >= leastImages && generated.marginal[$0] * m >= leastImages }
        guard !classes.isEmpty else { throw .tooFewImages(metric: "class-aware-fid in the likeliest class", set: "smaller", needed: Int(leastImages.rounded(.up)), found: Int((0..<truth.classes).map { min(truth.marginal[$0] * n, generated.marginal[$0] * m) }.max() ?? 0)) }
        var sum = 0.0
        for k in classes { sum += try FrechetDistance(.statistics(truth.component(k, of: real)), .statistics(generated.component(k, of: fake))).value }
        var result = MetricResult(metric: "class-aware-fid", value: sum / Double(classes.count), details: [.init("classes", Double(classes.count))], realCount: real.count, fakeCount: fake.count)
        let leftOut = truth.classes - classes.count
        if leftOut > 0 { result.warnings.append("\(leftOut) of \(truth.classes) classes have less than \(Int(leastImages)) images' probability in a set and are left out") }
        let fewest = classes.map { min(truth.marginal[$0] * n, generated.marginal[$0] * m) }.min() ?? 0
        if fewest <= Double(real.dimension) {
            result.warnings.append("a class has the probability of only \(Int(fewest)) images for \(real.dimension) features: compare only values of equal numbers of images")
        }
        return result
    }
}

extension ClassScores {
    /// The Gaussian of a class: every image with the weight p(k|x).
    fileprivate func component(_ k: Int, of features: FeatureSet) throws(EvaluationError) -> FeatureStatistics {
        let d = features.dimension
        var weights: [Double] = [], mean = [Double](repeating: 0, count: d)
        forEach { image, p, _ in
            weights.append(p[k])
            for j in 0..<d { mean[j] += p[k] * Double(features.values[image * d + j]) }
        }
        let total = weights.reduce(0, +)
        for j in 0..<d { mean[j] /= total }
        var covariance = Matrix(rows: d, columns: d)
        let batch = 512
        for start in stride(from: 0, to: features.count, by: batch) {
            let end = min(start + batch, features.count)
            let rows = (start..<end).flatMap { image in
                let root = (weights[image] / total).squareRoot()
                return (0..<d).map { root * (Double(features.values[image * d + $0]) - mean[$0]) }
            }
            covariance.addGram(ofRows: rows, count: end - start)
        }
        return try FeatureStatistics(mean: mean, covariance: covariance.symmetrizedFromLowerTriangle, count: features.count)
    }
}

/// CAFD as `gan-eval evaluate --metrics class-aware-fid` reports it.
struct ClassAwareFrechetMetric: Metric {
    let about = MetricDescription(
        "class-aware-fid", "CAFD", "FID of each class that the classifier sees, averaged", needs: [.real, .features, .scores, .realScores], better: .smaller, cost: "C·(N·d² + d³)",
        paper: "Liu et al. 2018, arXiv:1803.07474")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let real = try sets.real(for: name).file(for: name), fake = try sets.fake.file(for: name)
        return try ClassAwareFrechetDistance()(real: real.features(), realScores: real.logits(), fake: fake.features(), fakeScores: fake.logits())
    }
}
