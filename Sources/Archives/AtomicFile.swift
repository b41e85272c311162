#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that is written under a temporary name and appears under its own only when `commit()` has synced it to disk.
///
/// What a link leads to is replaced, not the link. A pipe, a device or an open file of this process (`/dev/stdout`) is written as the bytes come.
public struct AtomicFile: ~Copyable {
    /// The name the file will have.
    public let path: String
    /// Where it is until then; nil for what is written as the bytes come.
    private var temporary: String?
    /// Where it is moved to.
    private var final: String
    private var descriptor: Int32

    /// Starts a new file beside `path`.
    public init(_ path: String) throws(ArchiveError) {
        // A value that cannot be copied must be whole before anything throws.
        (self.path, final, temporary, descriptor) = (path, path, nil, -1)
        let destination = try Destination(path)
        if let file = destination.file { (final, temporary) = (file, Self.temporaryName(for: file)) }
        descriptor = destination.descriptor ?? open(temporary ?? path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw ArchiveError(.unwritable, file: path, expected: "a file that can be written", found: systemMessage()) }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            if let temporary { unlink(temporary) }
        }
    }

    /// Whether a path names a pipe, a device or an open file of this process, which has no content that could be lost.
    public static func isStream(_ path: String) -> Bool { Destination.isStream(path) }

    /// Adds bytes at the end.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let step = platformWrite(descriptor, base + done, min(bytes.count - done, 1 << 30))
            if step < 0 && errno == EINTR { continue }
            guard step > 0 else { throw ArchiveError(.unwritable, file: path, expected: "room for \(bytes.count) bytes", found: systemMessage()) }
            done += step
        }
    }

    /// Adds bytes at the end.
    public mutating func write(_ bytes: [UInt8]) throws(ArchiveError) {
        try bytes.withUnsafeBufferPointer { bytes throws(ArchiveError) in try write(UnsafeRawBufferPointer(bytes)) }
    }

    /// Writes a whole file.
    /// - Throws: ``ArchiveError`` with reason `unwritable`; what was there before stays.
    public static func write(_ bytes: [UInt8], to path: String) throws(ArchiveError) {
        var file = try AtomicFile(path)
        try file.write(bytes)
        try file.commit()
    }

    /// Copies a file.
    /// - Throws: ``ArchiveError`` about either file; what was there before stays.
    public static func copy(_ source: String, to path: String) throws(ArchiveError) {
        let bytes = try FileBytes(source), step = 1 << 22
        var file = try AtomicFile(path)
        for start in stride(from: 0, to: bytes.count, by: step) { try file.write(bytes.bytes(start..<min(start + step, bytes.count))) }
        try file.commit()
    }

    /// Syncs the file to disk and moves it to its name, replacing what was there.
    public consuming func commit() throws(ArchiveError) {
        guard let temporary else {
            close(descriptor)
            descriptor = -1
            return
        }
        guard fsync(descriptor) == 0 else { throw ArchiveError(.unwritable, file: path, expected: "a file that syncs to disk", found: systemMessage()) }
        guard rename(temporary, final) == 0 else {
            throw ArchiveError(.unwritable, file: path, expected: "to move \(temporary) here", found: systemMessage())
        }
        close(descriptor)
        descriptor = -1
        Self.syncFolder(of: final)
    }

    /// Syncs a file that another writer closed and moves it to its name, which ``Destination/replaced(_:)`` gave; removes it where that fails.
    static func publish(_ temporary: String, as path: String) throws(ArchiveError) {
        let descriptor = open(temporary, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            let message = systemMessage()
            unlink(temporary)
            throw ArchiveError(.unwritable, file: path, expected: "to sync \(temporary) and move it here", found: message)
        }
        syncFolder(of: path)
    }

    static func temporaryName(for path: String) -> String {
        "\(path).partial-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 16))"
    }

    /// Makes the rename itself durable. Some file systems cannot sync a folder, and nothing is lost but durability: failure is ignored.
    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }
}

private func platformWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int { write(descriptor, bytes, count) }
