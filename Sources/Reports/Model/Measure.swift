/// What a report knows of a metric beside its numbers.
public struct Measure: Hashable, Sendable {
    /// Which way is better.
    public enum Better: String, Sendable {
        /// A distance or an error.
        case smaller
        /// A score.
        case larger
        /// Neither: the value of real images is the aim, so that nothing is ranked.
        case asReal
    }

    /// The key in machine-readable output.
    public let name: String
    /// How tables call it.
    public let title: String
    /// Which way is better.
    public let better: Better
    /// One line: what it tells.
    public let summary: String
    /// Where it was proposed, for people.
    public let paper: String
    /// Whether `gan-eval evaluate` computes it, so that its command can be told from a result.
    public let isEvaluated: Bool
    /// Whether its error is of other generated images, and not of other real ones: only then can two sets be told apart by it.
    public let isTested: Bool

    /// A metric.
    public init(_ name: String, title: String, better: Better, summary: String, paper: String, isEvaluated: Bool = true, isTested: Bool = true) {
        (self.name, self.title, self.better, self.summary, self.paper, self.isEvaluated, self.isTested) = (name, title, better, summary, paper, isEvaluated, isTested)
    }
}
