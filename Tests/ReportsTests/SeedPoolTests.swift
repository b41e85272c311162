import Foundation
import Reports
import TestSupport
import Testing

/// Trainings that differ in their seed alone, as one row.
@Suite struct SeedPoolTests {
    private static func run(_ seed: Int, width: Int = 8, data: String? = "d", heldOut: String = "0.0", curve: [SIMD2<Double>] = []) -> RunRecord {
        RunRecord(
            configuration: [.init("game", "dcgan"), .init("data", "digits-\(seed).h5"), .init("seed", "\(seed)"), .init("steps", "20"), .init("width", "\(width)"), .init("network", "n"), .init("heldOut", heldOut)],
            identity: [.init("seed", "\(seed)"), .init("threads", "\(seed)")] + (data.map { [.init("data_sha256", $0)] } ?? []),
            curves: curve.isEmpty ? [] : [.init(kind: "measurement", name: "fid", points: curve), .init(kind: "losses", name: "critic loss", points: curve)], grids: [], source: Source("runs/\(seed)"))
    }

    private static func subject(_ name: String, _ seed: Int, _ values: Double..., error: Double = 0.1, width: Int = 8, curve: [SIMD2<Double>] = []) throws -> Subject {
        var subject = Subject(name, run: run(seed, width: width, curve: curve))
        for value in values { try subject.add(json: ReportModelTests.json(value, error), source: Source("\(name).json")) }
        return subject
    }

    private static func report(_ subjects: [Subject]) throws -> Report { try Report("", subjects: SeedPool(subjects).subjects, measures: ReportModelTests.measures) }

    @Test(arguments: [
        (["dcgan-0", "dcgan-1"], "dcgan"), (["dcgan-seed0", "dcgan-seed1", "dcgan-seed2"], "dcgan"), (["seed-1/dcgan", "seed-2/dcgan"], "dcgan"), (["dcgan10", "dcgan11"], "dcgan"), (["a_s1_long", "a_s2_long"], "a_long"),
        (["wgan-gp 1", "wgan-gp 2"], "wgan-gp"), (["x", "y"], "x to y"), (["mnist32-1", "mnist32-2"], "mnist32"), (["run-1-old", "run-2"], "run"),
    ]) func namesAreWhatTheyShare(_ names: [String], _ stem: String) throws {
        let pool = SeedPool(names.enumerated().map { Subject($1, run: Self.run($0)) })
        #expect(pool.subjects.map(\.name) == ["\(stem) (\(names.count) seeds)"] && pool.notes.isEmpty, "\(pool.subjects.map(\.name))")
    }

    @Test func onlyTheSeedMayDiffer() throws {
        func names(_ runs: RunRecord...) -> [String] { SeedPool(runs.enumerated().map { Subject("r\($0)", run: $1) }).subjects.map(\.name) }
        #expect(names(Self.run(0), Self.run(1), Self.run(2, width: 9)) == ["r (2 seeds)", "r2"])
        #expect(names(Self.run(0), Self.run(1, data: "e")) == ["r0", "r1"] && names(Self.run(0, data: nil), Self.run(1, data: nil)) == ["r0", "r1"], "other data, or data of other names that nobody digested")
        var steps = Self.run(1)
        steps.configuration[3].value = "30"
        #expect(names(Self.run(0), steps) == ["r0", "r1"] && SeedPool([Subject("a"), Subject("b")]).subjects.map(\.name) == ["a", "b"])
        // A training that was repeated is no other training.
        let twice = SeedPool([Subject("a1", run: Self.run(0)), Subject("a2", run: Self.run(1)), Subject("a3", run: Self.run(1))])
        #expect(twice.subjects.map(\.name) == ["a1", "a2", "a3"] && twice.notes.count == 1 && twice.notes[0].hasPrefix("a1, a2, a3 have the same settings"))
        // A name that somebody else has, and one that two recipes would have.
        #expect(SeedPool([Subject("dcgan"), Subject("dcgan-1", run: Self.run(1)), Subject("dcgan-2", run: Self.run(2))]).subjects.map(\.name) == ["dcgan", "dcgan-1 to dcgan-2 (2 seeds)"])
        let two = SeedPool([0, 1, 2, 3].map { Subject("g-\($0)", run: Self.run($0, width: $0 % 2)) })
        #expect(two.subjects.map(\.name) == ["g-0 to g-2 (2 seeds)", "g-1 to g-3 (2 seeds)"])
    }

    /// The mean over trainings with its interval, Welch's test between recipes, and what samples alone leave open beside it: the values of SciPy's goldens.
    @Test func rowsOfSeveralSeeds() throws {
        let a = [20.16, 22.4, 19.7], b = [18.2, 17.9, 18.85, 18.4, 17.2]
        let report = try Self.report(a.enumerated().map { try Self.subject("a-\($0)", $0, $1, error: 0.3) } + b.enumerated().map { try Self.subject("b-\($0)", $0, $1, error: 0.4, width: 9) })
        #expect(report.subjects.map(\.name) == ["a (3 seeds)", "b (5 seeds)"])
        let column = report.groups[0].columns[0], first = try #require(column.cells[0]), test = try #require(first.againstBest)
        let (interval, sampling, freedom) = (try #require(first.result.interval), try #require(first.samplingHalf), try #require(test.degreesOfFreedom))
        #expect(abs(first.result.value - 20.753333333333334) < 1e-12 && abs(interval.lowerBound - 17.165036750737023) < 1e-9 && first.seeds.map(\.result.value) == a && first.seeds.map(\.seed) == ["0", "1", "2"])
        #expect(abs(sampling - 1.959963984540054 * 0.3) < 1e-12 && column.ranking == [1, 0])
        #expect(test.method == .welch && abs(test.statistic - 3.0101868353744563) < 1e-9 && abs(freedom - 2.4439803876465196) < 1e-8 && first.mark == .best, "5 trainings against 3 are not enough")
        #expect(report.verdictText.hasPrefix("On features of n, b (5 seeds) has the best FID of 2, 18.11 ± 0.76 (mean of 5 trainings, 95\u{A0}% interval): 2.64, or 13\u{A0}%, below the next, a (3 seeds) at 20.75 ± 3.59, which is not significant (p = 0.074)."), "\(report.verdictText)")
        #expect(report.verdictText.contains("tested by Welch’s t test over the trainings, with Holm’s") && !report.verdictText.contains("z test"))
        let page = String(decoding: try #require(ReportFolder(report).files.first { $0.name == "report.html" }).bytes, as: UTF8.self)
        #expect(page.contains("Single trainings of a (3 seeds)") && page.contains("± by samples alone") && page.contains("t = 3.01, ν = 2.4") && page.contains("8 training runs") && !page.contains("≈</span>"))
        // Each training keeps its identity, its command and its place in the differences.
        #expect(report.csv.contains("a-0.json; a-1.json; a-2.json,0 1 2,1.4444837601487") && report.json.contains("\"seed\": \"4\"") && report.bibtex.contains("welch1947"))
        #expect(report.json.contains("\"a (3 seeds)\": \"0, 1, 2\"") && report.json.contains("\"b (5 seeds)\": \"9\""))
        #expect(report.tex.contains("a (3 seeds) & $20.75$ & $\\,\\pm\\,3.59$$^{\\dagger}$") && report.tex.contains("Welch's $t$ tests over trainings at 5"), "\(report.tex)")
    }

    /// A recipe that was trained once says nothing of its other trainings, so nothing is told of the two; two of one training each are tested by their samples.
    @Test func oneTrainingIsNotTestedAgainstSeveral() throws {
        let report = try Self.report([Self.subject("a-0", 0, 1), Self.subject("a-1", 1, 1.2), Self.subject("b", 0, 5, width: 9), Self.subject("c", 0, 9, width: 10)]), column = report.groups[0].columns[0]
        #expect(column.cells.map { $0?.rank } == [1, 2, 3] && column.cells[1]?.againstBest == nil && column.cells[2]?.againstBest == nil && column.cells[2]?.againstBetter?.method == .z)
        #expect(report.verdictText.contains("one of them was trained once, or measured of one training only, so that this is not tested") && report.verdictText.contains("A row of one training is not tested against rows of several"), "\(report.verdictText)")
        // A number that one of the seeds lacks is of the others; one that a single one has is that one's.
        let partial = try Self.report([Self.subject("a-0", 0, 1), Self.subject("a-1", 1, 1.2), Self.subject("a-2", 2)]).groups[0].columns[0].cells[0]
        #expect(partial?.seeds.count == 2 && partial?.result.value == 1.1)
        let single = try Self.report([Self.subject("a-0", 0, 1), Self.subject("a-1", 1)]).groups[0].columns[0].cells[0]
        #expect(single?.seeds.map(\.name) == ["a-0"] && single?.result.value == 1)
        // A training that came to no number has no mean.
        var lost = Subject("a-2", run: Self.run(2))
        try lost.add(json: ReportModelTests.json(1, 0.1).replacing("\"value\": 1.0", with: "\"value\": null"), source: Source("x"))
        let none = try Self.report([Self.subject("a-0", 0, 1), Self.subject("a-1", 1, 1.2), lost]), cell = try #require(none.groups[0].columns[0].cells[0])
        #expect(cell.seeds.count == 3 && cell.result.value.isNaN && cell.result.interval == nil && cell.rank == nil)
        #expect(throws: ReportError.self) { try Self.report([Self.subject("a-0", 0, 1, 2), Self.subject("a-1", 1, 1.2)]) }
    }

    /// Curves of several seeds are their mean, with the range as the band, where two of them have a number.
    @Test func curvesHaveBands() throws {
        let report = try Self.report([Self.subject("a-0", 0, 1, curve: [[10, 4], [20, 2]]), Self.subject("a-1", 1, 2, curve: [[10, 6], [20, .nan], [30, 1]]), Self.subject("b", 0, 3, width: 9, curve: [[10, 8], [20, 7]])])
        let charts = report.figures.filter { $0.section == .training }.compactMap { $0.figure as? LineChart }
        let series = try #require(charts.first?.series)
        #expect(series.map(\.name) == ["a (2 seeds)", "b"] && series[0].points.map(\.x) == [10, 20] && series[0].points[0] == .init(x: 10, y: 5, band: 4...6) && series[0].points[1].y.isNaN)
        let losses = report.figures.filter { $0.section == .losses }
        #expect(losses.count == 2 && losses[0].figure.title == "a (2 seeds): loss" && losses[0].caption == "Means over the seeds; bands reach from the least to the largest.")
        // What was measured while training is a table of means too, held-out images or not.
        let table = try #require(report.groups.first { $0.isWhileTraining })
        #expect(table.columns[0].cells[0]?.seeds.map(\.result.value) == [2, 1] && table.columns[0].cells[0]?.result.value == 1.5, "each training's last")
        var held = [Subject("a-0", run: Self.run(0, heldOut: "0.1", curve: [[10, 4]])), Subject("a-1", run: Self.run(1, heldOut: "0.1", curve: [[10, 6]]))]
        let values = try Self.report(held).groups.map { $0.columns[0].cells[0]?.result.value }
        #expect(values == [5])
        held.append(Subject("b", run: Self.run(0, width: 9, heldOut: "0.1", curve: [[10, 1]])))
        let tables = try Self.report(held).groups.count
        #expect(tables == 2, "other held-out images")
    }

    /// Precision–recall curves and others: a line for each seed in one colour, named once.
    @Test func curvesOfResultsStandSideBySide() throws {
        let root = Fixtures.path("report"), text = try String(contentsOfFile: root + "/wide.json", encoding: .utf8)
        let subjects = try (0..<3).map { seed in
            var subject = Subject("wide-\(seed)", run: Self.run(seed))
            try subject.add(json: text, source: Source("\(seed)"))
            return subject
        }
        let figures = try Self.report(subjects).figures, chart = try #require(figures.first { $0.file == "prd" }?.figure as? LineChart)
        #expect(chart.series.map(\.name) == (0..<3).map { "wide (3 seeds), seed \($0)" } && chart.series.map(\.legend) == ["wide (3 seeds)", "", ""] && chart.series.map(\.sign) == [0, 0, 0])
        let sizes = try #require(figures.first { $0.file == "fid-of-n" }?.figure as? LineChart)
        #expect(sizes.series.count == 1 && abs(sizes.series[0].points[0].y - 16.3875) < 1e-12)
    }
}
