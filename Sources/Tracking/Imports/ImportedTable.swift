/// A CSV table with a column for the step.
struct ImportedTable {
    let series: [MetricSeries]

    init(csv text: String, file: String) throws(TrackingError) {
        let rows = Self.rows(of: text)
        let header = rows[0].map { $0.lowercased() }
        guard let step = ImportedNumbers.steps.compactMap({ header.firstIndex(of: $0) }).first else {
            throw .badImport(file: file, line: 1, expected: "a column named " + ImportedNumbers.steps.prefix(4).joined(separator: ", "), found: rows[0].joined(separator: ",").prefix(60) + "")
        }
        if let twice = header.first(where: { name in header.filter { $0 == name }.count > 1 }) { throw .badImport(file: file, line: 1, expected: "names that differ", found: "two columns named \(twice)") }
        let time = ImportedNumbers.times.compactMap { header.firstIndex(of: $0) }.first
        var numbers = ImportedNumbers()
        for (place, row) in rows.enumerated().dropFirst() where row != [""] {
            guard row.count == header.count else { throw .badImport(file: file, line: place + 1, expected: "\(header.count) fields", found: "\(row.count)") }
            guard let at = Double(row[step]), abs(at) < 1e15, at == at.rounded() else { throw .badImport(file: file, line: place + 1, expected: "a whole number in the column \(rows[0][step])", found: "'\(row[step])'") }
            for column in header.indices where column != step && column != time && !row[column].isEmpty {
                // Columns of text are no curves.
                if let value = Double(row[column]) { numbers.add(rows[0][column], MetricPoint(step: Int(at), time: time.flatMap { Double(row[$0]) }, value: value)) }
            }
        }
        guard !numbers.series.isEmpty else { throw .badImport(file: file, line: nil, expected: "at least one column of numbers beside the step", found: "none") }
        series = numbers.series
    }

    /// RFC 4180: fields may be quoted, with quotation marks doubled.
    static func rows(of text: String) -> [[String]] {
        var rows: [[String]] = [[""]], isQuoted = false, before: Character?
        for character in text {
            switch character {
            case "\"":
                if isQuoted { isQuoted = false } else {
                    if before == "\"" { rows[rows.count - 1][rows[rows.count - 1].count - 1].append("\"") }
                    isQuoted = true
                }
            case "," where !isQuoted: rows[rows.count - 1].append("")
            case _ where character.isNewline && !isQuoted: rows.append([""])
            default: rows[rows.count - 1][rows[rows.count - 1].count - 1].append(character)
            }
            before = character
        }
        return rows
    }
}
