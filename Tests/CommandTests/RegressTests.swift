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
            let metrics = try #require((report["cases"] as? [[String: Any]])?[0]["metrics"] as? [[String: Any]])
            #expect(metrics.map { $0["metric"] as? String } == ["fid", "kid"] && metrics.allSatisfy { $0["difference"] as? Double == 0 && $0["p_value"] as? Double == 1 && $0["verdict"] as? String == "unchanged" })
            #expect(Set(metrics[0].keys) == ["metric", "title", "better", "verdict", "value", "standard_error", "degrees_of_freedom", "baseline", "baseline_standard_error", "difference", "difference_standard_error", "tolerance", "p_value", "slide"])

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
            // Ten nights, each a little worse, none of them enough by itself.
            let template = try #require(history.last.map(String.init))
            var lines = history.map(String.init)
            for night in 1...10 {
                var line = template.replacingOccurrences(of: "\"value\": \(String(format: "%.17g", value))", with: "\"value\": \(value + 0.5 * error * Double(night))")
                line = line.replacing(/"generated": "[0-9a-f]+"/, with: "\"generated\": \"night \(night)\"")
                try #require(line != template && line.contains(id))
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
    }
}
