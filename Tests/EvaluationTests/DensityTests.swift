import Evaluation
import Foundation
import TestSupport
import Testing

/// Parzen windows and nearest distances against scikit-learn and closed forms.
@Suite struct DensityTests {
    /// `densities.json`, made by `make_densities.py`.
    private struct Goldens: Decodable {
        let dimension: Int, real: Int, fake: Int, deviation: Double, validation: Double, logLikelihood: Double, standardError: Double
        let coverage: Double, coverageDeviation: Double, threshold: Double, retrieval: Double, median: Double
    }

    private let golden: Goldens
    private let real: FeatureRows, fake: FeatureRows

    init() throws {
        golden = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/densities.json"))))
        real = .memory(SyntheticFeatures.features(seed: 71, count: golden.real, dimension: golden.dimension))
        fake = .memory(SyntheticFeatures.features(seed: 72, count: golden.fake, dimension: golden.dimension, offset: 0.02, spread: 1.1))
    }

    @Test func equalScikitLearn() throws {
        let likelihood = try ParzenLogLikelihood()(real: real, fake: fake), coverage = try ParzenCoverage()(real: real, fake: fake), retrieval = try ImageRetrieval()(real: real, fake: fake)
        let pairs: [(Double?, Double)] = [
            (likelihood.value, golden.logLikelihood), (likelihood.standardError, golden.standardError), (likelihood[detail: "deviation"], golden.deviation),
            (likelihood[detail: "validation_log_likelihood"], golden.validation), (coverage.value, golden.coverage), (coverage[detail: "deviation"], golden.coverageDeviation),
            (coverage[detail: "log_density_threshold"], golden.threshold), (retrieval.value, golden.retrieval), (retrieval[detail: "median"], golden.median)]
        for (index, (found, expected)) in pairs.enumerated() {
            let found = try #require(found)
            #expect(abs(found / expected - 1) < 1e-9, "number \(index): \(found), expected \(expected)")
        }
        #expect(likelihood.warnings == ["360 windows estimate a density of 6 dimensions badly; compare only values of equal numbers of images"])
    }

    /// Many draws of a standard normal: the log-likelihood comes near its negative entropy, and coverage near the mass.
    @Test func alikeSetsGiveTheClosedForms() throws {
        var generator = MersenneTwister(seed: 12)
        func draw(_ count: Int) throws -> FeatureRows { .memory(try FeatureSet((0..<count).map { _ in Float(generator.standardNormal()) }, dimension: 1)) }
        let (real, fake) = (try draw(4000), try draw(4000))
        let likelihood = try ParzenLogLikelihood()(real: real, fake: fake), coverage = try ParzenCoverage()(real: real, fake: fake)
        #expect(abs(likelihood.value + 0.5 * log(2 * Double.pi * M_E)) < 0.05 && likelihood.warnings.isEmpty, "\(likelihood.value)")
        #expect(abs(coverage.value - 0.95) < 0.02 && coverage.interval?.contains(0.95) == true, "\(coverage.value)")
        // A generator of one of two modes covers 95 % of it and nothing of the other, whatever the deviation; that none fits both modes is said.
        guard case .memory(let all) = real, case .memory(let one) = fake else { return }
        let modes = FeatureRows.memory(try FeatureSet(all.values.enumerated().map { $1 + ($0 / 2 % 2 == 0 ? 50 : -50) }, dimension: 1))
        let collapsed = try ParzenCoverage()(real: modes, fake: .memory(FeatureSet(one.values.map { $0 + 50 }, dimension: 1)))
        #expect(abs(collapsed.value - 0.475) < 0.02 && collapsed.warnings.contains { $0.hasPrefix("the best deviation is at the edge") }, "\(collapsed.value)")
    }

    /// Two real images, one a generated one's copy, the other 1 from its nearest.
    @Test func retrievalOfKnownDistances() throws {
        let result = try ImageRetrieval()(real: .memory(FeatureSet([0, 0, 3, 4], dimension: 2)), fake: .memory(FeatureSet([0, 1, 3, 4], dimension: 2)))
        #expect(abs(result.value - 0.5) < 1e-12 && result[detail: "median"] == result.value)
        // Far from zero nothing cancels.
        let far = try ImageRetrieval()(real: .memory(FeatureSet([1e6, 1e6, 1e6 + 3, 1e6 + 4], dimension: 2)), fake: .memory(FeatureSet([1e6, 1e6 + 1, 1e6 + 3, 1e6 + 4], dimension: 2)))
        #expect(abs(far.value - 0.5) < 1e-9)
    }

    @Test func limitsAreSaid() throws {
        let result = try ParzenLogLikelihood(limit: 100)(real: real, fake: fake)
        #expect(result.warnings.first == "100 real and 100 generated images were used, evenly spaced" && result.realCount == golden.real)
        let apart = FeatureRows.memory(SyntheticFeatures.features(seed: 72, count: 50, dimension: golden.dimension, offset: 9))
        #expect(try ParzenLogLikelihood()(real: real, fake: apart).warnings.contains { $0.hasPrefix("the best deviation is at the edge") })
        #expect(try ParzenCoverage()(real: real, fake: apart).value == 0)
    }

    @Test func wrongInputIsNamed() throws {
        guard case .memory(let set) = real else { return }
        let three = FeatureRows.memory(set.rows(0..<3)), narrow = FeatureRows.memory(try FeatureSet([1, 2, 3, 4], dimension: 1)), same = FeatureRows.memory(try FeatureSet([Float](repeating: 2, count: 60), dimension: 6))
        #expect(throws: EvaluationError.tooFewImages(metric: "parzen-log-likelihood", set: "real", needed: 4, found: 3)) { try ParzenLogLikelihood()(real: three, fake: fake) }
        #expect(throws: EvaluationError.tooFewImages(metric: "parzen-coverage", set: "generated", needed: 4, found: 3)) { try ParzenCoverage()(real: real, fake: three) }
        #expect(throws: EvaluationError.dimensionMismatch(first: 6, second: 1)) { try ImageRetrieval()(real: real, fake: narrow) }
        #expect(throws: EvaluationError.noSpread(metric: "parzen-coverage", set: "all generated ones")) { try ParzenCoverage()(real: real, fake: same) }
        #expect(throws: EvaluationError.badOption(name: "mass", value: "1.0", expected: "a number between 0 and 1")) { try ParzenCoverage(mass: 1)(real: real, fake: fake) }
        #expect(throws: EvaluationError.tooFewImages(metric: "image-retrieval", set: "generated", needed: 1, found: 0)) { try ImageRetrieval()(real: real, fake: .memory(FeatureSet(dimension: 6))) }
    }
}
