/// The unpacked bytes of one entry of a ZIP archive. Reads that go backwards in a packed entry begin again at its start.
///
/// The checksum is verified where the entry is read from its first byte to its last.
public final class ZipEntryBytes: ByteSource {
    /// The file's path, for messages.
    public let file: String
    /// The entry's name within an archive, empty for the file itself.
    public var entry: String { description.name }
    /// Number of bytes.
    public var count: Int { description.size }
    private let archive: ZipArchive
    private let description: ZipArchive.Entry

    init(_ archive: ZipArchive, _ entry: ZipArchive.Entry) {
        self.file = archive.path
        self.archive = archive
        self.description = entry
    }

    deinit { archive.finish(ObjectIdentifier(self)) }

    /// Fills `buffer` from `offset` on.
    /// - Throws: `ArchiveError` where the bytes end before it is full.
    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) {
        try check(offset..<offset + buffer.count)
        if let problem = archive.read(description, at: offset, into: buffer, for: ObjectIdentifier(self)) {
            throw error(.unreadable, expected: "\(count) bytes that unpack", found: problem)
        }
    }
}
