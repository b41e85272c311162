#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The Inception Score (Salimans et al. 2016): exp of the mean Kullback–Leibler divergence of p(y|x) from the mean p(y) of a split, averaged over splits.
///
/// Whether the logits carry the classifier's bias is the caller's choice of tap: most tools take them without.
public struct InceptionScore: Sendable, Hashable {
    /// How N images are cut into splits.
    public enum Partition: Sendable, Hashable {
        /// Split i of s is [i·N/s, (i+1)·N/s), rounded down: Salimans et al., torch-fidelity, StyleGAN.
        case proportional(splits: Int)
        /// Splits of ⌈N/s⌉ images, the last shorter, perhaps fewer than s: `torch.chunk`, torchmetrics, IQA-PyTorch.
        case ceiling(splits: Int)
        /// s splits of ⌊N/s⌋ images, the remainder unused: dgm-eval.
        case floor(splits: Int)
        /// Splits of this many images, the last shorter: the ADM evaluator with 5000.
        case length(Int)
    }

    /// The precision to which probabilities are rounded before divergences are summed in float64.
    public enum Precision: String, Sendable, Hashable { case float32, float64 }

    /// How images are cut into splits.
    public var partition: Partition
    /// The seed of NumPy's legacy permutation applied first; nil keeps the order of the images.
    public var shuffleSeed: UInt32?
    /// The precision of the probabilities.
    public var precision: Precision
    /// What is subtracted from the number of splits in the divisor of their standard deviation.
    public var degreesOfFreedomRemoved: Int

    /// A score with these conventions; whether `partition` is possible is checked when it is applied.
    public init(partition: Partition, shuffleSeed: UInt32? = nil, precision: Precision = .float64, degreesOfFreedomRemoved: Int = 0) {
        (self.partition, self.shuffleSeed, self.precision) = (partition, shuffleSeed, precision)
        self.degreesOfFreedomRemoved = degreesOfFreedomRemoved
    }

    /// torch-fidelity: ten splits after a shuffle with seed 2020, float64. Also this package's default.
    public static let torchFidelity = InceptionScore(partition: .proportional(splits: 10), shuffleSeed: 2020)
    /// Salimans et al. and StyleGAN: ten splits in the order of the images, float32 probabilities.
    public static let original = InceptionScore(partition: .proportional(splits: 10), precision: .float32)
    /// The ADM evaluator: splits of 5000 images, float32 probabilities.
    public static let adm = InceptionScore(partition: .length(5000), precision: .float32)
    /// Its default seed and splits.
    public static let `default` = torchFidelity

    /// The score.
    ///
    /// The standard error is that of the delta method: the influence of image x on ln IS is KL(p(·|x)‖q) − E KL, hence
    /// Var(IS of a split) ≈ IS²·Var(KL)/n. The interval covers the score expected at this number of images and splits, which falls short of the score of
    /// infinitely many images by a relative Σ Var(p(c|x))/(2n·p(c)) ≤ (classes − 1)/(2n), n images per split.
    ///
    /// - Parameter logits: one row per image.
    /// - Throws: `tooFewImages` where a split would be empty; `badOption` for a partition without splits.
    public func callAsFunction(_ logits: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        let splits = try ranges(logits.count)
        var order = Array(0..<logits.count)
        if let shuffleSeed {
            var generator = MersenneTwister(seed: shuffleSeed)
            order = generator.permutation(logits.count)
        }
        var scores: [Double] = []
        var variance = 0.0
        for split in splits {
            let divergences = Divergences(logits, order[split], precision)
            let score = exp(divergences.mean)
            scores.append(score)
            variance += score * score * divergences.variance / Double(split.count)
        }
        let s = Double(scores.count)
        let mean = scores.reduce(0, +) / s
        let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        var result = MetricResult(metric: "is", value: mean, fakeCount: logits.count)
        if scores.count > degreesOfFreedomRemoved {
            result.details.append(.init("std_over_splits", (squares / (s - Double(degreesOfFreedomRemoved))).squareRoot()))
        }
        result.details.append(.init("splits", s))
        if splits.allSatisfy({ $0.count > 1 }) {
            result.addInterval(standardError: variance.squareRoot() / s, confidence)
        } else {
            result.warnings.append("a split of one image always scores 1; give more images or fewer splits")
        }
        return result
    }

    /// The splits of `count` images.
    private func ranges(_ count: Int) throws(EvaluationError) -> [Range<Int>] {
        let ranges: [Range<Int>]
        switch partition {
        case .proportional(let splits), .ceiling(let splits), .floor(let splits):
            guard splits >= 1 else { throw .badOption(name: "splits", value: "\(splits)", expected: "at least 1") }
            guard count >= splits else { throw .tooFewImages(metric: "the Inception Score in \(splits) splits", set: "generated", needed: splits, found: count) }
            switch partition {
            case .proportional: ranges = (0..<splits).map { ($0 * count / splits)..<(($0 + 1) * count / splits) }
            case .ceiling: ranges = Self.runs(of: (count + splits - 1) / splits, in: count)
            default: ranges = (0..<splits).map { ($0 * (count / splits))..<(($0 + 1) * (count / splits)) }
            }
        case .length(let length):
            guard length >= 1 else { throw .badOption(name: "split length", value: "\(length)", expected: "at least 1") }
            guard count >= 1 else { throw .tooFewImages(metric: "the Inception Score", set: "generated", needed: 1, found: 0) }
            ranges = Self.runs(of: length, in: count)
        }
        return ranges
    }

    private static func runs(of length: Int, in count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
    }
}

/// The Inception Score as `gan-eval is` reports it.
struct InceptionScoreMetric: Metric {
    let about = MetricDescription(
        "is", "IS", "how surely and how variously a classifier sees the images", needs: [.scores], better: .larger, cost: "N·C", paper: "Salimans et al. 2016, arXiv:1606.03498")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try sets.proto.inceptionScore(sets.fake.file(for: name).logits(), confidence: sets.confidence)
    }
}

/// KL(p(·|x)‖q) for the images x of a split, summarised.
private struct Divergences {
    let mean: Double
    /// With divisor n − 1.
    let variance: Double

    init(_ logits: FeatureSet, _ rows: ArraySlice<Int>, _ precision: InceptionScore.Precision) {
        let classes = logits.dimension
        let n = Double(rows.count)
        var probabilities = [Double](repeating: 0, count: classes)
        var marginal = [Double](repeating: 0, count: classes)
        var negativeEntropies: [Double] = []
        negativeEntropies.reserveCapacity(rows.count)
        for row in rows {
            negativeEntropies.append(softmax(logits, row, precision, into: &probabilities))
            for c in 0..<classes { marginal[c] += probabilities[c] / n }
        }
        let logMarginal = marginal.map { $0 > 0 ? log($0) : 0 }
        var divergences: [Double] = []
        divergences.reserveCapacity(rows.count)
        for (row, negativeEntropy) in zip(rows, negativeEntropies) {
            _ = softmax(logits, row, precision, into: &probabilities)
            var cross = 0.0
            for c in 0..<classes { cross += probabilities[c] * logMarginal[c] }
            divergences.append(negativeEntropy - cross)
        }
        let mean = divergences.reduce(0, +) / n
        self.mean = mean
        variance = divergences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1)
    }
}

/// Fills `probabilities` with the softmax of one row and returns Σ p ln p.
private func softmax(_ logits: FeatureSet, _ row: Int, _ precision: InceptionScore.Precision, into probabilities: inout [Double]) -> Double {
    let classes = logits.dimension
    return logits.values.withUnsafeBufferPointer { values in
        let start = row * classes
        var top = -Double.infinity
        for c in 0..<classes { top = max(top, Double(values[start + c])) }
        var sum = 0.0
        for c in 0..<classes {
            probabilities[c] = exp(Double(values[start + c]) - top)
            sum += probabilities[c]
        }
        var negativeEntropy = 0.0
        switch precision {
        case .float64:
            let logSum = log(sum)
            for c in 0..<classes {
                probabilities[c] /= sum
                negativeEntropy += probabilities[c] * (Double(values[start + c]) - top - logSum)
            }
        case .float32:
            for c in 0..<classes {
                probabilities[c] = Double(Float(probabilities[c] / sum))
                if probabilities[c] > 0 { negativeEntropy += probabilities[c] * log(probabilities[c]) }
            }
        }
        return negativeEntropy
    }
}
