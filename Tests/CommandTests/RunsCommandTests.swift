import Foundation
import TestSupport
import Testing

extension Commands {
    /// The run store as the commands fill and show it.
    @Suite struct Runs {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        private func train(_ name: String, _ more: String..., steps: Int = 60) throws -> Run {
            let settings = ["width=16", "depth=2", "latentSize=4", "batchSize=8", "logEvery=1", "checkpointEvery=20", "sampleEvery=0", "stopsEarly=false"].flatMap { ["--set", $0] }
            return try sandbox.start(["train", "--game", "original", "--data", "ring", "--steps", "\(steps)", "-o", name, "--quiet"] + settings + more)
        }

        private func listed(_ arguments: String...) throws -> [[String: Any]] {
            let outcome = try sandbox.start(["runs", "list", "--json", "-"] + arguments).finish()
            try #require(outcome.status == 0, "\(outcome.errors)")
            return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        }

        private func document(_ run: String) throws -> [String: Any] {
            let outcome = try sandbox.run("runs", "show", run, "--json", "-")
            return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome.errors)")
        }

        private func steps(_ run: String, _ curve: String) throws -> [Int] {
            let series = try #require(try document(run)["series"] as? [[String: Any]])
            let points = series.first { $0["name"] as? String == curve }?["points"] as? [[String: Any]]
            return (points ?? []).compactMap { $0["step"] as? Int }
        }

        @Test func trainingsAndEvaluationsAreRecorded() throws {
            #expect(try train("a/first", "--tag", "one", "--tag", "two").finish().status == 0)
            #expect(try sandbox.run("sample", "a/first", "-n", "40", "-o", "points.h5").status == 0)
            let (real, fake) = (try sandbox.digits("real", 30), try sandbox.digits("fake", 30))
            #expect(try sandbox.run("fid", real, fake, "--quiet", "--tag", "three").status == 0)
            #expect(try sandbox.run("kid", real, fake, "--quiet", "--run", "first").status == 0)
            #expect(try sandbox.run("kid", real, fake, "--quiet", "--no-store").status == 0)
            let runs = try listed()
            #expect(runs.map { $0["name"] as? String } == ["first", fake] && runs.map { $0["kind"] as? String } == ["training", "evaluation"])
            #expect(runs[0]["tags"] as? [String] == ["one", "two"] && runs[0]["status"] as? String == "finished" && runs[0]["step"] as? Int == 60)
            #expect((runs[0]["configuration"] as? [String: String])?["width"] == "16" && (runs[0]["command"] as? String)?.hasPrefix("gan-eval train --game original") == true)
            #expect(try steps("first", "critic loss") == Array(1...60))
            // The report is the one that was printed.
            let report = try sandbox.report("fid", real, fake, "--no-store")
            let evaluation = try #require((try document(fake)["evaluations"] as? [[String: Any]])?.first), stored = try Report(#require(evaluation["report"] as? String))
            #expect(try stored.fid == report.fid && stored.identity == report.identity)
            #expect(try listed("--where", "tag=three and fid>0").count == 1 && listed("--where", "kid<100").map { $0["name"] as? String } == ["first"])
            let files = try #require(try document("first")["artifacts"] as? [[String: Any]])
            #expect(files.contains { ($0["path"] as? String)?.hasSuffix("/points.h5") == true } && files.contains { $0["kind"] as? String == "checkpoint" })
        }

        /// Eight processes write one store; one of them is killed.
        @Test func eightProcessesWriteAtOnceAndOneIsKilled() throws {
            let victim = try train("victim", steps: 1_000_000)
            let others = try (0..<7).map { try train("run-\($0)", steps: 150) }
            while sandbox.names(in: "victim/checkpoints").isEmpty { usleep(1000) }
            victim.send(SIGKILL)
            for run in others { #expect(try run.finish().status == 0) }
            #expect(try victim.finish().wasSignalled)
            for number in 0..<7 { #expect(try steps("run-\(number)", "generator loss") == Array(1...150)) }
            let status = try listed("--where", "name=victim").first?["status"] as? String
            #expect(status == "killed")
            // What was not yet in the store comes in with the log, and the run is whole after it has gone on.
            let logged = sandbox.names(in: "victim/checkpoints").compactMap { Int($0.dropFirst("step-".count).dropLast(".h5".count)) }.max() ?? 0
            let resumed = try sandbox.run("train", "--resume", "victim", "--steps", "\(logged + 10)", "--quiet")
            #expect(resumed.status == 0 && resumed.errors.isEmpty, "\(resumed.errors)")
            #expect(try steps("victim", "generator loss") == Array(1...(logged + 10)) && listed("--where", "name=victim and status=finished").count == 1)
        }

        @Test func interruptedAndFailedRunsSayWhy() throws {
            let run = try train("stopped", steps: 1_000_000)
            while sandbox.names(in: "stopped/checkpoints").isEmpty { usleep(1000) }
            run.send(SIGINT)
            #expect(try run.finish().status == 130)
            #expect(try train("broken", "--set", "generator.learningRate=1", "--set", "critic.learningRate=1", "--set", "critic.objective=wasserstein", "--set", "generator.optimizer=sgd", "--set", "critic.optimizer=sgd", steps: 100_000).finish().status == 5)
            #expect(try listed("--where", "status=interrupted").map { $0["name"] as? String } == ["stopped"])
            let broken = try #require(try listed("--where", "status=failed").first)
            #expect((broken["reason"] as? String)?.contains("step ") == true)
        }

        @Test func runsAreAnnotatedDeletedAndRestored() throws {
            for name in ["a", "b"] { #expect(try train(name).finish().status == 0) }
            #expect(try sandbox.run("runs", "compare", "a", "b").output.contains("all settings are the same"))
            #expect(try sandbox.run("runs", "tag", "a", "x", "y").output.hasSuffix("a: x, y\n") && sandbox.run("runs", "tag", "a", "x", "--remove").output.hasSuffix("a: y\n"))
            #expect(try sandbox.run("runs", "note", "a", "a 'note'").status == 0 && listed("--where", "note~note").count == 1)
            let refused = try sandbox.run("runs", "delete", "a")
            #expect(try refused.status == 2 && refused.errors.contains("--yes") && listed().count == 2, "nobody can be asked")
            #expect(try sandbox.run("runs", "delete", "a", "--yes").status == 0 && listed().map { $0["name"] as? String } == ["b"] && sandbox.names(in: "a").contains("log.jsonl"))
            #expect(try sandbox.run("runs", "restore", "a").status == 0 && listed().count == 2)
            #expect(try sandbox.run("runs", "delete", "a", "--yes").status == 0 && sandbox.run("runs", "gc", "--yes").output == "1 runs removed, 0 files forgotten\n")
            #expect(try sandbox.run("runs", "import", "a").status == 0 && steps("a", "critic loss") == Array(1...60), "the folder is still there")
        }

        @Test func wrongUseIsALine() throws {
            #expect(try train("a").finish().status == 0)
            func expect(_ arguments: [String], _ code: Int32, _ text: String) throws {
                let outcome = try sandbox.start(arguments).finish()
                #expect(outcome.status == code && outcome.errors.contains(text), "\(arguments): \(outcome.status) \(outcome.errors)")
            }
            try expect(["runs", "show", "none"], 2, "there is no run 'none'; see gan-eval runs list")
            try expect(["runs", "list", "--where", "fid<"], 2, "the condition 'fid<' is wrong at character 5: expected a value")
            try expect(["runs", "list", "--store", "absent.sqlite"], 4, "there is no such file")
            try sandbox.write("a text that is no database at all, whatever it is called".utf8, to: "text.sqlite")
            try expect(["runs", "list", "--store", "text.sqlite"], 3, "gan-eval runs repair --store text.sqlite")
            try sandbox.write("x".utf8, to: "log.jsonl")
            try expect(["runs", "import", "log.jsonl"], 3, "log.jsonl, line 1: expected a column named step")
            try expect(["runs", "compare", "a"], 2, "expected two runs or more, found 1")
            try expect(["runs", "export", "--format", "tensorboard", "-o", "log.jsonl/x"], 4, "log.jsonl")
            let digits = try sandbox.digits("real", 5)
            try expect(["ssim", digits, "--quiet", "--store", "log.jsonl/runs.sqlite"], 4, "the run store cannot be used")
            try expect(["ssim", digits, "--quiet", "--no-store", "--store", "x"], 2, "--no-store excludes --store")
        }

        /// A store that nobody named and that cannot be used is a note; the result is there.
        @Test func anUnusableStoreStopsNothing() throws {
            try sandbox.write("a text that is no database at all, whatever it is called".utf8, to: "runs.txt")
            let digits = try sandbox.digits("real", 5)
            let outcome = try sandbox.shell("GAN_EVAL_STORE=runs.txt '\(Sandbox.binary())' ssim '\(digits)' --quiet")
            #expect(outcome.status == 0 && outcome.output.hasPrefix("SSIM") && outcome.errors.hasPrefix("note: not recorded: ") && outcome.errorLines.count == 1)
        }

        /// Features and statistics of what a run has drawn are the run's as well.
        @Test func whatIsDerivedFromSamplesIsTheRuns() throws {
            let settings = ["width=16", "depth=1", "latentSize=4", "batchSize=8", "sampleEvery=0"].flatMap { ["--set", $0] }, digits = Fixtures.path("digits8x8.h5")
            #expect(try sandbox.start(["train", "--game", "original", "--data", digits, "--steps", "3", "-o", "tiny", "--quiet"] + settings).finish().status == 0)
            #expect(try sandbox.run("sample", "tiny", "-n", "20", "-o", "drawn.h5").status == 0 && sandbox.run("features", "drawn.h5", "-o", "features.h5", "--quiet").status == 0)
            #expect(try sandbox.run("statistics", "features.h5", "-o", "statistics.h5", "--quiet").status == 0)
            let real = try sandbox.digits("real", 20)
            for set in ["features.h5", "statistics.h5"] { #expect(try sandbox.run("fid", real, set, "--quiet").status == 0) }
            #expect(try listed().map { $0["name"] as? String } == ["tiny"])
            let recorded = try document("tiny")
            #expect((recorded["evaluations"] as? [[String: Any]])?.count == 2 && (recorded["artifacts"] as? [[String: Any]])?.compactMap { $0["kind"] as? String }.suffix(3) == ["drawn samples", "features", "statistics"])
        }

        /// A store on a disk that others keep is read there, whether its last writer has ended or not; what would write says why not.
        @Test func aStoreThatCannotBeWrittenIsRead() throws {
            #expect(try train("a").finish().status == 0)
            func setPermissions(_ file: Int, _ folder: Int) throws {
                for name in sandbox.names(in: "runs") { try FileManager.default.setAttributes([.posixPermissions: file], ofItemAtPath: sandbox.path("runs/\(name)")) }
                try FileManager.default.setAttributes([.posixPermissions: folder], ofItemAtPath: sandbox.path("runs"))
            }
            defer { try? setPermissions(0o644, 0o755) }
            for collects in [false, true] {
                // A process that ends without closing the store leaves its journal; one that closes it leaves none.
                if collects { #expect(try sandbox.run("runs", "gc", "--yes").status == 0) }
                let files = sandbox.names(in: "runs")
                #expect(files.contains("runs.sqlite-wal") == !collects)
                try setPermissions(0o444, 0o555)
                sandbox.heedsPermissions = true
                #expect(try listed().map { $0["name"] as? String } == ["a"] && steps("a", "critic loss") == Array(1...60))
                #expect(sandbox.names(in: "runs") == files && sandbox.names(in: "temporary").isEmpty)
                sandbox.heedsPermissions = false
                if !collects { try setPermissions(0o644, 0o755) }
            }
            sandbox.heedsPermissions = true
            defer { sandbox.heedsPermissions = false }
            let tagged = try sandbox.run("runs", "tag", "a", "x")
            #expect(try tagged.status == 4 && tagged.errorLines.count == 1 && listed("--where", "tag=x").isEmpty, "\(tagged)")
        }

        /// A store that is in use, or that is whole, is not taken from those who write it; a folder under way records itself.
        @Test func aStoreInUseIsNotRepaired() throws {
            let run = try train("live", steps: 1_000_000)
            while sandbox.names(in: "live/checkpoints").isEmpty { usleep(1000) }
            let repaired = try sandbox.run("runs", "repair"), imported = try sandbox.run("runs", "import", "live")
            #expect(repaired.status == 4 && repaired.errors.contains("other processes have it open"), "\(repaired)")
            #expect(imported.status == 2 && imported.errors.contains("is being trained, and records itself"), "\(imported)")
            run.send(SIGINT)
            #expect(try run.finish().status == 130)
            let whole = try sandbox.run("runs", "repair")
            #expect(whole.status == 4 && whole.errors.contains("nothing is damaged"))
        }

        @Test func aDamagedStoreIsRepaired() throws {
            for name in ["a", "b"] { #expect(try train(name).finish().status == 0) }
            #expect(try sandbox.run("runs", "gc", "--yes").status == 0)
            let file = try #require(FileHandle(forUpdatingAtPath: sandbox.path("runs/runs.sqlite")))
            try file.write(contentsOf: Data(repeating: 0x20, count: 4096))
            try file.close()
            #expect(try sandbox.run("runs", "list").status == 3)
            let repaired = try sandbox.run("runs", "repair")
            #expect(repaired.status == 0 && repaired.output.contains("2 run, ") && repaired.output.contains("runs.sqlite.damaged"), "\(repaired)")
            #expect(try steps("a", "critic loss") == Array(1...60) && listed().count == 2)
        }
    }
}
