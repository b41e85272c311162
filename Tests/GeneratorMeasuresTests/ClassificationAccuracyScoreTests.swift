import Archives
import Datasets
import Evaluation
import FeatureNetworks
import Foundation
import GeneratorMeasures
import Tensors
import TestSupport
import Testing
import Training

/// CAS and GAN-test by trained networks, on halves of the 8 × 8 digits.
@Suite(.serialized) struct ClassificationAccuracyScoreTests {
    private let digits: ImageSource

    init() throws { digits = try ImageSource.open(Fixtures.path("digits8x8.h5"), labelled: true).shuffled(seed: 4) }

    private func measure(_ change: (inout ClassificationAccuracyScore) -> Void = { _ in }) -> ClassificationAccuracyScore {
        var measure = ClassificationAccuracyScore()
        (measure.settings.epochs, measure.settings.width, measure.settings.batchSize) = (8, 8, 32)
        change(&measure)
        return measure
    }

    /// Each digit called by the next one's name, as of a generator that draws something else than it was asked for.
    private func misnamed(_ source: ImageSource, _ folder: String) throws -> ImageSource {
        let lines = (0..<source.count).map { "\(((source.label($0) ?? 0) + 1) % 10)" }.joined(separator: "\n")
        try Data(lines.utf8).write(to: URL(fileURLWithPath: folder + "/labels.txt"))
        return try source.labelled(by: folder + "/labels.txt")
    }

    @Test func whatImagesTeachIsTold() throws {
        try Fixtures.withTemporaryFolder { folder in
            let (real, fake) = (digits.selecting(Array(0..<900)), digits.selecting(Array(900..<1797)))
            var steps: [String: Int] = [:]
            let report = try measure { $0.folder = folder; $0.progress = { name, step, _, _ in steps[name] = step } }(real: real, fake: fake, on: CPUBackend())
            let (cas, test) = (report.results[0], report.results[1])
            #expect(report.titles == ["CAS", "GAN-test"] && [cas.metric, test.metric] == ["cas", "gan-test-trained"])
            // Real digits are as good as real ones: seeds 0 to 4 give 0.87 to 0.95; what teaches nothing is at 0.1.
            #expect(cas.value > 0.8 && test.value > 0.8 && cas.realCount == 900 && cas.fakeCount == 897, "\(cas.value), \(test.value)")
            let baseline = try #require(cas[detail: "real_accuracy"])
            #expect(cas[detail: "gqi"] == 100 * cas.value / baseline && test[detail: "held_out_accuracy"] == baseline && cas[detail: "accuracy_of_class_7"] ?? 0 > 0.5)
            let interval = try #require(cas.interval)
            #expect(interval.lower < cas.value && cas.value < interval.upper && interval == ConfidenceInterval(share: cas.value, count: 900, confidence: 0.95))

            // The largest of the network's scores, counted by hand.
            let network = try LoadedNetwork(folder + "/learnt-from-generated.yaml", on: CPUBackend())
            let evaluator = Evaluator(try .named("default")) { network }
            let scores = try evaluator.extract(real, named: "real", keepsLogits: true).file.logits()
            let right = (0..<900).count { row in
                let own = scores.values[row * 10..<row * 10 + 10]
                return own.firstIndex(of: own.max() ?? 0).map { $0 - row * 10 } == real.label(row)
            }
            #expect(cas.value == Double(right) / 900)
            // Classes match by name, whatever their order.
            let mirrored = (0..<900).count { row in
                let own = scores.values[row * 10..<row * 10 + 10]
                return own.firstIndex(of: own.max() ?? 0).map { 9 - ($0 - row * 10) } == real.label(row)
            }
            #expect(try ClassifierAccuracy(of: network, knowing: (0..<10).reversed().map(String.init), on: real).correct == mirrored)

            // Networks that are there are not trained again; another seed's are.
            steps = [:]
            let again = try measure { $0.folder = folder; $0.progress = { name, step, _, _ in steps[name] = step } }(real: real, fake: fake, on: CPUBackend())
            #expect(again.results == report.results && again.identity == report.identity && steps.isEmpty)
        }
    }

    /// Images that are not what they are called teach nothing right, though they teach surely.
    @Test func wrongNamesAreWrong() throws {
        try Fixtures.withTemporaryFolder { folder in
            let fake = try misnamed(digits.selecting(Array(900..<1797)), folder), report = try measure()(real: digits.selecting(Array(0..<900)), fake: fake, on: CPUBackend())
            #expect(report.results[0].value < 0.1 && report.results[1].value < 0.1 && report.results[0][detail: "held_out_accuracy"] ?? 0 > 0.7, "\(report.results.map(\.value))")
        }
    }

    @Test func whatCannotBeIsRefused() throws {
        let zeros = digits.selecting((0..<digits.count).filter { digits.label($0) ?? 0 < 5 })
        #expect { try measure()(real: digits, fake: zeros, on: CPUBackend()) } throws: { "\($0)".contains("expected images of the same classes as the real ones, found no images of '5', '6', '7', '8', '9'") }
        let unnamed = try ImageSource.open(Fixtures.path("digits8x8.h5"))
        #expect(throws: DatasetError.self) { try measure()(real: digits, fake: unnamed, on: CPUBackend()) }
        try Fixtures.withTemporaryFolder { folder in
            for kept in [nil, folder] {
                var taken = 0
                #expect(throws: EvaluationError.cancelled(isKept: kept != nil)) {
                    try measure { $0.folder = kept; $0.progress = { _, _, _, _ in taken += 1 }; $0.isCancelled = { taken >= 2 } }(real: digits, fake: digits, on: CPUBackend())
                }
            }
            #expect(throws: ArchiveError.self) { try measure { $0.folder = folder + "/learnt-from-generated.training.h5" }(real: digits, fake: digits, on: CPUBackend()) }
        }
    }
}
