import Evaluation
import Foundation
import TestSupport
import Testing

/// Precision, recall, density and coverage against `prdc`, torch-fidelity, whole numbers and closed forms.
@Suite struct NeighbourMetricsTests {
    /// `neighbours.json`, made by `make_neighbours.py`.
    private struct Goldens: Decodable {
        struct Pair: Decodable { let precision: Double, recall: Double }
        struct Four: Decodable { let precision: Double, recall: Double, density: Double, coverage: Double }
        struct Tied: Decodable { let precision: Double, recall: Double, strictPrecision: Double, strictRecall: Double, density: Double, coverage: Double }
        let dimension: Int, real: Int, fake: Int, fidelity: Pair, prdc3: Four, prdc5: Four
        let largeDimension: Int, largeReal: Int, largeFake: Int, largeFidelity: Pair, largePrdc5: Four
        let tiedReal: Int, tiedFake: Int, tiedFidelity: Pair, tiedPrdc5: Four, tied3: Tied, tied5: Tied
    }

    private let golden: Goldens
    private let real: FeatureSet, fake: FeatureSet

    init() throws {
        golden = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/neighbours.json"))))
        real = SyntheticFeatures.features(seed: 11, count: golden.real, dimension: golden.dimension)
        fake = SyntheticFeatures.features(seed: 12, count: golden.fake, dimension: golden.dimension, offset: 0.03, spread: 0.9)
    }

    private func four(_ real: FeatureSet, _ fake: FeatureSet, wide k: Int = 5) throws -> [Double] {
        [try ManifoldPrecision()(real: real, fake: fake).value, try ManifoldRecall()(real: real, fake: fake).value,
         try ManifoldDensity(neighbours: k)(real: real, fake: fake).value, try ManifoldCoverage(neighbours: k)(real: real, fake: fake).value]
    }

    /// Shares are whole numbers over the number of images; torch-fidelity divides in float32.
    private func expect(_ found: [Double], _ expected: [Double], _ comment: Comment = "") {
        for (found, expected) in zip(found, expected) { #expect(abs(found - expected) < 1e-7, comment) }
    }

    @Test func equalThePeers() throws {
        expect(try four(real, fake), [golden.fidelity.precision, golden.fidelity.recall, golden.prdc5.density, golden.prdc5.coverage])
        let narrow = try four(real, fake, wide: 3)
        // Without ties both conventions are one.
        expect(narrow, [golden.prdc3.precision, golden.prdc3.recall, golden.prdc3.density, golden.prdc3.coverage])
        expect([try ManifoldPrecision(neighbours: 5)(real: real, fake: fake).value, try ManifoldRecall(neighbours: 5)(real: real, fake: fake).value],
               [golden.prdc5.precision, golden.prdc5.recall])
    }

    /// 2 300 and 1 150 images are several blocks of distances, the last ones not full.
    @Test func blocksMakeNoDifference() throws {
        let real = SyntheticFeatures.features(seed: 15, count: golden.largeReal, dimension: golden.largeDimension)
        let fake = SyntheticFeatures.features(seed: 16, count: golden.largeFake, dimension: golden.largeDimension, offset: 0.02, spread: 0.9)
        expect(try four(real, fake), [golden.largeFidelity.precision, golden.largeFidelity.recall, golden.largePrdc5.density, golden.largePrdc5.coverage])
    }

    private func grid(_ seed: UInt64, _ count: Int) throws -> FeatureSet {
        try FeatureSet((0..<UInt64(2 * count)).map { Float((SyntheticFeatures.uniform(seed, $0) * 7).rounded(.down)) }, dimension: 2)
    }

    /// On a small grid most comparisons are ties and many images are the same.
    @Test func tiesFollowTheConventions() throws {
        let (real, fake) = (try grid(13, golden.tiedReal), try grid(14, golden.tiedFake))
        expect(try four(real, fake, wide: 3), [golden.tied3.precision, golden.tied3.recall, golden.tied3.density, golden.tied3.coverage])
        expect(try four(real, fake), [golden.tiedFidelity.precision, golden.tiedFidelity.recall, golden.tiedPrdc5.density, golden.tiedPrdc5.coverage])
        #expect(golden.tied3.strictPrecision < golden.tied3.precision && golden.tied5.density == golden.tiedPrdc5.density, "the conventions differ here, so the test tells them apart")
    }

    /// Asked together, one pass over the pairs answers for all; asked alone, each has its own. Ties make every convention count.
    @Test func onePassEqualsMany() throws {
        try Fixtures.withTemporaryFolder { folder in
            func file(_ name: String, _ set: FeatureSet) throws -> EvaluationInput {
                var batches = [set.values]
                try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: FeatureIdentity(["network": "a"]), dimension: set.dimension) { () throws(EvaluationError) in batches.popLast().map { ($0, []) } }
                return try EvaluationInput.open("\(folder)/\(name).h5")
            }
            let (real, fake) = (try file("real", grid(13, golden.tiedReal)), try file("fake", grid(14, golden.tiedFake)))
            let evaluator = Evaluator(try .named("default")) { fatalError("a network was loaded") }
            func values(_ names: String) throws -> [Double] { try evaluator.evaluate(MetricCatalog.named(names), real: real, fake: fake).results.map(\.value) }
            let names = ["coverage", "recall", "f-score", "density", "precision", "realism"]
            #expect(try values(names.joined(separator: ",")) == names.flatMap { try values($0) })
        }
    }

    /// Single precision overflows or loses every product here; the answer is that of the same numbers in another unit.
    @Test(arguments: [Float(0x1p70), 0x1p-80]) func numbersBeyondSinglePrecisionCountAlike(_ unit: Float) throws {
        func scaled(_ set: FeatureSet) throws -> FeatureSet { try FeatureSet(set.rows(0..<120).values.map { $0 * unit }, dimension: set.dimension) }
        expect(try four(scaled(real), scaled(fake)), try four(real.rows(0..<120), fake.rows(0..<120)))
    }

    /// A million times their spread away from zero: what single precision can say of a distance is nothing, and must not be believed.
    @Test func aLargeMeanIsHarmless() throws {
        func moved(_ set: FeatureSet) throws -> FeatureSet { try FeatureSet(set.rows(0..<120).values.map { ($0 * 1024).rounded() + 1_048_576 }, dimension: set.dimension) }
        func rounded(_ set: FeatureSet) throws -> FeatureSet { try FeatureSet(set.rows(0..<120).values.map { ($0 * 1024).rounded() }, dimension: set.dimension) }
        expect(try four(moved(real), moved(fake)), try four(rounded(real), rounded(fake)))
    }

    @Test func aSetAgainstItself() throws {
        // Each open ball holds its centre and the k − 1 nearest others: density is 1.
        expect(try four(real, real), [1, 1, 1, 1])
        // A single image over and over has balls without extent: closed ones hold it, open ones hold nothing.
        let one = try FeatureSet([Float](repeating: 3, count: 2 * 8), dimension: 2)
        #expect(try four(one, one) == [1, 1, 0, 0])
    }

    @Test func ordersAndSidesMakeNoDifference() throws {
        let reversed = real.rows((0..<real.count).reversed())
        #expect(try four(reversed, fake) == four(real, fake))
        #expect(try ManifoldPrecision()(real: fake, fake: real).value == ManifoldRecall()(real: real, fake: fake).value)
    }

    /// Of one distribution, whatever it is: a generated image is the r-th nearest to a real one with the same probability for every rank, hence E density = 1 and
    /// E coverage = 1 − Π (N − i)/(M + N − i), i = 1…k (Naeem et al. 2020).
    @Test(arguments: [(60, 60), (80, 40), (40, 90)]) func alikeSetsGiveTheClosedForms(_ n: Int, _ m: Int) throws {
        var generator = MersenneTwister(seed: 77), density: [Double] = [], coverage: [Double] = []
        for _ in 0..<300 {
            func draw(_ count: Int) throws -> FeatureSet { try FeatureSet((0..<3 * count).map { _ in Float(generator.standardNormal()) }, dimension: 3) }
            let (real, fake) = (try draw(n), try draw(m))
            density.append(try ManifoldDensity()(real: real, fake: fake).value)
            coverage.append(try ManifoldCoverage()(real: real, fake: fake).value)
        }
        func check(_ values: [Double], _ expected: Double) {
            let count = Double(values.count), mean = values.reduce(0, +) / count
            let error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot()
            #expect(abs(mean - expected) < 4 * error && error < 0.01, "\(mean) ± \(error), expected \(expected)")
        }
        check(density, 1)
        check(coverage, 1 - (1...5).reduce(1.0) { $0 * Double(n - $1) / Double(m + n - $1) })
    }

    /// What each interval claims: other generated images against the same real ones (for recall, other real ones against the same generated ones).
    @Test func intervalsCover() throws {
        var generator = MersenneTwister(seed: 4242)
        func draw(_ count: Int, _ spread: Double) throws -> FeatureSet { try FeatureSet((0..<6 * count).map { _ in Float(spread * generator.standardNormal()) }, dimension: 6) }
        let (real, fake) = (try draw(300, 1), try draw(300, 0.8))
        var results: [String: [MetricResult]] = [:]
        for _ in 0..<400 {
            let generated = try draw(300, 0.8), truth = try draw(300, 1)
            results["precision", default: []].append(try ManifoldPrecision()(real: real, fake: generated))
            results["recall", default: []].append(try ManifoldRecall()(real: truth, fake: fake))
            results["density", default: []].append(try ManifoldDensity()(real: real, fake: generated))
            results["coverage", default: []].append(try ManifoldCoverage()(real: real, fake: generated))
        }
        for (name, results) in results.sorted(by: { $0.key < $1.key }) {
            let mean = results.map(\.value).reduce(0, +) / 400
            let spread = (results.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / 399).squareRoot()
            let error = results.compactMap(\.standardError).reduce(0, +) / 400
            let covered = Double(results.count { $0.interval?.contains(mean) ?? false }) / 400
            print("coverage: \(name) | mean \(mean) | deviation \(spread) | standard error \(error) | covered \(covered)")
            // Coverage's jackknife errs on the wide side.
            #expect((name == "coverage" ? CoverageTests.conservative : CoverageTests.nominal).contains(covered), "\(name): \(covered)")
        }
    }

    /// Nothing is known of the error where every generated image counts the same.
    @Test func noOverlapHasNoInterval() throws {
        let far = SyntheticFeatures.features(seed: 14, count: 40, dimension: golden.dimension, offset: 100)
        for result in [try ManifoldDensity()(real: real, fake: far), try ManifoldCoverage()(real: real, fake: far)] {
            #expect(result.value == 0 && result.interval == nil && result.standardError == nil && result.warnings == ["every image counts the same, which does not tell how sure the value is: no interval"])
        }
    }

    @Test func sharesAtTheEndsHaveIntervals() {
        let none = ConfidenceInterval(share: 0, count: 100, confidence: 0.95), all = ConfidenceInterval(share: 1, count: 100, confidence: 0.95)
        // z²/(n + z²) with z = 1.959964.
        #expect(none.lower == 0 && abs(none.upper - 0.036993) < 1e-6 && all.upper == 1 && abs(all.lower - 0.963007) < 1e-6)
        // SciPy's binomtest(37, 100).proportion_ci(method="wilson").
        let some = ConfidenceInterval(share: 0.37, count: 100, confidence: 0.95)
        #expect(abs(some.lower - 0.281824) < 1e-5 && abs(some.upper - 0.467795) < 1e-5, "\(some)")
    }

    @Test func wrongInputIsNamed() throws {
        let few = real.rows(0..<3)
        #expect(throws: EvaluationError.tooFewImages(metric: "precision with 3 neighbours", set: "real", needed: 4, found: 3)) { try ManifoldPrecision()(real: few, fake: fake) }
        #expect(throws: EvaluationError.tooFewImages(metric: "coverage with 5 neighbours", set: "generated", needed: 6, found: 3)) { try ManifoldCoverage()(real: real, fake: few) }
        #expect(throws: EvaluationError.badOption(name: "neighbours", value: "0", expected: "at least 1")) { try ManifoldRecall(neighbours: 0)(real: real, fake: fake) }
        let other = try FeatureSet([Float](repeating: 1, count: 20), dimension: 2)
        #expect(throws: EvaluationError.dimensionMismatch(first: golden.dimension, second: 2)) { try ManifoldDensity()(real: real, fake: other) }
    }

    /// The command's metrics share their neighbours and say which network they are of.
    @Test func theCatalogueKnowsThem() throws {
        try Fixtures.withTemporaryFolder { folder in
            for (name, set) in [("real", real), ("fake", fake)] {
                var batches = [set.values]
                try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: FeatureIdentity(["network": "vgg16", "tap": "fc2_relu"]), dimension: set.dimension) { () throws(EvaluationError) in
                    batches.popLast().map { ($0, []) }
                }
            }
            let evaluator = Evaluator(try .named("default")) { preconditionFailure("no network is needed") }
            let metrics = try MetricCatalog.named("coverage,precision,density,recall")
            let report = try evaluator.evaluate(metrics, real: .open(folder + "/real.h5"), fake: .open(folder + "/fake.h5"))
            let alone = try four(real, fake)
            #expect(report.results.map(\.value) == [alone[3], alone[0], alone[2], alone[1]])
            #expect(report.titles[1] == "Precision (vgg16, unpublished weights)" && metrics.allSatisfy { $0.about.better == .larger })
        }
    }
}
