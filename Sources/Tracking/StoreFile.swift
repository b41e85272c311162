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

/// The file of a store, and how SQLite is brought to open it.
struct StoreFile {
    let path: String

    init(_ path: String) { self.path = path }

    /// The folder in which it lies, where SQLite makes its journal.
    var folder: String { Self.folder(of: path) }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Whether the file and what lies beside it may be written.
    var isWritable: Bool { access(path, F_OK) != 0 || access(path, W_OK) == 0 && access(folder, W_OK) == 0 }

    /// Makes the folders above a file that is to be made.
    func prepare(creating: Bool) throws(TrackingError) {
        guard access(path, F_OK) != 0 else { return }
        guard creating else { throw .unavailable(store: path, reason: "there is no such file; training and evaluations make it") }
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw .unavailable(store: path, reason: "its folder cannot be made")
        }
    }

    /// Several processes that open a new file at once exclude each other while its journal is made; SQLite does not wait there, so this does.
    func open() throws -> DatabaseQueue {
        var configuration = Self.configuration
        configuration.journalMode = .wal
        let end = ContinuousClock.now + .seconds(RunStore.patience)
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

    /// For reading alone: as it is where a writer's journal lies beside it, else a copy of it where nothing can be written beside it.
    func openReading() throws -> (DatabaseQueue, StoreCopy?) {
        do { return (try readOnly(), nil) } catch let error as DatabaseError where [.SQLITE_READONLY, .SQLITE_CANTOPEN].contains(error.resultCode) && access(path, R_OK) == 0 {
            let copy = try StoreCopy(of: path)
            return (try StoreFile(copy.path).readOnly(), copy)
        }
    }

    private func readOnly() throws -> DatabaseQueue {
        var configuration = Self.configuration
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        // The file is looked at only when something is asked.
        _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
        return queue
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(RunStore.patience)
        return configuration
    }
}

/// A copy of a store with its journal among the system's temporary files, as long as it is needed.
final class StoreCopy: Sendable {
    private let folder: String

    /// The copy.
    var path: String { folder + "/runs.sqlite" }

    init(of original: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("gan-eval-store-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for ending in ["", "-wal"] where access(original + ending, R_OK) == 0 {
            try FileManager.default.copyItem(atPath: original + ending, toPath: path + ending)
            // The copy has the permissions of the original.
            guard chmod(path + ending, 0o600) == 0 else { throw TrackingError.unavailable(store: original, reason: "its copy cannot be used: \(String(cString: strerror(errno)).lowercased())") }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}
