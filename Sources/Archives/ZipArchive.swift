import CZip
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A ZIP archive, open for reading; its entries may be read from any thread.
public final class ZipArchive: Sendable {
    /// One file inside the archive.
    public struct Entry: Equatable, Sendable {
        /// The path inside the archive, parts separated by slashes; a folder ends with one.
        public let name: String
        /// The place in the archive's directory.
        public let index: Int
        /// The count of bytes once unpacked, as the directory claims.
        public let size: Int
        /// The count of bytes in the archive, as the directory claims.
        public let packedSize: Int
        /// Whether the bytes lie unpacked in the archive, so that reads can begin anywhere.
        public let isStored: Bool
    }

    /// The path of the archive.
    public let path: String
    /// The entries in the directory's order.
    public let entries: [Entry]

    private let state: Mutex<State>
    private let positions: [String: Int]
    private let byteCount: Int

    /// Opens an archive on disk.
    public convenience init(reading path: String) throws(ArchiveError) {
        // Opened here first because the system's reasons (a folder, no permission) are better than the library's.
        let count = try FileBytes(path).count
        try self.init(path, byteCount: count) { code in
            zip_open(path, ZIP_RDONLY, &code)
        }
    }

    /// Opens an archive in memory.
    /// - Parameter name: stands for the path in errors.
    public convenience init(bytes: [UInt8], name: String) throws(ArchiveError) {
        try self.init(name, byteCount: bytes.count) { code in
            // The library owns and frees the copy.
            guard let copy = malloc(max(1, bytes.count)) else { return nil }
            bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, bytes.count) } }
            var error = zip_error_t()
            guard let source = zip_source_buffer_create(copy, zip_uint64_t(bytes.count), 1, &error) else {
                free(copy)
                return nil
            }
            if let archive = zip_open_from_source(source, ZIP_RDONLY, &error) { return archive }
            code = zip_error_code_zip(&error)
            zip_source_free(source)
            return nil
        }
    }

    private init(_ path: String, byteCount: Int, open: (inout Int32) -> OpaquePointer?) throws(ArchiveError) {
        var code = ZIP_ER_NOZIP
        // The library takes a file of no bytes for an archive of no entries.
        guard byteCount > 0, let archive = open(&code) else {
            throw ArchiveError(.unreadable, file: path, expected: "a ZIP archive", found: Self.message(code))
        }
        var entries: [Entry] = []
        for index in 0..<zip_uint64_t(max(0, zip_get_num_entries(archive, 0))) {
            var status = zip_stat_t()
            guard zip_stat_index(archive, index, 0, &status) == 0, let name = status.name else { continue }
            entries.append(Entry(
                name: String(cString: name), index: Int(index), size: Int(clamping: status.size), packedSize: Int(clamping: status.comp_size),
                isStored: status.comp_method == ZIP_CM_STORE))
        }
        self.path = path
        self.byteCount = byteCount
        self.entries = entries
        // Where a name stands twice the later entry holds, as in Python.
        self.positions = Dictionary(entries.indices.map { (entries[$0].name, $0) }) { _, later in later }
        self.state = Mutex(State(archive: archive))
    }

    deinit { state.withLock { $0.discard() } }

    /// Whether the bytes begin as ZIP archives do.
    public static func isZip(_ start: [UInt8]) -> Bool {
        start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    /// The entry of a name.
    public func entry(_ name: String) -> Entry? { positions[name].map { entries[$0] } }

    /// Unpacks the entry of a name.
    /// - Parameter limit: the most bytes the caller is willing to receive.
    /// - Throws: `ArchiveError`: `missing`; `oversized` before anything is allocated; `unreadable` where the packed bytes or their checksum are wrong.
    public func read(_ name: String, limit: Int = .max) throws(ArchiveError) -> [UInt8] {
        guard let entry = entry(name) else {
            throw ArchiveError(.missing, file: path, entry: name, expected: "an entry of this name", found: "\(entries.count) others")
        }
        return try read(entry, limit: limit)
    }

    /// Unpacks an entry of this archive.
    public func read(_ entry: Entry, limit: Int = .max) throws(ArchiveError) -> [UInt8] {
        guard entry.size <= limit else { throw error(.oversized, entry, expected: "at most \(limit) bytes", found: "\(entry.size)") }
        return try source(entry).bytes()
    }

    /// The unpacked bytes of an entry, read where they are asked for: at once where it is stored, forwards from the last place where it is packed.
    public func source(_ entry: Entry) throws(ArchiveError) -> ZipEntryBytes {
        // Deflate expands at most 1032 times: a larger claim is a lie or a bomb.
        let justified = min(entry.packedSize, byteCount).multipliedReportingOverflow(by: entry.isStored ? 1 : 1032)
        guard entry.packedSize <= byteCount, justified.overflow || entry.size <= justified.partialValue else {
            throw error(
                .oversized, entry, expected: "a size that \(byteCount) bytes of archive can hold", found: "\(entry.size) bytes packed into \(entry.packedSize)")
        }
        return ZipEntryBytes(self, entry)
    }

    func error(_ reason: ArchiveError.Reason, _ entry: Entry, expected: String, found: String) -> ArchiveError {
        ArchiveError(reason, file: path, entry: entry.name, expected: expected, found: found)
    }

    static func message(_ code: Int32) -> String {
        var error = zip_error_t()
        zip_error_init_with_code(&error, code)
        defer { zip_error_fini(&error) }
        return String(cString: zip_error_strerror(&error)).lowercased()
    }

    /// The library's handles, which one thread may use at a time.
    private struct State: ~Copyable {
        let archive: OpaquePointer
        /// The entries being read, by the identity of their reader.
        var readers: [ObjectIdentifier: (file: OpaquePointer, position: Int)] = [:]

        mutating func discard() {
            for reader in readers.values { zip_fclose(reader.file) }
            zip_discard(archive)
        }
    }

    /// Fills `buffer` from byte `offset` of an entry on behalf of a reader; returns what went wrong.
    func read(_ entry: Entry, at offset: Int, into buffer: UnsafeMutableRawBufferPointer, for reader: ObjectIdentifier) -> String? {
        // As a number, because the compiler cannot see that the library keeps no pointer to the memory.
        let address = UInt(bitPattern: buffer.baseAddress), count = buffer.count
        return state.withLock { state -> String? in
            var open: (file: OpaquePointer, position: Int)
            if let known = state.readers[reader], entry.isStored || known.position <= offset {
                open = known
            } else {
                if let known = state.readers.removeValue(forKey: reader) { zip_fclose(known.file) }
                guard let file = zip_fopen_index(state.archive, zip_uint64_t(entry.index), 0) else {
                    return String(cString: zip_strerror(state.archive)).lowercased()
                }
                open = (file, 0)
            }
            var problem = Self.move(&open, to: offset, seeking: entry.isStored)
            if problem == nil {
                problem = Self.fill(UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: address), count: count), &open)
            }
            if problem == nil && open.position == entry.size { problem = Self.verifyEnd(open.file) }
            state.readers[reader] = open
            return problem
        }
    }

    func finish(_ reader: ObjectIdentifier) {
        state.withLock { state in
            if let known = state.readers.removeValue(forKey: reader) { zip_fclose(known.file) }
        }
    }

    /// Brings a reader to a byte: by seeking where nothing is packed, otherwise by unpacking what lies before.
    private static func move(_ open: inout (file: OpaquePointer, position: Int), to offset: Int, seeking: Bool) -> String? {
        if open.position == offset { return nil }
        if seeking {
            guard zip_fseek(open.file, zip_int64_t(offset), SEEK_SET) == 0 else { return message(of: open.file) }
            open.position = offset
            return nil
        }
        var scratch = [UInt8](repeating: 0, count: 1 << 16)
        while open.position < offset {
            let step = min(scratch.count, offset - open.position)
            if let problem = scratch.withUnsafeMutableBytes({ fill(UnsafeMutableRawBufferPointer(rebasing: $0[..<step]), &open) }) { return problem }
        }
        return nil
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer, _ open: inout (file: OpaquePointer, position: Int)) -> String? {
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            let step = zip_fread(open.file, base + done, zip_uint64_t(min(buffer.count - done, 1 << 30)))
            if step < 0 { return message(of: open.file) }
            if step == 0 { return "an end after \(open.position) bytes" }
            done += Int(step)
            open.position += Int(step)
        }
        return nil
    }

    /// The library compares the checksum when it is asked for a byte beyond the last.
    private static func verifyEnd(_ file: OpaquePointer) -> String? {
        var byte: UInt8 = 0
        let count = zip_fread(file, &byte, 1)
        return count == 0 ? nil : count < 0 ? message(of: file) : "more bytes than claimed"
    }

    private static func message(of file: OpaquePointer) -> String {
        String(cString: zip_file_strerror(file)).lowercased()
    }
}
