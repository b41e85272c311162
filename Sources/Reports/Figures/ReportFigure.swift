/// A figure of a report with the name of its files and the words below it.
public struct ReportFigure: Sendable {
    /// Where in a report it stands.
    public enum Section: Sendable { case measures, tradeOff, sampleSize, training, losses, classes, spectra, others }

    /// The files' name without ending: letters, digits, hyphens.
    public let file: String
    /// Where it stands.
    public let section: Section
    /// What is drawn.
    public let figure: any Figure
    /// How to read it.
    public let caption: String
}

extension Report {
    /// Every figure there are numbers for, in the order of the page.
    public var figures: [ReportFigure] {
        var names: Set<String> = []
        return (bars + scatters + recallCurves + extrapolations + measurements + losses + classFigures + spectra + otherCurves).map { figure in
            let plain = String(figure.file.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }).split(separator: "-").joined(separator: "-")
            var name = plain.isEmpty ? "figure" : plain, number = 2
            while !names.insert(name).inserted { (name, number) = ("\(plain)-\(number)", number + 1) }
            return ReportFigure(file: name, section: figure.section, figure: figure.figure, caption: figure.caption)
        }
    }

    private func ending(_ group: ComparisonGroup) -> String { group.label.isEmpty ? "" : ", table \(group.label)" }

    /// What tells files of several tables apart.
    func mark(_ group: ComparisonGroup) -> String { group.label.isEmpty ? "" : "-" + group.label }

    private func range(_ cell: ComparisonGroup.Cell) -> ClosedRange<Double>? { cell.result.interval }

    /// A chart for each measure that several subjects have.
    private var bars: [ReportFigure] {
        groups.flatMap { group in
            group.columns.compactMap { column -> ReportFigure? in
                let shown = column.ranking.isEmpty ? column.cells.indices.filter { column.cells[$0] != nil } : column.ranking
                guard shown.count > 1 else { return nil }
                let bars = shown.compactMap { row in
                    column.cells[row].map { BarChart.Bar(subjects[group.rows[row]].name, $0.result.value, interval: range($0), series: group.rows[row], isBest: $0.rank == 1) }
                }
                let direction = column.better == .smaller ? ", smaller is better" : column.better == .larger ? ", larger is better" : ""
                let when = group.isWhileTraining ? ", measured last while training" : ""
                return ReportFigure(
                    file: "bars-\(column.metric)\(mark(group))", section: .measures, figure: BarChart(column.title + when + ending(group), label: group.shortTitle(column) + direction, bars),
                    caption: column.better == .asReal ? "Not ranked: the value of real images is the aim." : "")
            }
        }
    }

    /// Fidelity against diversity.
    private var scatters: [ReportFigure] {
        let pairs = [("recall", "precision", "Precision and recall"), ("coverage", "density", "Density and coverage"), ("beta-recall", "alpha-precision", "α-precision and β-recall"), ("prd-f8", "prd-f1-8", "PRD: F8 and F1/8")]
        return groups.flatMap { group in
            pairs.compactMap { across, up, title -> ReportFigure? in
                guard let x = group.columns.first(where: { $0.metric == across }), let y = group.columns.first(where: { $0.metric == up }) else { return nil }
                let dots = group.rows.enumerated().compactMap { row, place -> ScatterChart.Dot? in
                    guard let a = x.cells[row], let b = y.cells[row] else { return nil }
                    return ScatterChart.Dot(subjects[place].name, x: a.result.value, y: b.result.value, xInterval: range(a), yInterval: range(b), series: place)
                }
                guard dots.count > 1 else { return nil }
                return ReportFigure(file: "\(up)-\(across)\(mark(group))", section: .tradeOff, figure: ScatterChart(title + ending(group), x: group.shortTitle(x) + " (diversity)", y: group.shortTitle(y) + " (fidelity)", dots),
                                    caption: "Fidelity upwards, diversity to the right; the best lie in the upper right corner.")
            }
        }
    }

    /// A curve of the results of a row: of several seeds a line for each in one colour, which the legend names once.
    private func lines(_ cell: ComparisonGroup.Cell?, _ place: Int, _ name: String, _ points: (StoredEvaluation.Curve) -> [Series.Point] = { $0.points.map { Series.Point(x: $0.x, y: $0.y) } }) -> [Series] {
        guard let cell else { return [] }
        let subject = subjects[place].name
        var series: [Series] = cell.numbers(of: subject).compactMap { title, result in result.curves.first { $0.name == name }.map { Series(title, points($0), sign: place) } }
        if series.count > 1 { for index in series.indices { series[index].legend = index == 0 ? subject : "" } }
        return series
    }

    /// The first curve of a name in a column.
    private func first(_ column: ComparisonGroup.Column, _ name: String) -> StoredEvaluation.Curve? {
        column.cells.lazy.compactMap { $0 }.flatMap { $0.numbers(of: "") }.compactMap { $0.result.curves.first { $0.name == name } }.first
    }

    /// Precision over recall of shares in clusters.
    private var recallCurves: [ReportFigure] {
        groups.compactMap { group in
            guard let column = group.columns.first(where: { $0.metric.hasPrefix("prd-") }) else { return nil }
            let series = group.rows.enumerated().flatMap { row, place in
                lines(column.cells[row], place, "prd") { curve in curve.points.sorted { ($0.x, -$0.y) < ($1.x, -$1.y) }.map { Series.Point(x: $0.x, y: $0.y) } }.map { $0.thinned(to: 101) }
            }
            guard !series.isEmpty else { return nil }
            var chart = LineChart("Precision–recall curve" + ending(group), x: "recall", y: "precision", series.map { one in
                // Thinning makes bands of its own, and means of ones that are a bit more than one.
                var one = one
                one.points = one.points.map { Series.Point(x: min($0.x, 1), y: min($0.y, 1)) }
                return one
            })
            (chart.xReaches, chart.yReaches, chart.height) = ([0, 1], [0, 1], 300)
            return ReportFigure(file: "prd\(mark(group))", section: .tradeOff, figure: chart, caption: "How much of the real images can be had at what share of believable ones, by clusters of features; nearer to the upper right corner is better.")
        }
    }

    /// FID against one over the number of images, with the line to infinitely many.
    private var extrapolations: [ReportFigure] {
        let numbers = groups.flatMap { group in
            (group.columns.first { $0.metric == "fid" }).map { column in
                group.rows.enumerated().compactMap { row, place -> (place: Int, title: String, count: Int, value: StoredEvaluation.Result, limit: Double)? in
                    guard let result = column.cells[row]?.result, let limit = result.details["fid_infinity"], let count = group.settings["generated images"].flatMap({ Int($0) }) else { return nil }
                    return (place, column.title, count, result, limit)
                }
            } ?? []
        }
        let titles = numbers.map(\.title).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return titles.map { title in
            let own = numbers.filter { $0.title == title }, counts = Set(own.map(\.count)).sorted(by: >)
            let series = own.map { number -> Series in
                let limits = number.value.details["fid_infinity_lower"].flatMap { low in number.value.details["fid_infinity_upper"].flatMap { low <= $0 ? low...$0 : nil } }
                var one = Series(subjects[number.place].name, [
                    Series.Point(x: 0, y: number.limit, band: limits), Series.Point(x: 1 / Double(number.count), y: number.value.value, band: number.value.interval),
                ], sign: number.place)
                one.isDashed = true
                return one
            }
            var chart = LineChart("\(title) against the number of images", x: "generated images N, on a scale of 1/N", y: title, series)
            chart.hasWhiskers = true
            chart.ticks = [LineChart.Tick(0, "∞")] + counts.map { LineChart.Tick(1 / Double($0), "\($0)") }
            return ReportFigure(file: "fid-of-n", section: .sampleSize, figure: chart, caption: "Few images make the distance larger, in proportion to 1/N to first order; each dashed line leads to the extrapolated value of infinitely many. The intervals of a line’s two ends share their noise.")
        }
    }

    /// A colour of its own for each curve of a power spectrum, the real images' in all of them.
    private var spectra: [ReportFigure] {
        groups.compactMap { group in
            guard let column = group.columns.first(where: { $0.metric == "spectrum-distance" }), let real = first(column, "real") else { return nil }
            let made = group.rows.enumerated().flatMap { row, place in lines(column.cells[row], place, "generated") }
            var own = Series("real images", real.points.map { Series.Point(x: $0.x, y: $0.y) }, sign: subjects.count)
            own.isDashed = true
            var chart = LineChart("Power spectra" + ending(group), x: real.x, y: real.y, [own] + made)
            chart.height = 260
            return ReportFigure(file: "spectra\(mark(group))", section: .spectra, figure: chart, caption: "Mean power at each spatial frequency, averaged over directions. What upsampling leaves behind shows at the right.")
        }
    }

    /// Curves that metrics add and that no other figure shows.
    private var otherCurves: [ReportFigure] {
        var figures: [ReportFigure] = []
        for group in groups {
            for column in group.columns where column.metric != "spectrum-distance" && !column.metric.hasPrefix("prd-") {
                let names = column.cells.compactMap { $0 }.flatMap { $0.numbers(of: "") }.flatMap { $0.result.curves.map(\.name) }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                for name in names {
                    guard let first = first(column, name), first.points.count > 1 else { continue }
                    let words = name.split(separator: "_").joined(separator: " "), series = group.rows.enumerated().flatMap { row, place in lines(column.cells[row], place, name) }
                    let chart = LineChart("\(column.title): \(words)" + ending(group), x: first.x, y: first.y, series)
                    figures.append(ReportFigure(file: "\(column.metric)-\(name)\(mark(group))", section: .others, figure: chart, caption: measures[column.metric].map { "\($0.title): \($0.summary)." } ?? ""))
                }
            }
        }
        return figures
    }
}
