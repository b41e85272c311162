/// Comma-separated values as RFC 4180 writes them.
public enum CSV {
    /// A field: in quotation marks where it holds a comma, a quotation mark or a line's end.
    public static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r\r\n".contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
