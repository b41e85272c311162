import Evaluation
import Foundation
import TestSupport
import Testing

/// What leaving out groups of generated images says of metrics without an interval of their own. `Documentation/Uncertainty.md` states what the first test prints.
@Suite struct GroupJackknifeTests {
    private let evaluator: Evaluator

    init() throws {
        var evaluator = Evaluator(try .named("default")) { preconditionFailure("no network is needed") }
        evaluator.jackknife = GroupJackknife(groups: 20)
        self.evaluator = evaluator
    }

    /// Several metrics of one cost, how many images they are given, and how often.
    struct Row: CustomTestStringConvertible {
        let metrics: String, images: Int, repetitions: Int
        var testDescription: String { metrics }
    }

    static let rows = [
        Row(metrics: "f-score,1nn,sw1,sw2,mind,asw,vendi", images: 200, repetitions: 30),
        Row(metrics: "prd-f8,prd-f1-8,divergence-frontier,bin-jsd,ndb", images: 600, repetitions: 16),
        Row(metrics: "between-class-fid,conditional-fid,class-aware-fid", images: 300, repetitions: 30),
    ]

    /// New generated images of one distribution against the same real ones: the interval is to cover the mean over them.
    @Test(arguments: rows) func intervalsCoverOtherGeneratedImages(_ row: Row) throws {
        try Fixtures.withTemporaryFolder { folder in
            let setting = CoverageTests.Setting(dimension: 8, first: row.images, second: row.images, shift: 0.3, stretch: 0.2, covered: 0...1)
            var generator = MersenneTwister(seed: 2024)
            func file(_ name: String, isGenerated: Bool) throws -> EvaluationInput {
                let set = try setting.draw(&generator, second: isGenerated)
                let firsts = stride(from: 0, to: set.values.count, by: set.dimension).map { set.values[$0] }
                let labels = try ImageLabels(firsts.map { $0 > 0 ? 1 : 0 }, classNames: ["low", "high"]), scores: [Float] = firsts.flatMap { [0, 3 * $0] }
                var batches: [(features: [Float], logits: [Float])] = [(set.values, scores)]
                try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: FeatureIdentity(["network": "a"]), dimension: set.dimension, classes: 2, labels: labels) { () throws(EvaluationError) in batches.popLast() }
                return try EvaluationInput.open("\(folder)/\(name).h5")
            }
            let metrics = try MetricCatalog.named(row.metrics), real = try file("real", isGenerated: false)
            var results = metrics.map { _ in [MetricResult]() }
            for _ in 0..<row.repetitions {
                for (index, result) in try evaluator.evaluate(metrics, real: real, fake: file("fake", isGenerated: true)).results.enumerated() { results[index].append(result) }
            }
            for (metric, results) in zip(metrics, results) {
                let intervals = results.compactMap(\.interval), errors = results.compactMap(\.standardError), count = Double(results.count)
                let mean = results.map(\.value).reduce(0, +) / count, deviation = (results.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / (count - 1)).squareRoot()
                let covered = Double(intervals.count { $0.contains(mean) }) / count
                let error = errors.reduce(0, +) / count
                print("| `\(metric.name)` | \(row.images) | \(row.repetitions) | \(String(format: "%.4f | %.4f | %.4f | %.0f", mean, deviation, error, 100 * covered)) % |")
                // 3.5 binomial standard deviations below the level asked for; above it the jackknife may be, but not without end.
                #expect(results.allSatisfy { $0[detail: "jackknife_groups"] == 20 }, "\(metric.name)")
                #expect(covered >= 0.95 - 3.5 * (0.95 * 0.05 / count).squareRoot() && error < 2.5 * deviation, "\(metric.name)")
            }
        }
    }

    /// Two sets of features, closed by every evaluation alike.
    private func sets(_ folder: String, count: Int = 60) throws -> (real: EvaluationInput, fake: EvaluationInput) {
        func file(_ name: String, _ seed: UInt64) throws -> EvaluationInput {
            var batches: [(features: [Float], logits: [Float])] = [(SyntheticFeatures.rows(seed: seed, count: count, dimension: 6), [])]
            try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: FeatureIdentity(["network": "a"]), dimension: 6) { () throws(EvaluationError) in batches.popLast() }
            return try EvaluationInput.open("\(folder)/\(name).h5")
        }
        return (try file("real", 1), try file("fake", 2))
    }

    /// With a group for each image it is the jackknife of textbooks: the average sliced distance of moments, from its formula, without each image in turn.
    @Test func aGroupForEachImageIsTheUsualJackknife() throws {
        try Fixtures.withTemporaryFolder { folder in
            let (real, fake) = try sets(folder)
            var everyImage = evaluator
            everyImage.jackknife = GroupJackknife(groups: 60, completesOthers: true)
            let result = try #require(everyImage.evaluate(MetricCatalog.named("asw"), real: real, fake: fake).results.first)
            let values = SyntheticFeatures.features(seed: 2, count: 60, dimension: 6), others = SyntheticFeatures.features(seed: 1, count: 60, dimension: 6)
            func distance(_ rows: [Int]) -> Double {
                func moments(_ set: FeatureSet, _ rows: [Int]) -> (mean: [Double], spread: Double) {
                    let means = (0..<6).map { j in rows.reduce(0) { $0 + Double(set.values[$1 * 6 + j]) } / Double(rows.count) }
                    let trace = (0..<6).reduce(0.0) { sum, j in sum + rows.reduce(0) { $0 + pow(Double(set.values[$1 * 6 + j]) - means[j], 2) } / Double(rows.count) }
                    return (means, (trace / 6).squareRoot())
                }
                let a = moments(others, Array(0..<60)), b = moments(values, rows)
                return (zip(a.mean, b.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 6 + (a.spread - b.spread) * (a.spread - b.spread)).squareRoot()
            }
            let left = (0..<60).map { out in distance((0..<60).filter { $0 != out }) }, mean = left.reduce(0, +) / 60
            let expected = (59.0 / 60 * left.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
            #expect(abs((result.standardError ?? 0) / expected - 1) < 1e-6)
        }
    }

    @Test func onlyMetricsWithoutAnIntervalGetOne() throws {
        try Fixtures.withTemporaryFolder { folder in
            let (real, fake) = try sets(folder), names = "recall,f-score,mtop"
            var plain = evaluator
            plain.jackknife = nil
            let before = try plain.evaluate(MetricCatalog.named(names), real: real, fake: fake).results
            let after = try evaluator.evaluate(MetricCatalog.named(names), real: real, fake: fake).results
            #expect(before.map(\.value) == after.map(\.value) && before[0] == after[0], "recall has an interval of other real images")
            #expect(before[1].interval == nil && after[1][detail: "jackknife_groups"] == 20)
            let interval = try #require(after[1].interval)
            #expect(interval.contains(after[1].value) && interval.lower >= 0 && interval.upper <= 1 && interval.confidence == 0.95)
            #expect(after[2].interval == nil, "its own draws would be multiplied")
            #expect(try evaluator.evaluate(MetricCatalog.named("mtop"), real: real, fake: fake).warnings.contains("no interval of mtop by a jackknife: it draws anew for every group, or sums the loops of few images"))
            var nightly = evaluator
            nightly.jackknife = GroupJackknife(groups: 20, completesOthers: true)
            let recall = try #require(nightly.evaluate(MetricCatalog.named("recall"), real: real, fake: fake).results.first)
            #expect(recall.interval == before[0].interval && recall.generatedStandardError ?? 0 > 0)
        }
    }

    /// One metric's trouble is its own: a class that some group takes away, or too few images for one of two metrics.
    @Test func whatGroupsCannotTellIsSaid() throws {
        try Fixtures.withTemporaryFolder { folder in
            func file(_ name: String, _ seed: UInt64, _ classes: [Int]) throws -> EvaluationInput {
                var batches: [(features: [Float], logits: [Float])] = [(SyntheticFeatures.rows(seed: seed, count: classes.count, dimension: 6), [])]
                try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: FeatureIdentity(["network": "a"]), dimension: 6, labels: ImageLabels(classes, classNames: ["a", "b", "c"])) { () throws(EvaluationError) in batches.popLast() }
                return try EvaluationInput.open("\(folder)/\(name).h5")
            }
            let real = try file("real", 1, (0..<110).map { $0 % 3 }), fake = try file("fake", 2, (0..<104).map { $0 < 2 ? 2 : $0 % 2 })
            var nightly = evaluator
            nightly.jackknife = GroupJackknife(groups: 20, completesOthers: true)
            let report = try nightly.evaluate(MetricCatalog.named("conditional-fid,cross-lid,f-score"), real: real, fake: fake)
            #expect(report.results.map { $0.generatedStandardError != nil } == [false, false, true])
            #expect(report.warnings.contains("no interval of conditional-fid by a jackknife: without some group a class has too few images"), "\(report.warnings)")
            #expect(report.warnings.contains { $0.hasPrefix("no interval of cross-lid by a jackknife: of 98 images: ") }, "\(report.warnings)")
            let one = try file("one", 3, [0])
            #expect(try evaluator.evaluate(MetricCatalog.named("vendi"), real: real, fake: one).results[0].interval == nil, "a single image has no groups")
        }
    }

    @Test func tooFewImagesAreSaid() throws {
        try Fixtures.withTemporaryFolder { folder in
            let (real, fake) = try sets(folder, count: 12), report = try evaluator.evaluate(MetricCatalog.named("f-score"), real: real, fake: fake)
            #expect(report.results[0].interval == nil && report.warnings.contains { $0 == "no interval of f-score by a jackknife: 20 groups of 12 images: expected at least 2 groups, and an image for each" })
        }
    }
}
