#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Evaluation

/// Files that appear under their name in one step.
enum AtomicFile {
    /// Writes text.
    static func write(_ text: String, to path: String) throws {
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw EvaluationError.system(path: path, operation: "write", reason: "\(error)")
        }
    }

    /// Copies a file.
    static func copy(_ source: String, to path: String) throws {
        let temporary = path + ".partial-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try? FileManager.default.removeItem(atPath: temporary)
            try FileManager.default.copyItem(atPath: source, toPath: temporary)
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            try FileManager.default.moveItem(atPath: temporary, toPath: path)
        } catch {
            throw EvaluationError.system(path: path, operation: "write", reason: "\(error)")
        }
    }
}
