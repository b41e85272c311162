import Foundation
import Reports
import TestSupport
import Testing

/// What tables and the verdict say of numbers that are out of the ordinary.
@Suite struct TableWordsTests {
    private static let measures = [
        Measure("fid", title: "FID", better: .smaller, summary: "", paper: ""), Measure("recall", title: "Recall", better: .larger, summary: "", paper: "", isTested: false),
        Measure("vendi", title: "Vendi", better: .asReal, summary: "", paper: ""),
    ]

    private static func subject(_ name: String, _ value: Double, _ interval: ClosedRange<Double>? = nil, metric: String = "fid", confidence: Double = 0.95, error: Double? = 0.1) throws -> Subject {
        var subject = Subject(name)
        let limits = interval.map { "[\($0.lowerBound), \($0.upperBound)]" } ?? "null"
        try subject.add(json: """
            {"results": [{"metric": "\(metric)", "title": "\(metric.uppercased()) (n)", "value": \(value), "interval": \(limits), "confidence": \(interval == nil ? "null" : "\(confidence)"),
              "standard_error": \(error.map { "\($0)" } ?? "null"), "details": {}, "warnings": []}],
             "identity": {"network": "n", "fake_images_sha256": "\(name)"}, "counts": {"real": 100, "fake": 100}, "warnings": []}
            """, source: Source(name + ".json"))
        return subject
    }

    private static func report(_ subjects: Subject...) throws -> Report { try Report("", subjects: subjects, measures: measures) }

    private static func page(_ report: Report) throws -> String { String(decoding: try #require(ReportFolder(report).files.first { $0.name == "report.html" }).bytes, as: UTF8.self) }

    /// ± promises that the value is in the middle.
    @Test func intervalsThatAreNotSymmetricShowTheirEnds() throws {
        let report = try Self.report(Self.subject("a", 2, 1.9...2.1), Self.subject("b", 3, 2.95...3.6))
        #expect(report.groups[0].columns[0].cells.map { $0?.isSymmetric } == [true, false])
        let page = try Self.page(report)
        #expect(page.contains(" ± 0.10</small>") && page.contains(" [2.95, 3.60]</small>") && !page.contains("± 0.33") && page.contains("where the value is not in its middle its ends stand there"))
        #expect(report.tex.contains("3.00 & ${}^{+0.60}_{-0.05}$") || report.tex.contains("$3.00$ & ${}^{+0.60}_{-0.05}$"), "\(report.tex)")
        #expect(report.verdictText.contains(" at 3.00 [2.95, 3.60], which is significant"), "\(report.verdictText)")
    }

    /// Results of one table say by a digest which real images they are of, or the table says that they do not.
    @Test func unnamedReferencesAreSaid() throws {
        let words = "of real images that the results do not name", unnamed = try Self.report(Self.subject("a", 2), Self.subject("b", 3))
        #expect(try Self.page(unnamed).contains(words) && unnamed.tex.contains(words))
        var subject = Subject("a")
        try subject.add(json: #"{"results": [{"metric": "fid", "title": "FID (n)", "value": 2}], "identity": {"network": "n", "real_images_sha256": "r"}, "counts": {"real": 100, "fake": 100}}"#, source: Source("a.json"))
        #expect(try !Self.page(Self.report(subject)).contains(words))
    }

    /// Intervals of several confidences do not stand side by side without a word.
    @Test func anUnusualConfidenceIsSaid() throws {
        let report = try Self.report(Self.subject("a", 2, 1.9...2.1), Self.subject("b", 3, 2.9...3.1, confidence: 0.9), Self.subject("c", 4, 3.9...4.1))
        let page = try Self.page(report)
        #expect(page.ranges(of: "± 0.10 (90\u{A0}%)</small>").count == 1 && page.ranges(of: "± 0.10</small>").count == 2)
        #expect(report.tex.contains("(90") && !report.tex.contains("(95"), "\(report.tex)")
    }

    /// Equal numbers share a rank, and none of them is said to be the best.
    @Test func equalNumbersShareARank() throws {
        let report = try Self.report(Self.subject("a", 2), Self.subject("b", 2), Self.subject("c", 3), Self.subject("d", 3), Self.subject("e", 4)), column = report.groups[0].columns[0]
        #expect(column.cells.map { $0?.rank } == [1, 1, 3, 3, 5] && column.isTied)
        #expect(report.verdictText.contains("a and b share the best FID of 5, 2.000."), "\(report.verdictText)")
        let pair = try Self.report(Self.subject("a", 2, error: nil), Self.subject("b", 2, error: nil))
        #expect(pair.verdictText.contains("share the best FID of 2, 2.000."), "\(pair.verdictText)")
    }

    /// Recall's error is of other real images, so that it says nothing of two sets of generated ones.
    @Test func onlyErrorsOfGeneratedImagesTellSetsApart() throws {
        let report = try Self.report(Self.subject("a", 0.9, metric: "recall", error: 0.001), Self.subject("b", 0.5, metric: "recall", error: 0.001)), column = report.groups[0].columns[0]
        #expect(column.ranking == [0, 1] && column.cells[1]?.againstBest == nil && column.cells[1]?.mark == nil)
        #expect(report.verdictText.contains("its errors are of other real images and not of other generated ones, so that this is not tested"), "\(report.verdictText)")
        #expect(try Self.report(Self.subject("a", 0.9, error: 0.001), Self.subject("b", 0.5, error: 0.001)).groups[0].columns[0].cells[0]?.againstBest?.isSignificant == true)
    }

    @Test func measuresWithoutADirectionAreNotRanked() throws {
        let report = try Self.report(Self.subject("a", 3, metric: "vendi"), Self.subject("b", 5, metric: "vendi"))
        #expect(report.groups[0].columns[0].ranking.isEmpty && report.verdictText.contains("less is not better and more neither, so nothing is ranked"), "\(report.verdictText)")
    }

    /// Differences of such numbers are infinite; tables show them, figures leave them out.
    @Test(arguments: [1e305, -1.7e308, .leastNonzeroMagnitude]) func numbersOfAnySizeAreReported(_ value: Double) throws {
        let report = try Self.report(Self.subject("a", value, min(value, -value)...max(value, -value)), Self.subject("b", 3, 2...4), Self.subject("c", -value))
        let folder = ReportFolder(report), figures = folder.files.filter { $0.name.hasSuffix(".svg") }
        #expect(!figures.isEmpty && figures.allSatisfy { !String(decoding: $0.bytes, as: UTF8.self).contains("nan") && !String(decoding: $0.bytes, as: UTF8.self).contains("inf") })
        let points = (0..<4).map { Series.Point(x: Double($0), y: $0 == 2 ? value : 1, band: (-value).magnitude == value ? -value...value : nil) }
        #expect(!LineChart("", x: "", y: "", [Series("s", points)]).svg.contains("nan"))
        #expect(!ScatterChart("", x: "", y: "", [.init("s", x: value, y: -value, xInterval: nil, series: 0)]).svg.contains("nan"))
    }

    /// A folder that was a report's before keeps nothing of it, and everything else.
    @Test func aLaterReportLeavesNothingOfAnEarlierOne() throws {
        let folder = NSTemporaryDirectory() + "gan-eval-leftovers-\(ProcessInfo.processInfo.globallyUniqueString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try ReportFolder(ReportFormTests.fixture()).write(to: folder)
        for mine in ["figures/mine.svg", "figures/notes.txt", "mine.csv"] { try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(mine)")) }
        func names() -> Set<String> { Set(FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []) }
        #expect(names().isSuperset(of: ["curves.csv", "figures/prd-a.svg", "figures/prd-a.pdf", "figures/bars-recall-a.svg"]), "\(names())")
        let second = try ReportFolder(Self.report(Self.subject("a", 2), Self.subject("b", 3)))
        try second.write(to: folder)
        #expect(names() == Set(second.files.map(\.name) + ["figures", "figures/mine.svg", "figures/notes.txt", "mine.csv"]), "\(names())")
    }
}
