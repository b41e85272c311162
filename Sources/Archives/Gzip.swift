/// Files that gzip made.
public enum Gzip {
    /// Whether bytes begin as gzip files do.
    public static func isGzip(_ start: [UInt8]) -> Bool { start.starts(with: [0x1F, 0x8B]) }

    /// The bytes that were compressed; length and checksum are verified.
    ///
    /// A gzip member and an entry of a ZIP archive hold the same deflate stream under different heads, so the stream is handed to the ZIP library as
    /// the one entry of an archive in memory. Source: RFC 1952; PKWARE's APPNOTE 6.3.
    ///
    /// Of several members joined in one file, which gzip allows, the first must have the last one's length and checksum; otherwise that is an error.
    /// - Parameter name: stands for the path in errors.
    /// - Throws: `ArchiveError` where the bytes are damaged.
    public static func decompress(_ bytes: [UInt8], name: String) throws(ArchiveError) -> [UInt8] {
        func failure(_ found: String) -> ArchiveError { ArchiveError(.unreadable, file: name, expected: "a gzip file", found: found) }
        guard isGzip(bytes), bytes.count >= 18, bytes[2] == 8 else { throw failure("\(bytes.count) bytes of something else") }
        guard let start = streamStart(bytes), start + 8 <= bytes.count else { throw failure("an end inside its head") }
        let stream = bytes[start..<bytes.count - 8], trailer = Array(bytes[(bytes.count - 8)...])
        let size = trailer[4...].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        guard stream.count < 1 << 32 else { throw failure("more than 4 GB") }
        // Deflate expands at most 1032 times; what claims more is damaged, or the length of the last of several members.
        guard size <= 1032 * stream.count else { throw failure("a length of \(size) that \(stream.count) bytes cannot hold") }
        let archive = try ZipArchive(bytes: zip(stream, checksum: Array(trailer[..<4]), size: Array(trailer[4...])), name: name)
        do throws(ArchiveError) {
            return try archive.read("data", limit: size)
        } catch {
            throw failure("a damaged one, or several joined: \(error.found)")
        }
    }

    /// Where the deflate stream begins: after ten bytes and the optional fields that the fourth of them announces.
    private static func streamStart(_ bytes: [UInt8]) -> Int? {
        let flags = bytes[3]
        var start = 10
        if flags & 4 != 0 {
            guard start + 2 <= bytes.count else { return nil }
            start += 2 + Int(bytes[start]) + Int(bytes[start + 1]) << 8
        }
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0) else { return nil }
            start = end + 1
        }
        return flags & 2 != 0 ? start + 2 : start
    }

    /// An archive of one entry `data`: local head, stream, directory of one, end.
    private static func zip(_ stream: ArraySlice<UInt8>, checksum: [UInt8], size: [UInt8]) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let name = Array("data".utf8)
        // Version 2.0, no flags, deflated, 1980-01-01; checksum, sizes, length of the name, no extra field.
        let common = little(20, 2) + little(0, 2) + little(8, 2) + little(0, 2) + little(0x21, 2) + checksum + little(stream.count, 4) + size
            + little(name.count, 2) + little(0, 2)
        let head = [0x50, 0x4B, 3, 4] + common + name
        let directory = [0x50, 0x4B, 1, 2] + little(20, 2) + common + little(0, 14) + name
        let end = [0x50, 0x4B, 5, 6] + little(0, 4) + little(1, 2) + little(1, 2) + little(directory.count, 4) + little(head.count + stream.count, 4) + little(0, 2)
        return head + stream + directory + end
    }
}
