import Evaluation
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One night in the history: a line of JSON.
public struct NightRecord: Sendable, Hashable {
    /// One case of it.
    public struct Item: Sendable, Hashable {
        /// The case's name.
        public var name: String
        /// Tells its generated images from those of other nights.
        public var generated: String
        /// The numbers, each with what became of it; nil where it could not be compared.
        public var metrics: [(measured: MeasuredMetric, verdict: Verdict?)] { zip(measured, verdicts).map { ($0, $1) } }
        private var measured: [MeasuredMetric], verdicts: [Verdict?]

        /// A case.
        public init(name: String, generated: String, metrics: [(measured: MeasuredMetric, verdict: Verdict?)]) {
            (self.name, self.generated, measured, verdicts) = (name, generated, metrics.map(\.measured), metrics.map(\.verdict))
        }
    }

    /// When: `2026-11-23T05:00:00Z`.
    public var date: String
    /// The commit, or another name of what was measured.
    public var label: String?
    /// Of the program.
    public var version: String
    /// Which baseline it was compared with, or set.
    public var baseline: String
    /// How it ended: ``NightOutcome/name``, or `baseline` for a night that set it.
    public var outcome: String
    /// Of the command.
    public var exitCode: Int32
    /// What was measured.
    public var items: [Item]
    /// What could not be compared.
    public var problems: [String]

    /// A night.
    public init(date: String, label: String?, version: String = Version.current, baseline: String, outcome: String, exitCode: Int32, items: [Item], problems: [String] = []) {
        (self.date, self.label, self.version, self.baseline, self.outcome) = (date, label, version, baseline, outcome)
        (self.exitCode, self.items, self.problems) = (exitCode, items, problems)
    }

    /// Whether it set the baseline.
    public var setsBaseline: Bool { outcome == "baseline" }

    /// One line of JSON, without its end.
    public var line: String {
        let cases = items.map { item in
            JSON.object([
                ("name", JSON.text(item.name)), ("generated", JSON.text(item.generated)),
                ("metrics", JSON.list(item.metrics.map { metric, verdict in
                    JSON.object(RecordForm.fields(metric) + [("verdict", JSON.optional(verdict?.rawValue))])
                })),
            ])
        }
        return JSON.object([
            ("date", JSON.text(date)), ("label", JSON.optional(label)), ("version", JSON.text(version)), ("baseline", JSON.text(baseline)), ("outcome", JSON.text(outcome)),
            ("exit_code", "\(exitCode)"), ("cases", JSON.list(cases)), ("problems", JSON.list(problems.map(JSON.text))),
        ])
    }

    /// A line that ``line`` wrote.
    /// - Throws: what is wrong with it, in a few words.
    init(line: Substring) throws(LineProblem) {
        let content: Content
        do { content = try JSONDecoder().decode(Content.self, from: Data(line.utf8)) } catch { throw LineProblem(words: RecordForm.problem(error)) }
        var items: [Item] = []
        for item in content.cases {
            var metrics: [(MeasuredMetric, Verdict?)] = []
            for (metric, verdict) in zip(item.metrics, item.verdicts) {
                guard let measured = metric.measured else { throw LineProblem(words: "'better' of \(metric.metric) is \(metric.better)") }
                metrics.append((measured, verdict))
            }
            items.append(Item(name: item.name, generated: item.generated, metrics: metrics))
        }
        self.init(date: content.date, label: content.label, version: content.version, baseline: content.baseline, outcome: content.outcome, exitCode: content.exit_code, items: items, problems: content.problems)
    }

    /// What is wrong with a line.
    struct LineProblem: Error { let words: String }

    private struct Content: Decodable {
        struct Judged: Decodable { let verdict: Verdict? }
        struct Item: Decodable {
            let name: String, generated: String, metrics: [RecordForm.Metric], verdicts: [Verdict?]
            private enum CodingKeys: String, CodingKey { case name, generated, metrics }

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                name = try values.decode(String.self, forKey: .name)
                generated = try values.decode(String.self, forKey: .generated)
                metrics = try values.decode([RecordForm.Metric].self, forKey: .metrics)
                verdicts = try values.decode([Judged].self, forKey: .metrics).map(\.verdict)
            }
        }
        let date: String, label: String?, version: String, baseline: String, outcome: String, exit_code: Int32, cases: [Item], problems: [String]
    }
}
