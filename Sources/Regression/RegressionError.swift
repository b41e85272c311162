/// What goes wrong with the files of a nightly regression, in one line.
public enum RegressionError: Error, Equatable, CustomStringConvertible {
    /// A suite that cannot be.
    case suite(file: String, line: Int?, reason: String)
    /// A baseline that cannot be read.
    case baseline(file: String, reason: String)
    /// A history that cannot be read.
    case history(file: String, line: Int, reason: String)
    /// A baseline is not made of a night that could not be measured.
    case notUpdated(file: String, problem: Problem)

    /// One line: where, what, and what to do.
    public var description: String {
        switch self {
        case let .suite(file, line, reason): "\(file)\(line.map { ":\($0)" } ?? ""): \(reason)"
        case let .baseline(file, reason): "\(file): \(reason)"
        case let .history(file, line, reason): "\(file):\(line): \(reason)"
        case let .notUpdated(file, problem): "\(file) stays as it is: \(problem.name)\(problem.metric.map { ", \($0)" } ?? ""): \(problem.detail)"
        }
    }

    /// Errors of parsers have several.
    static func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}
