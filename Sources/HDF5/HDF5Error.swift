/// Why a file or something inside it could not be read or written: one line that names the place, what was expected and what was found.
public struct HDF5Error: Error, Equatable, CustomStringConvertible {
    /// The kind of failure, for callers that act on it.
    public enum Reason: Equatable, Sendable {
        /// The file cannot be opened, is no HDF5 file, or the library cannot decode a part of it.
        case unreadable
        /// No object or attribute of this name exists.
        case missing
        /// The object exists, but has another kind, element type or shape.
        case mismatched
        /// A claimed size is larger than the file can justify.
        case oversized
        /// The file cannot be created, written, synced or renamed.
        case unwritable
    }

    /// The kind of failure.
    public var reason: Reason
    /// The path of the file.
    public var file: String
    /// The path inside the file, `""` for the file itself; attributes as `/object@name`.
    public var object: String
    /// What should have been there.
    public var expected: String
    /// What was there instead, and what to do about it where that is known.
    public var found: String

    /// An error from its parts; `description` joins them to one line.
    public init(_ reason: Reason, file: String, object: String = "", expected: String, found: String) {
        self.reason = reason
        self.file = file
        self.object = object
        self.expected = expected
        self.found = found
    }

    /// One line for people.
    public var description: String {
        "\(file): \(object.isEmpty ? "" : object + ": ")expected \(expected), found \(found)"
    }
}

/// A place inside a file, from which errors are made.
struct Place: Sendable {
    var file: String
    var object = ""

    func error(_ reason: HDF5Error.Reason, expected: String, found: String) -> HDF5Error {
        HDF5Error(reason, file: file, object: object, expected: expected, found: found)
    }

    func child(_ name: String) -> Place {
        if name.hasPrefix("/") { return Place(file: file, object: name) }
        return Place(file: file, object: object.hasSuffix("/") ? object + name : object + "/" + name)
    }

    func attribute(_ name: String) -> Place { Place(file: file, object: object + "@" + name) }
}
