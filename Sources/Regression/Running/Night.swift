import Evaluation

/// One night of a suite: what was measured, and what became of it.
public struct Night: Sendable {
    /// One metric of a case.
    public struct Line: Sendable {
        /// What was measured.
        public var measured: MeasuredMetric
        /// A change for the worse that the first night finds with a probability of 95 %; nil where that cannot be told.
        public var reliablyFound: Double?
        /// What became of it; nil where it could not be compared.
        public var judgement: NightlyTest.Judgement?
    }

    /// One case.
    public struct Item: Sendable {
        /// Its name.
        public var name: String
        /// Tells its generated images from those of other nights.
        public var generated: String
        /// Its metrics.
        public var lines: [Line]
    }

    /// The suite's name.
    public var suite: String
    /// When: `2026-11-23T05:00:00Z`.
    public var date: String
    /// The commit, or another name of what was measured.
    public var label: String?
    /// What the night was compared with, or has set; nil where there is none.
    public var baseline: Baseline?
    /// Whether the night set the baseline.
    public var isUpdate = false
    /// What was measured.
    public var items: [Item]
    /// What could not be compared.
    public var problems: [Problem]
    /// What the reader must know.
    public var notes: [String]
    /// The test's.
    public var test: NightlyTest
    /// Nights before this one.
    public var earlier: [NightRecord]

    /// Every metric with the name of its case.
    public var lines: [(name: String, line: Line)] { items.flatMap { item in item.lines.map { (item.name, $0) } } }

    /// How the night ended; a night that sets a baseline ends well.
    public var outcome: NightOutcome { isUpdate ? .judged(.unchanged) : NightOutcome(lines.compactMap { $0.line.judgement?.verdict }, problems) }

    /// For people and in the history.
    public var outcomeName: String { isUpdate ? "baseline" : outcome.name }

    /// The line of the history.
    public var record: NightRecord {
        NightRecord(
            date: date, label: label, baseline: baseline?.identifier ?? "none", outcome: outcomeName, exitCode: outcome.exitCode,
            items: items.map { item in .init(name: item.name, generated: item.generated, metrics: item.lines.map { ($0.measured, $0.judgement?.verdict) }) },
            problems: problems.map(\.text))
    }
}

extension Problem {
    /// One line.
    public var text: String { "\(kind.rawValue): \(name)\(metric.map { ", \($0)" } ?? ""): \(detail)" }
}
