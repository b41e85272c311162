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
            let before = try Data(contentsOf: URL(fileURLWithPath: sandbox.path("report/report.html")))
            _ = try sandbox.run("report", "ours.json", "real.json", "ours=explanation", "ours=copies", "-o", "report", "--title", "<Digits>")
            #expect(try Data(contentsOf: URL(fileURLWithPath: sandbox.path("report/report.html"))) == before)
        }

        /// Printed once into a file; in a terminal, which util-linux's `script` makes, shown until q is typed, and the window is as before.
        @Test func watchingARun() throws {
            let run = Fixtures.path("report/runs/wide")
            let once = try sandbox.run("watch", run)
            #expect(once.status == 0 && once.output.hasPrefix("\(run)  dcgan on shapes.h5\n") && once.output.contains("2000 of 2000 steps (100 %), done") && !once.output.contains("\u{1B}"), "\(once.output)\(once.errors)")
            let shown = try sandbox.shell("(sleep 1; printf xq) | script -qec \"'\(Sandbox.binary())' watch --every 0.2 '\(run)'\" /dev/null")
            #expect(shown.status == 0 && shown.output.contains("\u{1B}[?1049h") && shown.output.contains("q leaves") && shown.output.contains("\u{1B}[?25h\u{1B}[?1049l"), "\(shown.output)\(shown.errors)")
            let none = try sandbox.run("watch", "nowhere")
            #expect(none.status == 3 && none.errors == "gan-eval: nowhere: expected a run's folder, found no config.yaml in it\n")
        }

        @Test(arguments: [
            (["none.json"], "none.json: expected a run's folder, a result's JSON file, or a folder that holds some, found nothing"),
            (["empty"], "empty: expected a run's folder, a result's JSON file, or a folder that holds some, found a folder without config.yaml or JSON"),
            (["words.json"], "words.json: expected JSON that `gan-eval evaluate`, `explain` or `copies` wrote, found no JSON object"),
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
