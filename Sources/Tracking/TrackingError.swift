/// What can go wrong with a store of runs, each in one line.
public enum TrackingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file's pages contradict each other.
    case damaged(store: String, reason: String)
    /// The file is a database of another program.
    case notAStore(store: String)
    /// A later version of this tool has written the file.
    case newer(store: String)
    /// The file cannot be opened, read or written.
    case unavailable(store: String, reason: String)
    /// There is no such run.
    case unknownRun(String, store: String)
    /// Several runs have this name.
    case ambiguous(String, keys: [String])
    /// A condition that cannot be read.
    case badCondition(String, position: Int, expected: String)
    /// A file of another tool that cannot be read.
    case badImport(file: String, line: Int?, expected: String, found: String)
    /// What is asked of a run makes no sense.
    case refused(run: String, reason: String)

    /// The error in one line.
    public var description: String {
        switch self {
        case let .damaged(store, reason): "\(store): a damaged run store (\(reason)); save what is readable with: gan-eval runs repair --store \(store)"
        case let .notAStore(store): "\(store): expected a run store, found a database of another program"
        case let .newer(store): "\(store): written by a later version of gan-eval; use that one, or another --store"
        case let .unavailable(store, reason): "\(store): the run store cannot be used: \(reason)"
        case let .unknownRun(name, store): "\(store): there is no run '\(name)'; see gan-eval runs list"
        case let .ambiguous(name, keys): "'\(name)' is the name of \(keys.count) runs; take one of \(keys.joined(separator: ", "))"
        case let .badCondition(text, position, expected): "the condition '\(text)' is wrong at character \(position + 1): expected \(expected)"
        case let .badImport(file, line, expected, found): "\(file)\(line.map { ", line \($0)" } ?? ""): expected \(expected), found \(found)"
        case let .refused(run, reason): "\(run): \(reason)"
        }
    }
}
