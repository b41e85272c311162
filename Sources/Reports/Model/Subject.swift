/// What is compared: a generator, a run, or whatever numbers of one name were stored.
public struct Subject: Hashable, Sendable {
    /// How tables and legends call it.
    public var name: String
    /// The training run; nil where only results are known.
    public var run: RunRecord?
    /// Evaluations of its samples.
    public var evaluations: [StoredEvaluation] = []
    /// Influences of single images.
    public var explanations: [StoredExplanation] = []
    /// Searches for copies.
    public var copies: [StoredCopies] = []
    /// Trainings of one recipe that differ in their seed alone, of which this subject is made; empty for a single one, and otherwise everything is theirs.
    public internal(set) var members: [Subject] = []

    /// The single subjects that its numbers are of.
    var singles: [Subject] { members.isEmpty ? [self] : members }
    /// The seed of its training; nil of several, and where nothing is known of a training.
    var seed: String? { run?.setting("seed") }

    /// A subject without results.
    public init(_ name: String, run: RunRecord? = nil) { (self.name, self.run) = (name, run) }

    /// Adds a result in the JSON of `evaluate` and its kin, `explain` or `copies`, from a file or a store.
    /// - Parameter pictures: Grids that belong to it.
    /// - Throws: ``ReportError`` naming the source, for text that is none of these; a comparison of two sets is of no single subject.
    public mutating func add(json text: String, source: Source, pictures: [Picture] = []) throws(ReportError) {
        guard add(try StoredResult(json: text, source: source, pictures: pictures)) else {
            throw .unreadable(file: source.place, expected: "a result of one subject", found: "a comparison of two sets")
        }
    }

    /// Adds a result.
    /// - Returns: Whether it is one of a single subject.
    mutating func add(_ result: StoredResult) -> Bool {
        switch result {
        case let .evaluation(one): evaluations.append(one)
        case let .explanation(one): explanations.append(one)
        case let .copies(one): copies.append(one)
        case .comparison: return false
        }
        return true
    }
}
