import Evaluation
import Foundation
import TestSupport
import Testing

/// Kernel discrepancies, sliced distances, diversity, shapes and likelihoods against the peers' code, NumPy, SciPy and closed forms.
@Suite struct DiscrepancyMetricsTests {
    /// `discrepancy.json`, made by `make_discrepancy.py`.
    private struct Goldens: Decodable {
        struct Kernels: Decodable { let sigma: Double, median: Double, fixed: Double, cmmd: Double, kd: Double }
        struct Slices: Decodable { let directions: Int, equal: Int, mind: Double, second: Double, first: Double, asw: Double }
        struct Diversity: Decodable { let vendi: [Double], few: Double, similarity: Double, jackknife: Double }
        struct Shapes: Decodable { let imd: Double, lid: Double, lidTen: Double }
        struct Likelihoods: Decodable { let fld: Double, nll: [Double], copies: Double, fls: Double }
        struct Holes: Decodable { let rings: Double, features: Double }
        let holes: Holes, dimension: Int, real: Int, fake: Int, training: Int, kernels: Kernels, slices: Slices, diversity: Diversity, shapes: Shapes, likelihoods: Likelihoods
    }

    private let golden: Goldens
    private let real: FeatureSet, fake: FeatureSet, training: FeatureSet

    init() throws {
        golden = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/discrepancy.json"))))
        real = SyntheticFeatures.features(seed: 31, count: golden.real, dimension: golden.dimension)
        fake = SyntheticFeatures.features(seed: 32, count: golden.fake, dimension: golden.dimension, offset: 0.03, spread: 0.9)
        training = SyntheticFeatures.features(seed: 33, count: golden.training, dimension: golden.dimension)
    }

    private func circle(_ count: Int) throws -> FeatureSet {
        var rows: [Float] = []
        for index in 0..<count {
            let turn = 2 * Double.pi * Double(index) / Double(count)
            rows += [Float(cos(turn)), Float(sin(turn))]
        }
        return try FeatureSet(rows, dimension: 2)
    }

    @Test func kernelsEqualNumPy() throws {
        let (x, y) = (real.rows(0..<500), fake.rows(0..<500)), median = try GaussianDiscrepancy()(real: x, fake: y)
        #expect(abs(try #require(median[detail: "sigma"]) - golden.kernels.sigma) < 1e-9 && median.metric == "mmd")
        #expect(abs(median.value - golden.kernels.median) < 1e-9)
        #expect(abs(try GaussianDiscrepancy(bandwidth: .fixed(0.7))(real: x, fake: y).value - golden.kernels.fixed) < 1e-9)
        let subsets = KernelInceptionDistance(estimator: .subsets(.init(count: 100, size: 300)))
        #expect(abs(try subsets(real: x, fake: y).value - golden.kernels.kd) < 1e-9, "what `kd` is, on smaller subsets")
        // Directions are float32: 6e-8 of distances near 1, times 1000/200.
        let cmmd = try NormalisedDiscrepancy()(real: x, fake: y)
        #expect(abs(cmmd.value - golden.kernels.cmmd) < 1e-6, "\(cmmd.value)")
        #expect(try #require(cmmd[detail: "unbiased"]) < cmmd.value)
    }

    @Test func slicesEqualSciPy() throws {
        let golden = golden.slices, (x, y) = (real.rows(0..<golden.equal), fake.rows(0..<golden.equal))
        func distance(_ form: SlicedWasserstein.Form, _ x: FeatureSet, _ y: FeatureSet) throws -> Double { try SlicedWasserstein(form, directions: golden.directions)(real: x, fake: y).value }
        #expect(abs(try distance(.mind, x, y) / golden.mind - 1) < 1e-9)
        #expect(abs(try distance(.second, x, y) / golden.second - 1) < 1e-9)
        // Sets of 640 and 520 images: quantile functions with different steps.
        #expect(abs(try distance(.first, real, fake) / golden.first - 1) < 1e-9)
        #expect(abs(try ApproximateSlicedWasserstein()(real: real, fake: fake).value / golden.asw - 1) < 1e-9)
    }

    /// A shift by s moves every projection by ⟨s, θ⟩, whose square is ‖s‖²/d on average.
    @Test func aShiftMovesEverySlice() throws {
        let shifted = try FeatureSet(real.values.map { $0 + 0.5 }, dimension: real.dimension), d = Double(real.dimension)
        let mind = try SlicedWasserstein(.mind)(real: real, fake: shifted), error = try #require(mind[detail: "error_of_directions"])
        #expect(abs(mind.value - 3 * d * 0.25) < 4 * error && error < 0.05 * mind.value, "\(mind.value) ± \(error)")
        #expect(abs(try ApproximateSlicedWasserstein()(real: real, fake: shifted).value - 0.5) < 1e-6)
        #expect(try SlicedWasserstein(.second)(real: real, fake: real).value == 0)
        // Every image twice is the same distribution.
        let twice = real.rows((0..<real.count).flatMap { [$0, $0] })
        #expect(try SlicedWasserstein(.first, directions: 20)(real: real, fake: twice).value < 1e-12)
    }

    @Test func diversityEqualsThePackage() throws {
        for (order, expected) in zip([0.5, 1, 2, .infinity], golden.diversity.vendi) {
            let found = try VendiScore(order: order)(fake)
            #expect(abs(found / expected - 1) < 1e-6, "order \(order): \(found), \(expected)")
        }
        let few = SyntheticFeatures.features(seed: 34, count: 20, dimension: golden.dimension)
        #expect(abs(try VendiScore()(few) / golden.diversity.few - 1) < 1e-6, "fewer images than features")
        let similarity = try MeanSimilarity()(fake)
        #expect(abs(similarity.value - golden.diversity.similarity) < 1e-7)
        #expect(abs(try #require(similarity.standardError) / golden.diversity.jackknife - 1) < 1e-4)
    }

    @Test func imagesAlikeAndImagesApart() throws {
        let same = try FeatureSet([Float](repeating: 2, count: 30), dimension: 3), apart = try FeatureSet((0..<25).map { $0 / 5 == $0 % 5 ? 7 : 0 }, dimension: 5)
        #expect(try abs(VendiScore()(same) - 1) < 1e-6 && abs(VendiScore()(apart) - 5) < 1e-9 && abs(VendiScore(order: .infinity)(apart) - 5) < 1e-9 && abs(VendiScore(order: 0)(apart) - 5) < 1e-9)
        #expect(try abs(MeanSimilarity()(same).value - 1) < 1e-6 && MeanSimilarity()(apart).value == 0)
    }

    @Test func shapesEqualThePeers() throws {
        let imd = try IntrinsicDistance()(real: real, fake: fake)
        #expect(abs(imd.value / golden.shapes.imd - 1) < 1e-6, "\(imd.value), \(golden.shapes.imd)")
        #expect(imd.curves.count == 2 && imd.curves[0].points.count == 256)
        let lid = try CrossLID()(real: real, fake: fake)
        #expect(abs(lid.value / golden.shapes.lid - 1) < 1e-9, "\(lid.value)")
        #expect(abs(try CrossLID(neighbours: 10)(real: real, fake: fake).value / golden.shapes.lidTen - 1) < 1e-9)
        #expect(lid.warnings.count == 1, "520 images are no neighbourhood of 100")
    }

    /// Images on a circle are joined with their two nearest: the Laplacian's eigenvalues are 1 − cos(2πj/N), and with all Lanczos steps the quadrature is exact up to the choice of vectors.
    @Test func theHeatOfACircleIsKnown() throws {
        let count = 40, circle = try circle(count)
        let curve = try #require(try IntrinsicDistance(neighbours: 2, steps: 40, vectors: 2000)(real: circle, fake: circle).curves.first)
        for point in curve.points where point.x > 0.2 {
            var exact = 0.0
            for j in 0..<count { exact += exp(-point.x * (1 - cos(2 * Double.pi * Double(j) / Double(count)))) / Double(count) }
            #expect(abs(point.y - exact) < 0.02 * exact, "\(point.x): \(point.y), \(exact)")
        }
    }

    @Test func holesEqualThePeers() throws {
        func ring(_ seed: UInt64, _ count: Int, _ width: Double) throws -> FeatureSet {
            var rows: [Float] = []
            for index in 0..<UInt64(count) {
                let turn = 2 * Double.pi * SyntheticFeatures.uniform(seed, 2 * index), radius = 1 - width * SyntheticFeatures.uniform(seed, 2 * index + 1)
                rows += [Float(radius * cos(turn)), Float(radius * sin(turn))]
            }
            return try FeatureSet(rows, dimension: 2)
        }
        // Times are differences of distances, here in float32: 1e-5 of the largest time.
        let rings = try GeometryScore(repetitions: 20)(real: ring(41, 640, 0.3), fake: ring(42, 800, 1)).value
        #expect(abs(rings - golden.holes.rings) < 1e-3 && rings > 0.01, "\(rings), \(golden.holes.rings)")
        let found = try GeometryScore(repetitions: 20)(real: real, fake: fake).value
        #expect(abs(found - golden.holes.features) < 1e-3, "\(found), \(golden.holes.features)")
    }

    /// The only loop of a circle is open nearly all the time.
    @Test func aCircleHasOneHole() throws {
        let circle = try circle(5000)
        let times = try #require(GeometryScore(repetitions: 10)(real: circle, fake: circle).curves.first).points
        let whole: Double = times.map(\.y).reduce(0, +)
        #expect(times[1].y > 0.6 && abs(whole - 1) < 1e-9, "\(times[1].y)")
    }

    /// Images spread evenly in a ball of D dimensions around each real one have D dimensions.
    @Test func dimensionalityIsThatOfTheSpace() throws {
        var generator = MersenneTwister(seed: 3)
        let cube = try FeatureSet((0..<20_000 * 3).map { _ in Float(generator.randomSample()) }, dimension: 3), inner = try FeatureSet((0..<200 * 3).map { _ in Float(0.4 + 0.2 * generator.randomSample()) }, dimension: 3)
        let lid = try CrossLID()(real: inner, fake: cube)
        #expect(abs(lid.value - 3) < 0.1 && lid.warnings.isEmpty, "\(lid.value)")
    }

    @Test func likelihoodsEqualThePeers() throws {
        let test = real.rows(0..<520), fld = try FeatureLikelihood()(real: test, fake: fake, training: training)
        #expect(abs(fld.value - golden.likelihoods.fld) < 0.05 && abs(golden.likelihoods.fld) > 1, "\(fld.value), \(golden.likelihoods.fld)")
        #expect(abs(try #require(fld[detail: "nll"]) - golden.likelihoods.nll[0]) < 5e-4)
        let fls = try FeatureLikelihood(.fls)(real: test, fake: fake, training: training)
        #expect(abs(fls.value - golden.likelihoods.fls) < 0.1, "\(fls.value), \(golden.likelihoods.fls)")
    }

    /// Copies of training images are punished although they are as good as any.
    @Test func copiesAreUnlikelyToExplainUnseenImages() throws {
        let test = real.rows(0..<520), copies = training.rows(0..<400), value = try FeatureLikelihood()(real: test, fake: copies, training: training).value
        #expect(value > 10, "\(value)")
    }

    /// Other real images against the same generated ones for CrossLID; other generated images for the mean similarity; other sets for the discrepancy.
    @Test func intervalsCover() throws {
        var generator = MersenneTwister(seed: 99), results: [String: [MetricResult]] = [:]
        func draw(_ count: Int, _ shift: Double) throws -> FeatureSet { try FeatureSet((0..<6 * count).map { _ in Float(1 + shift + generator.standardNormal()) }, dimension: 6) }
        let fixed = try draw(400, 0.3)
        for _ in 0..<400 {
            let (real, fake) = (try draw(150, 0), try draw(150, 0.5))
            for result in [try CrossLID(neighbours: 20)(real: real, fake: fixed), try MeanSimilarity()(fake), try NormalisedDiscrepancy(sigma: 1)(real: real, fake: fake)] {
                results[result.metric, default: []].append(result)
            }
        }
        for (name, results) in results.sorted(by: { $0.key < $1.key }) {
            let mean = results.map(\.value).reduce(0, +) / 400, covered = Double(results.count { $0.interval?.contains(mean) ?? false }) / 400
            let spread = (results.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / 399).squareRoot(), error = results.compactMap(\.standardError).reduce(0, +) / 400
            print("coverage: \(name) | mean \(mean) | deviation \(spread) | standard error \(error) | covered \(covered)")
            #expect(CoverageTests.nominal.contains(covered), "\(name): \(covered)")
        }
    }

    /// What the commands report: one file of features for each set.
    @Test func theCatalogueKnowsThem() throws {
        try Fixtures.withTemporaryFolder { folder in
            for (name, set) in [("real", real), ("fake", fake), ("training", training)] {
                var batches = [set.values]
                try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: FeatureIdentity(["network": "inception-v3", "tap": "2048"]), dimension: set.dimension) { () throws(EvaluationError) in
                    batches.popLast().map { ($0, []) }
                }
            }
            let names = ["realism", "f-score", "1nn", "alpha-precision", "beta-recall", "authenticity", "prd-f8", "prd-f1-8", "divergence-frontier", "ndb", "bin-jsd", "mmd", "kd", "cmmd", "mind", "sw1", "sw2",
                         "asw", "vendi", "mean-similarity", "cross-lid", "imd", "geometry-score", "mtop", "fld", "fls"]
            let evaluator = Evaluator(try .named("default")) { preconditionFailure("no network is needed") }
            let report = try evaluator.evaluate(MetricCatalog.named(names.joined(separator: ",")), real: .open(folder + "/real.h5"), fake: .open(folder + "/fake.h5"), training: .open(folder + "/training.h5"))
            #expect(report.results.map(\.metric) == names)
            #expect(report.results.allSatisfy { $0.value.isFinite && $0.interval.map { $0.lower <= $0.upper } ?? true })
            let of = Dictionary(uniqueKeysWithValues: report.results.map { ($0.metric, $0) })
            // What shares its work gives what it gives alone.
            #expect(try of["1nn"] == NearestNeighbourTest()(real: real, fake: fake) && of["imd"]?.value == IntrinsicDistance()(real: real, fake: fake).value)
            #expect(of["vendi"]?[detail: "real"] != nil && of["mean-similarity"]?.realCount == real.count)
            #expect(throws: EvaluationError.setNeeded(metric: "fld", set: "training")) {
                try evaluator.evaluate(MetricCatalog.named("fld"), real: .open(folder + "/real.h5"), fake: .open(folder + "/fake.h5"))
            }
        }
    }

    @Test func wrongInputIsNamed() throws {
        let few = real.rows(0..<3), other = try FeatureSet([1, 2, 3, 4], dimension: 2), mismatch = EvaluationError.dimensionMismatch(first: golden.dimension, second: 2)
        let zero = try FeatureSet([Float](repeating: 0, count: 4 * golden.dimension), dimension: golden.dimension)
        #expect(throws: EvaluationError.tooFewImages(metric: "mmd", set: "generated", needed: 4, found: 3)) { try GaussianDiscrepancy()(real: real, fake: few) }
        #expect(throws: EvaluationError.tooFewImages(metric: "cmmd", set: "real", needed: 4, found: 3)) { try NormalisedDiscrepancy()(real: few, fake: fake) }
        #expect(throws: EvaluationError.tooFewImages(metric: "cross-lid with 100 neighbours", set: "generated", needed: 100, found: 3)) { try CrossLID()(real: real, fake: few) }
        #expect(throws: EvaluationError.tooFewImages(metric: "imd with 5 neighbours", set: "real", needed: 6, found: 3)) { try IntrinsicDistance()(real: few, fake: fake) }
        #expect(throws: EvaluationError.tooFewImages(metric: "fld", set: "training", needed: 4, found: 3)) { try FeatureLikelihood()(real: real, fake: fake, training: few) }
        #expect(throws: EvaluationError.badOption(name: "order", value: "-1.0", expected: "at least 0")) { try VendiScore(order: -1)(real) }
        #expect(throws: EvaluationError.badOption(name: "features of generated image 0", value: "zero", expected: "a vector with a direction")) { try VendiScore()(zero) }
        #expect(throws: EvaluationError.noSpread(metric: "mmd", set: "most of both sets")) { try GaussianDiscrepancy()(real: zero, fake: zero) }
        #expect(throws: EvaluationError.badOption(name: "directions", value: "1", expected: "at least 2")) { try SlicedWasserstein(.mind, directions: 1)(real: real, fake: fake) }
        #expect(throws: EvaluationError.badOption(name: "landmarks", value: "2", expected: "3…64")) { try GeometryScore(landmarks: 2)(real: real, fake: fake) }
        #expect(throws: EvaluationError.tooFewImages(metric: "geometry-score with 64 landmarks", set: "generated", needed: 64, found: 3)) { try GeometryScore()(real: real, fake: few) }
        #expect(throws: mismatch) { try SlicedWasserstein(.first)(real: real, fake: other) }
        #expect(throws: mismatch) { try ApproximateSlicedWasserstein()(real: real, fake: other) }
        #expect(throws: mismatch) { try FeatureLikelihood()(real: real, fake: other, training: training) }
    }
}
