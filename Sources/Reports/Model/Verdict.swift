extension Report {
    /// The result in words: who is best at what, by how much, and whether that is certain.
    public var verdictText: String { Verdict(self).text }
}

/// A report's result in words.
struct Verdict {
    /// A few words, some of which stand out.
    enum Phrase: Hashable { case plain(String), strong(String) }

    /// Sentences in order.
    private(set) var phrases: [Phrase] = []

    /// All words.
    var text: String {
        phrases.reduce(into: "") { text, phrase in
            switch phrase { case let .plain(words), let .strong(words): text += words }
        }
    }

    init(_ report: Report) {
        let afterwards = report.groups.filter { !$0.isWhileTraining }, main = afterwards.isEmpty ? report.groups : afterwards
        let compared = main.filter { $0.columns.contains { !$0.ranking.isEmpty } }
        if compared.isEmpty {
            describe(report, main)
        } else {
            for group in compared { judge(report, group, isOneOfMany: compared.count > 1) }
            if report.groups.count > 1 {
                say(" Numbers made under different settings stand in tables of their own and are not ranked against each other.")
            }
            explain(compared.flatMap(\.cells))
        }
        for comparison in report.comparisons.prefix(Self.fewComparisons) { tell(comparison, report) }
        if report.comparisons.count > Self.fewComparisons { say(" \(report.comparisons.count - Self.fewComparisons) more comparisons of two sets are below.") }
    }

    /// How differences were tested.
    private mutating func explain(_ cells: [ComparisonGroup.Cell]) {
        let methods = Set(cells.flatMap { [$0.againstBetter?.method, $0.againstBest?.method] }.compactMap { $0 })
        // Without any test there is nothing else to say than that.
        if !methods.isDisjoint(with: [.z, .groups]) || methods.isEmpty {
            let kind = methods.contains(.groups) ? methods.contains(.z) ? "z tests, and t tests where errors come from a jackknife by groups," : "t tests with errors from a jackknife by groups" : "z tests"
            say(" Differences are tested by two-sided \(kind) that take the values as independent, with Holm’s correction over the comparisons of each measure; sets that share their real images differ more surely than this says.")
        }
        if methods.contains(.welch) {
            say(" Rows of several seeds are means over trainings with Student’s t intervals, and are tested by Welch’s t test over the trainings" + (!methods.isDisjoint(with: [.z, .groups]) ? "." : ", with Holm’s correction over the comparisons of each measure."))
        }
        if methods.contains(.paired) { say(" Sets that gan-eval compare has compared are tested by what it found, which counts their shared reference once.") }
        let pooled = cells.contains { !$0.seeds.isEmpty }, single = cells.contains { $0.seeds.isEmpty }
        if pooled, single { say(" A row of one training is not tested against rows of several: how much other trainings of it would differ is not known.") }
    }

    private static let fewComparisons = 3

    /// What a comparison of two sets found.
    private mutating func tell(_ comparison: StoredComparison, _ report: Report) {
        let names = report.names(of: comparison)
        for item in comparison.comparisons {
            say((phrases.isEmpty ? "" : " ") + "Set against set, ")
            switch item.verdict {
            case "first", "second":
                stress(item.verdict == "first" ? names.first : names.second)
                say(" is better than \(item.verdict == "first" ? names.second : names.first): ")
            case "different": say("\(names.first) and \(names.second) differ, but which is better cannot be told: ")
            default: say("no difference of \(names.first) and \(names.second) can be told: ")
            }
            say(item.words + ".")
        }
    }

    private mutating func say(_ words: String) { phrases.append(.plain(words)) }
    private mutating func stress(_ words: String) { phrases.append(.strong(words)) }

    private static func number(_ cell: ComparisonGroup.Cell?, _ decimals: Int, usual: Double?) -> String {
        guard let cell else { return "—" }
        return Numeral.fixed(cell.result.value, decimals) + cell.spread(decimals, usual: usual)
    }

    /// What stands behind ±.
    private static func interval(_ cell: ComparisonGroup.Cell?) -> String {
        guard let cell, let confidence = cell.result.confidence else { return "" }
        return " (" + (cell.seeds.count < 2 ? "" : "mean of \(cell.seeds.count) trainings, ") + "\(Numeral.percent(confidence)) interval)"
    }

    /// Why two numbers were not tested.
    private static func obstacle(_ column: ComparisonGroup.Column, _ a: Int, _ b: Int) -> String {
        let (x, y) = (column.cells[a], column.cells[b])
        if x?.seeds.isEmpty != y?.seeds.isEmpty || [x, y].contains(where: { $0?.seeds.count == 1 }) { return "one of them was trained once, or measured of one training only, so that this is not tested" }
        if !column.isTested, [x, y].contains(where: { $0?.result.standardError != nil && $0?.result.groups == nil }) { return "its errors are of other real images and not of other generated ones, so that this is not tested" }
        return [x, y].contains { $0?.result.standardError != nil } ? "the error of one of them is not known, so this cannot be tested" : "no errors are known, so this cannot be tested"
    }

    private static func list(_ words: [String]) -> String {
        words.count < 2 ? words.first ?? "" : words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
    }

    /// Who is best at what, by how much, and whether that is certain.
    private mutating func judge(_ report: Report, _ group: ComparisonGroup, isOneOfMany: Bool) {
        func name(_ row: Int) -> String { report.subjects[group.rows[row]].name }
        let ranked = group.columns.filter { !$0.ranking.isEmpty }
        guard let first = ranked.first, let leader = first.ranking.first else { return }
        let network = group.settings["network"].map { "on features of \($0), " } ?? ""
        let start = isOneOfMany ? "In table \(group.label), " + network : network.prefix(1).uppercased() + network.dropFirst()
        say((phrases.isEmpty ? "" : " ") + start)
        let decimals = first.decimals, second = first.ranking[1]
        stress(name(leader))
        let gap = abs((first.cells[second]?.result.value ?? 0) - (first.cells[leader]?.result.value ?? 0)), reference = abs(first.cells[second]?.result.value ?? 0)
        let share = reference > 0 ? ", or \(Numeral.significant(gap / reference * 100, 2))\u{A0}%," : ""
        let usual = first.cells[leader]?.result.confidence
        if first.isTied { say(" and \(Self.list(first.ranking.dropFirst().filter { first.cells[$0]?.rank == 1 }.map(name))) share the best \(group.shortTitle(first)) of \(first.ranking.count), ") } else { say(" has the best \(group.shortTitle(first)) of \(first.ranking.count), ") }
        say("\(Self.number(first.cells[leader], decimals, usual: usual))\(Self.interval(first.cells[leader]))")
        if first.isTied {
            say(".")
            return tellOthers(Array(ranked.dropFirst()), nil, group, name)
        }
        say(": \(Numeral.significant(gap, 3))\(share) \(first.better == .smaller ? "below" : "above") the next, ")
        stress(name(second))
        say(" at \(Self.number(first.cells[second], decimals, usual: usual))")
        if let test = first.cells[second]?.againstBest {
            say(test.isSignificant ? ", which is significant (\(Numeral.probability(test.adjusted)))." : ", which is not significant (\(Numeral.probability(test.adjusted))).")
        } else {
            say("; \(Self.obstacle(first, leader, second)).")
        }
        let alike = first.ranking.dropFirst().filter { first.cells[$0]?.againstBest?.isSignificant == false }
        if first.ranking.count > 2, alike.isEmpty, first.ranking.dropFirst().allSatisfy({ first.cells[$0]?.againstBest != nil }) {
            say(" It is significantly better than every other.")
        } else if alike.count > 1 {
            let shown = alike.prefix(4).map(name) + (alike.count > 4 ? ["\(alike.count - 4) more"] : [])
            say(" It cannot be told from \(Self.list(shown)) either.")
        }
        tellOthers(Array(ranked.dropFirst()), leader, group, name)
    }

    /// Who leads the other measures.
    private mutating func tellOthers(_ columns: [ComparisonGroup.Column], _ leader: Int?, _ group: ComparisonGroup, _ name: (Int) -> String) {
        guard !columns.isEmpty else { return }
        func lead(_ column: ComparisonGroup.Column) -> String {
            let title = group.shortTitle(column)
            guard let test = column.cells[column.ranking[1]]?.againstBest else { return "\(title) (\(column.cells[column.ranking[1]]?.result.standardError == nil ? "no errors known, " : "")no test)" }
            return test.isSignificant ? title : "\(title) (not significantly)"
        }
        let clear = columns.filter { !$0.isTied }, tied = columns.filter(\.isTied)
        let own = clear.filter { $0.ranking.first == leader }, others = clear.filter { $0.ranking.first != leader }
        if own.count == columns.count, own.count > 1 {
            say(" It leads all other measures too: \(Self.list(own.map(lead))).")
        } else if !own.isEmpty {
            say(" It also leads \(Self.list(own.map(lead))).")
        }
        var rest: [(row: Int, columns: [ComparisonGroup.Column])] = []
        for column in others {
            guard let row = column.ranking.first else { continue }
            if let place = rest.firstIndex(where: { $0.row == row }) { rest[place].columns.append(column) } else { rest.append((row, [column])) }
        }
        for (index, one) in rest.enumerated() {
            say(index == 0 ? " " : "; ")
            stress(name(one.row))
            say(" leads \(Self.list(one.columns.map(lead)))")
        }
        if !rest.isEmpty { say(".") }
        if !tied.isEmpty { say(" In \(Self.list(tied.map { group.shortTitle($0) })) several are equally good.") }
    }

    /// Numbers without anything to compare them with.
    private mutating func describe(_ report: Report, _ groups: [ComparisonGroup]) {
        let numbers = groups.flatMap { group in group.columns.map { (group, $0) } }
        guard let (group, column) = numbers.first, let row = column.cells.firstIndex(where: { $0 != nil }) else {
            // What was compared image by image is told below.
            if report.subjects.isEmpty, !report.comparisons.isEmpty { return }
            say("\(report.subjects.count == 1 ? "One subject is" : "\(report.subjects.count) subjects are") shown, and no number was stored that could be compared.")
            return
        }
        stress(report.subjects[group.rows[row]].name)
        say(" has \(column.title) \(Self.number(column.cells[row], column.decimals, usual: column.cells[row]?.result.confidence))\(Self.interval(column.cells[row])).")
        if numbers.contains(where: { $0.1.cells.count { $0 != nil } > 1 }) { return say(" Of what several have, less is not better and more neither, so nothing is ranked.") }
        say(report.subjects.count == 1 ? " There is nothing to compare it with." : " No two subjects have the same measure under the same settings, so nothing is ranked.")
    }
}
