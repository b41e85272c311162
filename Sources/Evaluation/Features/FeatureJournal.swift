#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Rows of numbers on their way into a file, written so that an extraction killed at any moment resumes where it stopped.
///
/// An append-only file: a header with the digest of the identity and the rows' width, then one record for each batch with its number of rows and a checksum.
/// On opening, whole records with right checksums are kept and what follows the last of them (a record torn by a crash) is cut off. A journal of another
/// identity or width is begun anew.
public final class FeatureJournal {
    /// Where the journal is.
    public let path: String
    /// Numbers per row.
    public let width: Int
    /// Rows kept so far: an extraction continues with the image of this number.
    public private(set) var count = 0

    private let descriptor: Int32
    private let header: [UInt8]
    private var records: [(offset: Int, rows: Int)] = []
    private var end = 0

    /// The longest record accepted, so that a damaged length cannot ask for absurd memory.
    private static let recordLimit = 1 << 30
    private static let magic: [UInt8] = Array("GANEVALJ".utf8)
    private static let recordHeaderSize = 12

    /// Opens the journal at `path`, or begins one.
    /// - Throws: `system`, also where another process has the journal open.
    public init(path: String, identity: FeatureIdentity, width: Int) throws(EvaluationError) {
        precondition(width >= 1)
        (self.path, self.width) = (path, width)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path, "open") }
        guard lockf(descriptor, F_TLOCK, 0) == 0 else {
            throw .system(path: path, operation: "continue", reason: "another process is writing it; wait for it or choose another output")
        }
        header = Self.magic + withUnsafeBytes(of: UInt32(width).littleEndian, Array.init) + Array(identity.digest.utf8)
        if try read(header.count, at: 0) == header {
            end = header.count
            try scan()
        } else {
            try restart()
        }
    }

    /// Throws every row away.
    /// - Throws: `system`.
    public func restart() throws(EvaluationError) {
        (records, count) = ([], 0)
        try truncate(to: 0)
        try write(header)
    }

    deinit { close(descriptor) }

    /// Adds rows; they survive a kill from then on.
    ///
    /// - Shape: `rows` is `[n, width]`.
    /// - Throws: `system`, for example when the disk is full; the journal then still holds what it held.
    public func append(_ rows: [Float]) throws(EvaluationError) {
        precondition(rows.count.isMultiple(of: width), "\(rows.count) numbers are not whole rows of \(width)")
        guard !rows.isEmpty else { return }
        let offset = end
        var record: [UInt8] = []
        record.reserveCapacity(Self.recordHeaderSize + rows.count * 4)
        rows.withUnsafeBytes { bytes in
            withUnsafeBytes(of: UInt32(rows.count / width).littleEndian) { record.append(contentsOf: $0) }
            withUnsafeBytes(of: checksum(bytes).littleEndian) { record.append(contentsOf: $0) }
            record.append(contentsOf: bytes)
        }
        do { try write(record) } catch {
            try? truncate(to: offset)
            throw error
        }
        records.append((offset + Self.recordHeaderSize, rows.count / width))
        count += rows.count / width
    }

    /// Number of records: one for each batch added.
    public var batches: Int { records.count }

    /// The rows of a batch.
    ///
    /// - Shape: `[n, width]`
    /// - Throws: `system`.
    public func batch(_ index: Int) throws(EvaluationError) -> [Float] {
        let (offset, rows) = records[index]
        guard let bytes = try read(rows * width * 4, at: offset) else { throw .system(path: path, operation: "read", reason: "the file has become shorter") }
        return bytes.withUnsafeBytes { bytes in (0..<(rows * width)).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) } }
    }

    /// Deletes the journal, once its rows are safe elsewhere.
    public func remove() { unlink(path) }

    /// Finds the whole records and cuts off what follows them.
    private func scan() throws(EvaluationError) {
        while let header = try read(Self.recordHeaderSize, at: end) {
            let (rows, sum) = header.withUnsafeBytes {
                (Int(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))), UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 4, as: UInt64.self)))
            }
            guard rows >= 1, rows * width * 4 <= Self.recordLimit, let bytes = try read(rows * width * 4, at: end + Self.recordHeaderSize),
                bytes.withUnsafeBytes({ checksum($0) }) == sum
            else { break }
            records.append((end + Self.recordHeaderSize, rows))
            count += rows
            end += Self.recordHeaderSize + bytes.count
        }
        try truncate(to: end)
    }

    /// The bytes, or nil where the file ends before them.
    private func read(_ count: Int, at offset: Int) throws(EvaluationError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let n = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + done, count - done, off_t(offset + done)) }
            if n == 0 { return nil }
            if n > 0 { done += n } else if errno != EINTR { throw Self.failure(path, "read") }
        }
        return bytes
    }

    private func write(_ bytes: [UInt8]) throws(EvaluationError) {
        var done = 0
        while done < bytes.count {
            let n = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress! + done, bytes.count - done, off_t(end + done)) }
            if n >= 0 { done += n } else if errno != EINTR { throw Self.failure(path, "write") }
        }
        end += bytes.count
    }

    private func truncate(to length: Int) throws(EvaluationError) {
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw Self.failure(path, "truncate") }
        end = length
    }

    private static func failure(_ path: String, _ operation: String) -> EvaluationError {
        .system(path: path, operation: operation, reason: String(cString: strerror(errno)).lowercased())
    }
}

/// FNV-1a over 64-bit words, the last one padded with zeros: enough to tell a torn record from a whole one.
private func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var offset = 0
    while offset + 8 <= bytes.count {
        hash = (hash ^ UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))) &* 0x100_0000_01B3
        offset += 8
    }
    var rest: UInt64 = 0
    for (shift, byte) in bytes[offset...].enumerated() { rest |= UInt64(byte) << UInt64(8 * shift) }
    return (hash ^ rest) &* 0x100_0000_01B3
}
