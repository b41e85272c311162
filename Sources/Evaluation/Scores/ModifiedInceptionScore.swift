#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The modified Inception Score: how various the images within a class are to the classifier.
///
///     mIS(class) = exp(E_i E_j KL(p(y|xᵢ) ‖ p(y|xⱼ))),   mIS = mean over classes
///
/// Both expectations run over all images of a class, i = j among them, so that the double sum is Σ(mean of p·ln p) − Σ(mean of p)·(mean of ln p) and costs no pairs. An image's class is the one
/// that the classifier is surest of. A class all of whose images look alike to the classifier scores 1.
/// Source: Gurumurthy et al. 2017, *DeLiGAN*, arXiv:1706.02071; averaged over classes as in Borji 2018, arXiv:1802.03446.
public struct ModifiedInceptionScore: Sendable, Hashable {
    /// Fewer images of a class are too few to tell how various it is: the class counts, and the result says so.
    public static let fewImages = 10

    /// The score.
    public init() {}

    /// The score, at least 1.
    ///
    /// The interval covers the score expected at these numbers of images per class; it is that of the delta method.
    /// - Parameter logits: Class scores before the softmax, a row for each image.
    /// - Throws: `tooFewImages` for an empty set.
    public func callAsFunction(_ logits: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        let all = try ClassScores(logits, for: "modified-is", set: "generated")
        var members: [Int: [Int]] = [:]
        all.forEach { image, p, _ in
            let surest = p.indices.reduce(0) { p[$1] > p[$0] ? $1 : $0 }
            members[surest, default: []].append(image)
        }
        var scores: [Double] = [], variance = 0.0, few = 0
        for (_, images) in members.sorted(by: { $0.key < $1.key }) {
            let scoresOfClass = try all.rows(images, for: "modified-is")
            let cross = zip(scoresOfClass.marginal, scoresOfClass.meanLog).reduce(0) { $0 + $1.0 * $1.1 }
            let score = exp(-scoresOfClass.conditionalEntropy - cross)
            scores.append(score)
            if images.count < Self.fewImages { few += 1 }
            // ∂ ln mIS: Σ p ln p − Σ p·(mean ln p) − Σ (mean p)·ln p.
            var influence: [Double] = []
            scoresOfClass.forEach { image, p, logP in
                var sum = -scoresOfClass.entropies[image]
                for c in p.indices { sum -= p[c] * scoresOfClass.meanLog[c] + scoresOfClass.marginal[c] * logP[c] }
                influence.append(sum)
            }
            variance += score * score * varianceOfMean(influence)
        }
        let classes = Double(scores.count)
        var result = MetricResult(metric: "modified-is", value: scores.reduce(0, +) / classes, details: all.details + [.init("classes_found", classes)], fakeCount: all.count)
        if few > 0 { result.warnings.append("\(few) of \(scores.count) predicted classes have fewer than \(Self.fewImages) images, which say little of the variety within them") }
        result.addInterval(standardError: variance.squareRoot() / classes, confidence)
        return result
    }
}

/// The modified Inception Score as `gan-eval evaluate --metrics modified-is` reports it.
struct ModifiedInceptionMetric: Metric {
    let about = MetricDescription(
        "modified-is", "Modified IS", "how various the images within a predicted class are", needs: [.scores], better: .larger, cost: "N·C", paper: "Gurumurthy et al. 2017, arXiv:1706.02071")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ModifiedInceptionScore()(sets.fake.file(for: name).logits(), confidence: sets.confidence)
    }
}
