#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder for the time that something needs it.
public final class TemporaryFolder {
    /// Where it is.
    public let path: String

    /// Makes it among the system's temporary files.
    /// - Throws: `system` where it cannot be made.
    public init() throws(EvaluationError) {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("gan-eval-" + UUID().uuidString)
        path = url.path
        do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
            throw .system(path: path, operation: "create the folder", reason: "\(error)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
