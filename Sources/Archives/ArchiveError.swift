/// Why an archive, an array file or an entry of one could not be read or written: one line that names the place, what was expected and what was found.
public struct ArchiveError: Error, Equatable, CustomStringConvertible {
    /// The kind of failure, for callers that act on it.
    public enum Reason: Equatable, Sendable {
        /// The file cannot be opened or is not of the format.
        case unreadable
        /// No entry of this name exists.
        case missing
        /// The content has another element type or shape than was asked for.
        case mismatched
        /// A claimed size is larger than the file can justify or the caller allows.
        case oversized
        /// The format allows it, this reader does not.
        case unsupported
        /// The file cannot be created, written, synced or renamed.
        case unwritable
    }

    /// The kind of failure.
    public var reason: Reason
    /// The path of the file.
    public var file: String
    /// The entry inside the archive, `""` for the file itself.
    public var entry: String
    /// What should have been there.
    public var expected: String
    /// What was there instead, and what to do about it where that is known.
    public var found: String

    /// An error from its parts; `description` joins them to one line.
    public init(_ reason: Reason, file: String, entry: String = "", expected: String, found: String) {
        self.reason = reason
        self.file = file
        self.entry = entry
        self.expected = expected
        self.found = found
    }

    /// One line for people.
    public var description: String {
        "\(file): \(entry.isEmpty ? "" : entry + ": ")expected \(expected), found \(found)"
    }
}
