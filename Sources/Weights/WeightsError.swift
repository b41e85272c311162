import Archives
import HDF5

/// Why weights could not be read, matched, written or installed: one line that names the file and entry, what was expected and what was found.
public struct WeightsError: Error, Equatable, CustomStringConvertible {
    /// The kind of failure, for callers that act on it.
    public enum Reason: Equatable, Sendable {
        /// The file cannot be opened or is not of a known format.
        case unreadable
        /// The file asks for code to be run: a pickle that names a callable outside the allow-list.
        case refused
        /// No array, network or file of this name exists.
        case missing
        /// An array has another element type or shape than expected, or a name stands twice.
        case mismatched
        /// A claimed size is larger than the file can justify.
        case oversized
        /// The format allows it, this reader does not.
        case unsupported
        /// The file cannot be created, written, synced or renamed.
        case unwritable
        /// The network cannot be reached, or the server does not give what it should.
        case unavailable
        /// The bytes are not the published ones.
        case wrongDigest
    }

    /// The kind of failure.
    public var reason: Reason
    /// Whether the cause lies in the machine or the network rather than in the file.
    public var isEnvironment: Bool { reason == .unavailable || reason == .unwritable }
    /// The path or address of the file.
    public var file: String
    /// The array or entry inside the file, `""` for the file itself.
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

    init(_ error: ArchiveError) {
        let reason: Reason = switch error.reason {
        case .unreadable: .unreadable
        case .missing: .missing
        case .mismatched: .mismatched
        case .oversized: .oversized
        case .unsupported: .unsupported
        case .unwritable: .unwritable
        }
        self.init(reason, file: error.file, entry: error.entry, expected: error.expected, found: error.found)
    }

    init(_ error: HDF5Error) {
        let reason: Reason = switch error.reason {
        case .unreadable: .unreadable
        case .missing: .missing
        case .mismatched: .mismatched
        case .oversized: .oversized
        case .unwritable: .unwritable
        }
        self.init(reason, file: error.file, entry: error.object, expected: error.expected, found: error.found)
    }

    /// Runs what throws the errors of `Archives`.
    static func archives<Result>(_ body: () throws(ArchiveError) -> Result) throws(WeightsError) -> Result {
        do { return try body() } catch { throw WeightsError(error) }
    }

    /// Runs what throws the errors of `HDF5`.
    static func hdf5<Result>(_ body: () throws(HDF5Error) -> Result) throws(WeightsError) -> Result {
        do { return try body() } catch { throw WeightsError(error) }
    }
}
