import Archives

/// Files that appear under their name in one step.
extension AtomicFile {
    /// Writes text.
    static func write(_ text: String, to path: String) throws(ArchiveError) {
        var file = try AtomicFile(path)
        try file.write(Array(text.utf8))
        try file.commit()
    }

    /// Copies a file.
    static func copy(_ source: String, to path: String) throws(ArchiveError) {
        let bytes = try FileBytes(source), step = 1 << 20
        var file = try AtomicFile(path)
        for start in stride(from: 0, to: bytes.count, by: step) { try file.write(bytes.bytes(start..<min(start + step, bytes.count))) }
        try file.commit()
    }
}
