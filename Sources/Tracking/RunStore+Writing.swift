import GRDB
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension RunStore {
    /// Writes several things of which all or none are to be in the file. What needs time, such as digests of files, is better done before: others wait.
    /// - Throws: `TrackingError` of the body, as it is; what the store throws, as all that follow.
    public func transaction<Value>(_ body: (RunWriter) throws -> Value) throws(TrackingError) -> Value { try writing { try body(RunWriter(database: $0)) } }

    /// Adds a run, or takes up again the one in the same folder, with what `run` says and its old key, tags, note and command.
    ///
    /// A run that is taken up again after `step` steps loses later points: it makes them again.
    /// - Parameter continuing: Takes up the run in `run.folder` where the store knows one; otherwise that folder now belongs to a new run.
    /// - Returns: The run as it is in the store.
    public func begin(_ run: RecordedRun, continuing: Bool = false) throws(TrackingError) -> RecordedRun { try transaction { try $0.begin(run, continuing: continuing) } }

    /// Says how far a run is.
    public func update(_ run: RecordedRun, status: RecordedRun.Status, step: Int? = nil, reason: String? = nil) throws(TrackingError) {
        try transaction { try $0.update(run, status: status, step: step, reason: reason) }
    }

    /// Adds points to the curves of a run. A point of a step that a curve has already replaces it, unless `keepsKnown`.
    public func append(_ series: [MetricSeries], to run: RecordedRun, keepsKnown: Bool = false) throws(TrackingError) {
        try transaction { try $0.append(series, to: run, keepsKnown: keepsKnown) }
    }

    /// Adds an evaluation to a run.
    public func add(_ evaluation: RecordedEvaluation, to run: RecordedRun) throws(TrackingError) { try transaction { try $0.add(evaluation, to: run) } }

    /// Adds a run of another store, whole or not at all.
    /// - Throws: `refused` for a run that is here already.
    public func add(_ document: RunDocument) throws(TrackingError) -> RecordedRun { try transaction { try $0.add(document) } }

    /// Notes that a run has made a file, or a folder of files.
    /// - Throws: `ArchiveError` for what cannot be read; what the store throws.
    public func addArtifact(_ kind: String, _ path: String, step: Int? = nil, to run: RecordedRun) throws {
        let artifact = try RecordedArtifact(kind, path, step: step)
        try transaction { try $0.add(artifact, to: run) }
    }

    /// Forgets the files of a run that it has removed since.
    public func forgetMissingArtifacts(of run: RecordedRun) throws(TrackingError) {
        let missing = try artifacts(of: run).map(\.path).filter { !FileManager.default.fileExists(atPath: $0) }
        try writing { database in
            for path in missing { try database.execute(sql: "DELETE FROM artifact WHERE run = ? AND path = ?", arguments: [run.id, path]) }
        }
    }

    /// Adds and removes tags.
    public func tag(_ run: RecordedRun, adding: [String] = [], removing: [String] = []) throws(TrackingError) { try transaction { try $0.tag(run, adding: adding, removing: removing) } }

    /// Replaces the note about a run.
    public func note(_ run: RecordedRun, _ text: String) throws(TrackingError) {
        try writing { try $0.execute(sql: "UPDATE run SET note = ? WHERE id = ?", arguments: [text, run.id]) }
    }

    /// Hides runs, or shows them again. Nothing is lost before ``collect()``.
    public func delete(_ runs: [RecordedRun], restoring: Bool = false) throws(TrackingError) {
        try writing { database in
            for run in runs {
                try database.execute(sql: "UPDATE run SET deleted = ? WHERE id = ?", arguments: [restoring ? nil : Date().timeIntervalSince1970, run.id])
            }
        }
    }

    /// Removes deleted runs for good, forgets files that are no longer in their folders, and gives the disk back what that frees. Files of runs are not touched.
    /// - Returns: How many runs and how many files are forgotten.
    public func collect() throws(TrackingError) -> (runs: Int, files: Int) {
        let counts = try writing { database -> (Int, Int) in
            try database.execute(sql: "DELETE FROM run WHERE deleted IS NOT NULL")
            let runs = database.changesCount
            let missing = try Row.fetchAll(database, sql: "SELECT id, path FROM artifact").filter { row in
                // Of a disk that is not there now, or of another machine, nothing is known.
                let path: String = try row.value("path")
                return !FileManager.default.fileExists(atPath: path) && Paths.isFolder(StoreFile.folder(of: path))
            }
            for row in missing { try database.execute(sql: "DELETE FROM artifact WHERE id = ?", arguments: [try row.value("id") as Int64]) }
            return (runs, missing.count)
        }
        try Self.calling(path) {
            try database.vacuum()
            try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        }
        return (counts.0, counts.1)
    }
}
