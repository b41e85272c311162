/// What goes wrong in reading what a report shows, in one line.
public enum ReportError: Error, Equatable, CustomStringConvertible {
    /// A file that is none of those that a report reads.
    case unreadable(file: String, expected: String, found: String)
    /// Two things that cannot stand in one report.
    case conflict(name: String, reason: String)

    /// One line: where, what was expected and found, or what clashes.
    public var description: String {
        switch self {
        case let .unreadable(file, expected, found): "\(file): expected \(expected), found \(found)"
        case let .conflict(name, reason): "\(name): \(reason)"
        }
    }
}
