extension Report {
    /// The report for programs: verdict, tables with every test, differences of configurations, notes, provenance. See `Documentation/JSON.md`.
    public var json: String {
        JSONValue.object([
            ("title", .text(title)), ("verdict", .text(Verdict(self).text)), ("subjects", .list(subjects.map { .text($0.name) })),
            ("tables", .list(groups.map(table))), ("comparisons", .list(comparisons.flatMap { comparison in comparison.comparisons.map { self.comparison(comparison, $0) } })),
            ("differences", .list(differences.map { one in .object([("setting", .text(one.name)), ("values", .object(zip(recipes, one.values).map { ($0.name, .optional($1)) }))]) })),
            ("notes", .list(notes.map { .object([("text", .text($0.text)), ("subjects", .list($0.subjects.map { .text($0) }))]) })),
            ("provenance", .list(provenance.map { one in
                .object([
                    ("subject", .text(one.subject)), ("what", .text(one.what)), ("origin", .text(one.origin)), ("command", .optional(one.command)), ("command_note", .optional(one.commandNote)),
                    ("identity", .object(one.identity.map { ($0.name, .text($0.value)) })),
                ])
            })),
            ("references", .list(bibliography.entries.map { .object([("key", .text($0.citation.key)), ("text", .text($0.reference)), ("metrics", .list($0.metrics.map { .text($0) }))]) })),
            ("metrics_without_reference", .list(metricsWithoutPaper.map { .text($0) })),
        ]).text() + "\n"
    }

    private func table(_ group: ComparisonGroup) -> JSONValue {
        .object([
            ("label", .text(group.label)), ("while_training", .truth(group.isWhileTraining)), ("settings", .object(group.settings.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })),
            ("measures", .list(group.columns.map { column in
                .object([
                    ("metric", .text(column.metric)), ("title", .text(column.title)), ("better", .optional(column.better?.rawValue)),
                    ("values", .list(group.rows.enumerated().compactMap { row, place in column.cells[row].map { value($0, subjects[place].name) } })),
                ])
            })),
        ])
    }

    private func value(_ cell: ComparisonGroup.Cell, _ name: String) -> JSONValue {
        .object([
            ("subject", .text(name)), ("value", .number(cell.result.value)), ("interval", Self.interval(cell.result.interval)),
            ("confidence", .optional(cell.result.confidence)), ("standard_error", .optional(cell.result.standardError)), ("rank", .optional(cell.rank)),
            ("against_next_better", Self.test(cell.againstBetter)), ("against_best", Self.test(cell.againstBest)),
            ("deviation_over_seeds", .optional(cell.summary?.deviation)), ("sampling_half_interval", .optional(cell.samplingHalf)),
            ("seeds", .list(cell.seeds.map { one in
                .object([("name", .text(one.name)), ("seed", .text(one.seed)), ("value", .number(one.result.value)), ("interval", Self.interval(one.result.interval)), ("standard_error", .optional(one.result.standardError))])
            })),
        ])
    }

    private static func interval(_ range: ClosedRange<Double>?) -> JSONValue { range.map { .list([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null }

    private func comparison(_ comparison: StoredComparison, _ item: StoredComparison.Item) -> JSONValue {
        let names = names(of: comparison)
        return .object([
            ("metric", .text(item.metric)), ("title", .text(item.title)), ("first", .text(names.first)), ("second", .text(names.second)), ("reference", .text(comparison.sets.reference.path)), ("verdict", .text(item.verdict)),
            ("values", .list([.number(item.first), .number(item.second)])), ("difference", .number(item.difference)), ("interval", Self.interval(item.range)), ("confidence", .number(item.confidence)),
            ("standard_error", .optional(item.standard_error)), ("p_value", .number(item.p_value)), ("exchanges", .integer(item.exchanges)), ("source", .text(comparison.source.place)),
        ])
    }

    private static func test(_ test: DifferenceTest?) -> JSONValue {
        test.map { test in
            .object([
                ("difference", .number(test.difference)), ("standard_error", .number(test.standardError)), ("z", test.method == .z ? .number(test.statistic) : .null), ("p", .number(test.p)), ("p_holm", .number(test.adjusted)),
                ("significant", .truth(test.isSignificant)), ("test", .text(test.method.rawValue)), ("statistic", .number(test.statistic)), ("degrees_of_freedom", .optional(test.degreesOfFreedom)),
            ])
        } ?? .null
    }
}
