/// The status and fields of an HTTP answer, out of a stream that holds those of redirections before.
struct ResponseHead {
    private(set) var status = 0
    private var fields: [String: String] = [:]

    /// A field by its name in lower case.
    subscript(name: String) -> String? { fields[name] }

    /// Whether another answer follows this one: it is a redirection that is followed, or an interim one.
    var isPreliminary: Bool { (100..<200).contains(status) || ((300..<400).contains(status) && fields["location"] != nil) }

    /// The count of bytes the answer promises.
    var contentLength: Int? { fields["content-length"].flatMap { Int($0) } }

    /// The first byte of a partial answer (`Content-Range: bytes 100-199/200`) and the size of the whole.
    var contentRange: (start: Int, total: Int?)? {
        guard let range = fields["content-range"], range.hasPrefix("bytes ") else { return nil }
        let parts = range.dropFirst("bytes ".count).split(separator: "/")
        guard parts.count == 2, let start = parts[0].split(separator: "-").first.flatMap({ Int($0) }) else { return nil }
        return (start, Int(parts[1]))
    }

    /// What identifies this version of the file, for `If-Range`: a strong entity tag or a date.
    var validator: String? {
        if let tag = fields["etag"], !tag.hasPrefix("W/") { return tag }
        return fields["last-modified"]
    }

    init(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        if let words = lines.first?.split(separator: " "), words.count > 1 { status = Int(words[1]) ?? 0 }
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields[line[..<colon].lowercased()] = String(value)
        }
    }

    /// Takes one head off the front of a stream, `nil` while it is not complete.
    static func take(from stream: inout [UInt8]) -> ResponseHead? {
        let separator: [UInt8] = [13, 10, 13, 10]
        guard let end = stream.indices.first(where: { stream[$0...].starts(with: separator) }) else { return nil }
        let head = ResponseHead(String(decoding: stream[..<end], as: UTF8.self))
        stream.removeSubrange(..<(end + separator.count))
        return head
    }
}
