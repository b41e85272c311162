#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The Inception Score in two factors: how differently a classifier sees the classes that were asked for, and how variously it sees the images of one.
///
///     BCIS = exp(E_c KL(p(y|c) ‖ p(y))),   WCIS = exp(E_c E_{x|c} KL(p(y|x) ‖ p(y|c))),   IS = BCIS · WCIS
///
/// c is the class that an image was generated for, with its frequency among the generated images; p(y|c) is the mean of its images' p(y|x). A good conditional generator has a large between-class score and a
/// within-class score near 1. Source: Benny et al. 2021, *Evaluation metrics for conditional image generation*, arXiv:2004.12292.
public struct ConditionalInceptionScore: Sendable, Hashable {
    /// Which factor.
    public enum Factor: String, Sendable, Hashable {
        /// BCIS, larger is better.
        case between
        /// WCIS, smaller is better.
        case within
    }

    /// Which factor.
    public var factor: Factor

    /// One of the two factors.
    public init(_ factor: Factor) { self.factor = factor }

    /// The score, at least 1, over all images in one split; the detail `inception_score` is the product of both.
    ///
    /// The interval covers the score expected at these numbers of images per class; it is that of the delta method, for classes of given sizes.
    /// - Parameter logits: Class scores before the softmax, a row for each image.
    /// - Throws: `tooFewImages` for an empty set; `badShape` for labels of another number.
    public func callAsFunction(_ logits: FeatureSet, labels: ImageLabels, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        let metric = "\(factor.rawValue)-class-is"
        let all = try ClassScores(logits, for: metric, set: "generated")
        let members = try labels.rowsByClass(of: logits).sorted { $0.key < $1.key }
        var entropyGivenClass = 0.0, variance = 0.0, smallest = all.count
        for (_, images) in members {
            let group = try all.rows(images, for: metric)
            let share = Double(images.count) / Double(all.count)
            entropyGivenClass += share * group.marginalEntropy
            smallest = min(smallest, images.count)
            // ∂ ln BCIS: −Σ p ln p(y) + Σ p ln p(y|c);  ∂ ln WCIS: −Σ p ln p(y|c) − H(x).
            let influence: [Double] = switch factor {
            case .between: group.expectations(of: zip(group.logMarginal, all.logMarginal).map { $0 - $1 })
            case .within: zip(group.expectations(of: group.logMarginal), group.entropies).map { -$0 - $1 }
            }
            variance += share * share * varianceOfMean(influence)
        }
        let between = exp(all.marginalEntropy - entropyGivenClass), within = exp(entropyGivenClass - all.conditionalEntropy)
        let value = factor == .between ? between : within
        var result = MetricResult(metric: metric, value: value, details: all.details + [.init("inception_score", between * within), .init("classes", Double(members.count))], fakeCount: all.count)
        if smallest < all.classes {
            result.warnings.append("a class has only \(smallest) images for \(all.classes) predicted classes: p(y|c) is known roughly, which lowers the within-class and raises the between-class score")
        }
        result.addInterval(standardError: value * variance.squareRoot(), confidence)
        return result
    }
}

/// BCIS as `gan-eval evaluate --metrics between-class-is` reports it.
struct BetweenClassInceptionMetric: Metric {
    let about = MetricDescription(
        "between-class-is", "BCIS", "how differently a classifier sees the classes that were asked for", needs: [.scores, .labels], better: .larger, cost: "N·C", paper: "Benny et al. 2021, arXiv:2004.12292")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ConditionalInceptionScore(.between)(sets.fake.file(for: name).logits(), labels: sets.fake.labels(for: name), confidence: sets.confidence)
    }
}

/// WCIS as `gan-eval evaluate --metrics within-class-is` reports it.
struct WithinClassInceptionMetric: Metric {
    let about = MetricDescription(
        "within-class-is", "WCIS", "how variously a classifier sees the images of one class", needs: [.scores, .labels], better: .smaller, cost: "N·C", paper: "Benny et al. 2021, arXiv:2004.12292")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try ConditionalInceptionScore(.within)(sets.fake.file(for: name).logits(), labels: sets.fake.labels(for: name), confidence: sets.confidence)
    }
}
