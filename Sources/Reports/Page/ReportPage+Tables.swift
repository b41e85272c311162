extension ReportPage {
    /// A table that scrolls by itself where it is wider than the page.
    static func table(_ caption: String, note: String = "", head: [(String, Bool)], rows: [[Markup]], isSorted: Bool = false, classes: String? = nil) -> Markup {
        // Wide tables scroll below their captions.
        var words = Markup("span", ["dir": "auto"], caption)
        if !note.isEmpty { words.append(Markup("small", [:], note)) }
        let title = Markup("caption", [:], [words])
        let header = Markup("thead", [:], [Markup("tr", [:], head.map { Markup("th", ["scope": "col", "class": $0.1 ? "n" : "t"], $0.0) })])
        var table = Markup("table", [:], [title, header, Markup("tbody", [:], rows.map { Markup("tr", [:], $0) })])
        if let classes = classes ?? (isWide(head) ? "wide" : nil) { table.set("class", classes) }
        if isSorted { table.set("data-sort", "") }
        return Markup("div", ["class": "scroll", "role": "region", "tabindex": "0", "aria-label": caption], [table])
    }

    static func name(_ text: String) -> Markup { Markup("th", ["scope": "row", "dir": "auto"], text) }
    static func cell(_ text: String) -> Markup { Markup("td", ["dir": "auto"], text) }
    static func code(_ text: String) -> Markup { Markup("td", [:], [Markup("code", ["dir": "auto"], text)]) }
    static func number(_ text: String, _ value: Double?) -> Markup { Markup("td", ["class": "n", "data-v": value.map { $0.isFinite ? Numeral.exact($0) : "" } ?? ""], text) }

    /// The main tables, and the tests behind their marks.
    var comparison: [Markup] {
        guard !report.groups.isEmpty else { return [] }
        var content = report.groups.map(table)
        let marks = "Bold: the best of its column. †: not told from the best. ≈: not told from the one ranked just before it. Behind ± stands half of the interval, where there is one; where the value is not in its middle its ends stand there."
        let cells = report.groups.flatMap(\.cells), hasSeeds = cells.contains { !$0.seeds.isEmpty }
        let seeds = " Rows of several seeds: the mean over trainings, and behind ± half of Student’s t interval of 95\u{A0}% over them, which covers how trainings differ; what samples alone leave open stands with the single trainings."
        let ones = cells.contains(where: \.seeds.isEmpty) ? " Rows of one training: behind ± is what its samples leave open; how other trainings would differ is not known." : ""
        content.append(Markup("p", ["class": "note"], marks + (hasSeeds ? seeds + ones : "")))
        content += trainings
        if let tests = tests { content.append(tests) }
        return content
    }

    private func table(_ group: ComparisonGroup) -> Markup {
        let head = [("subject", false)] + group.columns.map { column in
            (group.shortTitle(column) + (column.better == .smaller ? " ↓" : column.better == .larger ? " ↑" : column.better == .asReal ? " (as real)" : ""), true)
        }
        let rows = group.rows.enumerated().map { row, place -> [Markup] in
            var name = Markup("th", ["scope": "row", "dir": "auto"], [sign(place), Markup(words: report.subjects[place].name)])
            name.set("data-v", "\(place)")
            return [name] + group.columns.map { Self.cell($0, row, usual: group.confidence, isWide: Self.isWide(head)) }
        }
        return Self.table(group.title, note: group.note(in: report), head: head, rows: rows, isSorted: true)
    }

    /// Tables of many columns have the halves of intervals below the values.
    private static func isWide(_ head: [(String, Bool)]) -> Bool { head.count > 6 }

    private static func cell(_ column: ComparisonGroup.Column, _ row: Int, usual: Double?, isWide: Bool) -> Markup {
        guard let cell = column.cells[row] else { return number("—", nil) }
        let decimals = column.decimals, value = Numeral.fixed(cell.result.value, decimals)
        var content = [cell.rank == 1 ? Markup("strong", [:], value) : Markup(words: value)]
        let spread = cell.spread(decimals, usual: usual), half = spread.isEmpty ? [] : [Markup("small", [:], spread)]
        var mark = Markup("span", ["class": "mark"], cell.mark?.rawValue ?? "")
        switch cell.mark {
        case .best: mark.set("title", "not told from the best, " + Numeral.probability(cell.againstBest?.adjusted ?? 1))
        case .neighbour: mark.set("title", "not told from the one ranked before it, " + Numeral.probability(cell.againstBetter?.adjusted ?? 1))
        case nil: break
        }
        content += isWide ? [mark] + half : half + [mark]
        return Markup("td", ["class": "n", "data-v": cell.result.value.isFinite ? Numeral.exact(cell.result.value) : ""], content)
    }
}

extension ComparisonGroup {
    /// A table's letter, where there are several, and what its numbers are.
    var title: String { (label.isEmpty ? "" : "Table \(label). ") + heading }

    /// What a table's numbers are.
    var heading: String {
        let counts = [settings["real images"].map { "\($0) real" }, settings["generated images"].map { "\($0) generated" }].compactMap { $0 }.joined(separator: " and ")
        let what = isWhileTraining ? "Measured last while training" : "Measured on stored samples"
        return what + (counts.isEmpty ? "" : ", \(counts) images")
    }

    /// Network and protocol, and what else tells this table from others that have the same entries.
    func note(in report: Report) -> String {
        let usual = ["network", "tap", "protocol"], said = Set(usual + ["real images", "generated images", "measured"])
        let differing = report.differingSettings.filter { name in !said.contains(name) && report.groups.allSatisfy { $0.settings[name] != nil } }
        let words = (usual + differing).compactMap { name in settings[name].map { "\(name) \($0.count > 24 ? String($0.prefix(12)) + "…" : $0)" } }
        return (words + (isReferenceNamed ? [] : ["of real images that the results do not name"])).joined(separator: ", ")
    }

    /// Whether the numbers say by a digest which real images they are of, where they are of some.
    private var isReferenceNamed: Bool {
        isWhileTraining || settings["real images"] == nil || ["real_images_sha256", "real_numbers_sha256", "data_sha256", "sets"].contains { settings[$0] != nil }
    }

    /// A measure's title without the network, which stands in the table's caption.
    func shortTitle(_ column: Column) -> String {
        let ending = " (\(settings["network"] ?? ""))"
        return column.title.hasSuffix(ending) && ending.count > 3 ? String(column.title.dropLast(ending.count)) : column.title
    }
}
