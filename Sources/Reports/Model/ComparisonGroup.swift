/// Numbers that may be ranked: all were made under the same settings.
public struct ComparisonGroup: Hashable, Sendable {
    /// One number of a table.
    public struct Cell: Hashable, Sendable {
        /// The stored number.
        public var result: StoredEvaluation.Result
        /// 1 for the best; nil where nothing is ranked.
        public var rank: Int?
        /// Whether it differs from the one ranked before it, and from the best.
        public var againstBetter: NormalTest?, againstBest: NormalTest?

        /// What tables write behind it: that it is not told from the best, or at least not from the one ranked before it.
        public var mark: Mark? { againstBest?.isSignificant == false ? .best : againstBetter?.isSignificant == false ? .neighbour : nil }

        /// Half the interval, which tables write behind ±.
        public var half: Double? { result.interval.map { ($0.upperBound - $0.lowerBound) / 2 } }
    }

    /// What a number is not told from.
    public enum Mark: String, Sendable { case best = "†", neighbour = "≈" }

    /// A measure with the numbers of all rows.
    public struct Column: Hashable, Sendable {
        /// Metric and title of the stored results.
        public var metric: String, title: String
        /// Which way is better; nil where the report was not told.
        public var better: Measure.Better?
        /// One for each row; nil where a subject has no such number.
        public var cells: [Cell?]

        /// Rows from the best to the worst; empty where nothing is ranked.
        public var ranking: [Int] { cells.indices.filter { cells[$0]?.rank != nil }.sorted { (cells[$0]?.rank ?? 0) < (cells[$1]?.rank ?? 0) } }
        /// Decimals at which the intervals' halves show two digits.
        var decimals: Int { Numeral.decimals(errors: cells.compactMap { $0?.half }, values: cells.compactMap { $0?.result.value }) }
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

    /// Compares results of the same settings.
    /// - Parameter entries: the subject's place, and its results.
    /// - Throws: ``ReportError`` where one subject has two different numbers of one measure.
    init(_ label: String, settings: [String: String], _ entries: [(subject: Int, results: [StoredEvaluation.Result])], subjects: [Subject], measures: [String: Measure]) throws(ReportError) {
        (self.label, self.settings) = (label, settings)
        rows = Set(entries.map(\.subject)).sorted()
        columns = []
        for entry in entries {
            guard let row = rows.firstIndex(of: entry.subject) else { continue }
            for result in entry.results {
                let place = columns.firstIndex { $0.metric == result.metric && $0.title == result.title } ?? columns.count
                if place == columns.count {
                    columns.append(Column(metric: result.metric, title: result.title, better: measures[result.metric]?.better, cells: Array(repeating: nil, count: rows.count)))
                }
                if let other = columns[place].cells[row], other.result.value.bitPattern != result.value.bitPattern {
                    throw .conflict(name: subjects[entry.subject].name, reason: "two numbers of \(result.title) under the same settings, \(other.result.value) and \(result.value); give one of them another name with NAME=FILE")
                }
                columns[place].cells[row] = Cell(result: result)
            }
        }
        for index in columns.indices { columns[index].rank() }
    }
}

extension ComparisonGroup.Column {
    /// Ranks the cells and tests each against the one before it and against the best; each of the two families is corrected by Holm's method.
    fileprivate mutating func rank() {
        guard let better, better != .asReal else { return }
        let sign = better == .smaller ? 1.0 : -1
        let order = cells.indices.filter { cells[$0]?.result.value.isFinite == true }.sorted { (sign * value($0), $0) < (sign * value($1), $1) }
        guard order.count > 1, let best = order.first else { return }
        for (rank, row) in order.enumerated() { cells[row]?.rank = rank + 1 }
        var neighbours = zip(order.dropFirst(), order).map(test), others = order.dropFirst().map { test($0, best) }
        NormalTest.correct(&neighbours)
        NormalTest.correct(&others)
        for (index, row) in order.dropFirst().enumerated() {
            cells[row]?.againstBetter = neighbours[index]
            cells[row]?.againstBest = others[index]
        }
    }

    private func value(_ row: Int) -> Double { cells[row]?.result.value ?? .nan }

    private func test(_ a: Int, _ b: Int) -> NormalTest? {
        NormalTest(value(a), cells[a]?.result.standardError, value(b), cells[b]?.result.standardError)
    }
}
