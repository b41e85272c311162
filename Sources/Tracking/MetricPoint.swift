/// One number of a curve.
public struct MetricPoint: Sendable, Hashable {
    /// Steps done when it was taken.
    public var step: Int
    /// When, in seconds since 1970; nil where nobody noted it.
    public var time: Double?
    /// The number; NaN where it was not finite.
    public var value: Double
    /// Ends of its interval.
    public var lower: Double?, upper: Double?

    /// A number of a curve.
    public init(step: Int, time: Double? = nil, value: Double, lower: Double? = nil, upper: Double? = nil) {
        (self.step, self.time, self.value, self.lower, self.upper) = (step, time, value, lower, upper)
    }

    /// Equal fields, NaN equal to itself.
    public static func == (a: Self, b: Self) -> Bool {
        a.step == b.step && a.time == b.time && a.value.bitPattern == b.value.bitPattern && a.lower == b.lower && a.upper == b.upper
    }
}

/// Numbers of one name over the steps of a run.
public struct MetricSeries: Sendable, Hashable {
    /// What a curve is called and how its numbers were made.
    public struct Name: Sendable, Hashable {
        /// `losses`, `measurement`, …
        public var kind: String
        /// `generator loss`, `fid`, …
        public var name: String
        /// What decides the numbers: two curves that differ in it are never one.
        public var identity: [String: String]

        /// A curve's name.
        public init(kind: String, name: String, identity: [String: String] = [:]) { (self.kind, self.name, self.identity) = (kind, name, identity) }
    }

    /// What it is called.
    public var name: Name
    /// In ascending order of steps.
    public var points: [MetricPoint]

    /// A curve.
    public init(_ name: Name, _ points: [MetricPoint] = []) { (self.name, self.points) = (name, points) }
}

/// One number of an evaluation.
public struct RecordedResult: Sendable, Hashable {
    /// The metric's name, and how a table calls the number.
    public var metric: String, title: String
    /// The number.
    public var value: Double
    /// Ends of its interval, what share of repetitions it covers, and the standard error.
    public var lower: Double?, upper: Double?, confidence: Double?, error: Double?

    /// A result.
    public init(metric: String, title: String, value: Double, lower: Double? = nil, upper: Double? = nil, confidence: Double? = nil, error: Double? = nil) {
        (self.metric, self.title, self.value, self.lower, self.upper, self.confidence, self.error) = (metric, title, value, lower, upper, confidence, error)
    }
}

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

/// A file that a run has made.
public struct RecordedArtifact: Sendable, Hashable {
    /// `samples`, `checkpoint`, `configuration`, …
    public var kind: String
    /// Where it is.
    public var path: String
    /// Steps done when it was made.
    public var step: Int?
    /// Its size.
    public var bytes: Int
    /// Its content's digest.
    public var sha256: String
}
