import Foundation
import Reports
import TestSupport
import Testing

/// Which numbers are compared, and how.
@Suite struct ReportModelTests {
    static let measures = [
        Measure("fid", title: "FID", better: .smaller, summary: "", paper: ""), Measure("kid", title: "KID", better: .smaller, summary: "", paper: ""), Measure("is", title: "IS", better: .larger, summary: "", paper: ""),
        Measure("precision", title: "Precision", better: .larger, summary: "", paper: ""), Measure("recall", title: "Recall", better: .larger, summary: "", paper: ""), Measure("prd-f8", title: "PRD F8", better: .larger, summary: "", paper: ""),
        Measure("intra-fid", title: "Intra-FID", better: .smaller, summary: "", paper: ""), Measure("vendi", title: "Vendi", better: .asReal, summary: "", paper: ""),
        Measure("spectrum-distance", title: "Power spectrum distance", better: .smaller, summary: "", paper: ""),
    ]

    /// `{"results": …}` of one FID for each pair of value and error.
    static func json(_ value: Double, _ error: Double?, real: Int = 100, fake: Int = 100, network: String = "n", title: String = "FID (n)", seed: Int = 1) -> String {
        """
        {"results": [{"metric": "fid", "title": "\(title)", "value": \(value), "interval": null, "confidence": null, "standard_error": \(error.map { "\($0)" } ?? "null"), "details": {}, "warnings": []}],
         "identity": {"network": "\(network)", "seed": "\(seed)", "fake_images_sha256": "\(value)", "version": "\(value)"}, "counts": {"real": \(real), "fake": \(fake)}, "warnings": []}
        """
    }

    static func subject(_ name: String, _ texts: String...) throws -> Subject {
        var subject = Subject(name)
        for text in texts { try subject.add(json: text, source: Source(name + ".json")) }
        return subject
    }

    private struct Goldens: Decodable {
        struct Pair: Decodable { let a: Double, sa: Double, b: Double, sb: Double, z: Double, p: Double }
        struct Width: Decodable { let text: String, regular: Double, bold: Double }
        struct Seeds: Decodable { let values: [Double], mean: Double, deviation: Double, lower: Double, upper: Double }
        struct Welch: Decodable { let a: [Double], b: [Double], t: Double, df: Double, p: Double, half: Double }
        let seeds: [Seeds], welch: [Welch], tests: [Pair], holm: [Double], quantiles: [[Double]], widths: [Width]
    }
    private static func goldens() throws -> Goldens { try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("report/goldens.json")))) }

    /// z and p of SciPy.
    @Test func testsAreThoseOfSciPy() throws {
        for golden in try Self.goldens().tests {
            let test = try #require(DifferenceTest(golden.a, golden.sa, golden.b, golden.sb))
            #expect(test.method == .z && abs(test.statistic - golden.z) <= 1e-12 * abs(golden.z) && abs(test.p - golden.p) <= 1e-11 * golden.p + 1e-300, "\(golden)")
        }
        for pair in try Self.goldens().quantiles { #expect(abs(DifferenceTest.quantile(confidence: pair[0]) - pair[1]) < 1e-12) }
        #expect(DifferenceTest(1, nil, 2, 0.1) == nil && DifferenceTest(1, 0, 2, 0) == nil && DifferenceTest(.nan, 1, 2, 1) == nil)
    }

    /// Student's t intervals and Welch's tests of SciPy, corrected by statsmodels.
    @Test func trainingsAreTestedAsSciPyDoes() throws {
        let goldens = try Self.goldens()
        for golden in goldens.seeds {
            let summary = try #require(SeedSummary(golden.values))
            for (found, wanted) in [(summary.mean, golden.mean), (summary.deviation, golden.deviation), (summary.interval.lowerBound, golden.lower), (summary.interval.upperBound, golden.upper)] {
                #expect(abs(found - wanted) <= 1e-9 * abs(wanted), "\(golden)")
            }
        }
        for golden in goldens.welch {
            let (a, b) = (try #require(SeedSummary(golden.a)), try #require(SeedSummary(golden.b))), test = try #require(DifferenceTest(a, b))
            let freedom = try #require(test.degreesOfFreedom)
            #expect(test.method == .welch && abs(test.statistic - golden.t) <= 1e-9 * abs(golden.t) && abs(freedom - golden.df) <= 1e-8 * golden.df && abs(test.p - golden.p) <= 1e-8 * golden.p, "\(golden)")
        }
        // Errors by groups of images have as many degrees of freedom as those of so many trainings.
        for golden in goldens.welch {
            let (a, b) = (try #require(SeedSummary(golden.a)), try #require(SeedSummary(golden.b)))
            let test = try #require(DifferenceTest(a.mean, a.standardError, groups: Double(a.count), b.mean, b.standardError, groups: Double(b.count)))
            #expect(test.method == .groups && abs(test.statistic - golden.t) <= 1e-9 * abs(golden.t) && abs(test.p - golden.p) <= 1e-8 * golden.p, "\(golden)")
        }
        #expect(DifferenceTest(1, 0, groups: 20, 2, 0, groups: 20) == nil && DifferenceTest(1, 0.1, groups: 1, 2, 0.1, groups: 20) == nil)
        let (ones, twos) = (try #require(SeedSummary([1, 1])), try #require(SeedSummary([2, 2])))
        #expect(SeedSummary([1]) == nil && SeedSummary([1, .nan]) == nil && DifferenceTest(ones, twos) == nil)
    }

    /// A best value against five others: the corrected p-values are statsmodels' of the same plain ones.
    @Test func correctionIsHolms() throws {
        // Each of the goldens' tests, as a value against a best one of 0.
        let goldens = try Self.goldens(), subjects = try [Self.subject("best", Self.json(0, 0))] + goldens.tests.enumerated().map { index, one in
            try Self.subject("s\(index)", Self.json(max(abs(one.z), 1e-300), 1))
        }
        let column = try Report("", subjects: subjects, measures: Self.measures).groups[0].columns[0]
        for (index, holm) in goldens.holm.enumerated() {
            let adjusted = try #require(column.cells[index + 1]?.againstBest?.adjusted)
            #expect(abs(adjusted - holm) <= 1e-10 * holm + 1e-200, "\(index): \(adjusted), \(holm)")
        }
    }

    /// Different counts, networks and seeds never share a ranking; other generated images and versions do.
    @Test func numbersOfDifferentSettingsAreNotRanked() throws {
        let subjects = try [
            Self.subject("a", Self.json(1, 0.1)), Self.subject("b", Self.json(2, 0.1)), Self.subject("few", Self.json(0.1, 0.1, fake: 50)), Self.subject("other", Self.json(0.2, 0.1, network: "m")),
            Self.subject("seed", Self.json(0.3, 0.1, seed: 2)), Self.subject("c", Self.json(3, nil)),
        ]
        let report = try Report("", subjects: subjects, measures: Self.measures)
        #expect(report.groups.map(\.label) == ["A", "B", "C", "D"] && report.groups.map(\.rows) == [[0, 1, 5], [2], [3], [4]])
        let column = report.groups[0].columns[0]
        #expect(column.ranking == [0, 1, 2] && column.cells.map { $0?.rank } == [1, 2, 3] && report.groups[1].columns[0].ranking.isEmpty)
        #expect(column.cells[1]?.againstBetter?.isSignificant == true && column.cells[2]?.againstBest == nil)
        #expect(report.verdictText.hasPrefix("On features of n, a has the best FID of 3, 1.000: 1, or 50\u{A0}%, below the next, b at 2.000, which is significant (p < 0.001)."), "\(report.verdictText)")
        #expect(report.verdictText.contains("not ranked against each other"))
    }

    @Test func whatCannotBeToldIsSaid() throws {
        let report = try Report("", subjects: [Self.subject("a", Self.json(1, 0.3)), Self.subject("b", Self.json(1.1, 0.3)), Self.subject("c", Self.json(1.2, 0.3))], measures: Self.measures)
        #expect(report.verdictText.contains("which is not significant (p = 1.000). It cannot be told from b and c either."), "\(report.verdictText)")
        #expect(report.groups[0].columns[0].cells.map { $0?.mark } == [nil, .best, .best])
        let alone = try Report("", subjects: [Self.subject("a", Self.json(1, 0.3))], measures: Self.measures)
        #expect(alone.verdictText == "a has FID (n) 1.000. There is nothing to compare it with.", "\(alone.verdictText)")
        let unknown = try Report("", subjects: [Self.subject("a", Self.json(1, nil)), Self.subject("b", Self.json(2, nil))], measures: Self.measures)
        #expect(unknown.verdictText.contains("no errors are known, so this cannot be tested"))
        // Without a direction nothing is ranked.
        #expect(try Report("", subjects: [Self.subject("a", Self.json(1, 1)), Self.subject("b", Self.json(2, 1))], measures: []).groups[0].columns[0].ranking.isEmpty)
    }

    @Test func clashesAreErrors() throws {
        #expect(throws: ReportError.self) { try Report("", subjects: [Subject("a"), Subject("a")], measures: []) }
        #expect(throws: ReportError.self) { try Report("", subjects: [Self.subject("a", Self.json(1, 1), Self.json(2, 1))], measures: []) }
        // The same number twice is one.
        #expect(try Report("", subjects: [Self.subject("a", Self.json(1, 1), Self.json(1, 1))], measures: []).groups[0].columns[0].cells.count == 1)
    }

    @Test(arguments: [
        ("", "no JSON object"), ("[1]", "no JSON object"), ("{\"results\": 3}", "another kind of value at results"), ("{\"results\": [{\"metric\": \"fid\"}], \"identity\": {}}", "no title in results.[0]"),
        ("{\"a\": 1, \"b\": 2}", "an object with a, b"), ("{\"authpct\": 1}", "no counts in the object"),
    ]) func whatIsNoResultIsNamed(_ text: String, _ found: String) {
        var subject = Subject("a")
        #expect(throws: ReportError.unreadable(file: "x.json", expected: "JSON that `gan-eval evaluate`, `compare`, `explain` or `copies` wrote", found: found)) { try subject.add(json: text, source: Source("x.json")) }
    }

    @Test func logsAreReadAsWritten() throws {
        let log = "{\"kind\":\"losses\",\"step\":1,\"b loss\":0.5,\"a loss\":null}\n{\"kind\":\"measurement\",\"step\":2,\"fid\":3,\"network\":\"n\"}\n{\"kind\":\"losses\",\"step\":2,\"b loss\":0.25"
        let curves = try RunRecord.curves(log: log, file: "log.jsonl")
        #expect(curves.map(\.name) == ["b loss", "a loss", "fid"] && curves[0].points == [[1, 0.5]] && curves[1].points[0].y.isNaN && curves[2].points == [[2, 3]])
        for step in ["null", "1e30", "1.5"] {
            let line = "{\"kind\":\"losses\",\"step\":\(step),\"a\":1}"
            #expect(throws: ReportError.unreadable(file: "log.jsonl", expected: "a line of a log", found: "line 1: \(line.prefix(60))")) { try RunRecord.curves(log: line + "\n", file: "log.jsonl") }
        }
        #expect(throws: ReportError.unreadable(file: "log.jsonl", expected: "a line of a log", found: "line 1: nonsense")) { try RunRecord.curves(log: "nonsense\n", file: "log.jsonl") }
        #expect(try RunRecord.settings(yaml: "a: 1\nb:\n  c: x y\n  d: [1, 2]\n", file: "f").map { "\($0.name)=\($0.value)" } == ["a=1", "b.c=x y", "b.d[0]=1", "b.d[1]=2"])
        #expect(throws: ReportError.self) { try RunRecord.settings(yaml: "just words", file: "f") }
    }

    /// Names of arguments: given ones, files', and folders' where they would be the same.
    @Test func namesComeFromPaths() throws {
        try Fixtures.withTemporaryFolder { folder in
            for name in ["a", "b"] {
                try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
                try Self.json(name == "a" ? 1 : 2, 0.1).write(toFile: "\(folder)/\(name)/result.json", atomically: true, encoding: .utf8)
            }
            let names = try SubjectFiles(["\(folder)/a/result.json", "\(folder)/b/result.json"]).subjects.map(\.name)
            #expect(names.count == 2 && names[0].hasSuffix("/a/result") && names[1].hasSuffix("/b/result"))
            #expect(try SubjectFiles(["x=y=\(folder)/a/result.json", "\(folder)/b"]).subjects.map(\.name) == ["x=y", "b"])
            #expect(throws: ReportError.self) { try SubjectFiles([folder + "/c"]) }
            #expect(throws: ReportError.self) { try SubjectFiles([folder]) }
        }
    }
}
