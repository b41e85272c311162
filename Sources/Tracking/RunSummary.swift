import GRDB

/// A run with its numbers so far, as a table of runs shows it.
public struct RunSummary: Sendable {
    /// A number with what it was made by.
    public struct Number: Sendable, Hashable {
        /// `measurement`, `losses`, … while the game was trained; `evaluation` otherwise.
        public var kind: String
        /// The number and its interval.
        public var value: Double, lower: Double?, upper: Double?
        /// What decides it.
        public var identity: [String: String]
        /// Steps done when it was taken; nil for an evaluation.
        public var step: Int?

        /// A number.
        public init(kind: String, value: Double, lower: Double? = nil, upper: Double? = nil, identity: [String: String] = [:], step: Int? = nil) {
            (self.kind, self.value, self.lower, self.upper, self.identity, self.step) = (kind, value, lower, upper, identity, step)
        }
    }

    /// The run.
    public var run: RecordedRun

    /// A run whose numbers are not asked for.
    public init(_ run: RecordedRun) { (self.run, last, lowest, highest) = (run, [:], [:], [:]) }

    /// Names of the numbers that metrics have measured, sorted.
    public var measured: [String] { last.filter { ["measurement", "evaluation"].contains($1.kind) }.keys.sorted() }
    /// The last number of each curve and each metric, by name. A number of an evaluation replaces one that was taken while the game was trained.
    public var last: [String: Number]
    /// The lowest and the highest number of each curve and metric.
    public var lowest: [String: Double], highest: [String: Double]
}

extension RunStore {
    /// Runs with their numbers, the oldest first.
    /// - Parameter extremes: With the lowest and highest of each curve, for which all points must be read.
    public func summaries(of chosen: [RecordedRun]? = nil, extremes: Bool = false) throws(TrackingError) -> [RunSummary] {
        let runs = if let chosen { chosen } else { try self.runs() }
        return try reading { database in
            var summaries = runs.map { RunSummary($0) }
            let places = Dictionary(uniqueKeysWithValues: runs.enumerated().map { ($1.id, $0) })
            let ends = ["min", "max"].map { extremes ? "(SELECT \($0)(value) FROM point WHERE point.series = series.id)" : "NULL" }
            let curves = try Row.fetchCursor(database, sql: """
                SELECT series.run, series.kind, series.name, series.identity, point.step, point.value, point.lower, point.upper, \(ends[0]) AS low, \(ends[1]) AS high
                FROM series JOIN point ON point.series = series.id AND point.step = (SELECT max(step) FROM point WHERE point.series = series.id)
                ORDER BY series.id
                """)
            while let row = try curves.next() {
                guard let place = places[try row.value("run")] else { continue }
                try summaries[place].take(row, identity: StoredText.dictionary(try row.value("identity")), low: try row.value("low"), high: try row.value("high"))
            }
            let results = try Row.fetchCursor(database, sql: """
                SELECT evaluation.run, 'evaluation' AS kind, result.metric AS name, result.value, result.lower, result.upper, NULL AS step, evaluation.report
                FROM result JOIN evaluation ON evaluation.id = result.evaluation ORDER BY evaluation.created, result.id
                """)
            while let row = try results.next() {
                guard let place = places[try row.value("run")] else { continue }
                try summaries[place].take(row, identity: ReportText.identity(try row.value("report")), low: try row.value("value"), high: try row.value("value"))
            }
            return summaries
        }
    }
}

extension RunSummary {
    fileprivate mutating func take(_ row: Row, identity: [String: String], low: Double?, high: Double?) throws {
        let name: String = try row.value("name"), value: Double? = try row.value("value")
        last[name] = Number(kind: try row.value("kind"), value: value ?? .nan, lower: try row.value("lower"), upper: try row.value("upper"), identity: identity, step: try row.value("step"))
        if let low { lowest[name] = min(lowest[name] ?? low, low) }
        if let high { highest[name] = max(highest[name] ?? high, high) }
    }
}
