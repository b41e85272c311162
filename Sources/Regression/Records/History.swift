import Archives
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// All nights, oldest first: a file of JSON lines that only grows.
///
/// A line is written by one call under a lock of the file, so that two jobs never mix theirs, and is on the disk before the job ends. What a crash left without a line's end is no night: it is left out and said,
/// and the next job cuts it off.
public struct History: Sendable {
    /// The file.
    public let path: String
    /// Oldest first.
    public private(set) var nights: [NightRecord] = []
    /// What the reader must know.
    public private(set) var notes: [String] = []

    /// Reads a history; a file that does not exist holds no nights.
    /// - Throws: ``RegressionError`` for a whole line that is none of a history, with its number; `ArchiveError` for a file that cannot be read.
    public init(reading path: String) throws {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw ArchiveError(.unreadable, file: path, expected: "a history that can be read", found: Self.systemMessage())
        }
        // A writer is waited for. Closing gives the lock back.
        defer { close(descriptor) }
        flock(descriptor, LOCK_SH)
        let text = String(decoding: try Self.bytes(of: descriptor, path), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.dropLast().enumerated() where !line.isEmpty {
            do throws(NightRecord.LineProblem) { nights.append(try NightRecord(line: line)) } catch {
                throw RegressionError.history(file: path, line: number + 1, reason: "expected a night of gan-eval regress, found \(error.words)")
            }
        }
        if let rest = lines.last, !rest.isEmpty { notes.append("\(path):\(lines.count): an unfinished line was left out; the job that wrote it was ended early") }
    }

    /// Adds a night at the end, on the disk when this returns.
    /// - Throws: `ArchiveError` for a file that cannot be written.
    public static func append(_ night: NightRecord, to path: String) throws(ArchiveError) {
        func failure(_ expected: String) -> ArchiveError { ArchiveError(.unwritable, file: path, expected: expected, found: systemMessage()) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("a history that can be written") }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX) == 0 else { throw failure("a history that can be locked") }
        let bytes = try bytes(of: descriptor, path)
        // Whoever holds the lock is the only writer, so that a line without an end has none who will finish it.
        if let last = bytes.last, last != UInt8(ascii: "\n") {
            let whole = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
            guard ftruncate(descriptor, off_t(whole)) == 0 else { throw failure("to cut off an unfinished line") }
        }
        let line = Array((night.line + "\n").utf8)
        let written = line.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
        guard written == line.count, fsync(descriptor) == 0 else { throw failure("room for a line of \(line.count) bytes") }
    }

    /// The estimates of a metric on nights that were compared with a baseline, each set of generated images once, where it was first met.
    func estimates(of name: String, _ metric: String, since baseline: String) -> [(generated: String, estimate: Estimate)] {
        var met: Set<String> = []
        return nights.filter { $0.baseline == baseline && !$0.setsBaseline }.compactMap { night in
            guard let item = night.items.first(where: { $0.name == name }), let found = item.metrics.first(where: { $0.measured.metric == metric }), found.verdict != nil,
                found.measured.estimate.value.isFinite, met.insert(item.generated).inserted
            else { return nil }
            return (item.generated, found.measured.estimate)
        }
    }

    private static func bytes(of descriptor: Int32, _ path: String) throws(ArchiveError) -> [UInt8] {
        var result: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(result.count)) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ArchiveError(.unreadable, file: path, expected: "a history that can be read", found: systemMessage()) }
            guard count > 0 else { return result }
            result += buffer[..<count]
        }
    }

    private static func systemMessage() -> String { String(cString: strerror(errno)).lowercased() }
}

/// The system's call under a name that no method hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
