import Foundation
#if canImport(FoundationXML)
import FoundationXML
#endif
import TestSupport
import Testing

extension Commands {
    /// `gan-eval regress`: every way in which a night can end.
    @Suite struct Regressing {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        /// A suite of one pair: digits, and others of them that stand for a generator's.
        private func pair(_ more: String = "", metrics: String = "[fid, kid]") throws {
            _ = try sandbox.digits("real", 40)
            try replaceFakes("real", from: 10)
            try sandbox.write("metrics: \(metrics)\ntolerance: 1%\n\(more)cases:\n  - name: digits\n    real: real\n    fake: fake\n".utf8, to: "suite.yaml")
        }

        /// Other generated images: 30 digits of a set.
        private func replaceFakes(_ set: String, from first: Int, _ name: String = "fake") throws {
            let folder = sandbox.path(name), source = Fixtures.path("digits/\(set)/0")
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for image in try FileManager.default.contentsOfDirectory(atPath: source).sorted().dropFirst(first).prefix(30) { try FileManager.default.copyItem(atPath: "\(source)/\(image)", toPath: "\(folder)/\(image)") }
        }

        private func regress(_ arguments: String...) throws -> Outcome { try sandbox.start(["regress", "--suite", "suite.yaml", "--quiet", "--label", "x"] + arguments).finish() }

        private func text(_ name: String) throws -> String { try String(contentsOfFile: sandbox.path(name), encoding: .utf8) }
        private func json(_ text: String) throws -> [String: Any] { try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]) }
        private var history: [Substring] { (try? text("suite.history.jsonl").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { $0 }) ?? [] }

        /// Changes a text in a file, where it stands.
        private func change(_ name: String, _ old: String, _ new: String) throws {
            let before = try text(name)
            try #require(before.contains(old), "\(old) in \(before)")
            try sandbox.write(before.replacingOccurrences(of: old, with: new).utf8, to: name)
        }

        @Test func everyVerdictHasItsCode() throws {
            try pair()
            let first = try regress()
            #expect(first.status == 17 && first.output.contains("problem: no baseline: digits: suite.baseline.json does not exist; look at the numbers and set it with --update"), "\(first)")
            #expect(!FileManager.default.fileExists(atPath: sandbox.path("suite.baseline.json")) && first.errors.isEmpty)

            let set = try regress("--update")
            #expect(set.status == 0 && set.output.hasPrefix("suite x: baseline set from 2 metrics of 1 cases\n"), "\(set)")
            let baseline = try text("suite.baseline.json")
            // The same images again, bit for bit.
            let same = try regress("--json", "night.json")
            #expect(same.status == 0 && same.output.hasPrefix("suite x: no regression\n"), "\(same)")
            let report = try json(text("night.json"))
            #expect(Set(report.keys) == ["suite", "date", "label", "version", "outcome", "exit_code", "confidence", "level", "baseline", "cases", "problems", "notes"])
            // All nights are one run, whose steps they are.
            let recorded = try json(sandbox.run("runs", "show", "suite", "--json", "-").output), curves = try #require(recorded["series"] as? [[String: Any]])
            #expect(curves.map { $0["name"] as? String } == ["digits fid", "digits kid", "exit code"] && recorded["step"] as? Int == 3 && (recorded["evaluations"] as? [Any])?.count == 3)
            #expect((curves[2]["points"] as? [[String: Any]])?.compactMap { $0["value"] as? Double } == [17, 0, 0])
            let metrics = try #require((report["cases"] as? [[String: Any]])?[0]["metrics"] as? [[String: Any]])
            #expect(metrics.map { $0["metric"] as? String } == ["fid", "kid"] && metrics.allSatisfy { $0["difference"] as? Double == 0 && $0["p_value"] as? Double == 1 && $0["verdict"] as? String == "unchanged" })
            #expect(Set(metrics[0].keys) == ["metric", "title", "better", "aim", "value", "standard_error", "degrees_of_freedom", "verdict", "baseline", "baseline_standard_error", "difference", "worsening", "difference_standard_error", "tolerance", "baseline_nights", "error_of", "p_value", "reliably_found", "slide"])

            try replaceFakes("fake", from: 0)
            let worse = try regress("--junit", "night.xml", "--html", "night.html")
            #expect(worse.status == 10 && worse.errors.isEmpty && worse.output.contains("suite x: REGRESSION\n") && worse.output.contains("  REGRESSION  (tolerance "), "\(worse)")
            let junit = try XMLDocument(xmlString: text("night.xml")), suite = try #require(try junit.nodes(forXPath: "/testsuites/testsuite").first as? XMLElement)
            #expect(suite.attribute(forName: "tests")?.stringValue == "2" && suite.attribute(forName: "failures")?.stringValue == "2" && suite.attribute(forName: "errors")?.stringValue == "0")
            #expect(try junit.nodes(forXPath: "//testcase[@classname='suite.digits'][@name='fid']/failure[@type='regression']").count == 1)
            #expect(try text("night.html").contains("<td class=\"bad\">regression</td>"))
            let line = try regress("--summary")
            #expect(line.status == 10 && line.output.hasPrefix("suite x: REGRESSION: digits FID (efficientnet-lite0) ") && line.output.split(separator: "\n").count == 1, "\(line)")
            // Accepted all the same, the old ones are the better.
            #expect(try text("suite.baseline.json") == baseline, "only --update writes it")
            #expect(try regress("--update").status == 0)
            try replaceFakes("real", from: 10)
            let better = try regress()
            #expect(better.status == 11 && better.output.contains("  IMPROVEMENT  "), "\(better)")
            let outcomes = try history.map { try json(String($0))["outcome"] as? String ?? "" }
            #expect(outcomes == ["no baseline", "baseline", "unchanged", "regression", "regression", "baseline", "improvement"])
        }

        @Test func whatCannotBeComparedIsAnErrorOfItsKind() throws {
            try pair("network: efficientnet-lite0\n", metrics: "[fid]")
            try #require(try regress("--update").status == 0)
            func expect(_ code: Int32, _ words: String, _ arguments: String..., line: SourceLocation = #_sourceLocation) throws {
                let outcome = try sandbox.start(["regress", "--suite", "suite.yaml", "--quiet", "--label", "x", "--no-history"] + arguments).finish()
                #expect(outcome.status == code && outcome.output.contains(words) && !outcome.output.contains("no regression"), "\(outcome)", sourceLocation: line)
            }
            let suite = try text("suite.yaml"), baseline = try text("suite.baseline.json")
            func restore() throws {
                try sandbox.write(suite.utf8, to: "suite.yaml")
                try sandbox.write(baseline.utf8, to: "suite.baseline.json")
            }
            try change("suite.yaml", "fake: fake", "fake: gone")
            try expect(13, "problem: missing data: digits: gone: ")
            try restore()
            try change("suite.baseline.json", "c16fba0f2567", "000000000000")
            try expect(14, "problem: changed weights: digits: weights_sha256 was 000000000000…, is c16fba0f2567…")
            try restore()
            try change("suite.yaml", "network:", "protocol: pytorch-fid\nnetwork:")
            try expect(15, "problem: changed protocol: digits: clips was true, is false")
            try restore()
            try FileManager.default.copyItem(atPath: Fixtures.path("digits/real/1/" + FileManager.default.contentsOfDirectory(atPath: Fixtures.path("digits/real/1")).sorted()[0]), toPath: sandbox.path("real/zzz.png"))
            try expect(16, "problem: changed reference: digits: the number of real images was 40, is 41")
            try FileManager.default.removeItem(atPath: sandbox.path("real/zzz.png"))
            try FileManager.default.removeItem(atPath: sandbox.path("fake/" + sandbox.names(in: "fake")[0]))
            try expect(15, "problem: changed protocol: digits: the number of generated images was 30, is 29")
            try replaceFakes("real", from: 10)
            try change("suite.yaml", "[fid]", "[fid, kid]")
            try expect(17, "problem: no baseline: digits, kid: the metric is not in the baseline")
            try change("suite.yaml", "[fid, kid]", "[kid]")
            try expect(17, "problem: no baseline: digits, fid: the metric is in the baseline but not in the suite; --update drops it")
            try restore()
            // The baseline of what could not be measured is not made.
            try change("suite.yaml", "fake: fake", "fake: gone")
            let refused = try regress("--update")
            #expect(refused.status == 13 && refused.errors.hasPrefix("gan-eval: suite.baseline.json stays as it is: digits: gone: ") && refused.errorLines.count == 1, "\(refused)")
            #expect(try text("suite.baseline.json") == baseline)
        }

        @Test func aSlowSlideIsFound() throws {
            try pair(metrics: "[fid]")
            try #require(try regress("--update").status == 0)
            try #require(try regress("--json", "night.json").status == 0)
            let report = try json(text("night.json")), id = try #require((report["baseline"] as? [String: Any])?["id"] as? String)
            let metric = try #require(((report["cases"] as? [[String: Any]])?[0]["metrics"] as? [[String: Any]])?[0])
            let value = try #require(metric["value"] as? Double), error = try #require(metric["standard_error"] as? Double)
            // Ten nights, each a little worse, none of them enough by itself. Numbers are replaced by their place: JSONSerialization does not read back every number of 17 digits.
            let template = try #require(history.last.map(String.init))
            var lines = history.map(String.init)
            for night in 1...10 {
                var line = template.replacing(/"value": [-+.0-9e]+/, with: "\"value\": \(value + 0.5 * error * Double(night))")
                try #require(line != template)
                line = line.replacing(/"generated": "[0-9a-f]+"/, with: "\"generated\": \"night \(night)\"")
                try #require(line.contains(id))
                lines.append(line)
            }
            try sandbox.write((lines.joined(separator: "\n") + "\n").utf8, to: "suite.history.jsonl")
            let outcome = try regress("--junit", "night.xml", "--html", "night.html", "--json", "night.json")
            #expect(outcome.status == 12 && outcome.output.contains("suite x: DRIFT\n") && outcome.output.contains("over 11 nights worse by +"), "\(outcome)")
            #expect(try text("night.xml").contains("<failure type=\"drift\"") && text("night.html").contains("<td class=\"bad\">drift</td>"))
            #expect(try (json(text("night.json"))["exit_code"] as? Int) == 12)
            // Nights with the same images as one before are no nights of their own, and no evidence.
            let repeated = lines.prefix(2) + Array(repeating: lines[11], count: 20)
            try sandbox.write((repeated.joined(separator: "\n") + "\n").utf8, to: "suite.history.jsonl")
            #expect(try regress().status == 0)
        }

        @Test func damagedFilesAreNamedInOneLine() throws {
            try pair(metrics: "[fid]")
            let suite = try text("suite.yaml")
            func refuse(_ words: String, _ arguments: String..., line: SourceLocation = #_sourceLocation) throws {
                let outcome = try sandbox.start(["regress", "--suite", "suite.yaml", "--quiet"] + arguments).finish()
                #expect(outcome.status == 3 && outcome.output.isEmpty && outcome.errorLines.count == 1 && outcome.errors.hasPrefix("gan-eval: " + words), "\(outcome)", sourceLocation: line)
            }
            for (old, new, words) in [
                ("real: real", "reel: real", "suite.yaml:5: there is no entry 'reel' of a case; the nearest is 'real'"),
                ("tolerance:", "tolerances:", "suite.yaml:2: there is no entry 'tolerances' here; the nearest is 'tolerance'"),
                ("[fid]", "[fid, kit]", "suite.yaml:1: there is no metric 'kit'; the nearest is 'kid'"),
                ("1%", "-1%", "suite.yaml:2: 'tolerance' is -1%; expected a number of at least 0, or one with %"),
                ("1%", "{kld: 1%}", "suite.yaml:2: there is no metric 'kld'; the nearest is 'kid'"),
                ("metrics:", "protocol: clean-fit\nmetrics:", "suite.yaml:1: there is no protocol 'clean-fit'; the nearest is 'clean-fid'"),
                ("metrics:", "confidence: 2\nmetrics:", "suite.yaml:1: 'confidence' is 2; expected a number from 0.5 to 0.99999"),
                ("metrics:", "network: nosuch\nmetrics:", "suite.yaml:5: 'digits': "), ("metrics:", "tap: nosuch\nmetrics:", "suite.yaml:5: 'digits': "), ("    real: real\n", "", "suite.yaml:4: 'digits': fid needs "),
                ("metrics: [fid]", "", "suite.yaml:4: case 'digits' needs 'metrics'"),
                ("fake: fake", "run: x\n    fake: fake", "suite.yaml:4: case 'digits' needs either 'fake'"),
                ("cases:", "cases:\n  - {name: digits, fake: b}", "suite.yaml:5: two cases are called 'digits'"),
                ("cases:", "kases:", "suite.yaml:3: there is no entry 'kases' here; the nearest is 'cases'"), ("fake: fake", "fake: [", "suite.yaml: "),
            ] {
                try change("suite.yaml", old, new)
                try refuse(words)
                try sandbox.write(suite.utf8, to: "suite.yaml")
            }
            try FileManager.default.removeItem(atPath: sandbox.path("suite.yaml"))
            try refuse("suite.yaml: ")
            try sandbox.write("".utf8, to: "suite.yaml")
            try refuse("suite.yaml: expected 'name: value' lines, among them 'cases:'")
            try sandbox.write(suite.utf8, to: "suite.yaml")
            // A metric that neither a standard error nor a tolerance can judge is found before it is in the baseline.
            try change("suite.yaml", "metrics: [fid]\ntolerance: 1%", "metrics: [vendi]\ngroups: 0")
            try refuse("suite.yaml:4: vendi of 'digits' has no standard error, so that only a tolerance can judge it: add 'tolerance: {vendi: …}'", "--update")
            try change("suite.yaml", "groups: 0", "tolerance: 1%\ngroups: 0")
            #expect(try regress("--update").status == 0)
            let alone = try regress()
            #expect(alone.status == 0 && alone.output.contains("(tolerance 0.0"), "\(alone)")
            try sandbox.write(suite.utf8, to: "suite.yaml")

            try #require(try regress("--update").status == 0)
            let baseline = try text("suite.baseline.json"), past = try text("suite.history.jsonl")
            for (content, words) in [
                (String(baseline.prefix(300)), "expected a baseline of gan-eval regress, found damaged JSON"), ("{}", "expected a baseline of gan-eval regress, found no 'format'"),
                (baseline.replacingOccurrences(of: "\"format_version\": 1", with: "\"format_version\": 7"), "expected format version 1, found 7"),
                (baseline.replacingOccurrences(of: "\"better\": \"smaller\"", with: "\"better\": \"greener\""), "'better' of fid is greener"), ("", "expected a baseline of gan-eval regress, found "),
            ] {
                try sandbox.write(content.utf8, to: "suite.baseline.json")
                try refuse("suite.baseline.json: \(words)")
                try refuse("suite.baseline.json: \(words)", "--update")
                #expect(try text("suite.baseline.json") == content, "a damaged baseline is not overwritten without a word")
            }
            try sandbox.write(baseline.utf8, to: "suite.baseline.json")
            let count = past.split(separator: "\n").count
            try sandbox.write((past + "{\"date\": 3}\n" + past).utf8, to: "suite.history.jsonl")
            try refuse("suite.history.jsonl:\(count + 1): expected a night of gan-eval regress, found something else than String at date")
            // An unfinished line is left out, said, and cut off by the next job.
            try sandbox.write((past + past.prefix(200).filter { $0 != "\n" }).utf8, to: "suite.history.jsonl")
            let torn = try regress()
            #expect(torn.status == 0 && torn.output.contains("note: suite.history.jsonl:\(count + 1): an unfinished line was left out; the job that wrote it was ended early"), "\(torn)")
            #expect(try text("suite.history.jsonl").hasPrefix(past) && history.count == count + 1)
            #expect(try !regress().output.contains("unfinished"))
            // What cannot be written is no fault of the suite.
            #expect(try regress("--history", "nowhere/history.jsonl").status == 4)
        }

        @Test func jobsAtOnceDoNotMixTheirLines() throws {
            try pair(metrics: "[fid]")
            try #require(try regress("--update").status == 0)
            let jobs = try (0..<4).map { _ in try sandbox.start(["regress", "--suite", "suite.yaml", "--quiet", "--threads", "1", "--label", String(repeating: "long ", count: 3000)]) }
            for job in jobs { #expect(try job.finish().status == 0) }
            #expect(history.count == 5)
            for line in history { _ = try json(String(line)) }
        }

        @Test func aKilledUpdateLeavesTheOldBaselineOrTheNew() throws {
            try pair()
            try #require(try regress("--update").status == 0)
            let old = try text("suite.baseline.json"), past = try text("suite.history.jsonl")
            var replaced = 0, kept = 0
            // At times all over the job: most of it is measuring, the writing comes last.
            for attempt in 0..<24 {
                try sandbox.write(old.utf8, to: "suite.baseline.json")
                let job = try sandbox.start(["regress", "--suite", "suite.yaml", "--quiet", "--update", "--label", "new"])
                usleep(useconds_t(20_000 + 25_000 * attempt))
                job.send(SIGKILL)
                _ = try job.finish()
                let found = try text("suite.baseline.json")
                if found == old { kept += 1 } else {
                    replaced += 1
                    #expect(found.hasSuffix("}\n") && found.contains("\"label\": \"new\""), "\(found)")
                    _ = try json(found)
                }
            }
            #expect(kept > 0, "\(replaced) updates came to their end")
            #expect(try text("suite.history.jsonl").hasPrefix(past))
            #expect(try regress("--update").status == 0 && regress().status == 0)
        }

        @Test func anInterruptedNightIsNoNight() throws {
            try FileManager.default.copyItem(atPath: Fixtures.path("digits/real"), toPath: sandbox.path("real"))
            try sandbox.write("metrics: [fid]\ncases:\n  - {name: digits, real: real, fake: real}\n".utf8, to: "suite.yaml")
            let job = try sandbox.start(["regress", "--suite", "suite.yaml", "--update", "--threads", "1"])
            #expect(try job.firstProgress() != nil)
            job.send(SIGINT)
            let outcome = try job.finish()
            #expect(outcome.status == 130 && !outcome.wasSignalled && outcome.errorLines.last == "gan-eval: interrupted; run the same command again to go on where it stopped", "\(outcome)")
            #expect(sandbox.names(in: ".").allSatisfy { !$0.hasPrefix("suite.") || $0 == "suite.yaml" })
        }

        @Test func aGeneratorIsAskedAnew() throws {
            let digits = Fixtures.path("digits8x8.h5")
            func train(_ arguments: String...) throws {
                let outcome = try sandbox.start(["train"] + arguments + ["--quiet"]).finish()
                try #require(outcome.status == 0, "\(outcome.errors)")
            }
            let settings = ["batchSize=16", "sampleEvery=0", "size=16", "networks.width=4", "checkpointEvery=20", "averageDecay=0"].flatMap { ["--set", $0] }
            let trained = try sandbox.start(["train", "--game", "conditional", "--data", digits, "--steps", "20", "-o", "run", "--quiet"] + settings).finish()
            try #require(trained.status == 0, "\(trained.errors)")
            _ = try sandbox.digits("real", 40)
            try sandbox.write("cases:\n  - {name: game, real: real, run: run, samples: 60, seed: 3, classes: [1, 7], metrics: [fid, recall]}\n".utf8, to: "suite.yaml")
            try #require(try regress("--update").status == 0)
            let same = try regress()
            #expect(same.status == 0 && same.output.contains(", p = 1)"), "one checkpoint, one seed, the same bits: \(same)")
            // Trained further, the same generator is another: what it draws may differ, how it is asked may not.
            try train("--resume", "run", "--steps", "60")
            let later = try regress("--json", "night.json")
            #expect([0, 10, 11].contains(later.status) && !later.output.contains("problem"), "\(later)")
            let metrics = try #require((json(text("night.json"))["cases"] as? [[String: Any]])?[0]["metrics"] as? [[String: Any]])
            #expect(metrics[0]["difference"] as? Double != 0 && metrics[0]["p_value"] as? Double ?? 1 < 1 && metrics[1]["degrees_of_freedom"] as? Double == 19)
            for (old, new, code, words) in [
                ("samples: 60", "samples: 50", 15, "problem: changed protocol: game: samples was 60, is 50"), ("seed: 3", "seed: 4", 15, "problem: changed protocol: game: sample_seed was 3, is 4"),
                ("[1, 7]", "[1]", 15, "problem: changed protocol: game: sample_classes was 1,7, is 1"), ("run: run", "run: gone", 13, "problem: missing data: game: gone: no run: config.yaml is missing"),
                ("samples: 60", "samples: 2", 13, "problem: missing data: game: samples of run: expected at least "),
                ("seed: 3", "checkpoint: 7, seed: 3", 13, "problem: missing data: game: run: has no checkpoint 7; there are: best, "),
            ] as [(String, String, Int32, String)] {
                let suite = try text("suite.yaml")
                try change("suite.yaml", old, new)
                let outcome = try regress("--no-history")
                #expect(outcome.status == code && outcome.output.contains(words), "\(outcome)")
                try sandbox.write(suite.utf8, to: "suite.yaml")
            }
            try change("suite.yaml", "[1, 7]", "[1, 17]")
            let refused = try regress()
            #expect(refused.status == 3 && refused.errors == "gan-eval: suite.yaml:2: class 17 of 'game': expected numbers below 10\n", "\(refused)")
        }

        @Test func textOfOthersIsEscaped() throws {
            try pair(metrics: "[fid]")
            try change("suite.yaml", "name: digits", "name: '<script>alert(1)</script> & \"x\"'")
            let evil = "</title><img src=x onerror=alert(2)>"
            for arguments in [["--update"], []] {
                let outcome = try sandbox.start(["regress", "--suite", "suite.yaml", "--quiet", "--label", evil, "--html", "night.html", "--junit", "night.xml", "--json", "night.json"] + arguments).finish()
                #expect(outcome.status == 0, "\(outcome)")
            }
            let page = try text("night.html")
            #expect(!page.contains("<script") && !page.contains("<img") && page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("&lt;img src=x"))
            #expect(!page.contains("http://") || page.ranges(of: "http://").count == page.ranges(of: "xmlns=\"http://www.w3.org/2000/svg\"").count, "nothing is fetched")
            let junit = try XMLDocument(xmlString: text("night.xml"))
            #expect(try junit.nodes(forXPath: "//testcase").first.flatMap { ($0 as? XMLElement)?.attribute(forName: "classname")?.stringValue } == "suite.<script>alert(1)</script> & \"x\"")
            #expect(try json(text("night.json"))["label"] as? String == evil)
        }
    }
}
