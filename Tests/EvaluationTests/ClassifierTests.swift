import Evaluation
import Foundation
import TestSupport
import Testing

/// The measures that train a classifier, against scikit-learn and closed forms.
@Suite struct ClassifierTests {
    /// `classifiers.json`, made by `make_classifiers.py`.
    private struct Goldens: Decodable {
        struct Fit: Decodable { let classes: Int, c: Double, weights: [[Double]], biases: [Double], probabilities: [[Double]] }
        struct Pair: Decodable { let offset: Double, spread: Double, accuracy: Double, real: Double, generated: Double, p: Double }
        struct Crossed: Decodable {
            let dimension: Int, real: Int, fake: Int, ganTrain: Double, ganTest: Double, baseline: Double, gqi: Double, divergence: Double, ofClasses: [Double]
        }
        let fits: [Fit], twoSamples: [Pair], crossed: Crossed
    }

    private let golden: Goldens
    private let real: FeatureSet, fake: FeatureSet, realLabels: ImageLabels, fakeLabels: ImageLabels

    init() throws {
        golden = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/classifiers.json"))))
        let d = golden.crossed.dimension, names = ["cat", "dog", "emu"]
        let a = (0..<golden.crossed.real).map { [0, 0, 1, 2][$0 % 4] }, b = (0..<golden.crossed.fake).map { $0 * 5 % 3 }
        func moved(_ rows: [Float], _ labels: [Int], _ moves: (Int) -> Bool) throws -> FeatureSet {
            try FeatureSet(rows.enumerated().map { Float(Double($1) + (moves($0 % d) ? 0.02 * Double(labels[$0 / d]) : 0)) }, dimension: d)
        }
        real = try moved(SyntheticFeatures.rows(seed: 54, count: golden.crossed.real, dimension: d), a) { $0 % 2 == 1 }
        fake = try moved(SyntheticFeatures.rows(seed: 55, count: golden.crossed.fake, dimension: d, spread: 1.1), b) { $0 % 3 > 0 }
        (realLabels, fakeLabels) = (try ImageLabels(a, classNames: names), try ImageLabels(b, classNames: names))
    }

    @Test func weightsEqualScikitLearn() throws {
        for fit in golden.fits {
            let labels = (0..<200).map { $0 * 7 % fit.classes }
            let features = try FeatureSet(SyntheticFeatures.rows(seed: 51, count: 200, dimension: 8).enumerated().map { Float(Double($1) + 0.2 * Double(labels[$0 / 8])) }, dimension: 8)
            let model = try LogisticRegression(features, labels: labels, inverseRegularization: fit.c)
            #expect(model.isConverged && model.classes == Array(0..<fit.classes))
            // Softmax weights are known up to what all classes share; the penalty makes their sum zero, and the biases are compared by their differences.
            for (k, row) in fit.weights.enumerated() {
                for (j, weight) in row.enumerated() { #expect(abs(model.weights[k, j] - weight) < 1e-6, "\(fit.classes) classes, weight \(k), \(j)") }
                #expect(abs((model.weights[k, 8] - model.weights[0, 8]) - (fit.biases[k] - fit.biases[0])) < 1e-6)
            }
            let found = model.probabilities(features.rows(0..<5))
            for (i, row) in fit.probabilities.enumerated() { for (k, p) in row.enumerated() { #expect(abs(found[i, k] - p) < 1e-7) } }
        }
    }

    /// One feature, two points of either class: w solves a scalar equation.
    @Test func aSmallProblemHasAClosedForm() throws {
        let model = try LogisticRegression(FeatureSet([-1, 1, -1, 1], dimension: 1), labels: [7, 9, 7, 9])
        // Standardised features are ±1: 4/(1 + e^w) = w.
        let w = model.weights[0, 0]
        #expect(abs(4 / (1 + exp(w)) - w) < 1e-7 && abs(model.weights[0, 1]) < 1e-7 && model.classes == [7, 9])
        #expect(model.predictions(try FeatureSet([-3, 2], dimension: 1)) == [7, 9])
        // A constant feature says nothing and breaks nothing.
        let constant = try LogisticRegression(FeatureSet([-1, 5, 1, 5, -1, 5, 1, 5], dimension: 2), labels: [0, 1, 0, 1])
        #expect(constant.isConverged && constant.weights[0, 1] == 0)
    }

    @Test func twoSampleTestEqualsScikitLearn() throws {
        let real = FeatureRows.memory(SyntheticFeatures.features(seed: 52, count: 210, dimension: 8))
        for pair in golden.twoSamples {
            let fake = SyntheticFeatures.features(seed: 53, count: 210, dimension: 8, offset: pair.offset, spread: pair.spread)
            let result = try ClassifierTwoSampleTest()(real: real, fake: .memory(fake))
            #expect(abs(result.value - pair.accuracy) < 1e-12 && result[detail: "real_accuracy"] == pair.real && result[detail: "generated_accuracy"] == pair.generated)
            let p = try #require(result[detail: "p_value"])
            #expect(abs(p / pair.p - 1) < 1e-9)
        }
        // The larger set is thinned.
        let many = try ClassifierTwoSampleTest()(real: real, fake: .memory(SyntheticFeatures.features(seed: 56, count: 500, dimension: 8)))
        #expect(many.warnings == ["210 evenly spaced images of each set were used"] && many.fakeCount == 500)
    }

    /// Ten images repeated in turn are known by every fold that saw them; folds of every fifth image would have kept each to one of them.
    @Test func repetitionInTurnIsFound() throws {
        let real = SyntheticFeatures.features(seed: 57, count: 300, dimension: 64), few = SyntheticFeatures.features(seed: 58, count: 10, dimension: 64)
        let result = try ClassifierTwoSampleTest()(real: .memory(real), fake: .memory(few.rows((0..<300).map { $0 % 10 })))
        #expect(result[detail: "generated_accuracy"] == 1 && result.value > 0.9, "\(result.value)")
    }

    /// Sets of one distribution: the mean accuracy is one half, and p is below 0.05 about as often as it says.
    @Test func alikeSetsAreNotToldApart() throws {
        var generator = MersenneTwister(seed: 8), accuracies: [Double] = [], small = 0
        func draw() throws -> FeatureRows { .memory(try FeatureSet((0..<150 * 4).map { _ in Float(generator.standardNormal()) }, dimension: 4)) }
        for _ in 0..<200 {
            let result = try ClassifierTwoSampleTest()(real: draw(), fake: draw())
            accuracies.append(result.value)
            if let p = result[detail: "p_value"], p < 0.05 { small += 1 }
        }
        let mean = accuracies.reduce(0, +) / 200
        print("two-sample test of alike sets: mean accuracy \(mean), p < 0.05 in \(small) of 200")
        #expect(abs(mean - 0.5) < 0.02 && small <= 30, "mean \(mean), \(small) of 200 below 0.05")
    }

    @Test func crossedClassifiersEqualScikitLearn() throws {
        let golden = golden.crossed
        let train = try ClassificationAccuracy(training: .generated)(real: real, labels: realLabels, fake: fake, labels: fakeLabels)
        let test = try ClassificationAccuracy(training: .real)(real: real, labels: realLabels, fake: fake, labels: fakeLabels)
        #expect(abs(train.value - golden.ganTrain) < 1e-12 && abs(test.value - golden.ganTest) < 1e-12)
        let quality = try #require(train[detail: "gqi"])
        #expect(train[detail: "real_accuracy"] == golden.baseline && abs(quality - golden.gqi) < 1e-9 && test[detail: "real_accuracy"] == golden.baseline)
        #expect(["cat", "dog", "emu"].map { train[detail: "accuracy_of_class_" + $0] } == golden.ofClasses)
        let drop = try BoundaryDistortion()(real: real, labels: realLabels, fake: fake, labels: fakeLabels)
        #expect(abs(drop.value - (golden.baseline - golden.ganTrain)) < 1e-12 && drop.interval?.contains(drop.value) == true)
        let divergence = try AdversarialDivergence()(real: real, labels: realLabels, fake: fake, labels: fakeLabels)
        #expect(abs(divergence.value / golden.divergence - 1) < 1e-6)
        let accuracy = try #require(divergence[detail: "adversarial_accuracy"])
        #expect(abs(accuracy - golden.ganTrain) < 1e-12)
    }

    /// Generated images that lack a class cannot teach it; labels without meaning teach nothing.
    @Test func missingAndMeaninglessClassesLowerTheScores() throws {
        let two = try ImageLabels(fakeLabels.labels.map { min($0, 1) }, classNames: ["cat", "dog"])
        let result = try ClassificationAccuracy(training: .generated)(real: real, labels: realLabels, fake: fake, labels: two)
        #expect(result[detail: "accuracy_of_class_emu"] == 0 && result.warnings == ["no generated image is of class emu"])
        let strange = try ImageLabels(fakeLabels.labels, classNames: ["cat", "dog", "gnu"])
        let other = try ClassificationAccuracy(training: .real)(real: real, labels: realLabels, fake: fake, labels: strange)
        #expect(other.warnings == ["80 generated images are of classes that no real image has, and left out", "no generated image is of class emu"])
        let own = try ClassificationAccuracy(training: .generated)(real: real, labels: realLabels, fake: real, labels: realLabels)
        let drop = try BoundaryDistortion()(real: real, labels: realLabels, fake: real, labels: realLabels)
        #expect(own.value >= golden.crossed.baseline && drop.value <= 0)
    }

    @Test func wrongInputIsNamed() throws {
        let few = FeatureRows.memory(real.rows(0..<9)), all = FeatureRows.memory(real)
        #expect(throws: EvaluationError.tooFewImages(metric: "classifier-two-sample with 5 folds", set: "generated", needed: 10, found: 9)) { try ClassifierTwoSampleTest()(real: all, fake: few) }
        #expect(throws: EvaluationError.badOption(name: "folds", value: "1", expected: "at least 2")) { try ClassifierTwoSampleTest(folds: 1)(real: all, fake: all) }
        let rare = try ImageLabels([Int](repeating: 0, count: golden.crossed.real - 2) + [1, 1], classNames: ["cat", "dog"])
        #expect(throws: EvaluationError.tooFewImages(metric: "gan-train of class dog", set: "real", needed: 5, found: 2)) {
            try ClassificationAccuracy(training: .generated)(real: real, labels: rare, fake: fake, labels: fakeLabels)
        }
        let one = try ImageLabels([Int](repeating: 0, count: golden.crossed.fake), classNames: ["cat"])
        #expect(throws: EvaluationError.badShape(what: "classes of the generated images that real ones have too", expected: "at least 2", found: "1")) {
            try BoundaryDistortion()(real: real, labels: realLabels, fake: fake, labels: one)
        }
        #expect(throws: EvaluationError.badOption(name: "inverseRegularization", value: "0.0", expected: "a positive number")) { try LogisticRegression(real, labels: realLabels.labels, inverseRegularization: 0) }
        let narrow = try FeatureSet([1, 2], dimension: 1)
        #expect(throws: EvaluationError.dimensionMismatch(first: 8, second: 1)) { try ClassifierTwoSampleTest()(real: all, fake: .memory(narrow)) }
    }
}
