#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A set's class probabilities p(y|x) and what metrics of them share: p(y) and the entropies.
struct ClassScores {
    /// - Shape: `[images, classes]`
    private let logits: FeatureSet
    /// p(y), the mean of p(y|x).
    /// - Shape: `[classes]`
    let marginal: [Double]
    /// ln p(y); 0 where p(y) underflowed to zero, so that 0·ln 0 is 0.
    /// - Shape: `[classes]`
    let logMarginal: [Double]
    /// The mean of ln p(y|x) over the images.
    /// - Shape: `[classes]`
    let meanLog: [Double]
    /// H(y|x) of each image, in nats.
    let entropies: [Double]

    /// Number of images.
    var count: Int { logits.count }
    /// Number of classes.
    var classes: Int { logits.dimension }
    /// The mean of H(y|x), in nats.
    var conditionalEntropy: Double { entropies.reduce(0, +) / Double(count) }
    /// H(y), in nats.
    var marginalEntropy: Double { -zip(marginal, logMarginal).reduce(0) { $0 + $1.0 * $1.1 } }

    /// The softmax of every row.
    /// - Throws: `tooFewImages` without rows.
    init(_ logits: FeatureSet, for metric: String, set: String) throws(EvaluationError) {
        guard logits.count > 0 else { throw .tooFewImages(metric: metric, set: set, needed: 1, found: 0) }
        self.logits = logits
        let n = Double(logits.count), classes = logits.dimension
        var marginal = [Double](repeating: 0, count: classes), meanLog = marginal, entropies: [Double] = []
        entropies.reserveCapacity(logits.count)
        Self.forEach(logits, 0..<logits.count) { _, p, logP in
            var entropy = 0.0
            for c in 0..<classes {
                marginal[c] += p[c]
                meanLog[c] += logP[c]
                entropy -= p[c] * logP[c]
            }
            entropies.append(entropy)
        }
        self.marginal = marginal.map { $0 / n }
        self.meanLog = meanLog.map { $0 / n }
        self.entropies = entropies
        logMarginal = self.marginal.map { $0 > 0 ? log($0) : 0 }
    }

    /// Gives every image's p(y|x) and ln p(y|x).
    func forEach(_ body: (_ image: Int, _ p: [Double], _ logP: [Double]) -> Void) { Self.forEach(logits, 0..<count, body) }

    /// For each image Σ weights(y)·p(y|x).
    /// - Shape: `weights` is `[classes]`, the result `[images]`.
    func expectations(of weights: [Double]) -> [Double] {
        var sums: [Double] = []
        sums.reserveCapacity(count)
        forEach { _, p, _ in
            var sum = 0.0
            for c in weights.indices { sum += weights[c] * p[c] }
            sums.append(sum)
        }
        return sums
    }

    /// The scores of some of the images.
    func rows(_ indices: some Sequence<Int>, for metric: String) throws(EvaluationError) -> ClassScores {
        try ClassScores(logits.rows(indices), for: metric, set: "generated")
    }

    private static func forEach(_ logits: FeatureSet, _ rows: Range<Int>, _ body: (Int, [Double], [Double]) -> Void) {
        let classes = logits.dimension
        var p = [Double](repeating: 0, count: classes), logP = p
        for row in rows {
            let start = row * classes
            var top = -Double.infinity, sum = 0.0
            for c in 0..<classes { top = max(top, Double(logits.values[start + c])) }
            for c in 0..<classes {
                p[c] = exp(Double(logits.values[start + c]) - top)
                sum += p[c]
            }
            let logSum = log(sum)
            for c in 0..<classes {
                p[c] /= sum
                logP[c] = Double(logits.values[start + c]) - top - logSum
            }
            body(row, p, logP)
        }
    }
}

extension ClassScores {
    /// KL(p‖q) of two marginals, in nats; infinite where q lacks a class that p has.
    static func divergence(_ p: [Double], _ q: [Double]) -> Double {
        zip(p, q).reduce(0) { $0 + ($1.0 > 0 ? $1.0 * log($1.0 / $1.1) : 0) }
    }

    /// Refuses scores of different classifiers.
    func check(against other: ClassScores) throws(EvaluationError) {
        guard classes == other.classes else { throw .badShape(what: "class scores", expected: "\(other.classes) classes as in the real set", found: "\(classes)") }
    }

    /// What to say of sets that are small for their number of classes: each estimated frequency adds to a divergence.
    func fewImagesWarning(beside other: ClassScores) -> [String] {
        let fewest = min(count, other.count)
        return fewest < 5 * classes ? ["\(fewest) \(fewest == 1 ? "image is" : "images are") few for \(classes) predicted classes, whose frequencies they tell roughly; compare only values of equal numbers of images"] : []
    }

    /// The details that every metric of class scores gives.
    var details: [MetricResult.Detail] { [.init("conditional_entropy", conditionalEntropy), .init("marginal_entropy", marginalEntropy)] }
}

/// The squared standard error of a mean of independent numbers; 0 for fewer than two.
func varianceOfMean(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let n = Double(values.count), mean = values.reduce(0, +) / n
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n
}
