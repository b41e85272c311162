/// A PNG file as it goes into a page.
public struct Picture: Hashable, Sendable {
    /// What it is called: `worst-generated`, `step-00005000`.
    public var name: String
    /// The file's bytes.
    public var bytes: [UInt8]
    /// Extents in pixels.
    public let width: Int, height: Int

    /// A picture of a PNG file's bytes.
    /// - Throws: ``ReportError`` for bytes that do not begin as a PNG file does.
    public init(_ name: String, png bytes: [UInt8], file: String) throws(ReportError) {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard bytes.count > 24, Array(bytes[..<8]) == signature, Array(bytes[12..<16]) == Array("IHDR".utf8) else {
            throw .unreadable(file: file, expected: "a PNG file", found: "\(bytes.count) bytes of something else")
        }
        func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        (self.name, self.bytes, width, height) = (name, bytes, number(16), number(20))
    }
}
