import Evaluation
import FeatureNetworks
import Foundation
import HDF5
import TestSupport
import Tensors
import Testing
import Training

/// Metrics in the loop: the logged numbers are those of an evaluation afterwards, the reference is made once, the best checkpoint is the best.
@Suite(.serialized) struct MeasureTests {
    static let metrics = ["fid", "kid", "is", "precision", "recall"]

    private func configuration(steps: Int, heldOut: String = "0") throws -> RunConfiguration {
        try TestRuns.configuration(data: TestRuns.digits, steps: steps, [
            "width": "32", "depth": "1", "latentSize": "8", "generator.learningRate": "0.002", "critic.learningRate": "0.002",
            "measureEvery": "2", "measureCount": "48", "metrics": Self.metrics.joined(separator: ","), "checkpointEvery": "3", "diagnoseEvery": "0", "heldOut": heldOut])
    }

    private func inode(_ path: String) throws -> (number: Int, modified: Date) {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (try #require(attributes[.systemFileNumber] as? Int), try #require(attributes[.modificationDate] as? Date))
    }

    @Test func loggedNumbersAreThoseOfAnEvaluationAfterwards() throws {
        try Fixtures.withTemporaryFolder { folder in
            let run = folder + "/run"
            try TestRuns.run(configuration(steps: 4), in: run)
            func logged(_ name: String) throws -> Double { try #require(TestRuns.points(name, run, "measurement").last { $0.step == 4 }).value }
            // From the images of both sides, through the network once more.
            let evaluator = Evaluator(try .named("default")) { try LoadedNetwork("efficientnet-lite0", on: CPUBackend()) }
            let report = try evaluator.evaluate(MetricCatalog.named(Self.metrics.joined(separator: ",")), real: .open(run + "/reference/images.h5"), fake: .open(run + "/measured.h5"))
            for result in report.results {
                #expect(try logged(result.metric) == result.value, "\(result.metric)")
                let interval = try #require(result.interval)
                #expect(try logged(result.metric + " lower") == interval.lower, "\(result.metric)")
                #expect(try logged(result.metric + " upper") == interval.upper, "\(result.metric)")
            }
            #expect(report.realCount == 1000 && report.fakeCount == 48)
            // The reference is the data: every fixture image in it is one of the file's.
            let reference = try HDF5File(reading: run + "/reference/images.h5").root.dataset("images"), data = try HDF5File(reading: TestRuns.digits).root.dataset("images")
            #expect(try reference.shape == [1000, 8, 8, 1])
            let first = try reference.read(UInt8.self), all = try data.read(UInt8.self)
            for index in [0, 1, 500, 999] {
                let place = index * 1797 / 1000
                #expect(Array(first[index * 64..<(index + 1) * 64]) == Array(all[place * 64..<(place + 1) * 64]))
            }
        }
    }

    @Test func bestAndReferenceSurviveAResumption() throws {
        try Fixtures.withTemporaryFolder { folder in
            let whole = folder + "/whole", halves = folder + "/halves"
            // With most digits held out the reference is small.
            try TestRuns.run(configuration(steps: 6, heldOut: "0.8"), in: whole)
            // Measurements happen at steps 2, 3 (its end), 4 and 6.
            try TestRuns.run(configuration(steps: 3, heldOut: "0.8"), in: halves)
            let features = try #require(FileManager.default.contentsOfDirectory(atPath: halves + "/reference").first { $0.hasSuffix(".features.h5") })
            let before = try inode(halves + "/reference/" + features), images = try inode(halves + "/reference/images.h5")
            try Run(resuming: RunFolder(halves, creating: false), steps: 6, backend: CPUBackend()).run()
            let after = try inode(halves + "/reference/" + features), imagesAfter = try inode(halves + "/reference/images.h5")
            #expect(before == after && images == imagesAfter, "the reference was made again")
            #expect(try FileManager.default.contentsOfDirectory(atPath: halves + "/reference").count == 2)

            for run in [whole, halves] {
                let points = try TestRuns.points("fid", run, "measurement"), (steps, values) = (points.map(\.step), points.map(\.value))
                let best = try #require(values.indices.min { values[$0] < values[$1] })
                let checkpoint = try Checkpoint(reading: run + "/checkpoints/best.h5")
                #expect(checkpoint.step == steps[best], "\(values) at \(steps)")
                #expect(checkpoint.counters["best measurement"] == values[best])
                #expect(try Checkpoint(reading: RunFolder(run, creating: false).checkpoint(6)).counters["best measurement"] == values[best])
            }
            // The uninterrupted run measured at 2, 4 and 6, to the same bits.
            func measurement(_ run: String, _ step: Int) throws -> String? {
                try String(contentsOfFile: run + "/log.jsonl", encoding: .utf8).split(separator: "\n").first { $0.contains("measurement") && $0.contains("\"step\":\(step),") }.map(String.init)
            }
            for step in [2, 4, 6] {
                let line = try #require(try measurement(whole, step))
                #expect(try measurement(halves, step) == line)
            }
        }
    }

    /// Larger is better for some metrics: the best checkpoint is then that of the largest value.
    @Test func theBestScoreIsTheLargest() throws {
        try Fixtures.withTemporaryFolder { folder in
            var configuration = try configuration(steps: 6, heldOut: "0.8")
            try configuration.change("metrics", to: "is")
            try TestRuns.run(configuration, in: folder + "/run")
            let points = try TestRuns.points("is", folder + "/run", "measurement"), (steps, values) = (points.map(\.step), points.map(\.value))
            let best = try #require(values.indices.max { values[$0] < values[$1] })
            let checkpoint = try Checkpoint(reading: folder + "/run/checkpoints/best.h5")
            #expect(Set(values).count == 3 && checkpoint.step == steps[best])
        }
    }

    @Test func wrongWishesCostNoTraining() throws {
        try Fixtures.withTemporaryFolder { folder in
            var points = try TestRuns.configuration(data: "ring", steps: 2, ["measureEvery": "1"])
            #expect { try TestRuns.run(points, in: folder + "/points") } throws: { "\($0)".contains("metrics need images") }
            points.data = TestRuns.digits
            points.metrics = "fid,presicion"
            #expect { try TestRuns.run(points, in: folder + "/name") } throws: { "\($0)".contains("precision, recall") }
        }
    }
}
