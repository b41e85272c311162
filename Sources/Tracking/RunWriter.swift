import GRDB
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes to a store within one transaction, of which all or nothing is in the file; see ``RunStore/transaction(_:)``.
public struct RunWriter {
    let database: Database

    /// The run in a folder, or of a file that stands for one.
    public func run(in folder: String) throws -> RecordedRun? {
        try RecordedRun.fetchOne(database, sql: "SELECT * FROM run WHERE folder = ? AND deleted IS NULL ORDER BY id DESC", arguments: [folder])
    }

    /// Adds a run, or takes up again the one in the same folder; see ``RunStore/begin(_:continuing:)``.
    public func begin(_ run: RecordedRun, continuing: Bool = false) throws -> RecordedRun {
        var run = run
        if continuing, let folder = run.folder, let known = try self.run(in: folder) {
            (run.id, run.key, run.note, run.created) = (known.id, known.key, known.note, known.created)
            if !known.command.isEmpty { run.command = known.command }
            try run.update(database)
            try database.execute(sql: "DELETE FROM point WHERE step > ? AND series IN (SELECT id FROM series WHERE run = ?)", arguments: [run.step ?? 0, run.id])
        } else {
            // A folder that begins anew is no longer the other run's.
            try database.execute(sql: "UPDATE run SET folder = NULL WHERE folder = ?", arguments: [run.folder])
            try run.insert(database)
            run.id = database.lastInsertedRowID
        }
        try tag(run, adding: run.tags)
        run.tags = try RunStore.tags(of: run.id, database)
        return run
    }

    /// Says how far a run is.
    /// - Parameter time: When it was heard of last; now by default.
    public func update(_ run: RecordedRun, status: RecordedRun.Status, step: Int? = nil, reason: String? = nil, time: Double = Date().timeIntervalSince1970) throws {
        try database.execute(sql: "UPDATE run SET status = ?, reason = ?, step = coalesce(?, step), updated = ? WHERE id = ?", arguments: [status.rawValue, reason, step, time, run.id])
    }

    /// Adds points to the curves of a run. A point of a step that a curve has already replaces it, unless `keepsKnown`.
    public func append(_ series: [MetricSeries], to run: RecordedRun, keepsKnown: Bool = false) throws {
        let series = series.filter { !$0.points.isEmpty }
        guard !series.isEmpty else { return }
        let point = try database.cachedStatement(sql: "INSERT OR \(keepsKnown ? "IGNORE" : "REPLACE") INTO point (series, step, time, value, lower, upper) VALUES (?, ?, ?, ?, ?, ?)")
        for curve in series {
            let identity = StoredText.text(curve.name.identity)
            try database.execute(sql: "INSERT OR IGNORE INTO series (run, kind, name, identity) VALUES (?, ?, ?, ?)", arguments: [run.id, curve.name.kind, curve.name.name, identity])
            let place = try Int64.fetchOne(database, sql: "SELECT id FROM series WHERE run = ? AND kind = ? AND name = ? AND identity = ?", arguments: [run.id, curve.name.kind, curve.name.name, identity])
            for value in curve.points {
                let ends = [value.lower, value.upper].map { $0.flatMap { $0.isFinite ? $0 : nil } }
                try point.execute(arguments: [place, value.step, Times.valid(value.time), value.value.isNaN ? nil : value.value, ends[0], ends[1]])
            }
        }
        let last = series.compactMap { $0.points.last?.step }.max()
        try database.execute(sql: "UPDATE run SET updated = ?, step = max(coalesce(step, 0), ?) WHERE id = ?", arguments: [Date().timeIntervalSince1970, last, run.id])
    }

    /// Adds an evaluation to a run.
    public func add(_ evaluation: RecordedEvaluation, to run: RecordedRun) throws {
        try database.execute(sql: "INSERT INTO evaluation (run, kind, created, command, report) VALUES (?, ?, ?, ?, ?)",
                             arguments: [run.id, evaluation.kind, evaluation.created, evaluation.command, evaluation.report])
        let place = database.lastInsertedRowID
        for result in evaluation.results {
            try database.execute(sql: "INSERT INTO result (evaluation, metric, title, value, lower, upper, confidence, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                 arguments: [place, result.metric, result.title, result.value.isNaN ? nil : result.value, result.lower, result.upper, result.confidence, result.error])
        }
        try database.execute(sql: "UPDATE run SET updated = ? WHERE id = ?", arguments: [evaluation.created, run.id])
    }

    /// Notes that a run has made a file.
    public func add(_ artifact: RecordedArtifact, to run: RecordedRun) throws {
        try database.execute(sql: "INSERT OR REPLACE INTO artifact (run, kind, path, step, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)",
                             arguments: [run.id, artifact.kind, artifact.path, artifact.step, artifact.bytes, artifact.sha256])
    }

    /// Adds and removes tags.
    public func tag(_ run: RecordedRun, adding: [String] = [], removing: [String] = []) throws {
        for tag in adding { try database.execute(sql: "INSERT OR IGNORE INTO tag (run, name) VALUES (?, ?)", arguments: [run.id, tag]) }
        for tag in removing { try database.execute(sql: "DELETE FROM tag WHERE run = ? AND name = ?", arguments: [run.id, tag]) }
    }

    /// Adds a run of another store, under its own key and times.
    /// - Throws: `refused` for a run that is here already, deleted or not; what the store throws.
    public func add(_ document: RunDocument) throws -> RecordedRun {
        guard try !(Bool.fetchOne(database, sql: "SELECT count(*) FROM run WHERE key = ?", arguments: [document.key]) ?? false) else {
            throw TrackingError.refused(run: document.key, reason: "the store has this run already")
        }
        // A folder belongs to whom it belonged here.
        var run = document.run
        let updated = run.updated
        if try Bool.fetchOne(database, sql: "SELECT count(*) FROM run WHERE folder = ?", arguments: [document.folder]) ?? false { run.folder = nil }
        run = try begin(run)
        try append(document.curves, to: run)
        for evaluation in document.evaluations {
            try add(RecordedEvaluation(kind: evaluation.kind, created: Times.valid(evaluation.created) ?? run.created, command: evaluation.command, report: evaluation.report, results: ReportText.results(evaluation.report)), to: run)
        }
        for file in document.artifacts { try add(RecordedArtifact(kind: file.kind, path: file.path, step: file.step, bytes: file.bytes, sha256: file.sha256), to: run) }
        // Not heard of by this import, but when it says.
        try database.execute(sql: "UPDATE run SET updated = ? WHERE id = ?", arguments: [updated, run.id])
        return run
    }
}
