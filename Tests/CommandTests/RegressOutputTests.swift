import Foundation
#if canImport(FoundationXML)
import FoundationXML
#endif
import TestSupport
import Testing

extension Commands {
    /// What `gan-eval regress` says, where, and what it reads in a suite that is written in an unusual way.
    @Suite struct RegressingOutput {
        private let sandbox: Sandbox

        init() throws {
            sandbox = try Sandbox()
            _ = try (sandbox.digits("real", 40), sandbox.digits("fake", 30))
        }

        private func suite(_ text: String) throws { try sandbox.write(text.utf8, to: "suite.yaml") }
        private func regress(_ arguments: String...) throws -> Outcome { try sandbox.start(["regress", "--suite", "suite.yaml", "--quiet", "--label", "x"] + arguments).finish() }

        /// A tolerance for everything takes the place of those by metric that stand farther away, and one by metric is added to them.
        @Test func theNearestToleranceHolds() throws {
            try suite("""
                metrics: [fid, kid]
                tolerance: {fid: 2%, kid: 0.01}
                cases:
                  - {name: far, real: real, fake: fake}
                  - {name: near, real: real, fake: fake, tolerance: 50%}
                  - {name: one, real: real, fake: fake, tolerance: {fid: 40%}}

                """)
            try #require(try regress("--update").status == 0)
            let night = try #require(try JSONSerialization.jsonObject(with: Data(regress("--json", "-").output.utf8)) as? [String: Any]), cases = try #require(night["cases"] as? [[String: Any]])
            let shares = try cases.map { item in
                try (item["metrics"] as? [[String: Any]] ?? []).map { metric in
                    let (tolerance, baseline) = (try #require(metric["tolerance"] as? Double), try #require(metric["baseline"] as? Double))
                    return metric["metric"] as? String == "fid" || item["name"] as? String == "near" ? tolerance / baseline : tolerance
                }
            }
            let wanted = [[0.02, 0.01], [0.5, 0.5], [0.4, 0.01]]
            #expect(zip(shares.joined(), wanted.joined()).allSatisfy { abs($0 - $1) < 1e-12 } && shares.map(\.count) == [2, 2, 2], "\(shares)")
        }

        /// The result of hours of work is said before a file is written that may fail, and nobody takes the failure for the result.
        @Test func aNightIsToldBeforeItsHistoryFails() throws {
            try suite("metrics: [fid]\ntolerance: 1%\ncases:\n  - {name: digits, real: real, fake: fake}\n")
            try #require(try regress("--update").status == 0)
            let lost = try regress("--history", "nowhere/history.jsonl")
            #expect(lost.status == 4 && lost.output.hasPrefix("suite x: no regression\n") && lost.errors.hasPrefix("gan-eval: nowhere/history.jsonl: ") && lost.errorLines.count == 1, "\(lost)")
            let page = try regress("--html", "nowhere/night.html")
            #expect(page.status == 4 && page.output.hasPrefix("suite x: no regression\n") && page.errorLines.count == 1, "\(page)")
        }

        @Test func oneFormGoesToStandardOutput() throws {
            try suite("metrics: [fid]\ntolerance: 1%\ncases:\n  - {name: digits, real: real, fake: fake}\n")
            try #require(try regress("--update").status == 0)
            let junit = try regress("--junit", "-"), page = try regress("--html", "-")
            #expect(try XMLDocument(xmlString: junit.output).nodes(forXPath: "//testcase").count == 1 && page.output.hasPrefix("<!DOCTYPE html>"), "\(junit)\(page)")
            #expect(!sandbox.names(in: ".").contains("-"))
            let both = try regress("--junit", "-", "--json", "-")
            #expect(both.status == 2 && both.errors.contains("one of --json, --junit and --html can go to standard output"), "\(both)")
        }

        @Test func unusualSuitesAreReadOrExplainedInOneLine() throws {
            let text = "metrics: [fid]\ntolerance: 1%\ncases:\n  - {name: digits, real: real, fake: fake}\n"
            try suite("\u{FEFF}" + text)
            #expect(try regress("--update").status == 0, "the mark of a byte order is no content")
            try suite(text + "metrics: [kid]\n")
            let twice = try regress()
            #expect(twice.status == 3 && twice.errorLines.count == 1 && twice.errors.contains("unique") && !twice.errors.contains("Context") && twice.errors.utf8.count < 250, "\(twice)")
            // Letters that steer a terminal, and ends of lines, stay out of what is one line.
            try suite(text.replacingOccurrences(of: "name: digits", with: "name: \"di\\agits\\nof\\e[31m two\""))
            try #require(try regress("--update").status == 0)
            let line = try sandbox.run("regress", "--suite", "suite.yaml", "--quiet", "--summary", "--label", "a\nb\u{7}")
            #expect(line.status == 0 && line.output.split(separator: "\n").count == 1 && line.output.unicodeScalars.allSatisfy { $0.value >= 32 || $0 == "\n" }, "\(line)")
        }
    }

    /// A result replaces an earlier one, and nothing else.
    @Suite struct ReplacedFiles {
        private let sandbox: Sandbox
        private let images: String

        init() throws {
            sandbox = try Sandbox()
            images = try sandbox.digits("real", 10)
        }

        private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

        /// Names that were meant as an input, or of other results, keep their content, and nothing is computed first.
        @Test func otherFilesAreNotWrittenOver() throws {
            let image = images + "/" + sandbox.names(in: "real")[0], table = try sandbox.write("a,b\n1,2\n".utf8, to: "table.csv"), text = try sandbox.write("{\"a\": 1}".utf8, to: "text.json")
            let features = sandbox.path("real.h5"), statistics = sandbox.path("real.npz")
            try #require(try sandbox.run("features", images, "-o", features, "--quiet").status == 0)
            try #require(try sandbox.run("statistics", images, "-o", statistics, "--quiet").status == 0)
            for (arguments, path, what) in [
                (["fid", images, images, "--json", image], image, "--json \(image): a file is there that is no JSON"), (["fid", images, images, "--json", table], table, "is no JSON"), (["fid", images, images, "--csv", text], text, "--csv \(text): a file is there that is no CSV"),
                (["fid", images, images, "--json", features], features, "is no JSON"), (["features", images, "-o", image], image, "--output \(image): a file is there that holds no features"), (["features", images, "-o", text], text, "holds no features"),
                (["statistics", images, "-o", features], features, "holds no statistics"), (["features", images, "-o", statistics], statistics, "holds no features"),
            ] {
                let before = try bytes(path), outcome = try sandbox.start(arguments).finish()
                #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errors.contains(what) && outcome.errors.contains("it is not replaced, choose another name"), "\(arguments): \(outcome)")
                #expect(try bytes(path) == before)
            }
        }

        /// What a command wrote before, and what is empty, is replaced; a pipe has nothing to lose.
        @Test func earlierResultsAreReplaced() throws {
            let features = sandbox.path("real.h5"), statistics = sandbox.path("real.npz")
            for name in ["result.json", "result.csv"] { try sandbox.write("".utf8, to: name) }
            for _ in 0..<2 {
                #expect(try sandbox.run("features", images, "-o", features, "--quiet").status == 0 && sandbox.run("statistics", images, "-o", statistics, "--quiet").status == 0)
                let outcome = try sandbox.run("fid", images, images, "--json", sandbox.path("result.json"), "--csv", sandbox.path("result.csv"), "--quiet")
                #expect(outcome.status == 0, "\(outcome)")
            }
            #expect(try bytes(sandbox.path("result.json")).first == UInt8(ascii: "{") && bytes(sandbox.path("result.csv")).count > 100)
            // An array, and text behind a mark of byte order, are JSON of another program, and a letter may be cut where the look ends.
            for head in ["[1, 2]", "\u{FEFF}  {\"a\": 1}", "{" + String(repeating: "é", count: 4096)] {
                try sandbox.write(head.utf8, to: "other.json")
                #expect(try sandbox.run("fid", images, images, "--json", sandbox.path("other.json"), "--quiet").status == 0)
            }
            let piped = try sandbox.shell("'\(try Sandbox.binary())' fid real real --quiet --json /dev/stdout | cat; ls -l /dev/stdout | cut -c1")
            #expect(piped.output.contains("\"results\": [") && piped.output.hasSuffix("\nl\n"), "\(piped)")
            let device = try sandbox.run("features", images, "-o", "/dev/null", "--quiet")
            #expect(device.status == 2 && device.errors.contains("--output /dev/null: expected a file, found a pipe or a device"), "\(device)")
        }
    }
}
