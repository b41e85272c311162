import Foundation
import Reports
import TestSupport
import Testing

/// What `gan-eval compare` found, in reports.
@Suite struct StoredComparisonTests {
    /// Two sets of 100 images, whose digests are those of `ReportModelTests.json`: their values.
    static func json(_ first: Double = 1, _ second: Double = 2, error: Double = 0.2, p: Double = 0.001, verdict: String = "first", seed: Int = 1, images: Int = 100, names: (String, String) = ("/x/a", "/x/b")) -> String {
        let difference = first - second
        return """
            {"comparisons": [{"metric": "fid", "title": "FID (n)", "verdict": "\(verdict)", "first": \(first), "second": \(second), "difference": \(difference), "interval": [\(difference - 2 * error), \(difference + 2 * error)], "confidence": 0.95,
              "standard_error": \(error), "p_value": \(p), "exchanges": 999, "images": {"first": \(images), "second": \(images)}, "warnings": ["a note"]}],
             "sets": {"first": {"path": "\(names.0)", "images": 100}, "second": {"path": "\(names.1)", "images": 100}, "reference": {"path": "real", "images": 100}},
             "identity": {"network": "n", "seed": "\(seed)", "first_images_sha256": "\(first)", "second_images_sha256": "\(second)", "version": "9"}, "warnings": []}
            """
    }

    private func comparison(_ text: String) throws -> StoredComparison {
        try Fixtures.withTemporaryFolder { folder in
            try text.write(toFile: folder + "/c.json", atomically: true, encoding: .utf8)
            let files = try SubjectFiles([folder + "/c.json"])
            #expect(files.subjects.isEmpty, "a comparison is no subject")
            return try #require(files.comparisons.first)
        }
    }

    private func report(_ text: String, _ values: [Double] = [1, 2, 3], error: Double = 1) throws -> Report {
        let subjects = try values.enumerated().map { try ReportModelTests.subject("s\($0)", ReportModelTests.json($1, error)) }
        return try Report("", subjects: subjects, measures: ReportModelTests.measures, comparisons: [comparison(text)])
    }

    /// The pair of the very sets is tested by what was found of them, every other pair by z; a family of both is corrected as one.
    @Test func aPairOfATableIsTestedByIt() throws {
        for (first, second) in [(1.0, 2.0), (2, 1)] {
            let column = try report(Self.json(first, second)).groups[0].columns[0], paired = try #require(column.cells[1]?.againstBest), plain = try #require(column.cells[2]?.againstBest)
            // The permutation test's p is the larger of the two: erfc(5/√2) is 6e-7.
            #expect(paired.method == .paired && paired.difference == 1 && paired.standardError == 0.2 && abs(paired.statistic - 5) < 1e-12 && paired.p == 0.001 && paired.adjusted == 0.002)
            #expect(plain.method == .z && abs(plain.p - 0.15729920705028513) < 1e-12 && column.cells[2]?.againstBetter?.method == .z)
            #expect(column.cells[1]?.mark == nil && column.cells[2]?.mark == .best)
        }
        // By z alone the two could not be told apart.
        #expect(try report(Self.json(5, 6)).groups[0].columns[0].cells[1]?.mark == .best)
        // The interval's p-value counts where it is the larger.
        let wide = try #require(try report(Self.json(error: 1, p: 0.001)).groups[0].columns[0].cells[1]?.againstBest)
        #expect(abs(wide.p - 0.31731050786291415) < 1e-12)
    }

    @Test(arguments: [
        StoredComparisonTests.json(seed: 2), StoredComparisonTests.json(images: 50), StoredComparisonTests.json(1, 2.5), StoredComparisonTests.json().replacing("\"network\": \"n\"", with: "\"network\": \"m\""),
        StoredComparisonTests.json().replacing("\"first\": 1.0,", with: "\"first\": 1.1,"),
    ])
    func otherSettingsImagesAndValuesAreOthers(_ text: String) throws {
        #expect(try report(text).groups[0].columns[0].cells[1]?.againstBest?.method == .z)
    }

    @Test func findingsAreSaid() throws {
        let report = try report(Self.json())
        #expect(report.verdictText.contains("s0 has the best FID of 3, 1.000: 1, or 50\u{A0}%, below the next, s1 at 2.000, which is significant (p = 0.002)"), "\(report.verdictText)")
        #expect(report.verdictText.hasSuffix("Set against set, s0 is better than s1: FID (n) 1 against 2, difference −1 [−1.4, −0.6] at 95\u{A0}%, p ≤ 0.001."), "\(report.verdictText)")
        let files = ReportFolder(report).files, page = String(decoding: try #require(files.first { $0.name == "report.html" }).bytes, as: UTF8.self)
        #expect(page.contains("Two sets at a time") && page.contains("s0 is better</td>") && page.contains("paired, 5.00") && page.contains("z = 1.41"))
        let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]), found = try #require((json["comparisons"] as? [[String: Any]])?.first)
        #expect(found["first"] as? String == "s0" && found["p_value"] as? Double == 0.001 && (json["notes"] as? [[String: Any]])?.contains { $0["text"] as? String == "FID (n): a note" } == true)
        #expect((json["provenance"] as? [[String: Any]])?.contains { ($0["command"] as? String)?.hasPrefix("gan-eval compare A B --reference REAL --metrics fid --network n --seed 1") == true } == true)
        #expect(report.tex.contains("two-sided $z$ tests, paired permutation tests at 5"))
    }

    /// A comparison alone is a report.
    @Test(arguments: [("first", "/x/a is better than /x/b: FID (n) 1 against 2"), ("second", "/x/b is better than /x/a: FID (n) 2 against 1"), ("different", "/x/a and /x/b differ, but which is better cannot be told: "), ("undecided", "no difference of /x/a and /x/b can be told: ")])
    func oneComparisonIsAReport(_ verdict: String, _ words: String) throws {
        let report = try Report("", subjects: [], measures: ReportModelTests.measures, comparisons: [comparison(Self.json(verdict: verdict))])
        #expect(report.verdictText.hasPrefix("Set against set, " + words), "\(report.verdictText)")
        let page = String(decoding: try #require(ReportFolder(report).files.first { $0.name == "report.html" }).bytes, as: UTF8.self)
        #expect(page.contains(">1 comparison of two sets</p>") && report.bibtex.contains("heusel2017"))
    }
}
