#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Bytes of known count that are read from anywhere: a file, an entry of an archive, memory.
public protocol ByteSource: Sendable {
    /// The file the bytes belong to, for errors.
    var file: String { get }
    /// The entry inside the file, `""` where there is none.
    var entry: String { get }
    /// How many bytes there are.
    var count: Int { get }
    /// Fills `buffer` with the bytes from `offset` on, all of which must exist.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError)
}

extension ByteSource {
    /// The bytes of a range, which must exist.
    public func bytes(_ range: Range<Int>) throws(ArchiveError) -> [UInt8] {
        try check(range)
        return try array(of: UInt8.self, count: range.count, at: range.lowerBound)
    }

    /// All bytes.
    public func bytes() throws(ArchiveError) -> [UInt8] { try bytes(0..<count) }

    /// Elements as they lie in the source, from a byte offset on; the bytes must exist.
    public func array<Element: BitwiseCopyable>(of type: Element.Type, count elements: Int, at offset: Int) throws(ArchiveError) -> [Element] {
        let (bytes, overflow) = elements.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard !overflow, elements >= 0, offset >= 0, offset <= count, bytes <= count - offset else {
            throw error(.oversized, expected: "\(elements) elements of \(MemoryLayout<Element>.stride) bytes at byte \(offset)", found: "\(count) bytes in all")
        }
        // The closure of this initialiser cannot throw a typed error, so the outcome is carried out of it.
        var failure: ArchiveError?
        let array = [Element](unsafeUninitializedCapacity: elements) { buffer, initialized in
            do throws(ArchiveError) {
                try read(at: offset, into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<elements])))
                initialized = elements
            } catch { failure = error }
        }
        if let failure { throw failure }
        return array
    }

    func check(_ range: Range<Int>) throws(ArchiveError) {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw error(.unreadable, expected: "bytes \(range.lowerBound)..<\(range.upperBound)", found: "\(count) bytes in all")
        }
    }

    /// An error about this source.
    public func error(_ reason: ArchiveError.Reason, expected: String, found: String) -> ArchiveError {
        ArchiveError(reason, file: file, entry: entry, expected: expected, found: found)
    }
}

/// Bytes in memory.
public struct MemoryBytes: ByteSource {
    /// The file's path, for messages.
    public let file: String
    /// The entry's name within an archive, empty for the file itself.
    public let entry: String
    private let storage: [UInt8]

    /// Bytes under the names that errors give them.
    public init(_ bytes: [UInt8], file: String, entry: String = "") {
        self.storage = bytes
        self.file = file
        self.entry = entry
    }

    /// Number of bytes.
    public var count: Int { storage.count }

    /// Fills `buffer` from `offset` on.
    /// - Throws: `ArchiveError` where the bytes end before it is full.
    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) {
        try check(offset..<offset + buffer.count)
        storage.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + buffer.count])) }
    }
}

/// The bytes of a file, read where they are asked for.
///
/// Positioned reads rather than a memory map: a file that shrinks under a map kills the process, here it is an error. Opening costs nothing.
public final class FileBytes: ByteSource {
    /// The file's path, for messages.
    public let file: String
    /// The entry's name within an archive, empty for the file itself.
    public let entry = ""
    /// Number of bytes.
    public let count: Int
    private let descriptor: Int32

    /// Opens a regular file.
    public init(_ path: String) throws(ArchiveError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError(.unreadable, file: path, expected: "a readable file", found: systemMessage()) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            let found = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something else"
            close(descriptor)
            throw ArchiveError(.unreadable, file: path, expected: "a readable file", found: found)
        }
        self.file = path
        self.count = Int(status.st_size)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Fills `buffer` from `offset` on.
    /// - Throws: `ArchiveError` where the bytes end before it is full.
    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) {
        try check(offset..<offset + buffer.count)
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            // Linux moves at most 2 GiB in one call.
            let step = pread(descriptor, base + done, min(buffer.count - done, 1 << 30), off_t(offset + done))
            if step < 0 && errno == EINTR { continue }
            guard step > 0 else {
                throw error(.unreadable, expected: "\(count) bytes", found: step < 0 ? systemMessage() : "an end at byte \(offset + done)")
            }
            done += step
        }
    }
}

/// The system's text for the last failed call.
func systemMessage() -> String { String(cString: strerror(errno)).lowercased() }
