/// Numbers that may be ranked: all were made under the same settings.
public struct ComparisonGroup: Hashable, Sendable {
    /// One number of a table.
    public struct Cell: Hashable, Sendable {
        /// The stored number; of several trainings their mean, with its interval over trainings.
        public var result: StoredEvaluation.Result
        /// Each training's own number, of a row of several; empty for a single one.
        public var seeds: [SeedNumber] = []
        /// What the trainings say together; nil for a single one, and where a number is none.
        public var summary: SeedSummary? { SeedSummary(seeds.map(\.result.value)) }
        /// 1 for the best; nil where nothing is ranked.
        public var rank: Int?
        /// Whether it differs from the one ranked before it, and from the best.
        public var againstBetter: DifferenceTest?, againstBest: DifferenceTest?

        /// What tables write behind it: that it is not told from the best, or at least not from the one ranked before it.
        public var mark: Mark? { againstBest?.isSignificant == false ? .best : againstBetter?.isSignificant == false ? .neighbour : nil }

        /// Half the interval, which tables write behind ±.
        public var half: Double? { result.interval.map { ($0.upperBound - $0.lowerBound) / 2 } }

        /// Whether the value lies so near to the interval's middle that ± says where the ends are.
        public var isSymmetric: Bool {
            guard let interval = result.interval, let half else { return true }
            return abs((interval.lowerBound + interval.upperBound) / 2 - result.value) <= 0.1 * half
        }

        /// What tables write behind the value: ± half of the interval, or its ends where the value is not in the middle; its confidence where that is not the table's; and that only one of several trainings was measured.
        func spread(_ decimals: Int, usual: Double?) -> String {
            let ends = result.interval.map { isSymmetric ? " ± " + Numeral.fixed(half ?? 0, decimals) : " [\(Numeral.fixed($0.lowerBound, decimals)), \(Numeral.fixed($0.upperBound, decimals))]" } ?? ""
            return ends + remark(usual)
        }

        /// What is unusual about the interval, in brackets.
        func remark(_ usual: Double?) -> String {
            let confidence = result.interval == nil || result.confidence == usual ? nil : result.confidence.map(Numeral.percent)
            let words = [confidence, seeds.count == 1 ? "1 seed" : nil].compactMap { $0 }
            return words.isEmpty ? "" : " (" + words.joined(separator: ", ") + ")"
        }

        /// Half the interval that the samples of one training alone would have: the root of the mean square over trainings; nil for a single one, and where one has none.
        public var samplingHalf: Double? {
            let errors = seeds.compactMap(\.result.standardError)
            guard errors.count > 1, errors.count == seeds.count else { return nil }
            return DifferenceTest.quantile(confidence: SeedSummary.confidence) * (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
        }

        /// Digest of the generated images; nil where it is not known, and of several trainings.
        var images: String?
    }

    /// One training's number.
    public struct SeedNumber: Hashable, Sendable {
        /// The run's name and its seed.
        public var name: String, seed: String
        /// Its number, with the interval of its samples.
        public var result: StoredEvaluation.Result
    }

    /// What a number is not told from.
    public enum Mark: String, Sendable { case best = "†", neighbour = "≈" }

    /// A measure with the numbers of all rows.
    public struct Column: Hashable, Sendable {
        /// Metric and title of the stored results.
        public var metric: String, title: String
        /// Which way is better; nil where the report was not told.
        public var better: Measure.Better?
        /// Whether the numbers' errors are of other generated images, by which two sets are told apart.
        public var isTested = true
        /// One for each row; nil where a subject has no such number.
        public var cells: [Cell?]

        /// Rows from the best to the worst; empty where nothing is ranked.
        public var ranking: [Int] { cells.indices.filter { cells[$0]?.rank != nil }.sorted { (cells[$0]?.rank ?? 0, $0) < (cells[$1]?.rank ?? 0, $1) } }
        /// Whether the best number is that of several rows.
        public var isTied: Bool { cells.count { $0?.rank == 1 } > 1 }
        /// Decimals at which the intervals' halves show two digits.
        var decimals: Int { Numeral.decimals(errors: cells.compactMap { $0?.half }, values: cells.compactMap { $0?.result.value }) }
    }

    /// A result on its way into a table.
    struct Entry {
        /// The subject's place in the report, and that of the training among its members.
        var subject: Int, member: Int
        var evaluation: StoredEvaluation
    }

    /// A letter where there are several groups: A, B, ….
    public var label: String
    /// What all its numbers have in common.
    public var settings: [String: String]
    /// Places of the subjects in the report, one for each row.
    public var rows: [Int]
    /// The measures.
    public var columns: [Column]

    /// Whether these are numbers that runs logged while training.
    public var isWhileTraining: Bool { settings["measured"] != nil }
    /// The confidence of most intervals.
    var confidence: Double? {
        let all = cells.compactMap(\.result.confidence), counts = Dictionary(grouping: all) { $0 }.mapValues(\.count)
        return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
    }
    /// All numbers.
    var cells: [Cell] { columns.flatMap { $0.cells.compactMap { $0 } } }

    /// Compares results of the same settings.
    /// - Throws: ``ReportError`` where one training has two different numbers of one measure.
    init(_ label: String, settings: [String: String], _ entries: [Entry], subjects: [Subject], measures: [String: Measure], comparisons: [StoredComparison]) throws(ReportError) {
        (self.label, self.settings) = (label, settings)
        rows = Set(entries.map(\.subject)).sorted()
        columns = []
        var found: [[[Int: (result: StoredEvaluation.Result, images: String?)]]] = []
        for entry in entries {
            guard let row = rows.firstIndex(of: entry.subject) else { continue }
            for result in entry.evaluation.results {
                let place = columns.firstIndex { $0.metric == result.metric && $0.title == result.title } ?? columns.count
                if place == columns.count {
                    columns.append(Column(metric: result.metric, title: result.title, better: Self.better(measures[result.metric], settings), isTested: measures[result.metric]?.isTested ?? true, cells: []))
                    found.append(Array(repeating: [:], count: rows.count))
                }
                if let other = found[place][row][entry.member]?.result, other.value.bitPattern != result.value.bitPattern {
                    let name = subjects[entry.subject].singles[entry.member].name
                    throw .conflict(name: name, reason: "two numbers of \(result.title) under the same settings, \(other.value) and \(result.value); give one of them another name with NAME=FILE")
                }
                // The same number with its error says more than without.
                if let other = found[place][row][entry.member]?.result, other.standardError != nil, result.standardError == nil { continue }
                found[place][row][entry.member] = (result, entry.evaluation.identity["fake_images_sha256"])
            }
        }
        for index in columns.indices {
            columns[index].cells = rows.indices.map { row in
                let numbers = found[index][row].sorted { $0.key < $1.key }, members = subjects[rows[row]].singles
                guard let first = numbers.first?.value else { return nil }
                let seeds = numbers.map { SeedNumber(name: members[$0.key].name, seed: members[$0.key].seed ?? "", result: $0.value.result) }
                guard members.count > 1 else { return Cell(result: first.result, images: first.images) }
                // The samples of the only one that was measured say nothing of the others.
                return seeds.count > 1 ? Cell(pooling: seeds) : Cell(result: first.result, seeds: seeds)
            }
            let column = columns[index]
            columns[index].rank { Self.paired(column.cells[$0], column.cells[$1], column.metric, settings, comparisons) }
        }
    }

    /// Which way is better. Distances of pairs within one collection tell how different its images are: of those nobody can say that less is better, or that more is.
    private static func better(_ measure: Measure?, _ settings: [String: String]) -> Measure.Better? {
        guard let rule = settings["pairs"], let measure else { return measure?.better }
        return rule == "all" || rule.hasPrefix("random") ? .asReal : measure.better
    }

    /// What a stored comparison of two numbers' very images, under the very settings, found.
    private static func paired(_ a: Cell?, _ b: Cell?, _ metric: String, _ settings: [String: String], _ comparisons: [StoredComparison]) -> DifferenceTest? {
        guard let a, let b, let first = a.images, let second = b.images, first != second else { return nil }
        for comparison in comparisons {
            let isReversed = comparison.digests.first == second
            guard isReversed ? comparison.digests.second == first : comparison.digests.first == first && comparison.digests.second == second else { continue }
            for item in comparison.comparisons where item.metric == metric && comparison.settings(item) == settings {
                // Some protocols' evaluations take subsets, where a comparison takes all images: that is another number.
                let values = isReversed ? [(item.second, a), (item.first, b)] : [(item.first, a), (item.second, b)]
                guard values.allSatisfy({ abs($0 - $1.result.value) <= 1e-6 * max(abs($0), abs($1.result.value)) }) else { continue }
                return DifferenceTest(item, isReversed: isReversed)
            }
        }
        return nil
    }
}

extension ComparisonGroup.Cell {
    /// The mean of several trainings, with Student's t interval over them; further numbers and their ends likewise. What trainings do not share is left out.
    init(pooling seeds: [ComparisonGroup.SeedNumber]) {
        var result = seeds[0].result
        let summary = SeedSummary(seeds.map(\.result.value))
        (result.value, result.standardError, result.interval) = (summary?.mean ?? .nan, summary?.standardError, summary?.interval)
        result.confidence = summary == nil ? nil : SeedSummary.confidence
        // Trainings that all came to the same number do not tell how others would differ.
        if summary?.deviation == 0 { (result.standardError, result.interval, result.confidence) = (nil, nil, nil) }
        (result.curves, result.warnings) = ([], [])
        var details: [String: Double] = [:]
        for name in result.details.keys where !["_lower", "_upper"].contains(where: name.hasSuffix) {
            let values = seeds.compactMap { $0.result.details[name] }
            guard values.count == seeds.count else { continue }
            let summary = SeedSummary(values)
            details[name] = summary?.mean ?? .nan
            if result.details[name + "_lower"] != nil { (details[name + "_lower"], details[name + "_upper"]) = (summary?.interval.lowerBound, summary?.interval.upperBound) }
        }
        result.details = details
        (self.result, self.seeds) = (result, seeds)
    }

    /// Each training's number by what a legend and a tooltip call it.
    func numbers(of name: String) -> [(name: String, result: StoredEvaluation.Result)] {
        seeds.isEmpty ? [(name, result)] : seeds.map { ("\(name), seed \($0.seed)", $0.result) }
    }
}

extension ComparisonGroup.Column {
    /// Ranks the cells and tests each against the one before it and against the best; each of the two families is corrected by Holm's method.
    fileprivate mutating func rank(_ paired: (Int, Int) -> DifferenceTest?) {
        guard let better, better != .asReal else { return }
        let sign = better == .smaller ? 1.0 : -1
        let order = cells.indices.filter { cells[$0]?.result.value.isFinite == true }.sorted { (sign * value($0), $0) < (sign * value($1), $1) }
        guard order.count > 1, let best = order.first else { return }
        // Equal numbers share a rank.
        for (place, row) in order.enumerated() {
            let rank = place > 0 && value(row) == value(order[place - 1]) ? cells[order[place - 1]]?.rank : place + 1
            cells[row]?.rank = rank
        }
        var neighbours = zip(order.dropFirst(), order).map { paired($0, $1) ?? test($0, $1) }, others = order.dropFirst().map { paired($0, best) ?? test($0, best) }
        DifferenceTest.correct(&neighbours)
        DifferenceTest.correct(&others)
        for (index, row) in order.dropFirst().enumerated() {
            cells[row]?.againstBetter = neighbours[index]
            cells[row]?.againstBest = others[index]
        }
    }

    private func value(_ row: Int) -> Double { cells[row]?.result.value ?? .nan }

    /// Of two recipes by their trainings, of two trainings by their samples. How much other trainings of a recipe that was trained once would differ is not known, so that one is not tested against several.
    private func test(_ a: Int, _ b: Int) -> DifferenceTest? {
        guard let x = cells[a], let y = cells[b], x.seeds.isEmpty == y.seeds.isEmpty else { return nil }
        if let first = x.summary, let second = y.summary { return DifferenceTest(first, second) }
        // Errors by groups of generated images are of those, whatever the metric's own are of.
        if x.seeds.isEmpty, let first = x.result.groups, let second = y.result.groups, let error = x.result.standardError, let other = y.result.standardError {
            return DifferenceTest(x.result.value, error, groups: first, y.result.value, other, groups: second)
        }
        return x.seeds.isEmpty && isTested ? DifferenceTest(x.result.value, x.result.standardError, y.result.value, y.result.standardError) : nil
    }
}
