/// Every metric of the package.
public enum MetricCatalog {
    /// In the order of tables.
    public static let all: [any Metric] = [
        FrechetMetric(), KernelMetric(), InceptionScoreMetric(), PrecisionMetric(), RecallMetric(), DensityMetric(), CoverageMetric(),
        FrechetInfinityMetric(), MemorizationInformedMetric(.real), MemorizationInformedMetric(.generated),
        ModeScoreMetric(), ActivationMaximizationMetric(), ModifiedInceptionMetric(), InceptionScoreInfinityMetric(),
        IntraFrechetMetric(), WithinClassFrechetMetric(), BetweenClassFrechetMetric(), ConditionalFrechetMetric(), ClassAwareFrechetMetric(),
        BetweenClassInceptionMetric(), WithinClassInceptionMetric(),
        ClassificationAccuracyMetric(.generated), ClassificationAccuracyMetric(.real), ClassifierTwoSampleMetric(), BoundaryDistortionMetric(), AdversarialDivergenceMetric(),
    ]

    /// What other commands measure: its name, the command, its paper.
    public static let elsewhere: [(name: String, command: String, paper: String)] = []

    /// What the field's reviews name and this package does not measure, each with the reason.
    public static let absent: [(name: String, reason: String)] = []

    /// A line for each metric, for people.
    public static var table: String {
        var rows = [["METRIC", "TELLS", "NEEDS", "BETTER", "COST", "PAPER"]]
        rows += all.map(\.about).map { [$0.name, $0.summary, $0.needs.text, $0.better.rawValue, $0.cost, $0.paper] }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            zip(row, widths).dropLast().map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ") + "  " + (row.last ?? "")
        }
        if !elsewhere.isEmpty { lines += ["", "Measured by other commands:"] + elsewhere.map { "  \($0.name): `\($0.command)`, \($0.paper)" } }
        if !absent.isEmpty { lines += ["", "Not measured:"] + absent.map { "  \($0.name): \($0.reason)" } }
        return lines.joined(separator: "\n")
    }

    /// The metrics of a comma-separated list of names.
    /// - Throws: `badOption` with every name.
    public static func named(_ list: String) throws(EvaluationError) -> [any Metric] {
        let expected = "a list of " + all.map(\.name).joined(separator: ", ")
        var found: [any Metric] = []
        for name in list.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            guard let metric = all.first(where: { $0.name == name }) else { throw .badOption(name: "--metrics", value: name, expected: expected) }
            found.append(metric)
        }
        guard !found.isEmpty else { throw .badOption(name: "--metrics", value: list, expected: expected) }
        return found
    }
}
