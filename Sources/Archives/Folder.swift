#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Folders that files are written into.
public enum Folder {
    /// Makes a folder and those above it, where they do not exist.
    /// - Throws: ``ArchiveError`` with reason `unwritable`.
    public static func make(_ path: String) throws(ArchiveError) {
        for end in path.indices.dropFirst() where path[end] == "/" { mkdir(String(path[..<end]), 0o777) }
        var status = stat()
        guard mkdir(path, 0o777) == 0 || errno == EEXIST && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR else {
            throw ArchiveError(.unwritable, file: path, expected: "a folder that can be made", found: systemMessage())
        }
    }
}
