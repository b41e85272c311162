import Evaluation
import Foundation
import GeneratorMeasures
import TestSupport
import Testing

@Suite struct SeparabilityTests {
    private struct Goldens: Decodable {
        struct Attribute: Decodable { let weights: [Double], bias: Double, entropy: Double, accuracy: Double }
        let rows: Int, size: Int, attributes: [Attribute], score: Double
    }

    private let golden: Goldens, latents: FeatureSet, attributes: [LinearSeparability.Attribute]

    init() throws {
        let found = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("generators/separability.json"))))
        let values = (0..<found.rows * found.size).map { place in
            let (i, j) = (Double(place / found.size), Double(place % found.size))
            return Float(sin(0.7 + 1.3 * i + 2.1 * j + 0.11 * i * j))
        }
        (golden, latents) = (found, try FeatureSet(values, dimension: found.size))
        attributes = found.attributes.indices.map { a in
            let logits = (0..<found.rows).map { (i: Int) -> Double in
                var logit = 2.5 * sin(5 * Double(i) + Double(a))
                for j in 0..<found.size { logit += Double(values[i * found.size + j]) * Double((j + a + 1) % 3) }
                return logit
            }
            return LinearSeparability.Attribute("attribute \(a)", logits: logits)
        }
    }

    @Test func hyperplanesAreScikitLearns() throws {
        for (attribute, golden) in zip(attributes, golden.attributes) {
            let surest = attribute.logits.indices.sorted { abs(attribute.logits[$0]) > abs(attribute.logits[$1]) }.prefix(latents.count / 2)
            let machine = try LinearSupportVectorMachine(latents.rows(Array(surest)), isPositive: surest.map { attribute.logits[$0] > 0 })
            #expect(machine.isConverged && abs(machine.bias - golden.bias) < 1e-5)
            for (own, theirs) in zip(machine.weights, golden.weights) { #expect(abs(own - theirs) < 1e-5, "\(machine.weights)") }
        }
    }

    @Test func scoresAreTheSumOfEntropies() throws {
        let result = try LinearSeparability()(latents, attributes)
        #expect(abs(result.value - golden.score) < 1e-9, "\(result.value)")
        for (point, golden) in zip(result.curves[0].points, golden.attributes) { #expect(abs(point.y - golden.entropy) < 1e-9) }
        #expect(abs(try #require(result[detail: "accuracy"]) - golden.attributes.map(\.accuracy).reduce(0, +) / 3) < 1e-12)
    }

    /// Closed forms: nothing known of a fair coin is ln 2, all known 0.
    @Test func entropies() throws {
        let y = [true, false, true, false]
        #expect(abs(LinearSeparability.conditionalEntropy(of: y, given: [true, true, false, false]) - log(2.0)) < 1e-15)
        #expect(LinearSeparability.conditionalEntropy(of: y, given: y) == 0)
        #expect(abs(LinearSeparability.conditionalEntropy(of: [true, true, true, false], given: [true, true, true, true]) + 0.75 * log(0.75) + 0.25 * log(0.25)) < 1e-15)
        let same = try LinearSeparability()(latents, [.init("always", logits: [Double](repeating: 3, count: latents.count))])
        #expect(same.value == 1 && same.warnings.count == 1)
        #expect(try LinearSeparability()(latents.rows(0..<100), [.init("always", logits: [Double](repeating: 3, count: 100))]).warnings.last?.hasPrefix("100 pictures are few for latents of 4 numbers") == true)
        #expect(throws: EvaluationError.badShape(what: "short", expected: "\(latents.count) pictures", found: "1")) { try LinearSeparability()(latents, [.init("short", logits: [1])]) }
    }

    /// ln p/(1 − p) of softmax: with scores 0, ln 2, ln 5 the probabilities are 1/8, 2/8, 5/8.
    @Test func classesAreAttributes() throws {
        let scores = try FeatureSet([0, Float(log(2.0)), Float(log(5.0))], dimension: 3)
        let found = LinearSeparability.Attribute.classes(scores, names: ["a", "b", "c"])
        for (attribute, odds) in zip(found, [1.0 / 7, 2.0 / 6, 5.0 / 3]) { #expect(abs(attribute.logits[0] - log(odds)) < 1e-6) }
        #expect(LinearSeparability.Attribute.classes(try FeatureSet([0, 1], dimension: 2), names: ["a", "b"]).map(\.name) == ["b"])
    }
}
