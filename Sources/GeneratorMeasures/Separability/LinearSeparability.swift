import Evaluation
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Linear separability: how well attributes of the pictures can be read off the latents by a hyperplane.
///
///     score = exp(Σᵢ H(Yᵢ | Xᵢ))
///
/// Yᵢ is what a classifier says of attribute i in the picture, Xᵢ on which side of the hyperplane of a linear support vector machine the latent lies, both of the half of the pictures that the
/// classifier is surest of. 1 for latents that tell every attribute, at most 2ⁿ for n attributes of which they tell nothing; less is better. The hyperplane is scikit-learn's `LinearSVC()`, as in the
/// authors' code; where all pictures are of one kind the entropy is 0.
/// Source: Karras, Laine and Aila 2019, *A style-based generator architecture for generative adversarial networks*, CVPR, section 4.2, with 40 attributes of faces from classifiers that were trained on
/// CelebA, and 200 000 pictures.
public struct LinearSeparability: Sendable {
    /// The share of pictures that counts, of those that the classifier is surest of.
    public var share = 0.5

    /// The surest half.
    public init() {}

    /// One attribute of every picture.
    public struct Attribute: Sendable {
        /// What it is called.
        public let name: String
        /// ln p − ln(1 − p) of its probability p in each picture: positive where the picture has it, far from 0 where that is sure.
        public let logits: [Double]

        /// An attribute.
        public init(_ name: String, logits: [Double]) { (self.name, self.logits) = (name, logits) }

        /// `is class k` for every class of a classifier; for two classes the second alone.
        /// - Shape: scores `[pictures, classes]`, whose softmax are probabilities.
        public static func classes(_ scores: FeatureSet, names: [String]) -> [Attribute] {
            let k = scores.dimension
            return (k == 2 ? 1..<2 : 0..<k).map { chosen in
                Attribute(names[chosen], logits: (0..<scores.count).map { row in
                    let others = (0..<k).filter { $0 != chosen }.map { Double(scores.values[row * k + $0]) }, top = others.max() ?? 0
                    return Double(scores.values[row * k + chosen]) - top - log(others.reduce(0) { $0 + exp($1 - top) })
                })
            }
        }
    }

    /// The score of latents and the attributes of their pictures.
    ///
    /// There is no interval: the hyperplanes are judged on the latents that they were found for, as in the paper, and what a repetition would give is not known.
    /// - Throws: `tooFewImages` below four pictures; `badShape` for an attribute of other pictures.
    public func callAsFunction(_ latents: FeatureSet, _ attributes: [Attribute]) throws(EvaluationError) -> MetricResult {
        guard latents.count >= 4 else { throw .tooFewImages(metric: "separability", set: "generated", needed: 4, found: latents.count) }
        guard share > 0, share <= 1 else { throw .badOption(name: "share", value: "\(share)", expected: "a number above 0 and up to 1") }
        var entropies: [Double] = [], right = 0.0, warnings: [String] = [], single: [String] = []
        for attribute in attributes {
            guard attribute.logits.count == latents.count else { throw .badShape(what: attribute.name, expected: "\(latents.count) pictures", found: "\(attribute.logits.count)") }
            let surest = attribute.logits.indices.sorted { (abs(attribute.logits[$0]), $1) > (abs(attribute.logits[$1]), $0) }.prefix(max(2, Int(share * Double(latents.count))))
            let has = surest.map { attribute.logits[$0] > 0 }, rows = latents.rows(Array(surest))
            guard has.contains(true), has.contains(false) else {
                single.append(attribute.name)
                entropies.append(0)
                right += 1
                continue
            }
            let machine = try LinearSupportVectorMachine(rows, isPositive: has), sides = machine.predictions(rows)
            let note = "a hyperplane was not found to the last digit"
            if !machine.isConverged, !warnings.contains(note) { warnings.append(note) }
            entropies.append(Self.conditionalEntropy(of: has, given: sides))
            right += Double(zip(has, sides).count { $0 == $1 }) / Double(has.count)
        }
        if !single.isEmpty {
            warnings.append("\(single.count) of \(attributes.count) attributes are the same in all of the surest pictures and count nothing: \(single.prefix(5).joined(separator: ", "))\(single.count > 5 ? ", …" : "")")
        }
        if share * Double(latents.count) < 20 * Double(latents.dimension) {
            warnings.append("\(latents.count) pictures are few for latents of \(latents.dimension) numbers, among which a hyperplane finds almost any difference: take \(Int((20 * Double(latents.dimension) / share).rounded(.up)))")
        }
        let sum = entropies.reduce(0, +)
        var result = MetricResult(
            metric: "separability", value: exp(sum), details: [.init("attributes", Double(attributes.count)), .init("entropy", sum), .init("accuracy", right / Double(max(attributes.count, 1)))],
            fakeCount: latents.count, warnings: warnings)
        result.curves = [.init("entropies", x: "attribute", y: "nats", entropies.enumerated().map { SIMD2(Double($0), $1) })]
        return result
    }

    /// H(Y|X) in nats, of shares.
    public static func conditionalEntropy(of y: [Bool], given x: [Bool]) -> Double {
        let n = Double(y.count)
        return [false, true].reduce(0) { sum, side in
            let within = zip(x, y).filter { $0.0 == side }.map(\.1), total = Double(within.count)
            return [true, false].reduce(sum) { sum, value in
                let number = Double(within.count { $0 == value })
                return number > 0 ? sum - number / n * log(number / total) : sum
            }
        }
    }
}
