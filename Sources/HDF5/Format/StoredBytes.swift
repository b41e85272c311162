#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is wrong inside a file, before it is known under which name the user asked for it.
struct Damage: Error {
    var reason = HDF5Error.Reason.unreadable
    var expected: String
    var found: String
}

extension Place {
    /// Names the place of what goes wrong in `body`.
    func locating<Result>(_ body: () throws(Damage) -> Result) throws(HDF5Error) -> Result {
        do { return try body() } catch { throw self.error(error.reason, expected: error.expected, found: error.found) }
    }
}

/// The bytes of a file, or of memory, of which only those that exist can be asked for.
final class StoredBytes: Sendable {
    /// How many there are.
    let count: Int
    private let origin: Origin

    private enum Origin {
        case file(descriptor: Int32)
        case memory([UInt8])
    }

    init(_ bytes: [UInt8]) { (count, origin) = (bytes.count, .memory(bytes)) }

    /// Opens a file; what forbids reading it is said in the system's words.
    init(path: String) throws(Damage) {
        // A pipe would otherwise be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        var problem = descriptor < 0 ? String(cString: strerror(errno)).lowercased() : nil
        var status = stat()
        if problem == nil {
            if fstat(descriptor, &status) != 0 {
                problem = String(cString: strerror(errno)).lowercased()
            } else if status.st_mode & S_IFMT == S_IFDIR {
                problem = "a folder"
            } else if status.st_mode & S_IFMT != S_IFREG {
                problem = "a pipe or device"
            } else if status.st_size == 0 {
                problem = "an empty file"
            }
        }
        (count, origin) = (Int(status.st_size), .file(descriptor: descriptor))
        // From here on everything is initialised, so that `deinit` closes the file also where this throws.
        if let problem { throw Damage(expected: "an HDF5 file", found: problem) }
    }

    deinit { if case .file(let descriptor) = origin, descriptor >= 0 { _ = close(descriptor) } }

    /// Fills `target` with the bytes that begin at `offset`.
    func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(Damage) {
        guard offset >= 0, offset <= count, target.count <= count - offset else {
            throw Damage(expected: "\(target.count) bytes at \(offset)", found: "a file of \(count) bytes")
        }
        switch origin {
        case .memory(let bytes): bytes.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + target.count])) }
        case .file(let descriptor): try read(descriptor, at: offset, into: target)
        }
    }

    private func read(_ descriptor: Int32, at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(Damage) {
        guard let start = target.baseAddress else { return }
        var done = 0
        while done < target.count {
            // Linux moves at most 2 GiB in one call.
            let step = pread(descriptor, start + done, min(target.count - done, 1 << 30), off_t(offset + done))
            if step > 0 { done += step; continue }
            if step < 0, errno == EINTR { continue }
            throw Damage(expected: "\(target.count) bytes at \(offset)", found: step == 0 ? "a file that has become shorter" : String(cString: strerror(errno)).lowercased())
        }
    }

    /// The bytes that begin at `offset`.
    func read(at offset: Int, count: Int) throws(Damage) -> [UInt8] {
        guard count >= 0, count <= self.count else { throw Damage(expected: "\(count) bytes at \(offset)", found: "a file of \(self.count) bytes") }
        var bytes = [UInt8](repeating: 0, count: count)
        // The closure cannot throw a typed error, so the outcome is carried out of it.
        var failure: Damage?
        bytes.withUnsafeMutableBytes { target in
            do throws(Damage) { try read(at: offset, into: target) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// More bytes than this cannot honestly come out of the file: deflate expands at most 1032 times.
    var expansionLimit: Int {
        let (product, overflow) = count.multipliedReportingOverflow(by: 1032)
        return (overflow ? Int.max >> 1 : product) + 64 << 20
    }

    /// Refuses a claimed amount of memory that the file cannot justify.
    func justify(_ count: Int, times size: Int, limit: Int? = nil) throws(Damage) {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size), limit = limit ?? expansionLimit
        guard !overflow, bytes <= limit else {
            throw Damage(reason: .oversized, expected: "at most \(limit) bytes in a file of this size", found: "\(count) elements of \(size) bytes")
        }
    }
}

/// What parts of a structure may take together: they do not overlap, so that it is no more than the file has. Without it, a small file of parts that name
/// each other many times would be read for hours.
struct Budget {
    private var rest: Int

    init(_ count: Int) { rest = count }

    mutating func spend(_ count: Int, on what: String) throws(Damage) {
        guard count <= rest else { throw Damage(expected: "\(what) that do not overlap", found: "more bytes than there are") }
        rest -= count
    }
}
