import GRDB

extension RunStore {
    /// All runs, the oldest first.
    /// - Parameter deleted: The deleted ones instead of the others.
    public func runs(deleted: Bool = false) throws(TrackingError) -> [RecordedRun] {
        try reading { database in
            var runs = try RecordedRun.fetchAll(database, sql: "SELECT * FROM run WHERE deleted IS \(deleted ? "NOT NULL" : "NULL") ORDER BY created, id")
            var tags: [Int64: [String]] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT run, name FROM tag ORDER BY name") { tags[try row.value("run"), default: []].append(try row.value("name")) }
            for place in runs.indices { runs[place].tags = tags[runs[place].id] ?? [] }
            return runs
        }
    }

    static func tags(of run: Int64, _ database: Database) throws -> [String] { try String.fetchAll(database, sql: "SELECT name FROM tag WHERE run = ? ORDER BY name", arguments: [run]) }

    /// The run with a key, the first digits of one, a name, or a folder. A name of several runs means none of them.
    /// - Throws: `unknownRun`, `ambiguous`.
    public func run(_ name: String, deleted: Bool = false) throws(TrackingError) -> RecordedRun {
        let all = try runs(deleted: deleted)
        let path = Paths.absolute(name)
        let ways: [(RecordedRun) -> Bool] = [{ $0.key == name }, { $0.folder == path }, { $0.name == name }, { name.count >= 3 && $0.key.hasPrefix(name) }]
        for way in ways {
            let found = all.filter(way)
            if found.count > 1 { throw .ambiguous(name, keys: found.map(\.key)) }
            if let run = found.first { return run }
        }
        throw .unknownRun(name, store: self.path)
    }

    /// The run that a path belongs to: its folder, a file in it, or something that it has made elsewhere; nil where none is known.
    public func owner(of path: String) throws(TrackingError) -> RecordedRun? {
        let path = Paths.absolute(path), all = try runs()
        func holds(_ place: String) -> Bool { path == place || path.hasPrefix(place + "/") }
        if let inside = all.filter({ $0.folder.map(holds) ?? false }).max(by: { ($0.folder ?? "").count < ($1.folder ?? "").count }) { return inside }
        let makers = try reading { database in
            try Row.fetchAll(database, sql: "SELECT run, path, sha256 FROM artifact WHERE kind IN (\(DerivedFile.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", "))) ORDER BY id DESC").map { (run: try $0.value("run") as Int64, path: try $0.value("path") as String, sha256: try $0.value("sha256") as String) }
        }
        // What was written over since is another's.
        guard let maker = makers.first(where: { holds($0.path) }), let now = try? RecordedArtifact.digest(of: maker.path), now.sha256 == maker.sha256 else { return nil }
        return all.first { $0.id == maker.run }
    }

    /// The curves of a run, in the order in which they began.
    public func series(of run: RecordedRun) throws(TrackingError) -> [MetricSeries] {
        try reading { database in
            try Row.fetchAll(database, sql: "SELECT id, kind, name, identity FROM series WHERE run = ? ORDER BY id", arguments: [run.id]).map { row in
                let points = try Row.fetchCursor(database, sql: "SELECT step, time, value, lower, upper FROM point WHERE series = ? ORDER BY step", arguments: [try row.value("id") as Int64])
                let name = MetricSeries.Name(kind: try row.value("kind"), name: try row.value("name"), identity: StoredText.dictionary(try row.value("identity")))
                var series = MetricSeries(name)
                while let point = try points.next() { series.points.append(try MetricPoint(row: point)) }
                return series
            }
        }
    }

    /// The evaluations of a run, the oldest first.
    public func evaluations(of run: RecordedRun) throws(TrackingError) -> [RecordedEvaluation] {
        try reading { database in
            try Row.fetchAll(database, sql: "SELECT * FROM evaluation WHERE run = ? ORDER BY created, id", arguments: [run.id]).map { row in
                let results = try Row.fetchAll(database, sql: "SELECT * FROM result WHERE evaluation = ? ORDER BY id", arguments: [try row.value("id") as Int64]).map(RecordedResult.init(row:))
                return RecordedEvaluation(kind: try row.value("kind"), created: try row.value("created"), command: try row.value("command"), report: try row.value("report"), results: results)
            }
        }
    }

    /// The files of a run, in the order in which they were made.
    public func artifacts(of run: RecordedRun) throws(TrackingError) -> [RecordedArtifact] {
        try reading { database in
            try Row.fetchAll(database, sql: "SELECT * FROM artifact WHERE run = ? ORDER BY id", arguments: [run.id]).map { row in
                RecordedArtifact(kind: try row.value("kind"), path: try row.value("path"), step: try row.value("step"), bytes: try row.value("bytes"), sha256: try row.value("sha256"))
            }
        }
    }
}

extension MetricPoint {
    fileprivate init(row: Row) throws {
        self.init(step: try row.value("step"), time: try row.value("time"), value: try row.value("value") ?? .nan, lower: try row.value("lower"), upper: try row.value("upper"))
    }
}

extension RecordedResult {
    fileprivate init(row: Row) throws {
        self.init(metric: try row.value("metric"), title: try row.value("title"), value: try row.value("value") ?? .nan)
        (lower, upper) = (try row.value("lower"), try row.value("upper"))
        (confidence, error) = (try row.value("confidence"), try row.value("error"))
    }
}
