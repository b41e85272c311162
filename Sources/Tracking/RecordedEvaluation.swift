/// An evaluation: its report as `--json` writes it, and the report's numbers.
public struct RecordedEvaluation: Sendable, Hashable {
    /// `evaluation`, `pairs`, `comparison`, …: which document the report is.
    public var kind: String
    /// When, in seconds since 1970.
    public var created: Double
    /// The command.
    public var command: String
    /// JSON; see `Documentation/JSON.md`.
    public var report: String
    /// The report's numbers.
    public var results: [RecordedResult]

    /// An evaluation.
    public init(kind: String, created: Double, command: String, report: String, results: [RecordedResult]) {
        (self.kind, self.created, self.command, self.report, self.results) = (kind, created, command, report, results)
    }
}
