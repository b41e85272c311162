import GRDB
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// All runs of a project with what they measured, in one SQLite file that several processes may write at once.
///
/// Every change is one transaction on disk when the call returns (write-ahead log, `synchronous = FULL`): a process that is killed loses its unfinished transaction and nothing else.
public struct RunStore: Sendable {
    /// The file.
    public let path: String
    let database: DatabaseQueue

    /// "GANE", by which a file says that it is a store.
    static let applicationID: Int32 = 0x47414e45
    /// How long a process waits for others that write.
    static let patience = 30.0

    /// Opens a store.
    /// - Parameter creating: Makes the file, and the folders above it, where there is none.
    /// - Throws: `unavailable`, `damaged`, `notAStore`, `newer`.
    public init(_ path: String, creating: Bool = true) throws(TrackingError) {
        self.path = path
        if !FileManager.default.fileExists(atPath: path) {
            guard creating else { throw .unavailable(store: path, reason: "there is no such file; training and evaluations make it") }
            do { try FileManager.default.createDirectory(atPath: Self.folder(of: path), withIntermediateDirectories: true) } catch {
                throw .unavailable(store: path, reason: "its folder cannot be made")
            }
        }
        database = try Self.calling(path) { try Self.open(path) }
        try writing { database in
            let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            guard mark == Self.applicationID || tables == 0 && mark == 0 else { throw TrackingError.notAStore(store: path) }
            if try Self.migrator.hasBeenSuperseded(database) { throw TrackingError.newer(store: path) }
            if mark == 0 { try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)") }
        }
        try Self.calling(path) { try Self.migrator.migrate(database) }
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Several processes that open a new file at once exclude each other while its journal is made; SQLite does not wait there, so this does.
    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.journalMode = .wal
        let end = ContinuousClock.now + .seconds(patience)
        while true {
            do {
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.inDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
                return queue
            } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) && ContinuousClock.now < end {
                usleep(UInt32.random(in: 2_000...20_000))
            }
        }
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
