import Archives
import Crypto

/// The SHA-256 of files, as 64 lower-case hexadecimal digits.
public enum FileDigest {
    /// The digest of a file's bytes, read in pieces of 1 MiB.
    /// - Throws: `WeightsError` where the file cannot be read.
    public static func sha256(_ path: String) throws(WeightsError) -> String {
        let source = try WeightsError.archives { () throws(ArchiveError) in try FileBytes(path) }
        var hash = SHA256()
        var offset = 0
        while offset < source.count {
            let (start, size) = (offset, min(1 << 20, source.count - offset))
            hash.update(data: try WeightsError.archives { () throws(ArchiveError) in try source.bytes(start..<start + size) })
            offset += size
        }
        return hash.finalize().hexadecimal
    }

    /// The digest of bytes in memory.
    public static func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hexadecimal }
}
