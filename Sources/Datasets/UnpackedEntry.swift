import Archives
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The bytes of a compressed archive entry, unpacked once into a nameless temporary file: compressed bytes can only be read
/// from front to back, images are wanted in any order, and the whole may be larger than memory.
func unpacked(_ source: ZipEntryBytes) throws(ArchiveError) -> Archives.FileBytes {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((joined(folder, "gan-eval-XXXXXX")).utf8CString)
    let descriptor = mkstemp(&template)
    let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress.unsafelyUnwrapped) }
    func failure() -> ArchiveError {
        ArchiveError(.unwritable, file: source.file, entry: source.entry,
                     expected: "\(source.count) bytes of room in \(folder) to unpack into", found: systemError())
    }
    guard descriptor >= 0 else { throw failure() }
    defer {
        close(descriptor)
        unlink(path)
    }
    var offset = 0
    while offset < source.count {
        let end = min(offset + 1 << 22, source.count)
        let bytes = try source.bytes(offset..<end)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            done += count
        }
        offset = end
    }
    return try Archives.FileBytes(path)
}
