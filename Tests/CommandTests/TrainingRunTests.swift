import Foundation
import TestSupport
import Testing

extension Commands {
    /// Runs of `gan-eval train` that are stopped in every way, and what remains of them.
    @Suite struct TrainingRuns {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        /// Perceptrons on digits of 8 × 8: a step takes about a millisecond.
        private let small = ["train", "--game", "original", "--data", Fixtures.path("digits8x8.h5")]
            + ["width=16", "depth=2", "latentSize=4", "batchSize=8", "logEvery=1", "sampleCount=4", "sampleEvery=40", "stopsEarly=false"].flatMap { ["--set", $0] }

        /// What a run wrote, but for its configuration, which names the number of steps that was asked for first.
        private func files(of run: String) throws -> [String: Data] {
            var files: [String: Data] = [:]
            for name in ["log.jsonl"] + ["checkpoints", "samples"].flatMap({ folder in sandbox.names(in: run + "/" + folder).map { folder + "/" + $0 } }) {
                files[name] = try Data(contentsOf: URL(fileURLWithPath: sandbox.path(run + "/" + name)))
            }
            return files
        }

        private func expectEqual(_ run: String, _ whole: String) throws {
            let (found, expected) = (try files(of: run), try files(of: whole))
            #expect(found.keys.sorted() == expected.keys.sorted() && expected.count >= 3)
            for (name, bytes) in expected { #expect(found[name] == bytes, "\(name)") }
        }

        private func checkpoints(_ run: String) -> [Int] { sandbox.names(in: run + "/checkpoints").compactMap { Int($0.dropFirst("step-".count).dropLast(".h5".count)) } }

        /// When a run is killed.
        private enum Moment: CaseIterable {
            case firstSteps, writingACheckpoint, writingSamples, anyTime

            /// Returns when it has come.
            func wait(for run: Run, in sandbox: Sandbox) throws {
                let start = Date()
                switch self {
                case .firstSteps: _ = try run.firstProgress()
                case .anyTime: usleep(.random(in: 50_000...150_000))
                case .writingACheckpoint, .writingSamples:
                    let folder = self == .writingSamples ? "run/samples" : "run/checkpoints"
                    // Such files live for less than a millisecond; whether one is met depends on the machine, and nothing below depends on it.
                    while Date().timeIntervalSince(start) < 0.5, !sandbox.names(in: folder).contains(where: { $0.contains(".partial-") }) {}
                }
            }
        }

        /// Without end, so that they cannot be over before they are stopped however busy the machine is. The run without interruptions is as long as they became.
        @Test func stoppedAndKilledRunsGoOnToTheSameBytes() throws {
            let run = try sandbox.start(small + ["--set", "checkpointEvery=15", "--steps", "1000000", "-o", "run"])
            #expect(try run.firstProgress()?.hasPrefix("original: ") == true)
            run.send(SIGKILL)
            #expect(try run.finish().wasSignalled)
            let resume = ["train", "--resume", "run"]
            for moment in Moment.allCases + Moment.allCases {
                let run = try sandbox.start(resume)
                try moment.wait(for: run, in: sandbox)
                run.send(SIGKILL)
                #expect(try run.finish().wasSignalled)
            }
            let stopped = try sandbox.start(resume)
            _ = try stopped.firstProgress()
            stopped.send(SIGINT)
            let outcome = try stopped.finish()
            #expect(outcome.status == 130 && !outcome.wasSignalled && outcome.output.isEmpty)
            let line = try #require(outcome.errorLines.last), match = try #require(line.wholeMatch(of: /gan-eval: stopped at step ([0-9]+); go on with: gan-eval train --resume run/), "\(line)")
            let reached = try #require(Int(match.output.1))
            #expect(checkpoints("run").last == reached, "the checkpoint is written")

            let steps = String(reached + 40)
            let resumed = try sandbox.start(resume + ["--steps", steps, "--quiet"]).finish()
            #expect(resumed.status == 0 && resumed.errors.isEmpty && resumed.output.hasPrefix("run: \(steps) steps of original; "), "\(resumed.errors)")
            let whole = try sandbox.start(small + ["--set", "checkpointEvery=15", "--steps", steps, "-o", "whole", "--quiet"]).finish()
            try #require(whole.status == 0, "\(whole.errors)")
            #expect(checkpoints("whole").last == reached + 40)
            try expectEqual("run", "whole")
        }

        /// How a disk fills up.
        enum Disk: String, CaseIterable {
            /// No file may grow beyond 32 kB, which a checkpoint does and the log does not: works for every user everywhere.
            case limited
            /// A small file system of its own, which takes a name space that not every machine gives.
            case full

            /// Lines of shell in which `resume` is the command that has no room, after which `run` holds what was left.
            func script(_ resume: String) -> String {
                switch self {
                case .limited: "trap '' XFSZ; ulimit -f 64; exec \(resume)"
                case .full:
                    """
                    mkdir disk && exec unshare --map-root-user --mount sh -c '
                    mount -t tmpfs -o size=1m tmpfs disk && cp -R run disk && head -c 40000 /dev/zero > disk/room
                    cat /dev/zero > disk/filler 2> errors; rm disk/room errors; cd disk; \(resume); code=$?; cd ..; rm -r run && cp -R disk/run . && exit $code'
                    """
                }
            }

            static let available = allCases.filter { disk in
                disk == .limited || (try? Sandbox().shell("mkdir disk && unshare --map-root-user --mount mount -t tmpfs tmpfs disk").status) == 0
            }
        }

        @Test(arguments: Disk.available) func aFullDiskIsReportedAndTheRunGoesOnWhenThereIsRoom(_ disk: Disk) throws {
            let settings = ["--set", "checkpointEvery=20", "--quiet"]
            #expect(try sandbox.start(small + settings + ["--steps", "40", "-o", "run"]).finish().status == 0)
            let before = try files(of: "run")
            let outcome = try sandbox.shell(disk.script("\(Sandbox.binary()) train --resume run --steps 80 --quiet"))
            #expect(outcome.status == 4 && !outcome.wasSignalled && outcome.output.isEmpty, "\(outcome.status) \(outcome.errors)")
            // The run store has no room either, which is said before.
            let errors = outcome.errorLines.filter { !$0.hasPrefix("note: not recorded for now: ") && !$0.hasPrefix("the run is not wholly recorded; ") }
            #expect(errors.count == 1 && errors[0].hasPrefix("gan-eval: run/checkpoints/step-00000060.h5: ") && outcome.errors.lowercased().contains(disk == .full ? "no space left on device" : "file too large"), "\(outcome.errors)")
            // The log alone may have grown.
            #expect(try files(of: "run").filter { $0.key != "log.jsonl" } == before.filter { $0.key != "log.jsonl" })
            #expect(try sandbox.run("sample", "run", "-n", "2", "-o", "still.png").status == 0)

            #expect(try sandbox.run("train", "--resume", "run", "--steps", "80", "--quiet").status == 0)
            #expect(try sandbox.start(small + settings + ["--steps", "80", "-o", "whole"]).finish().status == 0)
            try expectEqual("run", "whole")
        }

        @Test func aFileAndOptionsSayTheSame() throws {
            let data = Fixtures.path("digits8x8.h5")
            try sandbox.write("game: lsgan\ndata: \(data)\nsteps: 4\nseed: 7\nsize: 16\nwidth: 4\ncritic:\n  r1: 0.5\ngenerator.learningRate: 0.001\n".utf8, to: "config.yaml")
            let fromFile = try sandbox.run("train", "config.yaml", "-o", "file", "--quiet")
            try #require(fromFile.status == 0, "\(fromFile.errors)")
            #expect(try sandbox.run("train", "--game", "lsgan", "--data", data, "--steps", "4", "--seed", "7", "--set", "size=16", "--set", "width=4", "--set", "critic.r1=0.5",
                                    "--set", "generator.learningRate=0.001", "-o", "options", "--quiet").status == 0)
            try expectEqual("options", "file")
            // The configuration that a run writes is a configuration of the same run, and options go before a file's lines.
            #expect(try sandbox.run("train", "file/config.yaml", "-o", "again", "--quiet").status == 0)
            try expectEqual("again", "file")
            for name in ["options", "again"] {
                #expect(try String(contentsOfFile: sandbox.path(name + "/config.yaml"), encoding: .utf8) == String(contentsOfFile: sandbox.path("file/config.yaml"), encoding: .utf8))
            }
            #expect(try sandbox.run("train", "config.yaml", "--seed", "8", "-o", "other", "--quiet").status == 0)
            #expect(try files(of: "other")["checkpoints/step-00000004.h5"] != files(of: "file")["checkpoints/step-00000004.h5"])
        }

        @Test func whatIsWrongIsSaidInOneLine() throws {
            try sandbox.write("game: dcgan\ndata: ring\n\ngenerator:\n  learningrate: 1\n".utf8, to: "key.yaml")
            try sandbox.write("game: dcgan\nbatchSize: 0\n".utf8, to: "value.yaml")
            try sandbox.write("game: [\n".utf8, to: "broken.yaml")
            #expect(try sandbox.start(small + ["--steps", "1", "-o", "run", "--quiet"]).finish().status == 0)
            for (arguments, code, words) in [
                (["key.yaml", "-o", "x"], 2, "gan-eval: key.yaml:5: there is no setting 'generator.learningrate'; the nearest is 'generator.learningRate'"),
                (["value.yaml", "-o", "x"], 2, "gan-eval: value.yaml:2: 'batchSize' cannot be '0': it takes 1…65536"),
                (["broken.yaml", "-o", "x"], 2, "gan-eval: broken.yaml: "),
                (["absent.yaml", "-o", "x"], 3, "gan-eval: absent.yaml: "),
                (["--game", "dcgan", "--data", "ring", "--set", "widht=8", "-o", "x"], 2, "gan-eval: there is no setting 'widht'; the nearest is 'width'"),
                (["--game", "dcgan", "--data", "ring", "--set", "batchSize=0", "-o", "x"], 2, "gan-eval: 'batchSize' cannot be '0': it takes 1…65536"),
                (["--game", "dgan", "--data", "ring", "-o", "x"], 2, "gan-eval: there is no game 'dgan'"),
                (["--game", "original", "--data", "nowhere.h5", "-o", "x"], 2, "gan-eval: nowhere.h5: neither a file (No such file or directory) nor a distribution; expected one of ring, "),
                (["--game", "original", "--data", "ring:mode=2", "-o", "x"], 2, "gan-eval: ring:mode=2: ring has no option 'mode'; did you mean modes?"),
                (["--game", "conditional", "--data", "swiss-roll", "-o", "x"], 2, "gan-eval: conditional needs data with classes"),
                (["--game", "original", "--data", "ring", "-o", "run"], 3, "gan-eval: run: holds a run already; go on with --resume run, or name another folder with -o"),
                (["--game", "original", "--data", "ring", "-o", "/dev/null/x"], 4, "gan-eval: /dev/null/x/samples: expected a folder that can be made, found not a directory"),
                (["--game", "original", "--data", Fixtures.path("digits8x8.h5"), "--set", "measureEvery=1", "--set", "metrics=psnr", "-o", "x"], 2, "gan-eval: "),
                (["--resume", "x"], 3, "gan-eval: x: no run: config.yaml is missing"),
            ] {
                let outcome = try sandbox.start(["train"] + arguments).finish()
                #expect(outcome.status == Int32(code) && outcome.output.isEmpty && outcome.errorLines.count == 1 && outcome.errors.hasPrefix(words), "\(arguments): \(outcome.status) \(outcome.errors)")
            }
            for (arguments, words) in [
                (["train", "--data", "ring"], "-o is missing"), (["train", "-o", "x"], "--data is missing"), (["train", "--data", "ring", "--set", "width", "-o", "x"], "expected name=value"),
                (["train", "--resume", "run", "--seed", "1"], "only --steps, --threads and --quiet go with it"), (["train", "--resume", "run", "--threads", "0"], "--threads is 0; expected a number from 1"),
                (["sample", "run", "-n", "0", "-o", "x.h5"], "-n 0: expected a positive number"), (["sample", "run", "--truncation", "nan", "-o", "x.h5"], "--truncation nan: expected a number"),
                (["interpolate", "run", "-o", "x.gif"], "--output is x.gif; expected a name that ends in .png"),
                (["sample", "run", "--classes", "1", "-o", "x.h5"], "--classes 1: original makes samples without classes"),
                (["sample", "run", "--checkpoint", "7", "-o", "x.h5"], "--checkpoint is 7; expected one of best, 1"), (["interpolate", "run", "-o", "x.png", "--steps", "1"], "--steps is 1"),
                (["interpolate", "run", "-o", "x.png", "--rate", "9"], "--rate and --loops go with --animated"), (["reconstruct", "run", "ring", "-n", "0", "-o", "x.png"], "expected a positive number"),
            ] {
                let outcome = try sandbox.start(arguments).finish()
                #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errors.contains(words), "\(arguments): \(outcome.status) \(outcome.errors)")
            }
            for (arguments, words) in [
                (["sample", "nowhere", "-o", "x.h5"], "gan-eval: nowhere: no run: config.yaml is missing"), (["reconstruct", "run", "ring", "-o", "x.png"], "gan-eval: original: this game has no encoder"),
                (["translate", "run", "ring", "-o", "x.png"], "gan-eval: original: this game has one domain"),
            ] {
                let outcome = try sandbox.start(arguments).finish()
                #expect([2, 3].contains(outcome.status) && outcome.errorLines.count == 1 && outcome.errors.hasPrefix(words), "\(arguments): \(outcome.status) \(outcome.errors)")
            }
            #expect(sandbox.names(in: ".").filter { $0.hasPrefix("x") } == [], "nothing is left behind")
        }

        @Test func gamesAreListedAndShown() throws {
            let list = try sandbox.run("games", "list")
            let names = list.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
            #expect(list.status == 0 && names.count >= 12 && names.contains("dcgan") && names.contains("cyclegan"))
            for name in names {
                let shown = try sandbox.run("games", "show", name)
                #expect(shown.status == 0 && shown.output.hasPrefix("\(name): ") && shown.output.contains("arXiv") && shown.output.contains("\nSettings of every run:\n"), "\(shown.output)")
                // Each setting in two lines: name and default; meaning and allowed values.
                #expect(shown.output.matches(of: /\n[a-zA-Z0-9.]+: .*\n    .+ \(.+\)/).count >= 25, "\(shown.output)")
            }
            let none = try sandbox.run("games", "show", "dgan")
            #expect(none.status == 2 && none.errorLines.count == 1 && none.errors.hasPrefix("gan-eval: there is no game 'dgan'"), "\(none.errors)")
        }
    }
}
