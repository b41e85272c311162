#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder of extracted features, each under the digest of everything it depends on: another image, network, weight or setting is another name, so a
/// number that is found is never stale.
public struct FeatureCache: Sendable {
    /// The folder.
    public let folder: String

    /// Opens the cache in `folder`, which is made if absent.
    /// - Throws: `system`.
    public init(folder: String) throws(EvaluationError) {
        self.folder = folder
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .system(path: folder, operation: "create the folder", reason: "\(error)")
        }
    }

    /// `$GAN_EVAL_HOME/features`, or `gan-eval/features` in the user's folder for caches.
    public static var standardFolder: String {
        let environment = ProcessInfo.processInfo.environment
        if let home = environment["GAN_EVAL_HOME"] { return home + "/features" }
        if let caches = environment["XDG_CACHE_HOME"] { return caches + "/gan-eval/features" }
        return (environment["HOME"] ?? ".") + "/.cache/gan-eval/features"
    }

    /// One kept extraction.
    public struct Entry: Sendable {
        /// Path of the file.
        public let path: String
        /// What it holds; nil for an interrupted extraction, or a file that cannot be read.
        public let file: FeaturesFile?
        /// Size in bytes.
        public let bytes: Int
    }

    /// What is kept, by name.
    /// - Throws: `system`.
    public func entries() throws(EvaluationError) -> [Entry] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { $0.hasSuffix(".h5") || $0.hasSuffix(".journal") }.map { name in
                let path = folder + "/" + name
                let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
                return Entry(path: path, file: name.hasSuffix(".h5") ? try? FeaturesFile(reading: path) : nil, bytes: size ?? 0)
            }
        } catch {
            throw .system(path: folder, operation: "list the folder", reason: "\(error)")
        }
    }

    /// Deletes everything that is kept and returns the number of bytes freed.
    /// - Throws: `system`.
    public func clear() throws(EvaluationError) -> Int {
        var freed = 0
        for entry in try entries() {
            do { try FileManager.default.removeItem(atPath: entry.path) } catch { throw .system(path: entry.path, operation: "delete", reason: "\(error)") }
            freed += entry.bytes
        }
        return freed
    }

    func path(_ identity: FeatureIdentity) -> String { "\(folder)/\(identity.digest).h5" }

    func journalPath(_ identity: FeatureIdentity) -> String { "\(folder)/\(identity.digest).journal" }

    /// Finished features of exactly this identity; a damaged file counts as absent and is made again.
    func finished(_ identity: FeatureIdentity) -> FeaturesFile? {
        guard let file = try? FeaturesFile(reading: path(identity)), file.identity == identity else { return nil }
        return file
    }
}

/// A folder for the time that something needs it.
final class TemporaryFolder {
    let path: String

    init() throws(EvaluationError) {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("gan-eval-" + UUID().uuidString)
        path = url.path
        do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
            throw .system(path: path, operation: "create the folder", reason: "\(error)")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
