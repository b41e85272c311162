#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where the bytes of a name go.
enum Destination {
    /// A file that is replaced as a whole, or is new. Links have been followed: they stay, and what they lead to is replaced.
    case file(String)
    /// What no file may take the place of: a pipe, a device, or an open file of this process. The descriptor is new.
    case stream(Int32)

    /// - Throws: ``ArchiveError`` with reason `unwritable` for a stream that cannot be opened.
    init(_ path: String) throws(ArchiveError) {
        guard Self.isStream(path) else {
            self = .file(Self.resolved(path))
            return
        }
        let descriptor = Self.number(path).map { dup($0) } ?? open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError(.unwritable, file: path, expected: "a pipe or a device that can be written", found: systemMessage()) }
        self = .stream(descriptor)
    }

    /// Nothing is opened for the answer: a pipe's reader would take that for the whole content.
    static func isStream(_ path: String) -> Bool {
        if number(path) != nil { return true }
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// The file that is replaced.
    /// - Throws: ``ArchiveError`` with reason `unwritable` for a stream, in which a writer that moves to and fro cannot write.
    static func replaced(_ path: String) throws(ArchiveError) -> String {
        guard !isStream(path) else { throw ArchiveError(.unwritable, file: path, expected: "a file", found: "a pipe or a device") }
        return resolved(path)
    }

    /// The file, where it is one.
    var file: String? { if case .file(let path) = self { path } else { nil } }
    /// The stream's descriptor, where it is one.
    var descriptor: Int32? { if case .stream(let descriptor) = self { descriptor } else { nil } }

    /// The number of an open file that a path names. To open it by that name would begin at its first byte again.
    private static func number(_ path: String) -> Int32? {
        if let number = (["/dev/stdout": 1, "/dev/stderr": 2] as [String: Int32])[path] { return number }
        return ["/dev/fd/", "/proc/self/fd/"].lazy.compactMap { path.hasPrefix($0) ? Int32(path.dropFirst($0.count)) : nil }.first
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
