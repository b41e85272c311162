import GRDB

/// All runs of a project with what they measured, in one SQLite file that several processes may write at once.
///
/// Every change is one transaction on disk when the call returns (write-ahead log, `synchronous = FULL`): a process that is killed loses its unfinished transaction and nothing else.
public struct RunStore: Sendable {
    /// The file.
    public let path: String
    let database: DatabaseQueue
    /// What is read in the place of a file that SQLite could only open by writing beside it.
    private let copy: StoreCopy?

    /// "GANE", by which a file says that it is a store.
    static let applicationID: Int32 = 0x47414e45
    /// How long a process waits for others that write.
    static let patience = 30.0

    /// Opens a store.
    ///
    /// One that may be read but not written is opened as by ``init(reading:)`` where it need not be made; writing fails then.
    /// - Parameter creating: Makes the file, and the folders above it, where there is none.
    /// - Throws: `unavailable`, `damaged`, `notAStore`, `newer`.
    public init(_ path: String, creating: Bool = true) throws(TrackingError) {
        self = creating || StoreFile(path).isWritable ? try Self.writable(path, creating: creating) : try Self.readable(path)
    }

    /// Opens a store that is only read, wherever it is.
    /// - Throws: `unavailable`, `damaged`, `notAStore`, `newer`.
    public init(reading path: String) throws(TrackingError) { self = try Self.readable(path) }

    private init(_ path: String, _ database: DatabaseQueue, _ copy: StoreCopy? = nil) { (self.path, self.database, self.copy) = (path, database, copy) }

    private static func writable(_ path: String, creating: Bool) throws(TrackingError) -> RunStore {
        try StoreFile(path).prepare(creating: creating)
        let store = RunStore(path, try calling(path) { try StoreFile(path).open() })
        try store.writing { database in
            if try !isMarked(database, path) { try database.execute(sql: "PRAGMA application_id = \(applicationID)") }
        }
        try calling(path) { try migrator.migrate(store.database) }
        return store
    }

    private static func readable(_ path: String) throws(TrackingError) -> RunStore {
        try StoreFile(path).prepare(creating: false)
        let (database, copy) = try calling(path) { try StoreFile(path).openReading() }
        let store = RunStore(path, database, copy)
        try store.reading { database in
            guard try isMarked(database, path), try migrator.hasCompletedMigrations(database) else {
                throw TrackingError.unavailable(store: path, reason: "an earlier version has made it, and what cannot be written cannot be brought up to date")
            }
        }
        return store
    }

    /// Whether a file says that it is a store, which a new one does not yet.
    private static func isMarked(_ database: Database, _ path: String) throws -> Bool {
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard mark == applicationID || tables == 0 && mark == 0 else { throw TrackingError.notAStore(store: path) }
        if try migrator.hasBeenSuperseded(database) { throw TrackingError.newer(store: path) }
        return mark == applicationID
    }

    /// Reads in one transaction.
    func reading<Value>(_ body: (Database) throws -> Value) throws(TrackingError) -> Value { try Self.calling(path) { try database.read(body) } }

    /// Writes in one transaction.
    func writing<Value>(_ body: (Database) throws -> Value) throws(TrackingError) -> Value { try Self.calling(path) { try database.write(body) } }

    /// Gives the database's errors their names.
    static func calling<Value>(_ path: String, _ body: () throws -> Value) throws(TrackingError) -> Value {
        do { return try body() } catch let error as TrackingError { throw error } catch let error as DatabaseError {
            let reason = error.message ?? "\(error.resultCode)"
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: throw .damaged(store: path, reason: reason)
            case .SQLITE_BUSY, .SQLITE_LOCKED: throw .unavailable(store: path, reason: "another process has been writing for \(Int(patience)) seconds")
            case .SQLITE_FULL: throw .unavailable(store: path, reason: "the disk is full")
            // A table that is missing from a store that says it is one.
            case .SQLITE_ERROR where reason.contains("no such table"): throw .damaged(store: path, reason: reason)
            default: throw .unavailable(store: path, reason: reason)
            }
        } catch is RowDecodingError {
            throw .damaged(store: path, reason: "a column holds what it cannot")
        } catch { throw .unavailable(store: path, reason: "\(error)") }
    }
}

extension Row {
    /// A column of the type that is wanted.
    /// - Throws: a decoding error, and does not trap, for what only a damaged file holds.
    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ column: String) throws -> Value { try decode(Value.self, forColumn: column) }
}
