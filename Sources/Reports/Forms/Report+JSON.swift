extension Report {
    /// The report for programs: verdict, tables with every test, differences of configurations, notes, provenance. See `Documentation/JSON.md`.
    public var json: String {
        JSONValue.object([
            ("title", .text(title)), ("verdict", .text(Verdict(self).text)), ("subjects", .list(subjects.map { .text($0.name) })),
            ("tables", .list(groups.map(table))),
            ("differences", .list(differences.map { one in .object([("setting", .text(one.name)), ("values", .object(zip(runs, one.values).map { ($0.name, .optional($1)) }))]) })),
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
            ("subject", .text(name)), ("value", .number(cell.result.value)), ("interval", cell.result.interval.map { .list([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null),
            ("confidence", .optional(cell.result.confidence)), ("standard_error", .optional(cell.result.standardError)), ("rank", .optional(cell.rank)),
            ("against_next_better", Self.test(cell.againstBetter)), ("against_best", Self.test(cell.againstBest)),
        ])
    }

    private static func test(_ test: NormalTest?) -> JSONValue {
        test.map { .object([("difference", .number($0.difference)), ("standard_error", .number($0.standardError)), ("z", .number($0.z)), ("p", .number($0.p)), ("p_holm", .number($0.adjusted)), ("significant", .truth($0.isSignificant))]) } ?? .null
    }
}
