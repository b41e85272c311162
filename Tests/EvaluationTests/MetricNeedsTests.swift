import Datasets
import Evaluation
import Foundation
import TestSupport
import Testing

/// A metric is given what it asks for, or refused before a network is loaded.
@Suite struct MetricNeedsTests {
    /// Reports what it was given.
    private struct Probe: Metric {
        let about: MetricDescription
        var read: @Sendable (EvaluatedSets) throws(EvaluationError) -> Double = { _ in 0 }

        init(_ needs: MetricNeeds, _ read: @escaping @Sendable (EvaluatedSets) throws(EvaluationError) -> Double = { _ in 0 }) {
            about = MetricDescription("probe", "Probe", "what it was given", needs: needs, better: .smaller, cost: "1", paper: "none")
            self.read = read
        }

        func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
            var result = MetricResult(metric: name, value: try read(sets))
            result.curves = [.init("line", x: "a", y: "b", [SIMD2(0, 1), SIMD2(0.5, 2)])]
            return result
        }
    }

    private let evaluator: Evaluator
    private let images = Fixtures.path("digits/real")

    init() throws { evaluator = Evaluator(try .named("default")) { fatalError("a network was loaded") } }

    private func refusal(_ needs: MetricNeeds, real: EvaluationInput? = nil, fake: EvaluationInput) throws -> EvaluationError? {
        do { _ = try evaluator.evaluate([Probe(needs)], real: real, fake: fake) } catch let error as EvaluationError { return error }
        return nil
    }

    /// Too few images are said before other metrics take their time.
    @Test func tooFewImagesAreSaidFirst() throws {
        try Fixtures.withTemporaryFolder { folder in
            var batches = [SyntheticFeatures.rows(seed: 1, count: 30, dimension: 20)]
            try FeaturesFile.write(to: folder + "/f.h5", identity: FeatureIdentity(["network": "a"]), dimension: 16, classes: 4) { () throws(EvaluationError) in
                batches.popLast().map { rows in (rows.prefix(30 * 16).map { $0 }, rows.suffix(30 * 4).map { $0 }) }
            }
            let file = try FeaturesFile(reading: folder + "/f.h5"), few = EvaluatedSets(real: MetricInput(.features(file)), fake: MetricInput(.features(file)), under: try .named("default"))
            #expect(throws: EvaluationError.tooFewImages(metric: "fid-infinity", set: "real", needed: 32, found: 30)) { try MetricCatalog.named("fid-infinity")[0].announce(to: few) }
            #expect(throws: Never.self) { try MetricCatalog.named("is-infinity")[0].announce(to: few) }
        }
    }

    /// A process that was killed leaves its folder; those of the living stay.
    @Test func foldersOfDeadProcessesAreRemoved() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "exit"]
        try process.run()
        process.waitUntilExit()
        let own = try TemporaryFolder(), dead = own.path.replacingOccurrences(of: "-\(getpid())-", with: "-\(process.processIdentifier)-")
        #expect(dead != own.path)
        try FileManager.default.createDirectory(atPath: dead + "/inside", withIntermediateDirectories: true)
        let other = try TemporaryFolder()
        #expect(!FileManager.default.fileExists(atPath: dead) && [own, other].allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
    }

    @Test func whatIsMissingIsRefusedBeforeExtraction() throws {
        try Fixtures.withTemporaryFolder { folder in
            var batches = [SyntheticFeatures.rows(seed: 1, count: 6, dimension: 4)]
            try FeaturesFile.write(to: folder + "/f.h5", identity: FeatureIdentity(["network": "a"]), dimension: 4) { () throws(EvaluationError) in batches.popLast().map { ($0, []) } }
            let features = try EvaluationInput.open(folder + "/f.h5"), source = try EvaluationInput.open(images)
            #expect(try refusal([.real, .features], fake: source) == .setNeeded(metric: "probe", set: "real"))
            #expect(try refusal([.training, .features], fake: source) == .setNeeded(metric: "probe", set: "training"))
            #expect(try refusal([.labels, .features], fake: source) == .labelsNeeded(metric: "probe"))
            #expect(try refusal(.labels, fake: features) == .labelsNeeded(metric: "probe"))
            #expect(try refusal([.images, .features], real: source, fake: features) == .imagesNeeded(metric: "probe"))
            #expect(try refusal(.features, fake: features) == nil)
        }
    }

    @Test func imagesAloneNeedNoNetwork() throws {
        let probe = Probe([.real, .images, .labels]) { (sets) throws(EvaluationError) in
            let (real, fake) = (try sets.real(for: "probe"), sets.fake)
            let labels = try real.labels(for: "probe"), seen = try fake.images(for: "probe")
            return Double(labels.labels.count) + 1000 * Double(seen.positions.count) + 1e6 * Double(labels.classNames.count)
        }
        let set = EvaluationInput.images(try ImageSource.open(images, labelled: true).limited(to: 5))
        let report = try evaluator.evaluate([probe], real: set, fake: set)
        #expect(report.results[0].value == 5 + 5000 + 10e6 && report.titles == ["Probe"] && report.realCount == 5)
        #expect(report.identity["fake_images_sha256"] != nil && report.identity["network"] == nil)
        #expect(report.json.contains("\"curves\": [{\"name\": \"line\", \"x\": \"a\", \"y\": \"b\", \"points\": [[0, 1], [0.5, 2]]}]"))
    }

    @Test func everyMetricIsDescribed() {
        let all = MetricCatalog.all.map(\.about)
        #expect(Set(all.map(\.name)).count == all.count)
        for about in all {
            #expect(about.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" } && !about.title.isEmpty && !about.paper.isEmpty && !about.cost.isEmpty, "\(about.name)")
            #expect(!about.needs.isEmpty && MetricCatalog.table.contains("\n\(about.name) "), "\(about.name)")
            #expect(about.text.contains(about.paper))
        }
    }
}
