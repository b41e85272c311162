import Archives
import Crypto
import GRDB
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension RunStore {
    /// Adds a run, or takes up again the one in the same folder, with what `run` says and its old key, tags, note and command.
    ///
    /// A run that is taken up again after `step` steps loses later points: it makes them again.
    /// - Parameter continuing: Takes up the run in `run.folder` where the store knows one; otherwise that folder now belongs to a new run.
    /// - Returns: The run as it is in the store.
    /// - Throws: what the store throws, as all that follow.
    public func begin(_ run: RecordedRun, continuing: Bool = false) throws(TrackingError) -> RecordedRun {
        try writing { database in
            var run = run
            if let folder = run.folder, let known = try RecordedRun.fetchOne(database, sql: "SELECT * FROM run WHERE folder = ? AND deleted IS NULL ORDER BY id DESC", arguments: [folder]), continuing {
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
            for tag in run.tags { try database.execute(sql: "INSERT OR IGNORE INTO tag (run, name) VALUES (?, ?)", arguments: [run.id, tag]) }
            run.tags = try Self.tags(of: run.id, database)
            return run
        }
    }

    /// Says how far a run is.
    public func update(_ run: RecordedRun, status: RecordedRun.Status, step: Int? = nil, reason: String? = nil) throws(TrackingError) {
        try writing { database in
            try database.execute(sql: "UPDATE run SET status = ?, reason = ?, step = coalesce(?, step), updated = ? WHERE id = ?",
                                 arguments: [status.rawValue, reason, step, Date().timeIntervalSince1970, run.id])
        }
    }

    /// Adds points to the curves of a run. A point of a step that a curve has already replaces it, unless `keepsKnown`.
    public func append(_ series: [MetricSeries], to run: RecordedRun, keepsKnown: Bool = false) throws(TrackingError) {
        let series = series.filter { !$0.points.isEmpty }
        guard !series.isEmpty else { return }
        try writing { database in
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
    }

    /// Adds an evaluation to a run.
    public func add(_ evaluation: RecordedEvaluation, to run: RecordedRun) throws(TrackingError) {
        try writing { database in
            try database.execute(sql: "INSERT INTO evaluation (run, kind, created, command, report) VALUES (?, ?, ?, ?, ?)",
                                 arguments: [run.id, evaluation.kind, evaluation.created, evaluation.command, evaluation.report])
            let place = database.lastInsertedRowID
            for result in evaluation.results {
                try database.execute(sql: "INSERT INTO result (evaluation, metric, title, value, lower, upper, confidence, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                     arguments: [place, result.metric, result.title, result.value.isNaN ? nil : result.value, result.lower, result.upper, result.confidence, result.error])
            }
            try database.execute(sql: "UPDATE run SET updated = ? WHERE id = ?", arguments: [evaluation.created, run.id])
        }
    }

    /// Notes that a run has made a file, or a folder of files; size and digest are taken now, of a folder of all names and contents in the order of their bytes.
    /// - Throws: `ArchiveError` for what cannot be read; what the store throws.
    public func addArtifact(_ kind: String, _ path: String, step: Int? = nil, to run: RecordedRun) throws {
        let (digest, count) = try Self.digest(of: path)
        try add(RecordedArtifact(kind: kind, path: path, step: step, bytes: count, sha256: digest), to: run)
    }

    /// SHA-256 and size of a file or a folder.
    static func digest(of path: String) throws -> (sha256: String, bytes: Int) {
        var hash = SHA256(), count = 0
        if Paths.isFolder(path) {
            for name in try FileManager.default.subpathsOfDirectory(atPath: path).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                guard !Paths.isFolder(path + "/" + name) else { continue }
                hash.update(data: Array((name + "\0").utf8))
                count += try add(path + "/" + name, to: &hash)
            }
        } else { count = try add(path, to: &hash) }
        return (hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(), count)
    }

    private static func add(_ path: String, to hash: inout SHA256) throws(ArchiveError) -> Int {
        let file = try FileBytes(path)
        for start in stride(from: 0, to: file.count, by: 1 << 22) {
            try file.bytes(start..<min(start + 1 << 22, file.count)).withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        return file.count
    }

    func add(_ artifact: RecordedArtifact, to run: RecordedRun) throws(TrackingError) {
        try writing { database in
            try database.execute(sql: "INSERT OR REPLACE INTO artifact (run, kind, path, step, bytes, sha256) VALUES (?, ?, ?, ?, ?, ?)",
                                 arguments: [run.id, artifact.kind, artifact.path, artifact.step, artifact.bytes, artifact.sha256])
        }
    }

    /// Forgets the files of a run that it has removed since.
    public func forgetMissingArtifacts(of run: RecordedRun) throws(TrackingError) {
        let missing = try artifacts(of: run).map(\.path).filter { !FileManager.default.fileExists(atPath: $0) }
        try writing { database in
            for path in missing { try database.execute(sql: "DELETE FROM artifact WHERE run = ? AND path = ?", arguments: [run.id, path]) }
        }
    }

    /// Adds and removes tags.
    public func tag(_ run: RecordedRun, adding: [String] = [], removing: [String] = []) throws(TrackingError) {
        try writing { database in
            for tag in adding { try database.execute(sql: "INSERT OR IGNORE INTO tag (run, name) VALUES (?, ?)", arguments: [run.id, tag]) }
            for tag in removing { try database.execute(sql: "DELETE FROM tag WHERE run = ? AND name = ?", arguments: [run.id, tag]) }
        }
    }

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
                return !FileManager.default.fileExists(atPath: path) && Paths.isFolder(Self.folder(of: path))
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
