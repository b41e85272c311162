import Evaluation
import Foundation
import TestSupport
import Testing

/// Realism, F-score, the nearest-neighbour test, α-precision, β-recall and authenticity against the peers' code, formulas in NumPy and closed forms.
@Suite struct DistributionMetricsTests {
    private let golden: DistributionGoldens
    private let real: FeatureSet, fake: FeatureSet

    init() throws {
        golden = try .read()
        real = SyntheticFeatures.features(seed: 21, count: golden.real, dimension: golden.dimension)
        fake = SyntheticFeatures.features(seed: 22, count: golden.fake, dimension: golden.dimension, offset: 0.03, spread: 0.9)
    }

    @Test func neighbourMeasuresEqualThePeers() throws {
        let realism = try RealismScore()(real: real, fake: fake), each = try RealismScore().scores(real: real, fake: fake)
        #expect(abs(realism.value - golden.neighbours.realism) < 1e-9, "\(realism.value)")
        for (found, expected) in zip(each, golden.neighbours.realismFirst) { #expect(abs(found - expected) < 1e-9) }
        #expect(each.count == fake.count && realism[detail: "share_at_least_1"] == Double(each.count { $0 >= 1 }) / Double(each.count) && realism.curves.first?.points.count == 101)
        #expect(abs(try ManifoldFScore()(real: real, fake: fake).value - golden.neighbours.fscore) < 1e-7)
        #expect(abs(try AuthenticShare()(real: real, fake: fake).value - golden.neighbours.authenticity) < 1e-6)
    }

    @Test func leaveOneOutEqualsNumPyAndItsNullDistributionSimulation() throws {
        let found = try NearestNeighbourTest()(real: real, fake: fake), golden = golden.leaveOneOut, count = Double(real.count + fake.count)
        #expect(abs(found.value - golden.accuracy) < 1e-12)
        let parts = (try #require(found[detail: "real_accuracy"]), try #require(found[detail: "fake_accuracy"]))
        #expect(abs(parts.0 - golden.real) < 1e-12 && abs(parts.1 - golden.fake) < 1e-12)
        // 200 000 random exchanges: their mean is off by 0.05 and their deviation by 0.03 or so.
        let mean = try #require(found[detail: "accuracy_if_alike"]) * count, deviation = (found.value * count - mean) / (try #require(found[detail: "z"]))
        #expect(abs(mean - golden.mean) < 0.2 && abs(deviation - golden.deviation) < 0.15, "\(mean) \(deviation)")
        #expect(found.warnings.count == 1, "sets of different sizes")
    }

    @Test func supportsEqualTheFormulaAndThePublishedCode() throws {
        let golden = golden.support
        // The midpoint rule of the fixture is off by half a step at each of the curve's jumps at most.
        #expect(abs(try AlphaPrecision()(real: real, fake: fake).value - golden.alpha) < 5e-5)
        #expect(abs(try BetaRecall()(real: real, fake: fake).value - golden.beta) < 5e-4)
        let alpha = try AlphaPrecision(convention: .published)(real: real, fake: fake), beta = try BetaRecall(convention: .published)(real: real, fake: fake)
        // Their distances are float32: an image on a sphere may fall on either side of it.
        #expect(abs(alpha.value - golden.publishedAlpha) < 2 / Double(fake.count) && abs(beta.value - golden.publishedBeta) < 2 / Double(real.count), "\(alpha.value) \(beta.value)")
        for (curve, expected, count) in [(alpha.curves[0], golden.publishedAlphaCurve, fake.count), (beta.curves[0], golden.publishedBetaCurve, real.count)] {
            #expect(curve.points.count == 30)
            for (point, expected) in zip(curve.points, expected) { #expect(abs(point.y - expected) <= 1.01 / Double(count), "\(curve.name) at \(point.x)") }
        }
    }

    @Test func aSetAgainstItselfAndAgainstItsCopies() throws {
        let realism = try RealismScore().scores(real: real, fake: real)
        // The kept half are their own nearest images.
        #expect(realism.count { $0 == .infinity } == real.count / 2)
        let test = try NearestNeighbourTest()(real: real, fake: real)
        #expect(test.value == 0 && (test[detail: "z"] ?? 0) < -10, "each image's nearest is its copy")
        #expect(try AuthenticShare()(real: real, fake: real).value == 0)
        #expect(abs(try AlphaPrecision()(real: real, fake: real).value - 1) < 0.002)
        let apart = try FeatureSet(real.values.map { $0 + 100 }, dimension: real.dimension)
        #expect(try NearestNeighbourTest()(real: real, fake: apart).value == 1 && AuthenticShare()(real: real, fake: apart).value == 1)
        // No ball holds anything: ∫|0 − α| dα = ½.
        #expect(try abs(AlphaPrecision()(real: real, fake: apart).value) < 1e-12 && abs(BetaRecall()(real: real, fake: apart).value) < 1e-12)
        #expect(try ManifoldFScore()(real: real, fake: apart).value == 0)
    }

    /// All generated images in the middle: P(α) = 1 for every α but 0.
    @Test func typicalImagesOnlyLackAlphaPrecision() throws {
        var generator = MersenneTwister(seed: 5)
        let real = try FeatureSet((0..<4000).map { _ in Float(generator.standardNormal()) }, dimension: 4), middle = try FeatureSet([Float](repeating: 0, count: 400), dimension: 4)
        let value = try AlphaPrecision()(real: real, fake: middle).value
        #expect(abs(value) < 0.02, "1 − 2·∫(1 − α) dα = 0: \(value)")
    }

    @Test func ordersAndBlocksMakeNoDifference() throws {
        let large = SyntheticFeatures.features(seed: 15, count: 2300, dimension: 16), other = SyntheticFeatures.features(seed: 16, count: 1150, dimension: 16, offset: 0.02, spread: 0.9)
        let reversed = large.rows((0..<large.count).reversed())
        func all(_ real: FeatureSet, _ fake: FeatureSet) throws -> [Double] {
            [try RealismScore()(real: real, fake: fake).value, try NearestNeighbourTest()(real: real, fake: fake).value, try BetaRecall()(real: real, fake: fake).value,
             try BetaRecall(convention: .published)(real: real, fake: fake).value, try AuthenticShare()(real: real, fake: fake).value, try AlphaPrecision()(real: real, fake: fake).value]
        }
        for (a, b) in zip(try all(large, other), try all(reversed, other)) { #expect(abs(a - b) < 1e-9) }
    }

    /// Other generated images against the same real ones; for β-recall other real ones against the same generated ones.
    @Test func intervalsCover() throws {
        var generator = MersenneTwister(seed: 777)
        func draw(_ count: Int, _ spread: Double) throws -> FeatureSet { try FeatureSet((0..<6 * count).map { _ in Float(spread * generator.standardNormal()) }, dimension: 6) }
        let (real, fake) = (try draw(300, 1), try draw(300, 0.8))
        var results: [String: [MetricResult]] = [:]
        for _ in 0..<400 {
            let generated = try draw(300, 0.8), truth = try draw(300, 1)
            for result in [try RealismScore()(real: real, fake: generated), try AlphaPrecision()(real: real, fake: generated), try AuthenticShare()(real: real, fake: generated),
                           try BetaRecall()(real: truth, fake: fake)] { results[result.metric, default: []].append(result) }
        }
        for (name, results) in results.sorted(by: { $0.key < $1.key }) {
            let mean = results.map(\.value).reduce(0, +) / 400
            let spread = (results.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / 399).squareRoot(), error = results.compactMap(\.standardError).reduce(0, +) / 400
            let covered = Double(results.count { $0.interval?.contains(mean) ?? false }) / 400
            print("coverage: \(name) | mean \(mean) | deviation \(spread) | standard error \(error) | covered \(covered)")
            #expect(CoverageTests.nominal.contains(covered), "\(name): \(covered)")
        }
    }

    /// Sets of one distribution: the test is right about as often as chance, and calls them different in 5 % of cases.
    @Test func theNearestNeighbourTestHoldsItsLevel() throws {
        var generator = MersenneTwister(seed: 31), rejected = 0, values: [Double] = []
        func draw(_ count: Int) throws -> FeatureSet { try FeatureSet((0..<5 * count).map { _ in Float(generator.standardNormal()) }, dimension: 5) }
        for _ in 0..<400 {
            let result = try NearestNeighbourTest()(real: draw(120), fake: draw(120))
            values.append(result.value)
            if try #require(result[detail: "p_value"]) < 0.05 { rejected += 1 }
        }
        let mean = values.reduce(0, +) / 400
        #expect(abs(mean - 119 / 239) < 0.008, "\(mean)")
        #expect(8...34 ~= rejected, "\(rejected) of 400 where 20 are expected")
    }

    @Test func wrongInputIsNamed() throws {
        let one = real.rows(0..<1), other = try FeatureSet([1, 2, 3, 4], dimension: 2)
        #expect(throws: EvaluationError.tooFewImages(metric: "realism with 3 neighbours", set: "generated", needed: 4, found: 1)) { try RealismScore()(real: real, fake: one) }
        #expect(throws: EvaluationError.tooFewImages(metric: "1nn with 1 neighbours", set: "real", needed: 2, found: 1)) { try NearestNeighbourTest()(real: one, fake: fake) }
        #expect(throws: EvaluationError.badOption(name: "neighbours", value: "0", expected: "at least 1")) { try BetaRecall(neighbours: 0)(real: real, fake: fake) }
        #expect(throws: EvaluationError.dimensionMismatch(first: golden.dimension, second: 2)) { try AlphaPrecision()(real: real, fake: other) }
        #expect(throws: EvaluationError.dimensionMismatch(first: golden.dimension, second: 2)) { try AuthenticShare()(real: real, fake: other) }
        #expect(throws: EvaluationError.tooFewImages(metric: "realism of images that are no real ones", set: "generated", needed: 2, found: 0)) {
            let points = try FeatureSet([0, 1, 3, 6, 10, 15], dimension: 1)
            _ = try RealismScore(neighbours: 1)(real: points, fake: points.rows([0, 1]))
        }
    }
}
