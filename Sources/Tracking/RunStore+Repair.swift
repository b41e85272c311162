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

extension RunStore {
    /// What a repair has found.
    public struct Repair: Sendable, Hashable {
        /// Rows that were saved, by table.
        public let saved: [String: Int]
        /// Rows that were readable but referred to something that is lost.
        public let orphaned: Int
        /// Pages and rows that could not be read: places at which SQLite reported damage.
        public let damages: Int
        /// Where the damaged file is kept.
        public let original: String
    }

    /// Copies all that is readable of a damaged store into a new one, which takes its place; the damaged file stays beside it.
    ///
    /// Tables are walked by row number from both sides of every damage. Where the first page, which says what is where, is itself damaged, that of an empty store stands in: the first version's tables
    /// always begin at the same pages.
    /// - Throws: `unavailable` where nothing is readable at all; the file is as it was then.
    public static func repair(_ path: String) throws(TrackingError) -> Repair {
        guard FileManager.default.fileExists(atPath: path) else { throw .unavailable(store: path, reason: "there is no such file") }
        guard !isInUse(path) else { throw .unavailable(store: path, reason: "other processes have it open, and would go on writing to the old file; end them first") }
        if isWhole(path) { throw .unavailable(store: path, reason: "nothing is damaged, so nothing is repaired") }
        let work = "\(path).repair-\(ProcessInfo.processInfo.processIdentifier)", copy = work + "/damaged.sqlite", fresh = work + "/fresh.sqlite"
        do {
            try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: work) }
            // The journal holds the last transactions, so it comes along.
            for ending in ["", "-wal"] where FileManager.default.fileExists(atPath: path + ending) { try FileManager.default.copyItem(atPath: path + ending, toPath: copy + ending) }
            let repair = try salvage(copy, into: fresh, original: freeName(path + ".damaged"))
            try FileManager.default.moveItem(atPath: path, toPath: repair.original)
            for ending in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + ending) { try FileManager.default.moveItem(atPath: path + ending, toPath: repair.original + ending) }
            try FileManager.default.moveItem(atPath: fresh, toPath: path)
            return repair
        } catch let error as TrackingError { throw error } catch { throw .unavailable(store: path, reason: "\(error)") }
    }

    /// Whether SQLite finds no damage.
    private static func isWhole(_ path: String) -> Bool {
        guard let store = try? RunStore(path, creating: false) else { return false }
        return (try? store.reading { try String.fetchAll($0, sql: "PRAGMA integrity_check") }) == ["ok"]
    }

    /// Whether another process has a connection: each holds a lock on bytes that SQLite reserves for it (os.h: SHARED_FIRST, SHARED_SIZE).
    private static func isInUse(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var lock = flock()
        (lock.l_type, lock.l_whence, lock.l_start, lock.l_len) = (Int16(F_WRLCK), Int16(SEEK_SET), 0x4000_0002, 510)
        return fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }

    private static func freeName(_ path: String) -> String {
        var name = path, number = 2
        while FileManager.default.fileExists(atPath: name) { (name, number) = ("\(path)-\(number)", number + 1) }
        return name
    }

    private static func salvage(_ damaged: String, into fresh: String, original: String) throws -> Repair {
        var salvage: Salvage
        do {
            let store = try RunStore(fresh)
            salvage = try Salvage(damaged, like: store)
            try store.writing { database in try salvage.run(into: database) }
            try calling(fresh) { try store.database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
            try store.database.close()
        }
        for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: fresh + ending) }
        return Repair(saved: salvage.saved, orphaned: salvage.orphaned, damages: salvage.damages, original: original)
    }
}

/// Reads what can be read of a damaged store.
private struct Salvage {
    private let source: DatabaseQueue
    var saved: [String: Int] = [:], orphaned = 0, damages = 0

    /// Opens the damaged file, with an empty store's first page where its own cannot be used.
    init(_ path: String, like fresh: RunStore) throws {
        try Self.pad(path)
        if let queue = try? Self.opened(path) { source = queue } else {
            // The journal would bring the damaged page back.
            for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ending) }
            // Collecting moves tables to other pages than those at which they were made: whichever of the two fits.
            let first = try Self.firstPage(of: fresh)
            try fresh.database.vacuum()
            let candidates = try [first, Self.firstPage(of: fresh)].compactMap { page in
                let name = path + "-\(page.hashValue)"
                try Self.replaceFirstPage(of: path, by: page, as: name)
                return try? Self.opened(name)
            }
            let rows = "SELECT (SELECT count(*) FROM run NOT INDEXED WHERE typeof(key) = 'text') + (SELECT count(*) FROM series NOT INDEXED WHERE typeof(kind) = 'text' AND typeof(identity) = 'text')"
            let readable = candidates.map { queue in (queue, rows: (try? queue.inDatabase { try Int.fetchOne($0, sql: rows) ?? 0 }) ?? 0) }
            guard let best = readable.max(by: { $0.rows < $1.rows }), best.rows > 0 else { throw TrackingError.unavailable(store: path, reason: "nothing of it is readable") }
            source = best.0
            damages = 1
        }
    }

    private static func opened(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let tables = try queue.inDatabase { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE type = 'table'") }
        guard Set(RunStore.tables).isSubset(of: tables) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "tables are missing") }
        return queue
    }

    private static func firstPage(of store: RunStore) throws -> Data {
        _ = try store.database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        let size = try store.reading { try Int.fetchOne($0, sql: "PRAGMA page_size") ?? 4096 }
        guard let page = FileManager.default.contents(atPath: store.path)?.prefix(size), page.count == size else { throw TrackingError.unavailable(store: store.path, reason: "cannot be read") }
        return page
    }

    /// Makes a file that was cut off as long as its header says: pages that are missing are then damaged ones, and not the whole file.
    private static func pad(_ path: String) throws {
        guard var bytes = FileManager.default.contents(atPath: path), bytes.count > 100, bytes.prefix(15) == Data("SQLite format 3".utf8) else { return }
        let size = Int(bytes[16]) << 8 | Int(bytes[17]), pages = (28..<32).reduce(0) { $0 << 8 | Int(bytes[$1]) }
        guard size >= 512, pages < 1 << 24, size * pages > bytes.count else { return }
        bytes.append(Data(count: size * pages - bytes.count))
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    private static func replaceFirstPage(of path: String, by page: Data, as name: String) throws {
        guard var bytes = FileManager.default.contents(atPath: path), bytes.count >= page.count else { throw TrackingError.unavailable(store: path, reason: "nothing of it is readable") }
        bytes.replaceSubrange(0..<page.count, with: page)
        // The header's count of pages, and the change counter that makes it valid.
        let pages = UInt32(bytes.count / page.count)
        for (offset, value) in [(28, pages), (24, 1), (92, 1)] {
            for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(byte))) }
        }
        try bytes.write(to: URL(fileURLWithPath: name))
    }

    mutating func run(into fresh: Database) throws {
        for table in RunStore.tables {
            let columns = try Row.fetchAll(fresh, sql: "PRAGMA table_info(\(table))").map { try $0.value("name") as String }
            saved[table] = 0
            try source.inDatabase { database in try walk(database, table, columns.joined(separator: ", ")) { salvage, row in
                do {
                    let marks = columns.map { _ in "?" }.joined(separator: ", ")
                    // Without the row number, which is the reader's.
                    try fresh.execute(sql: "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))", arguments: StatementArguments(row.databaseValues.dropFirst()))
                    salvage.saved[table, default: 0] += 1
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT { salvage.orphaned += 1 }
            } }
        }
    }

    /// Visits every row that is readable: upwards to a damage, then, beyond it, downwards to it from the first row that can be found, and on from there.
    private mutating func walk(_ database: Database, _ table: String, _ columns: String, _ visit: (inout Salvage, Row) throws -> Void) throws {
        let select = "SELECT rowid AS salvaged, \(columns) FROM \(table) NOT INDEXED WHERE rowid"
        var last = Int64(0)
        while true {
            if try scan(database, "\(select) > \(last) ORDER BY rowid", &last, visit) { return }
            damages += 1
            guard let next = first(database, table, after: last) else { return }
            // What lies between is visited from above; where it stops no longer matters.
            var ignored = next
            _ = try scan(database, "\(select) > \(last) AND rowid < \(next) ORDER BY rowid DESC", &ignored, visit)
            last = next - 1
        }
    }

    /// The first row behind a damage: seeks ever further until one leads past it.
    private func first(_ database: Database, _ table: String, after last: Int64) -> Int64? {
        for power in 0..<40 {
            do { return try Int64.fetchOne(database, sql: "SELECT rowid FROM \(table) NOT INDEXED WHERE rowid > \(last + 1 << power) ORDER BY rowid LIMIT 1") } catch { continue }
        }
        return nil
    }

    /// Whether the rows of a query could be read to their end; `last` is the last that could.
    private mutating func scan(_ database: Database, _ query: String, _ last: inout Int64, _ visit: (inout Salvage, Row) throws -> Void) throws -> Bool {
        var rows: [Row] = []
        var isWhole = true
        do {
            let cursor = try Row.fetchCursor(database, sql: query)
            while let row = try cursor.next() { rows.append(row.copy()) }
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR].contains(error.resultCode) { isWhole = false }
        for row in rows {
            try visit(&self, row)
            last = try row.value("salvaged")
        }
        return isWhole
    }
}
