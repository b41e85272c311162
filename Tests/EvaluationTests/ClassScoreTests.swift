import Evaluation
import Foundation
import TestSupport
import Testing

/// Golden values of `Fixtures/metrics/scores.json`, made by `make_scores.py`.
struct ScoreGoldens: Decodable {
    struct Scores: Decodable {
        let classes: Int, real: Int, fake: Int, conditional: Double, marginal: Double, inception: Double, mode: Double, am: Double, modified: Double, classesFound: Double, infinity: Double
        let between: Double, within: Double
    }
    struct Classes: Decodable { let dimension: Int, real: Int, fake: Int, perClass: [Double], intra: Double, within: Double, between: Double, conditional: Double, aware: Double }
    struct Memorization: Decodable {
        let dimension: Int, real: Int, fake: Int, other: Double, otherKaggle: Double, otherStrict: Double, otherStrictKaggle: Double
        let close: Double, closeKaggle: Double, closeStrict: Double, closeStrictKaggle: Double
    }
    let scores: Scores, classes: Classes, memorization: Memorization

    static let all: ScoreGoldens = try! JSONDecoder().decode(ScoreGoldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/scores.json"))))

    static func logits(_ seed: UInt64, _ count: Int, _ classes: Int, spread: Double) throws -> FeatureSet {
        try FeatureSet(SyntheticFeatures.rows(seed: seed, count: count, dimension: classes, spread: spread).map { $0 * 2 }, dimension: classes)
    }
}

/// The measures on class scores against SciPy, closed forms and repeated draws.
@Suite struct ClassScoreTests {
    private let golden = ScoreGoldens.all.scores
    private let real: FeatureSet, fake: FeatureSet

    init() throws {
        real = try ScoreGoldens.logits(21, golden.real, golden.classes, spread: 6)
        fake = try ScoreGoldens.logits(22, golden.fake, golden.classes, spread: 9)
    }

    private var asked: ImageLabels { get throws { try ImageLabels((0..<golden.fake).map { $0 * 7 % 5 }, classNames: ["a", "b", "c", "d", "e"]) } }

    @Test func equalTheFormulasInSciPy() throws {
        let results: [(MetricResult, Double)] = [
            (try ModeScore()(real: real, fake: fake), golden.mode), (try ActivationMaximizationScore()(real: real, fake: fake), golden.am),
            (try ModifiedInceptionScore()(fake), golden.modified), (try InceptionScoreExtrapolation()(fake), golden.infinity),
            (try ConditionalInceptionScore(.between)(fake, labels: asked), golden.between), (try ConditionalInceptionScore(.within)(fake, labels: asked), golden.within)]
        for (result, expected) in results {
            #expect(abs(result.value / expected - 1) < 1e-12, "\(result.metric): \(result.value), expected \(expected)")
            #expect(abs(try #require(result[detail: "conditional_entropy"]) / golden.conditional - 1) < 1e-12)
            #expect(abs(try #require(result[detail: "marginal_entropy"]) / golden.marginal - 1) < 1e-12)
        }
        #expect(results[2].0[detail: "classes_found"] == golden.classesFound)
        #expect(abs(try #require(results[4].0[detail: "inception_score"]) / golden.inception - 1) < 1e-12)
    }

    /// As reviews print it, with the real classes in both terms, the Mode Score is the Inception Score.
    @Test func theReviewsModeScoreIsTheInceptionScore() throws {
        let result = try ModeScore()(real: real, fake: fake), whole = try InceptionScore(partition: .proportional(splits: 1))(fake)
        #expect(abs(try #require(result[detail: "inception_score"]) - whole.value) < 1e-12)
        let same = try ModeScore()(real: fake, fake: fake)
        let none = try #require(same[detail: "divergence_from_real_classes"])
        #expect(abs(same.value - whole.value) < 1e-12 && abs(none) < 1e-15)
    }

    /// Certain predictions: the scores are those of the classes' frequencies alone.
    @Test func extremesHaveClosedForms() throws {
        func certain(_ classes: [Int]) throws -> FeatureSet { try FeatureSet(classes.flatMap { c in (0..<4).map { $0 == c ? Float(90) : -90 } }, dimension: 4) }
        let even = try certain((0..<40).map { $0 % 4 }), half = try certain((0..<40).map { $0 % 2 })
        #expect(abs(try ModeScore()(real: even, fake: even).value - 4) < 1e-12)
        // Two of four classes: IS is 2, the divergence ln 2.
        #expect(abs(try ModeScore()(real: even, fake: half).value - 1) < 1e-12)
        #expect(abs(try ActivationMaximizationScore()(real: half, fake: even).value - log(2)) < 1e-12)
        #expect(abs(try ModifiedInceptionScore()(even).value - 1) < 1e-12)
        let labels = try ImageLabels((0..<40).map { $0 % 4 }, classNames: ["a", "b", "c", "d"])
        #expect(abs(try ConditionalInceptionScore(.between)(even, labels: labels).value - 4) < 1e-12)
        #expect(abs(try ConditionalInceptionScore(.within)(even, labels: labels).value - 1) < 1e-12)
        // The classifier sees nothing of what was asked for.
        let deaf = try ImageLabels((0..<40).map { $0 / 20 }, classNames: ["a", "b"])
        #expect(abs(try ConditionalInceptionScore(.between)(even, labels: deaf).value - 1) < 1e-12)
        #expect(abs(try ConditionalInceptionScore(.within)(even, labels: deaf).value - 4) < 1e-12)
    }

    /// A class that one set cannot have at all: float64 probabilities underflow to zero.
    @Test func aClassThatIsMissingForGoodIsSaid() throws {
        func certain(_ classes: [Int]) throws -> FeatureSet { try FeatureSet(classes.flatMap { c in (0..<3).map { $0 == c ? Float(2000) : -2000 } }, dimension: 3) }
        let all = try certain((0..<30).map { $0 % 3 }), two = try certain((0..<30).map { $0 % 2 })
        let mode = try ModeScore()(real: two, fake: all), am = try ActivationMaximizationScore()(real: all, fake: two)
        #expect(mode.value == 0 && mode.interval == nil && mode.warnings.count == 1)
        #expect(am.value == .infinity && am.interval == nil && am.warnings.count == 1)
    }

    /// IS of N images falls short of the limit by about (its bias); IS∞ of few images must be nearer to IS of many than IS of few is.
    @Test func extrapolationRemovesTheBias() throws {
        var generator = MersenneTwister(seed: 5)
        func draw(_ count: Int) throws -> FeatureSet { try FeatureSet((0..<count * 10).map { _ in Float(1.5 * generator.standardNormal()) }, dimension: 10) }
        let limit = try InceptionScore(partition: .proportional(splits: 1))(draw(100_000)).value
        var plain = 0.0, extrapolated = 0.0
        for _ in 0..<1000 {
            let few = try draw(60), result = try InceptionScoreExtrapolation()(few)
            plain += try #require(result[detail: "one_split_score"]) / 1000
            extrapolated += result.value / 1000
        }
        #expect(abs(plain - limit) > 0.02 && abs(extrapolated - limit) < 0.35 * abs(plain - limit), "limit \(limit), plain \(plain), extrapolated \(extrapolated)")
    }

    @Test func intervalsCover() throws {
        var generator = MersenneTwister(seed: 99), results: [String: [MetricResult]] = [:]
        func draw(_ count: Int, _ scale: Double) throws -> FeatureSet {
            try FeatureSet((0..<count * 6).map { Float(scale * generator.standardNormal() + ($0 % 6 == 0 ? 1 : 0)) }, dimension: 6)
        }
        let labels = try ImageLabels((0..<400).map { $0 % 3 }, classNames: ["a", "b", "c"])
        for _ in 0..<400 {
            let real = try draw(400, 1.5), fake = try draw(400, 2)
            // Images of class c lean towards the predicted class c.
            let leaning = try FeatureSet(fake.values.enumerated().map { $1 + ($0 % 6 == $0 / 6 % 3 ? 2 : 0) }, dimension: 6)
            for result in [try ModeScore()(real: real, fake: fake), try ActivationMaximizationScore()(real: real, fake: fake), try ModifiedInceptionScore()(fake), try InceptionScoreExtrapolation()(fake),
                           try ConditionalInceptionScore(.between)(leaning, labels: labels), try ConditionalInceptionScore(.within)(leaning, labels: labels)] {
                results[result.metric, default: []].append(result)
            }
        }
        for (name, results) in results.sorted(by: { $0.key < $1.key }) {
            let mean = results.map(\.value).reduce(0, +) / 400
            let spread = (results.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / 399).squareRoot()
            let error = results.compactMap(\.standardError).reduce(0, +) / 400
            let covered = Double(results.count { $0.interval?.contains(mean) ?? false }) / 400
            print("coverage: \(name) | mean \(mean) | deviation \(spread) | standard error \(error) | covered \(covered)")
            // The extrapolation's quarters add noise of second order, which the interval leaves out.
            #expect(name == "is-infinity" ? covered > 0.88 : CoverageTests.nominal.contains(covered), "\(name): \(covered)")
        }
    }

    @Test func wrongInputIsNamed() throws {
        let none = FeatureSet(dimension: golden.classes)
        #expect(throws: EvaluationError.tooFewImages(metric: "mode-score", set: "generated", needed: 1, found: 0)) { try ModeScore()(real: real, fake: none) }
        #expect(throws: EvaluationError.tooFewImages(metric: "am-score", set: "real", needed: 1, found: 0)) { try ActivationMaximizationScore()(real: none, fake: fake) }
        #expect(throws: EvaluationError.tooFewImages(metric: "modified-is", set: "generated", needed: 1, found: 0)) { try ModifiedInceptionScore()(none) }
        #expect(throws: EvaluationError.tooFewImages(metric: "is-infinity with 12 classes", set: "generated", needed: 48, found: 47)) { try InceptionScoreExtrapolation()(fake.rows(0..<47)) }
        let other = try FeatureSet([1, 2, 3], dimension: 3)
        #expect(throws: EvaluationError.badShape(what: "class scores", expected: "3 classes as in the real set", found: "12")) { try ModeScore()(real: other, fake: fake) }
        let few = try ImageLabels([0], classNames: ["a"])
        #expect(throws: EvaluationError.badShape(what: "labels", expected: "420, one for each image", found: "1")) { try ConditionalInceptionScore(.within)(fake, labels: few) }
        let one = try ModeScore()(real: real, fake: fake.rows(0..<1))
        #expect(one.interval == nil && one.warnings == ["1 image is few for 12 predicted classes, whose frequencies they tell roughly; compare only values of equal numbers of images", "a single image does not tell how sure the value is: no interval"])
        #expect(try ActivationMaximizationScore()(real: real.rows(0..<59), fake: fake).warnings.count == 1)
        #expect(try ActivationMaximizationScore()(real: real.rows(0..<60), fake: fake).warnings.isEmpty)
    }
}
