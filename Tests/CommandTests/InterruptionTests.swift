import Foundation
import TestSupport
import Testing

extension Commands {
    /// Extractions that end early leave nothing broken and go on where they stopped.
    @Suite struct Interruption {
        private let sandbox: Sandbox
        /// So many images in so small batches that a signal after the first one comes long before the last.
        private let arguments: [String]

        init() throws {
            sandbox = try Sandbox()
            arguments = ["fid", Fixtures.path("digits/real"), try sandbox.digits("fake", 8), "--limit", "150", "--batch-size", "2", "--json", sandbox.path("result.json")]
        }

        /// Images that were through when the first progress was shown.
        private func done(_ line: String?) throws -> Int {
            let line = try #require(line)
            let match = try #require(try Regex("^real: ([0-9]+) of 150 images").firstMatch(in: line))
            return try #require(match.output[1].substring.flatMap { Int($0) })
        }

        @Test func killedAndInterruptedRunsResumeToTheSameBits() throws {
            let whole = try sandbox.start(arguments + ["--no-cache"]).finish()
            try #require(whole.status == 0, "\(whole.errors)")
            let expected = try Report(String(contentsOfFile: sandbox.path("result.json"), encoding: .utf8))
            #expect(try done(whole.errorLines.first.map(String.init)) == 2)
            try FileManager.default.removeItem(atPath: sandbox.path("result.json"))

            var reached = 0
            for signal in [SIGKILL, SIGKILL, SIGINT] {
                let run = try sandbox.start(arguments)
                let first = try done(run.firstProgress())
                #expect(reached == 0 ? first == 2 : first > reached, "goes on where it stopped")
                reached = first
                run.send(signal)
                let outcome = try run.finish()
                if signal == SIGKILL {
                    #expect(outcome.wasSignalled && outcome.status == SIGKILL)
                } else {
                    #expect(!outcome.wasSignalled && outcome.status == 130)
                    #expect(outcome.errorLines.last == "gan-eval: interrupted; run the same command again to go on where it stopped", "\(outcome.errors)")
                }
                #expect(outcome.output.isEmpty && !FileManager.default.fileExists(atPath: sandbox.path("result.json")))
                #expect(sandbox.cache.count == 1 && sandbox.cache.allSatisfy { $0.hasSuffix(".features.h5.partial") }, "\(sandbox.cache)")
            }

            let list = try sandbox.run("cache", "list")
            #expect(list.status == 0 && list.output.hasSuffix("interrupted or damaged\n"))
            let last = try sandbox.start(arguments).finish()
            try #require(last.status == 0, "\(last.errors)")
            #expect(try done(last.errorLines.first.map(String.init)) > reached)
            let resumed = try Report(String(contentsOfFile: sandbox.path("result.json"), encoding: .utf8))
            #expect(try resumed.bits(of: "fid") == expected.bits(of: "fid"))
            #expect(resumed.identity == expected.identity && resumed.counts == expected.counts)
            #expect(sandbox.cache.count == 2 && sandbox.cache.allSatisfy { $0.hasSuffix(".features.h5") })
        }

        @Test func aTornRecordIsCutOff() throws {
            let run = try sandbox.start(arguments)
            _ = try run.firstProgress()
            run.send(SIGKILL)
            _ = try run.finish()
            let name = try #require(sandbox.cache.first)
            let journal = URL(fileURLWithPath: sandbox.path("cache/gan-eval/" + name))
            // As if the machine had gone down in the middle of a write.
            try Data(contentsOf: journal).dropLast(100).write(to: journal)
            let resumed = try sandbox.start(arguments).finish()
            try #require(resumed.status == 0, "\(resumed.errors)")
            let found = try Report(String(contentsOfFile: sandbox.path("result.json"), encoding: .utf8))
            #expect(try sandbox.start(arguments + ["--no-cache"]).finish().status == 0)
            let expected = try Report(String(contentsOfFile: sandbox.path("result.json"), encoding: .utf8))
            #expect(try found.bits(of: "fid") == expected.bits(of: "fid"))
        }

        @Test func killedFeaturesLeaveNoFile() throws {
            let output = sandbox.path("f.h5")
            let run = try sandbox.start(["features", arguments[1], "-o", output, "--limit", "150", "--batch-size", "2"])
            #expect(try run.firstProgress() != nil)
            run.send(SIGKILL)
            #expect(try run.finish().wasSignalled && !FileManager.default.fileExists(atPath: output))
            #expect(try sandbox.run("features", arguments[1], "-o", output, "--limit", "150", "--batch-size", "2").status == 0)
            #expect(try sandbox.report("fid", output, arguments[2], "--batch-size", "2").bits(of: "fid")
                == sandbox.report("fid", arguments[1], arguments[2], "--limit", "150", "--batch-size", "2", "--no-cache").bits(of: "fid"))
        }

        @Test func withoutACacheNothingIsPromised() throws {
            let run = try sandbox.start(arguments + ["--no-cache"])
            #expect(try run.firstProgress() != nil)
            run.send(SIGINT)
            let outcome = try run.finish()
            #expect(outcome.status == 130 && outcome.errorLines.last == "gan-eval: interrupted; nothing was kept")
            #expect(sandbox.cache.isEmpty && sandbox.names(in: "temporary").isEmpty)
        }
    }
}
