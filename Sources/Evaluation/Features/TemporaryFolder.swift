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

/// A folder for the time that something needs it.
///
/// A process that is killed leaves its folders, which may be large; the next one that makes a folder removes them. Names tell computer and process.
public final class TemporaryFolder {
    /// Where it is.
    public let path: String

    /// Makes it among the system's temporary files.
    /// - Throws: `system` where it cannot be made.
    public init() throws(EvaluationError) {
        let all = FileManager.default.temporaryDirectory.path
        Self.removeAbandoned(in: all)
        path = "\(all)/\(Self.prefix)\(getpid())-\(UUID().uuidString)"
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw .system(path: path, operation: "create the folder", reason: "\(error)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Before the number of the process; others' computers may share the folder, and their processes have the same numbers.
    private static var prefix: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "gan-eval-\(host.filter { $0 != "/" })-"
    }

    private static func removeAbandoned(in all: String) {
        let prefix = prefix
        for name in (try? FileManager.default.contentsOfDirectory(atPath: all)) ?? [] where name.hasPrefix(prefix) {
            guard let number = pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" }), number > 0, kill(number, 0) != 0, errno == ESRCH else { continue }
            try? FileManager.default.removeItem(atPath: "\(all)/\(name)")
        }
    }
}
