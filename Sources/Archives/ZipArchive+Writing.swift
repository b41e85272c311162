import CZip

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension ZipArchive {
    /// How entries are stored.
    public enum Packing: Sendable {
        case stored
        case deflated
    }

    /// Writes a new archive, in the order given, synced and moved to `path` when complete.
    ///
    /// The same entries give the same bytes: every entry bears the date 1980-01-01.
    public static func write(_ entries: [(name: String, bytes: [UInt8])], to path: String, packing: Packing = .stored) throws(ArchiveError) {
        let final = try Destination.replaced(path), temporary = AtomicFile.temporaryName(for: final)
        var code: Int32 = 0
        guard let archive = zip_open(temporary, ZIP_CREATE | ZIP_EXCL, &code) else {
            throw ArchiveError(.unwritable, file: path, expected: "a file that can be written", found: message(code))
        }
        do throws(ArchiveError) {
            for entry in entries { try add(entry.name, entry.bytes, to: archive, packing, path) }
        } catch {
            zip_discard(archive)
            throw error
        }
        guard zip_close(archive) == 0 else {
            let message = String(cString: zip_strerror(archive)).lowercased()
            zip_discard(archive)
            throw ArchiveError(.unwritable, file: path, expected: "room for the archive", found: message)
        }
        // The library removes an archive without entries; the format knows one of 22 bytes.
        if entries.isEmpty {
            return try AtomicFile.write([0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0, count: 18), to: path)
        }
        try AtomicFile.publish(temporary, as: final)
    }

    private static func add(
        _ name: String, _ bytes: [UInt8], to archive: OpaquePointer, _ packing: Packing, _ path: String
    ) throws(ArchiveError) {
        func failure() -> ArchiveError {
            ArchiveError(.unwritable, file: path, entry: name, expected: "a new entry", found: String(cString: zip_strerror(archive)).lowercased())
        }
        // The library reads the bytes when the archive is closed, after this call: it gets its own copy.
        guard let copy = malloc(max(1, bytes.count)) else { throw failure() }
        bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, bytes.count) } }
        guard let source = zip_source_buffer(archive, copy, zip_uint64_t(bytes.count), 1) else {
            free(copy)
            throw failure()
        }
        let index = zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
        guard index >= 0 else {
            zip_source_free(source)
            throw failure()
        }
        let method = packing == .stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE
        guard zip_set_file_compression(archive, zip_uint64_t(index), method, 0) == 0,
            zip_file_set_dostime(archive, zip_uint64_t(index), 0, 0x21, 0) == 0
        else { throw failure() }
    }
}
