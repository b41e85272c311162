import Foundation
import TestSupport
import Testing

extension Commands {
    /// `report`: stored results become files.
    @Suite struct ReportCommands {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        /// What the commands write is what the report reads: an evaluation, an explanation and a search for copies of real images.
        @Test func whatCommandsWriteIsRead() throws {
            let real = try sandbox.digits("real", 30), fake = try sandbox.digits("fake", 24)
            for folder in ["explanation", "copies"] { try FileManager.default.createDirectory(atPath: sandbox.path(folder), withIntermediateDirectories: true) }
            for arguments in [
                ["evaluate", real, fake, "--metrics", "fid,kid,precision,recall,prd-f8,spectrum-distance", "--json", sandbox.path("ours.json")],
                ["evaluate", real, real, "--metrics", "fid,kid,precision,recall,prd-f8,spectrum-distance", "--json", sandbox.path("real.json")],
                ["explain", real, fake, "-o", sandbox.path("explanation"), "--json", sandbox.path("explanation/explain.json")],
                ["copies", fake, "--training", real, "-o", sandbox.path("copies"), "--json", sandbox.path("copies/copies.json")],
                ["lpips", fake, "--size", "32", "--json", sandbox.path("lpips.json")], ["ssim", fake, "--pairs", "40", "--json", sandbox.path("ssim.json")],
            ] {
                let outcome = try sandbox.start(arguments + ["--quiet"]).finish()
                try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
            }
            // Sets of different sizes are not ranked against each other.
            let outcome = try sandbox.run("report", "ours.json", "real.json", "ours=explanation", "ours=copies", "-o", "report", "--title", "<Digits>")
            #expect(outcome.status == 0 && outcome.output.hasPrefix("report/report.html: ") && outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(outcome.output.contains("nothing is ranked"), "\(outcome.output)")
            #expect(sandbox.names(in: "report") == ["figures", "references.bib", "report.csv", "report.html", "report.json", "report.tex"])
            let page = try String(contentsOfFile: sandbox.path("report/report.html"), encoding: .utf8)
            #expect(page.contains("&lt;Digits&gt;") && page.components(separatedBy: "data:image/png;base64,").count == 7, "six grids of pictures")
            #expect(page.contains("gan-eval evaluate REAL FAKE --metrics fid,kid,precision,recall,prd-f8,spectrum-distance --network efficientnet-lite0"))
            let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: sandbox.path("report/report.json")))) as? [String: Any])
            let tables = try #require(json["tables"] as? [[String: Any]]), measures = try #require(tables.first?["measures"] as? [[String: Any]])
            #expect(tables.count == 2 && measures.map { $0["better"] as? String } == ["smaller", "smaller", "larger", "larger", "larger", "smaller"])
            // How different the images of one collection are among each other is nothing of which less is better.
            let diverse = try sandbox.run("report", "a=lpips.json", "a=ssim.json", "b=ssim.json", "-o", "diverse")
            #expect(diverse.status == 0 && diverse.output.contains("nothing is ranked"), "\(diverse)")
            let before = try Data(contentsOf: URL(fileURLWithPath: sandbox.path("report/report.html")))
            _ = try sandbox.run("report", "ours.json", "real.json", "ours=explanation", "ours=copies", "-o", "report", "--title", "<Digits>")
            #expect(try Data(contentsOf: URL(fileURLWithPath: sandbox.path("report/report.html"))) == before)
        }

        /// Intervals by groups of images, from the option to the test of two rows and the command that gives them again.
        @Test func groupsGiveIntervals() throws {
            let real = try sandbox.digits("real", 40), sets = [try sandbox.digits("fake", 40), try sandbox.digits("real", 40, as: "more")]
            for (set, name) in zip(sets, ["fake", "more"]) {
                let outcome = try sandbox.run("evaluate", real, set, "--metrics", "sw1,imd", "--jackknife", "8", "--json", "\(name).json", "--quiet")
                try #require(outcome.status == 0, "\(outcome.errors)")
            }
            let report = try sandbox.report("evaluate", real, sets[0], "--metrics", "sw1,imd")
            #expect(report.results.allSatisfy { $0.interval == nil }, "nothing is computed again unasked")
            let outcome = try sandbox.run("report", "fake.json", "more.json", "-o", "report"), page = try String(contentsOfFile: sandbox.path("report/report.html"), encoding: .utf8)
            #expect(outcome.status == 0 && page.contains("gan-eval evaluate REAL FAKE --metrics sw1,imd --jackknife 8 --network"), "\(outcome)")
            let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: sandbox.path("report/report.json")))) as? [String: Any])
            let measures = try #require(((json["tables"] as? [[String: Any]])?.first)?["measures"] as? [[String: Any]])
            let values = try #require(measures.first?["values"] as? [[String: Any]]), tests = values.compactMap { $0["against_best"] as? [String: Any] }
            #expect(tests.count == 1 && tests.first?["test"] as? String == "groups" && (tests.first?["degrees_of_freedom"] as? Double).map { 7...14 ~= $0 } == true, "\(values)")
            #expect(outcome.output.contains("t tests with errors from a jackknife by groups"), "\(outcome.output)")
            let wrong = try sandbox.run("evaluate", real, sets[0], "--metrics", "vendi", "--jackknife", "1")
            #expect(wrong.status == 2 && wrong.errors.contains("--jackknife is 1; expected a number of groups of at least 2"), "\(wrong)")
        }

        /// Two sets that were compared are tested by what was found, in a report of both; a comparison alone is a report, and one that was recorded is found by the run's name.
        @Test func comparisonsAreRead() throws {
            let real = try sandbox.digits("real", 30), fake = try sandbox.digits("fake", 24), more = try sandbox.digits("real", 24, as: "more")
            for arguments in [["evaluate", fake, "--metrics", "fid,kid", "--json", sandbox.path("fake.json")], ["evaluate", more, "--metrics", "fid,kid", "--json", sandbox.path("more.json")]] {
                try #require(try sandbox.start([arguments[0], real] + arguments.dropFirst() + ["--quiet"]).finish().status == 0)
            }
            let compared = try sandbox.run("compare", fake, more, "--reference", real, "--metrics", "fid,kid", "--exchanges", "99", "--json", "pair.json", "--quiet")
            try #require(compared.status == 0, "\(compared.errors)")
            let outcome = try sandbox.run("report", "fake.json", "more.json", "pair.json", "-o", "report")
            #expect(outcome.status == 0 && outcome.output.contains("Set against set, more is better than fake: FID (efficientnet-lite0) "), "\(outcome)")
            let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: sandbox.path("report/report.json")))) as? [String: Any])
            let measures = try #require(((json["tables"] as? [[String: Any]])?.first)?["measures"] as? [[String: Any]]), pair = try #require(json["comparisons"] as? [[String: Any]])
            for (measure, found) in zip(measures, pair) {
                let value = try #require((measure["values"] as? [[String: Any]])?.first { $0["subject"] as? String == "fake" }), test = try #require(value["against_best"] as? [String: Any])
                #expect(test["test"] as? String == "paired" && test["p"] as? Double == 0.01 && test["z"] is NSNull, "\(test)")
                #expect(test["difference"] as? Double == found["difference"] as? Double && test["standard_error"] as? Double == found["standard_error"] as? Double)
            }
            #expect(measures.count == 2 && pair.count == 2)
            let alone = try sandbox.run("report", "pair.json", "-o", "alone"), recorded = try sandbox.run("report", fake, "-o", "recorded")
            #expect(alone.status == 0 && alone.output.hasPrefix("alone/report.html: Set against set, "), "\(alone)")
            #expect(recorded.status != 0, "a folder of images is no result")
        }

        /// Two trainings of one recipe are one row, unless each is asked for.
        @Test func seedsArePooled() throws {
            for seed in 0..<2 {
                let run = sandbox.path("run-\(seed)")
                try FileManager.default.copyItem(atPath: Fixtures.path("report/runs/wide"), toPath: run)
                let settings = try String(contentsOfFile: run + "/config.yaml", encoding: .utf8)
                try sandbox.write(settings.replacing("seed: 0", with: "seed: \(seed)").utf8, to: "run-\(seed)/config.yaml")
                let numbers = try String(contentsOfFile: Fixtures.path("report/\(seed == 0 ? "wide" : "deep").json"), encoding: .utf8)
                try sandbox.write(numbers.utf8, to: "run-\(seed).json")
            }
            let inputs = ["report", "run-0", "run-1", "run-0.json", "run-1.json", "-o"]
            let pooled = try sandbox.start(inputs + ["pooled"]).finish(), single = try sandbox.start(inputs + ["single", "--no-pool-seeds"]).finish()
            #expect(pooled.status == 0 && pooled.errors.isEmpty && pooled.output.contains("run (2 seeds) has FID (efficientnet-lite0) 17.4"), "\(pooled)")
            #expect(single.status == 0 && single.output.contains("run-0 has the best FID of 2"), "\(single)")
            try sandbox.write(String(contentsOfFile: sandbox.path("run-0/config.yaml"), encoding: .utf8).utf8, to: "run-1/config.yaml")
            let twice = try sandbox.start(inputs + ["twice"]).finish()
            #expect(twice.status == 0 && twice.errors.hasPrefix("note: run-0, run-1 have the same settings, and some the same seed") && twice.errorLines.count == 1, "\(twice)")
        }

        /// Printed once into a file; in a terminal, which util-linux's `script` makes, shown until q is typed, and the window is as before.
        @Test func watchingARun() throws {
            let whole = Fixtures.path("report/runs/wide"), binary = try Sandbox.binary()
            let once = try sandbox.run("watch", whole)
            #expect(once.status == 0 && once.output.hasPrefix("\(whole)  dcgan on shapes.h5\n") && once.output.contains("2000 of 2000 steps (100 %), done") && !once.output.contains("\u{1B}"), "\(once.output)\(once.errors)")
            // A run under way, as far as anybody can tell.
            try FileManager.default.copyItem(atPath: whole, toPath: sandbox.path("run"))
            let log = try String(contentsOfFile: whole + "/log.jsonl", encoding: .utf8).split(separator: "\n")
            try sandbox.write((log.dropLast(2).joined(separator: "\n") + "\n").utf8, to: "run/log.jsonl")
            let shown = try sandbox.shell("(sleep 1; printf xq) | script -qec \"'\(binary)' watch --every 0.2 run\" /dev/null")
            #expect(shown.status == 0 && shown.output.contains("\u{1B}[?1049h") && shown.output.contains("q leaves") && shown.output.contains("1600 of 2000 steps (80 %)") && shown.output.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"), "\(shown.output)\(shown.errors)")
            // The system asks it to end, as when a machine goes down.
            let asked = try sandbox.shell("(sleep 1; kill -TERM $(cat pid); sleep 3) | script -qec \"sh -c 'echo \\$\\$ > pid; exec \\\"\(binary)\\\" watch --every 0.2 run'\" /dev/null")
            #expect(asked.status == 0 && asked.output.contains("q leaves") && asked.output.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"), "\(asked.output)\(asked.errors)")
            // It comes to its end while it is watched: nobody types anything, and what was seen last stays.
            try sandbox.write((log.joined(separator: "\n") + "\n").utf8, to: "whole.jsonl")
            let ended = try sandbox.shell("(sleep 1; cp whole.jsonl run/log.jsonl; sleep 20) | script -qec \"'\(binary)' watch --every 0.2 run\" /dev/null")
            let behind = ended.output.components(separatedBy: "\u{1B}[?25h\u{1B}[?1049l")
            #expect(ended.status == 0 && behind.count == 2 && behind[1].contains("2000 of 2000 steps (100 %), done") && !behind[1].contains("left"), "\(ended.output)\(ended.errors)")
            let none = try sandbox.run("watch", "nowhere")
            #expect(none.status == 3 && none.errors == "gan-eval: nowhere: expected a run's folder, or the name or key of a run of the run store, found neither, and there is no run store here\n", "\(none.errors)")
        }

        /// A run that has ended says how, whether it ran to its end, was interrupted, killed, or stopped by a diagnosis.
        @Test func watchingSaysHowARunEnded() throws {
            func train(_ name: String, _ more: String..., steps: Int) throws -> Run {
                let settings = ["width=16", "depth=2", "latentSize=4", "batchSize=8", "logEvery=1", "checkpointEvery=20", "sampleEvery=0", "stopsEarly=false"].flatMap { ["--set", $0] }
                return try sandbox.start(["train", "--game", "original", "--data", "ring", "--steps", "\(steps)", "-o", name, "--quiet"] + settings + more)
            }
            func progress(_ name: String, _ more: String...) throws -> [Substring] {
                let outcome = try sandbox.start(["watch", name] + more).finish()
                #expect(outcome.status == 0 && outcome.errors.isEmpty && !outcome.output.contains(" left"), "\(outcome)")
                return outcome.output.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().prefix(2).map { $0 }
            }
            try #require(try train("done", steps: 40).finish().status == 0)
            #expect(try progress("done")[0].hasSuffix("40 of 40 steps (100 %), finished"))
            for (name, signal, words) in [("stopped", SIGINT, "interrupted"), ("lost", SIGKILL, "killed")] {
                let run = try train(name, steps: 1_000_000)
                while sandbox.names(in: name + "/checkpoints").isEmpty { usleep(1000) }
                let live = try sandbox.run("watch", name)
                #expect(live.output.contains("steps (0 %)") && !live.output.contains("interrupted") && !live.output.contains("killed"), "\(live)")
                run.send(signal)
                _ = try run.finish()
                let lines = try progress(name)
                #expect(lines[0].contains(" of 1000000 steps (0 %), \(words)") && !lines[0].contains("░") && lines[1] == "go on with: gan-eval train --resume \(name)", "\(lines)")
                // A store that is named.
                #expect(try progress(name, "--store", sandbox.path("runs/runs.sqlite"))[0].contains(words))
            }
            #expect(try train("broken", "--set", "generator.learningRate=1", "--set", "critic.learningRate=1", "--set", "critic.objective=wasserstein", "--set", "generator.optimizer=sgd", "--set", "critic.optimizer=sgd", steps: 100_000).finish().status == 5)
            let broken = try progress("broken")
            #expect(broken[0].hasSuffix("%), failed") && broken[1].hasPrefix("step ") && broken[1].contains(" is not finite"), "\(broken)")
            // The folder lies elsewhere than the reader; its run is found by its name.
            try FileManager.default.createDirectory(atPath: sandbox.path("elsewhere"), withIntermediateDirectories: true)
            let named = try sandbox.shell("cd elsewhere && '\(Sandbox.binary())' watch broken")
            #expect(named.status == 0 && named.output.hasPrefix(sandbox.path("broken")) && named.output.contains(", failed"), "\(named)")
            let wrong = try sandbox.run("watch", "brokken")
            #expect(wrong.status == 3 && wrong.errors.contains("found neither; the nearest run of \(sandbox.path("runs/runs.sqlite")) is 'broken'"), "\(wrong)")
            // A store that cannot be read stops nobody who did not name it.
            try sandbox.write("a text that is no database at all, whatever it is called".utf8, to: "text.sqlite")
            let blind = try sandbox.shell("GAN_EVAL_STORE=text.sqlite '\(Sandbox.binary())' watch done")
            #expect(blind.status == 0 && blind.output.contains("40 of 40 steps (100 %), done") && blind.errors.hasPrefix("note: only the folder is watched: ") && blind.errors.contains("text.sqlite") && blind.errorLines.count == 1, "\(blind)")
            #expect(try sandbox.run("watch", "done", "--store", "text.sqlite").status == 3)
            let typed = try sandbox.run("report", "borken", "-o", "report")
            #expect(typed.status == 3 && typed.errors.contains("expected a run's folder, a result's JSON file, a folder that holds some, a run of the run store by name or key, or NAME= before one of these, found nothing; the nearest run of") && typed.errors.hasSuffix("is 'broken'\n"), "\(typed)")
        }

        @Test(arguments: [
            (["none.json"], "none.json: expected a run's folder, a result's JSON file, a folder that holds some, a run of the run store by name or key, or NAME= before one of these, found nothing, and there is no run store here"),
            (["empty"], "empty: expected a run's folder, a result's JSON file, a folder that holds some, a run of the run store by name or key, or NAME= before one of these, found a folder without config.yaml or JSON"),
            (["words.json"], "words.json: expected JSON that `gan-eval evaluate`, `compare`, `explain` or `copies` wrote, found no JSON object"),
            (["a=Fixtures/runs/wide", "a=Fixtures/runs/deep"], "a: two runs have this name; tell them apart with NAME=PATH"),
        ])
        func wrongInputIsNamedInOneLine(_ inputs: [String], _ message: String) throws {
            try FileManager.default.createDirectory(atPath: sandbox.path("empty"), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: sandbox.path("Fixtures"), withDestinationPath: Fixtures.path("report"))
            try sandbox.write("words".utf8, to: "words.json")
            let outcome = try sandbox.start(["report"] + inputs + ["-o", "report"]).finish()
            #expect(outcome.status == 3 && outcome.errors == "gan-eval: \(message)\n", "\(outcome.errors)")
            #expect(sandbox.names(in: "report").isEmpty)
        }
    }
}
