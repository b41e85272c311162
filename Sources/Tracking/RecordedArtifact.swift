import Archives
import Crypto
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A file that a run has made.
public struct RecordedArtifact: Sendable, Hashable {
    /// `samples`, `checkpoint`, `configuration`, …
    public var kind: String
    /// Where it is.
    public var path: String
    /// Steps done when it was made.
    public var step: Int?
    /// Its size.
    public var bytes: Int
    /// Its content's digest.
    public var sha256: String

    init(kind: String, path: String, step: Int?, bytes: Int, sha256: String) { (self.kind, self.path, self.step, self.bytes, self.sha256) = (kind, path, step, bytes, sha256) }

    /// A file, or a folder of files, as it is now: the digest of a folder is that of all names and contents in the order of the names' bytes.
    /// - Throws: `ArchiveError` for what cannot be read.
    public init(_ kind: String, _ path: String, step: Int? = nil) throws {
        let (digest, count) = try Self.digest(of: path)
        self.init(kind: kind, path: path, step: step, bytes: count, sha256: digest)
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
        return (hash.finalize().hexadecimal, count)
    }

    private static func add(_ path: String, to hash: inout SHA256) throws(ArchiveError) -> Int {
        let file = try FileBytes(path)
        for start in stride(from: 0, to: file.count, by: 1 << 22) {
            try file.bytes(start..<min(start + 1 << 22, file.count)).withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        return file.count
    }
}
