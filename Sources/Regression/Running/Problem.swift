/// Why a metric of a case could not be compared with its baseline: never "no regression".
public struct Problem: Sendable, Hashable {
    /// The kinds, each with an exit code of its own.
    public enum Kind: String, Sendable, CaseIterable {
        /// The case could not be measured: data, a run or weights are missing, unreadable or too small.
        case missingData = "missing data"
        /// The feature network or its weights are others.
        case changedWeights = "changed weights"
        /// Something about how the number is made is different: protocol, resampler, precision, numbers of images, the seed and classes of samples.
        case changedProtocol = "changed protocol"
        /// The real images are others.
        case changedReference = "changed reference"
        /// A case or metric stands in the suite or in the baseline alone.
        case noBaseline = "no baseline"

        /// Of the command.
        public var exitCode: Int32 {
            switch self {
            case .missingData: 13
            case .changedWeights: 14
            case .changedProtocol: 15
            case .changedReference: 16
            case .noBaseline: 17
            }
        }
    }

    /// What it is.
    public var kind: Kind
    /// Of which case.
    public var name: String
    /// Of which metric; nil for all.
    public var metric: String?
    /// One line: what was expected and what was found.
    public var detail: String

    /// A problem.
    public init(_ kind: Kind, of name: String, metric: String? = nil, _ detail: String) { (self.kind, self.name, self.metric, self.detail) = (kind, name, metric, detail) }
}

/// How a night ended.
public enum NightOutcome: Sendable, Hashable {
    /// All metrics were judged; the worst verdict.
    case judged(Verdict)
    /// Some could not be; of several kinds, the first in the order of their declaration.
    case notComparable(Problem.Kind)

    /// What counts of several: a regression most, then a drift, then what could not be compared, then an improvement.
    public init(_ verdicts: some Sequence<Verdict>, _ problems: [Problem]) {
        let worst = verdicts.max() ?? .unchanged
        if worst < .drift, let kind = Problem.Kind.allCases.first(where: { kind in problems.contains { $0.kind == kind } }) { self = .notComparable(kind) } else { self = .judged(worst) }
    }

    /// Of the command.
    public var exitCode: Int32 {
        switch self {
        case .judged(.unchanged): 0
        case .judged(.regression): 10
        case .judged(.improvement): 11
        case .judged(.drift): 12
        case .notComparable(let kind): kind.exitCode
        }
    }

    /// For people and in the history.
    public var name: String {
        switch self {
        case .judged(let verdict): verdict.rawValue
        case .notComparable(let kind): kind.rawValue
        }
    }
}
