import Evaluation
import Foundation
import TestSupport
import Testing

/// Distances class by class, MiFID and FID∞ against SciPy, torchmetrics and their own bounds.
@Suite struct ClassDistanceTests {
    private let golden = ScoreGoldens.all.classes
    private let real: FeatureSet, fake: FeatureSet, realLabels: ImageLabels, fakeLabels: ImageLabels
    private static let names = ["first class", "Second", "third"]

    init() throws {
        let d = golden.dimension
        let a = (0..<golden.real).map { [0, 0, 1, 2][$0 % 4] }, b = (0..<golden.fake).map { $0 * 5 % 4 % 3 }
        func moved(_ rows: [Float], _ labels: [Int], _ step: Double) throws -> FeatureSet {
            try FeatureSet(rows.enumerated().map { Float(Double($1) + step * Double(labels[$0 / d])) }, dimension: d)
        }
        real = try moved(SyntheticFeatures.rows(seed: 31, count: golden.real, dimension: d), a, 0.3)
        fake = try moved(SyntheticFeatures.rows(seed: 32, count: golden.fake, dimension: d, offset: 0.05, spread: 1.2), b, 0.35)
        realLabels = try ImageLabels(a, classNames: Self.names)
        // The same classes under other numbers.
        fakeLabels = try ImageLabels(b.map { 2 - $0 }, classNames: Self.names.reversed())
    }

    @Test func equalSciPy() throws {
        let intra = try IntraFrechetDistance()(real: real, labels: realLabels, fake: fake, labels: fakeLabels)
        #expect(abs(intra.value / golden.intra - 1) < 1e-9)
        for (name, expected) in zip(["fid_of_class_first_class", "fid_of_class_second", "fid_of_class_third"], golden.perClass) {
            #expect(abs(try #require(intra[detail: name]) / expected - 1) < 1e-9, "\(name)")
        }
        #expect(intra.interval != nil && intra.warnings.isEmpty)
        let others: [(MetricResult, Double)] = [
            (try WithinClassFrechetDistance()(real: real, labels: realLabels, fake: fake, labels: fakeLabels), golden.within),
            (try BetweenClassFrechetDistance()(real: real, labels: realLabels, fake: fake, labels: fakeLabels), golden.between),
            (try ConditionalFrechetDistance()(real: real, labels: realLabels, fake: fake, labels: fakeLabels), golden.conditional),
            (try ClassAwareFrechetDistance()(real: real, realScores: ScoreGoldens.logits(33, golden.real, 4, spread: 6), fake: fake, fakeScores: ScoreGoldens.logits(34, golden.fake, 4, spread: 6)), golden.aware)]
        for (result, expected) in others { #expect(abs(result.value / expected - 1) < 1e-9, "\(result.metric): \(result.value), expected \(expected)") }
    }

    /// FID ≤ BCFID + WCFID for classes as frequent in both sets (Benny et al. 2021): the root of a product of sums is at least the sum of the roots.
    @Test func theTwoPartsBoundTheWhole() throws {
        let labels = try ImageLabels((0..<240).map { $0 % 3 }, classNames: Self.names)
        for seed in UInt64(60)..<66 {
            let a = SyntheticFeatures.features(seed: seed, count: 240, dimension: 6), b = SyntheticFeatures.features(seed: seed + 10, count: 240, dimension: 6, offset: 0.1, spread: 1.4)
            let whole = try FrechetDistance(a, b, convention: .population).value
            let between = try BetweenClassFrechetDistance()(real: a, labels: labels, fake: b, labels: labels).value
            let within = try WithinClassFrechetDistance(convention: .population)(real: a, labels: labels, fake: b, labels: labels).value
            #expect(whole <= between + within + 1e-12 && whole > 0.01, "\(whole) > \(between) + \(within)")
        }
    }

    /// New images of the same classes: the interval covers the mean over such draws.
    @Test func intervalsCover() throws {
        var generator = MersenneTwister(seed: 17), results: [MetricResult] = []
        let labels = try ImageLabels((0..<300).map { [0, 0, 1][$0 % 3] }, classNames: ["a", "b"])
        func draw(_ shift: Double, _ spread: Double) throws -> FeatureSet {
            try FeatureSet((0..<300 * 6).map { Float(spread * generator.standardNormal() + ($0 / 6 % 3 == 2 ? shift : 0)) }, dimension: 6)
        }
        for _ in 0..<400 { results.append(try IntraFrechetDistance()(real: draw(1, 1), labels: labels, fake: draw(1.5, 1.3), labels: labels)) }
        let mean = results.map(\.value).reduce(0, +) / 400, spread = (results.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / 399).squareRoot()
        let covered = Double(results.count { $0.interval?.contains(mean) ?? false }) / 400
        print("coverage: intra-fid | mean \(mean) | deviation \(spread) | standard error \(results.compactMap(\.standardError).reduce(0, +) / 400) | covered \(covered)")
        #expect(CoverageTests.nominal.contains(covered), "\(covered)")
    }

    /// Images of the wrong classes: FID sees nothing, the distances of classes do.
    @Test func wrongClassesAreSeen() throws {
        let wrong = try ImageLabels(realLabels.labels.map { ($0 + 1) % 3 }, classNames: Self.names)
        #expect(abs(try FrechetDistance(real, real).value) < 1e-12)
        #expect(try IntraFrechetDistance()(real: real, labels: realLabels, fake: real, labels: wrong).value > 0.5)
        #expect(try ConditionalFrechetDistance()(real: real, labels: realLabels, fake: real, labels: wrong).value > 0.5)
        #expect(abs(try IntraFrechetDistance()(real: real, labels: realLabels, fake: real, labels: realLabels).value) < 1e-12)
    }

    @Test func classesWithTooFewImagesAreSaid() throws {
        let lonely = try ImageLabels([Int](repeating: 0, count: golden.fake - 1) + [1], classNames: ["third", "Second", ])
        let result = try IntraFrechetDistance()(real: real, labels: realLabels, fake: fake, labels: lonely)
        #expect(result[detail: "classes"] == 1 && result[detail: "fid_of_class_third"] != nil)
        #expect(result.warnings == ["left out, fewer than 2 images in a set: first class (\(realLabels.labels.count { $0 == 0 }) real, 0 generated), Second (\(realLabels.labels.count { $0 == 1 }) real, 1 generated)"])
        let strange = try ImageLabels((0..<golden.fake).map { $0 % 2 }, classNames: ["third", "fourth"])
        #expect(try BetweenClassFrechetDistance()(real: real, labels: realLabels, fake: fake, labels: strange).warnings.contains { $0 == "left out, classes that no real image has: fourth" })
        let few = try IntraFrechetDistance()(real: real.rows(0..<20), labels: ImageLabels(Array(realLabels.labels[0..<20]), classNames: Self.names), fake: fake, labels: fakeLabels)
        #expect(few.warnings.contains { $0.hasPrefix("a class has only 5 images in a set for 10 features") })
    }

    @Test func wrongInputIsNamed() throws {
        let unrelated = try ImageLabels([Int](repeating: 0, count: golden.fake), classNames: ["zebra"])
        #expect(throws: EvaluationError.noCommonClass(metric: "intra-fid", real: "Second, first class, third", fake: "zebra")) {
            try IntraFrechetDistance()(real: real, labels: realLabels, fake: fake, labels: unrelated)
        }
        #expect(throws: EvaluationError.badShape(what: "labels", expected: "330, one for each image", found: "280")) {
            try ConditionalFrechetDistance()(real: real, labels: fakeLabels, fake: fake, labels: fakeLabels)
        }
        let narrow = try FeatureSet([1, 2, 3, 4], dimension: 2), pair = try ImageLabels([0, 0], classNames: ["third"])
        #expect(throws: EvaluationError.dimensionMismatch(first: 10, second: 2)) { try BetweenClassFrechetDistance()(real: real, labels: realLabels, fake: narrow, labels: pair) }
        #expect(throws: EvaluationError.badShape(what: "class scores", expected: "330 rows, one for each image", found: "280")) {
            try ClassAwareFrechetDistance()(real: real, realScores: ScoreGoldens.logits(34, golden.fake, 4, spread: 6), fake: fake, fakeScores: ScoreGoldens.logits(34, golden.fake, 4, spread: 6))
        }
    }

    @Test func mifidEqualsTorchmetrics() throws {
        let golden = ScoreGoldens.all.memorization, d = golden.dimension
        let real = SyntheticFeatures.features(seed: 41, count: golden.real, dimension: d), other = SyntheticFeatures.features(seed: 42, count: golden.fake, dimension: d, offset: 0.1, spread: 1.3)
        let noise = SyntheticFeatures.rows(seed: 43, count: golden.fake, dimension: d)
        // NumPy multiplies a float32 array by 0.05 in float32.
        let close = try FeatureSet(zip(SyntheticFeatures.rows(seed: 41, count: golden.fake, dimension: d), noise).map { $0 + Float(0.05) * $1 }, dimension: d)
        let cases: [(FeatureSet, MemorizationInformedDistance, Double)] = [
            (other, .init(.real), golden.other), (other, .init(.generated), golden.otherKaggle), (other, .init(.real, threshold: 0.001), golden.otherStrict),
            (other, .init(.generated, threshold: 0.001), golden.otherStrictKaggle), (close, .init(.real), golden.close), (close, .init(.generated), golden.closeKaggle),
            (close, .init(.real, threshold: 0.001), golden.closeStrict), (close, .init(.generated, threshold: 0.001), golden.closeStrictKaggle)]
        for (fake, metric, expected) in cases {
            let result = try metric(real: real, fake: fake)
            #expect(abs(result.value / expected - 1) < 1e-7, "\(metric.averaging) below \(metric.threshold): \(result.value), expected \(expected)")
            #expect(result.interval?.contains(result.value) == true)
        }
        #expect(try MemorizationInformedDistance(.generated)(real: real, fake: close).warnings.contains { $0.contains("may be copies") })
        #expect(try MemorizationInformedDistance(.real)(real: real, fake: real).value == 0)
        let zeros = try FeatureSet([Float](repeating: 0, count: 4 * d), dimension: d)
        #expect(throws: EvaluationError.tooFewImages(metric: "mifid with features that do not sum to zero", set: "generated", needed: 1, found: 0)) { try MemorizationInformedDistance(.generated)(real: real, fake: zeros) }
    }

    /// Every metric here from files by its name; sFID's titles are its taps'.
    @Test func theCatalogueKnowsThem() throws {
        try Fixtures.withTemporaryFolder { folder in
            func write(_ name: String, _ set: FeatureSet, _ scores: FeatureSet, _ labels: ImageLabels, _ tap: String) throws {
                var batches = [(set.values, scores.values)]
                let identity = FeatureIdentity(["network": "inception-v3", "tap": tap])
                try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: identity, dimension: set.dimension, classes: scores.dimension, labels: labels) { () throws(EvaluationError) in batches.popLast() }
            }
            for tap in ["2048", "sfid-adm"] {
                try write("real-\(tap)", real, ScoreGoldens.logits(33, golden.real, 4, spread: 6), realLabels, tap)
                try write("fake-\(tap)", fake, ScoreGoldens.logits(34, golden.fake, 4, spread: 6), fakeLabels, tap)
            }
            let evaluator = Evaluator(try .named("default")) { preconditionFailure("no network is needed") }
            let names = "intra-fid,within-class-fid,between-class-fid,conditional-fid,class-aware-fid,fid-infinity,fid,mifid,mifid-kaggle,mode-score,am-score,modified-is,is-infinity,between-class-is,within-class-is"
            let report = try evaluator.evaluate(MetricCatalog.named(names), real: .open(folder + "/real-2048.h5"), fake: .open(folder + "/fake-2048.h5"))
            #expect(report.results.map(\.metric) == names.split(separator: ",").map(String.init))
            let expected = [golden.intra, golden.within, golden.between, golden.conditional, golden.aware]
            for (result, expected) in zip(report.results, expected) { #expect(abs(result.value / expected - 1) < 1e-9, "\(result.metric)") }
            #expect(report.results[5].value == report.results[6][detail: "fid_infinity"])
            let spatial = try evaluator.evaluate(MetricCatalog.named("fid"), real: .open(folder + "/real-sfid-adm.h5"), fake: .open(folder + "/fake-sfid-adm.h5"))
            #expect(spatial.titles == ["sFID (ADM) (inception-v3, unpublished weights)"])
            let few = try evaluator.evaluate(MetricCatalog.named("fid"), real: .open(folder + "/real-2048.h5"), fake: .open(folder + "/fake-2048.h5"))
            #expect(few.titles == ["FID (inception-v3, unpublished weights)"])
        }
    }
}
