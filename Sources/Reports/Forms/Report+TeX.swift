extension Report {
    /// The tables for LaTeX: `\usepackage{booktabs}`, `\usepackage[T1]{fontenc}`, then `\input` of this file. Best in bold, ± half of the interval, marks of significance.
    public var tex: String {
        "% Tables of gan-eval; needs \\usepackage{booktabs}.\n" + groups.map(table).joined(separator: "\n")
    }

    /// Columns that fit on a page of text.
    private static let width = 4

    private func table(_ group: ComparisonGroup) -> String {
        let interval = group.confidence.map { Numeral.percent($0) + " interval" } ?? "interval"
        let note = group.note(in: self), label = group.label.isEmpty ? "" : "(\(group.label)) "
        let about = label + group.heading + (note.isEmpty ? "" : " (\(note))")
        let isRanked = group.columns.contains { !$0.ranking.isEmpty }
        let cells = group.cells, methods = Set(cells.flatMap { [$0.againstBest?.method, $0.againstBetter?.method] }.compactMap { $0 })
        let kinds = [(DifferenceTest.Method.z, "two-sided $z$ tests"), (.groups, "$t$ tests with errors by a jackknife"), (.welch, "Welch's $t$ tests over trainings"), (.paired, "paired permutation tests")].filter { methods.contains($0.0) || methods.isEmpty && $0.0 == .z }.map(\.1)
        let seeds = cells.contains { !$0.seeds.isEmpty } ? " Rows of several seeds: mean over trainings with half of Student's $t$ interval of 95\\,\\%." : ""
        let key = " Bold: best of its column; \(Self.sign(.best)): not significantly different from the best; \(Self.sign(.neighbour)): not from the one ranked just before it (\(kinds.joined(separator: ", ")) at 5\\,\\%, corrected by Holm's method for each measure)."
        var lines = ["\\begin{table}", "  \\centering\\small", "  \\caption{\(TeX.text(about)). Values with half of their \(TeX.text(interval)); arrows point to the better.\(isRanked ? key : "")\(seeds)}"]
        // Blocks of about equal numbers of columns.
        let blocks = max(1, (group.columns.count + Self.width - 1) / Self.width), width = max(1, (group.columns.count + blocks - 1) / blocks)
        for start in stride(from: 0, to: group.columns.count, by: width) {
            let columns = group.columns[start..<min(start + width, group.columns.count)]
            if start > 0 { lines.append("  \\par\\medskip") }
            lines.append("  \\begin{tabular}{@{}l\(String(repeating: "r@{}l", count: columns.count))@{}}")
            lines.append("    \\toprule")
            let heads = columns.map { column in
                "\\multicolumn{2}{c}{\(TeX.text(group.shortTitle(column)))\(column.better == .smaller ? " $\\downarrow$" : column.better == .larger ? " $\\uparrow$" : "")}"
            }
            lines.append("    & " + heads.joined(separator: " & ") + " \\\\")
            lines.append("    \\midrule")
            for (row, place) in group.rows.enumerated() {
                lines.append("    \(TeX.text(subjects[place].name)) & " + columns.map { Self.cell($0, row, usual: group.confidence) }.joined(separator: " & ") + " \\\\")
            }
            lines += ["    \\bottomrule", "  \\end{tabular}"]
        }
        return (lines + ["\\end{table}"]).joined(separator: "\n") + "\n"
    }

    private static func sign(_ mark: ComparisonGroup.Mark) -> String { mark == .best ? "$^{\\dagger}$" : "$^{\\approx}$" }

    private static func cell(_ column: ComparisonGroup.Column, _ row: Int, usual: Double?) -> String {
        guard let cell = column.cells[row] else { return "\\multicolumn{2}{c}{--}" }
        let decimals = column.decimals, isBest = cell.rank == 1
        func bold(_ text: String) -> String { isBest ? "$\\mathbf{\(text)}$" : "$\(text)$" }
        func plain(_ value: Double) -> String { value.isFinite ? Numeral.fixed(value, decimals).replacingMinus : value.isNaN ? "\\mbox{--}" : "\\infty" }
        let half = cell.result.interval.map { interval in
            // Ends that are not as far from the value stand above and below.
            cell.isSymmetric ? bold("\\,\\pm\\," + plain(cell.half ?? 0)) : bold("{}^{+\(plain(interval.upperBound - cell.result.value))}_{-\(plain(cell.result.value - interval.lowerBound))}")
        } ?? ""
        return "\(bold(plain(cell.result.value))) & \(half)\(TeX.text(cell.remark(usual)))\(cell.mark.map(sign) ?? "")"
    }
}

extension String {
    fileprivate var replacingMinus: String { String(map { $0 == "−" ? "-" : $0 }) }
}
