import Foundation
#if canImport(FoundationXML)
import FoundationXML
#endif
import Evaluation
import Reports
import TestSupport
import Testing

/// What a report is written as.
@Suite struct ReportFormTests {
    static let measures = MetricCatalog.all.map(\.about).map { about in
        Measure(about.name, title: about.title, better: about.better == .smaller ? .smaller : about.better == .larger ? .larger : .asReal, summary: about.summary, paper: about.paper, isTested: MetricCatalog.withErrorsOfGenerated.contains(about.name))
    }

    static func fixture() throws -> Report {
        let root = Fixtures.path("report")
        let paths = ["runs/wide", "runs/deep", "runs/plain", "wide.json", "deep.json", "plain.json", "few.json"].map { "\(root)/\($0)" } + ["wide=\(root)/wide-explanation", "wide=\(root)/wide-copies"]
        return try Report("Comparison of generators", subjects: SubjectFiles(paths).subjects, measures: measures)
    }

    /// Paths of this machine are not those that the golden files were made with.
    private static func relative(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: Fixtures.path("report") + "/", with: "") }

    /// Every file as it was when it was looked at last; `Scripts/test-reports --update` renews them.
    @Test func formsAreTheGoldenOnes() throws {
        let folder = try ReportFolder(Self.fixture()), golden = Fixtures.path("report/expected")
        var compared = 0
        for file in folder.files {
            guard let wanted = FileManager.default.contents(atPath: "\(golden)/\(file.name)") else { continue }
            compared += 1
            let made = Self.relative(file.bytes), text = String(decoding: wanted, as: UTF8.self)
            let place = zip(made, text).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(made.count, text.count)
            let isSame = made == text
            #expect(isSame, "\(file.name) differs at \(place): …\(String(made.dropFirst(max(0, place - 60)).prefix(120)))… was …\(String(text.dropFirst(max(0, place - 60)).prefix(120)))…")
        }
        #expect(compared >= 10)
        #expect(try ReportFolder(Self.fixture()).files.map(\.bytes) == folder.files.map(\.bytes))
    }

    /// Sections that have content are there, others are not.
    @Test func sectionsWithoutContentAreLeftOut() throws {
        func sections(_ report: Report) throws -> [String] {
            let page = String(decoding: try #require(ReportFolder(report).files.first { $0.name == "report.html" }).bytes, as: UTF8.self)
            return page.matches(of: /<section id="([a-z]+)"/).map { String($0.1) }
        }
        #expect(try sections(Self.fixture()) == ["verdict", "comparison", "measures", "fidelity", "images", "training", "samples", "copies", "influence", "classes", "spectra", "configuration", "notes", "identity", "references"])
        let one = try Report("", subjects: [ReportModelTests.subject("a", ReportModelTests.json(1, 0.1))], measures: Self.measures)
        #expect(try sections(one) == ["verdict", "comparison", "identity", "references"])
        let empty = try Report("", subjects: [Subject("nothing")], measures: Self.measures)
        #expect(try sections(empty) == ["verdict"])
    }

    /// Names, settings and classes that try to be markup, script or TeX stay text in every form.
    @Test(arguments: ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title></style><svg onload=alert(1)>", "javascript:alert(1)", "'--></script>]]>", "\u{202E}gnp.exe\u{0}\u{7}", "\\input{/etc/passwd}%&$#_^~{}"])
    func textOfUsersIsNeverMarkup(_ evil: String) throws {
        let quoted = String(decoding: try JSONSerialization.data(withJSONObject: [evil], options: []), as: UTF8.self).dropFirst().dropLast()
        let json = """
            {"results": [{"metric": "fid", "title": \(quoted), "value": 1, "interval": [0.9, 1.1], "confidence": 0.95, "standard_error": 0.05, "details": {"fid_of_class_x": 2}, "curves": [{"name": \(quoted), "x": \(quoted), "y": \(quoted), "points": [[0, 1], [1, 2]]}], "warnings": [\(quoted)]}],
             "identity": {\(quoted): \(quoted), "network": \(quoted)}, "counts": {"real": 5, "fake": 5}, "warnings": [\(quoted)]}
            """
        func subject(_ name: String, _ seed: String) throws -> Subject {
            let run = RunRecord(configuration: [.init("seed", seed), .init(evil, evil + seed)], identity: [.init(evil, evil)], curves: [.init(kind: evil, name: evil, points: [[1, 2], [2, 3]])], grids: [], source: Source(evil))
            var subject = Subject(name, run: run)
            try subject.add(json: json, source: Source(evil, command: evil, time: evil, tags: [evil]))
            return subject
        }
        let report = try Report(evil, subjects: [subject(evil, "1"), subject(evil + "2", "2")], measures: Self.measures), folder = ReportFolder(report)
        for file in folder.files where file.name.hasSuffix(".svg") {
            #expect(XMLParser(data: Data(file.bytes)).parse(), "\(file.name)")
        }
        let page = String(decoding: try #require(folder.files.first { $0.name == "report.html" }).bytes, as: UTF8.self)
        // One script and one style, both this package's own; every other sign of markup is escaped.
        #expect(page.components(separatedBy: "<script").count == 2 && page.components(separatedBy: "<style").count == 2 && page.components(separatedBy: "<img").count == 1)
        #expect(!page.contains(" onerror=alert(1)>") && !page.contains("<svg onload") && !page.contains("href=\"javascript") && !page.contains("\u{202E}") && !page.contains("\u{0}"))
        #expect(page.components(separatedBy: "</title>").count == page.components(separatedBy: "<title>").count)
        let tex = report.tex
        #expect(!tex.contains("\\input") && !tex.contains("<script") && tex.split(separator: "\n").filter { $0.contains("\\begin") }.count == 2 + 2 * 0)
        for line in tex.split(separator: "\n").dropFirst() { #expect(line.replacingOccurrences(of: "\\%", with: "").contains("%") == false, "\(line)") }
        #expect(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) is [String: Any] && !report.json.contains("<script"))
        // Names of files are letters, digits and hyphens.
        for file in folder.files { #expect(file.name.wholeMatch(of: /(figures\/)?[a-zA-Z0-9-]+\.[a-z]+/) != nil, "\(file.name)") }
    }

    /// Twenty runs with results in two seconds.
    @Test func twentyRunsTakeLessThanTwoSeconds() throws {
        let root = Fixtures.path("report"), kinds = ["wide", "deep", "plain"]
        let begin = ContinuousClock.now
        let paths = (0..<20).flatMap { ["run\($0)=\(root)/runs/\(kinds[$0 % 3])", "run\($0)=\(root)/\(kinds[$0 % 3]).json"] }
        let folder = try ReportFolder(Report("Many", subjects: SubjectFiles(paths).subjects, measures: Self.measures))
        let took = ContinuousClock.now - begin
        #expect(folder.files.count > 150 && took < .seconds(2), "\(took)")
    }

    @Test func tablesHoldEveryNumber() throws {
        let report = try Self.fixture(), lines = report.csv.split(separator: "\n").map(String.init)
        #expect(lines.count == 1 + 4 * 9 + 3)
        #expect(lines.contains { $0.hasPrefix("A,wide,fid,FID (efficientnet-lite0),smaller,17.25,") && $0.contains(",1,,,5000,5000,efficientnet-lite0,default,") })
        let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]), tables = try #require(json["tables"] as? [[String: Any]])
        #expect(tables.map { $0["label"] as? String } == ["A", "B", "C"] && tables.map { $0["while_training"] as? Bool } == [false, false, true])
        #expect(json["verdict"] as? String == report.verdictText)
        #expect(report.tex.contains("\\multicolumn{2}{c}{FID $\\downarrow$}") && report.tex.contains("wide & $\\mathbf{17.25}$ & $\\mathbf{\\,\\pm\\,0.68}$") && report.tex.contains("deep & $17.60$ & $\\,\\pm\\,0.69$$^{\\dagger}$"), "\(report.tex)")
    }

    /// Every metric has a paper, every paper is used, and BibTeX is plain ASCII with as many braces opened as closed.
    @Test func everyMetricHasItsPaper() throws {
        let subjects = try MetricCatalog.all.map { metric in
            try ReportModelTests.subject(metric.name, ReportModelTests.json(1, 0.1).replacingOccurrences(of: "\"metric\": \"fid\"", with: "\"metric\": \"\(metric.name)\"").replacingOccurrences(of: "FID (n)", with: metric.name))
        }
        let report = try Report("", subjects: subjects, measures: Self.measures)
        #expect(report.metricsWithoutPaper.isEmpty, "\(report.metricsWithoutPaper)")
        let bibtex = report.bibtex
        #expect(bibtex.utf8.allSatisfy { $0 < 128 } && bibtex.count { $0 == "{" } == bibtex.count { $0 == "}" })
        let keys = bibtex.matches(of: /@[a-z]+\{([a-z0-9]+),/).map { String($0.1) }
        #expect(keys.count == Set(keys).count && keys.count > 35)
        // The numbers of preprints are those that the metrics' own descriptions name.
        for metric in MetricCatalog.all {
            for match in metric.about.paper.matches(of: /arXiv:([0-9]{4}\.[0-9]{5})/) { #expect(bibtex.contains("eprint = {\(match.1)}"), "\(metric.name): \(match.1)") }
        }
        #expect(bibtex.contains("author = {Miko{\\l}aj Bi{\\'{n}}kowski and "))
        let unknown = try Report("", subjects: [ReportModelTests.subject("a", ReportModelTests.json(1, 0.1).replacingOccurrences(of: "\"metric\": \"fid\"", with: "\"metric\": \"new\""))], measures: Self.measures)
        #expect(unknown.metricsWithoutPaper == ["new"])
    }
}
