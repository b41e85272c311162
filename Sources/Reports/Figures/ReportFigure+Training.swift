extension Report {
    /// What runs measured over their steps, one chart for each metric and network.
    var measurements: [ReportFigure] {
        let runs = self.runs
        let networks = runs.map { $0.run.setting("network") ?? "unknown network" }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return networks.flatMap { network -> [ReportFigure] in
            let own = runs.filter { ($0.run.setting("network") ?? "unknown network") == network }
            let metrics = own.flatMap { $0.run.curves.filter { $0.kind == "measurement" }.map(\.name) }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            return metrics.filter { name in ![" lower", " upper"].contains { name.hasSuffix($0) } }.map { metric in
                let series = own.compactMap { one in one.run.curve("measurement", metric).map { Self.series(one.name, $0, one.place, bandIn: one.run) } }
                let title = "\(measures[metric]?.title ?? metric) (\(network))"
                let counts = Set(own.compactMap { $0.run.setting("measureCount") }).sorted()
                return ReportFigure(file: "\(metric)-steps\(networks.count > 1 ? "-" + network : "")", section: .training, figure: LineChart("\(title) while training", x: "step", y: title, series),
                                    caption: "Measured on \(counts.joined(separator: " or ")) samples of the averaged generator; bands are 95 % intervals.")
            }
        }
    }

    /// Losses, logits and norms of each run, and other kinds of lines in its log.
    var losses: [ReportFigure] {
        runs.flatMap { _, name, run -> [ReportFigure] in
            let kinds = [("loss", "loss", Axis.Scale.linear), ("logit", "mean logit", .linear), ("gradient", "norm of the gradient", .logarithmic), ("weights", "norm of the weights", .linear)]
            var figures = kinds.compactMap { ending, label, scale -> ReportFigure? in
                let series = run.curves.filter { $0.kind == "losses" && $0.name.hasSuffix(ending) }.enumerated().map { Self.series($0.element.name, $0.element, $0.offset).thinned(to: 150) }
                guard !series.isEmpty else { return nil }
                return ReportFigure(file: "\(name)-\(ending)", section: .losses, figure: LineChart("\(name): \(label)", x: "step", y: label, scale: scale, series), caption: "")
            }
            let others = run.curves.map(\.kind).reduce(into: [String]()) { if !$0.contains($1), $1 != "losses", $1 != "measurement" { $0.append($1) } }
            for kind in others {
                let series = run.curves.filter { $0.kind == kind }.enumerated().map { Self.series($0.element.name, $0.element, $0.offset).thinned(to: 150) }
                figures.append(ReportFigure(file: "\(name)-\(kind)", section: .losses, figure: LineChart("\(name): \(kind)", x: "step", y: kind, series), caption: ""))
            }
            return figures
        }
    }

    /// A curve, with the interval that was logged beside each number.
    private static func series(_ name: String, _ curve: RunRecord.Curve, _ sign: Int, bandIn run: RunRecord? = nil) -> Series {
        func ends(_ end: String) -> [Double: Double] {
            let points = run?.curve(curve.kind, "\(curve.name) \(end)")?.points ?? []
            return Dictionary(points.map { ($0.x, $0.y) }) { _, last in last }
        }
        let (lower, upper) = (ends("lower"), ends("upper"))
        let points = curve.points.map { point in
            let band = lower[point.x].flatMap { low in upper[point.x].flatMap { low <= $0 ? low...$0 : nil } }
            return Series.Point(x: point.x, y: point.y, band: band)
        }
        return Series(name, points, sign: sign)
    }

    /// Numbers of each class: of metrics that keep them as details, and of explanations.
    var classFigures: [ReportFigure] {
        var figures: [ReportFigure] = []
        for group in groups {
            for column in group.columns {
                for (row, place) in group.rows.enumerated() {
                    let classes = Self.classes(of: column.cells[row]?.result)
                    guard !classes.isEmpty else { continue }
                    let bars = classes.map { BarChart.Bar($0.name, $0.value, series: place) }
                    figures.append(ReportFigure(file: "classes-\(subjects[place].name)-\(column.metric)\(mark(group))", section: .classes,
                                                figure: BarChart("\(subjects[place].name): \(column.title) by class", label: column.title, bars), caption: "One bar for each class."))
                }
            }
        }
        for (place, subject) in subjects.enumerated() {
            for explanation in subject.explanations where explanation.classes.count > 1 {
                let bars = explanation.classes.map { BarChart.Bar($0.name, $0.influence, series: place) }
                figures.append(ReportFigure(file: "influence-\(subject.name)", section: .classes, figure: BarChart("\(subject.name): influence by class", label: "by how much \(explanation.title) falls without the images, summed", bars),
                                            caption: "Generated images of classes with long bars to the right raise the distance; those to the left lower it."))
                let shares = explanation.classes.filter { $0.real > 0 }.map { BarChart.Bar($0.name, Double($0.covered) / Double($0.real), series: place) }
                figures.append(ReportFigure(file: "covered-\(subject.name)", section: .classes, figure: BarChart("\(subject.name): covered real images by class", label: "share of real images that are covered", shares),
                                            caption: "A real image is covered where a generated one is nearer than its neighbours."))
            }
        }
        return figures
    }

    /// Details such as `fid_of_class_3`, in the order of the classes' names, numbers as numbers.
    static func classes(of result: StoredEvaluation.Result?) -> [(name: String, value: Double)] {
        let found = (result?.details ?? [:]).compactMap { key, value -> (name: String, value: Double)? in
            guard let range = key.firstRange(of: "_of_class_") else { return nil }
            return (String(key[range.upperBound...]), value)
        }
        return found.sorted { a, b in
            if let x = Int(a.name), let y = Int(b.name) { return x < y }
            return a.name < b.name
        }
    }
}

extension String {
    /// Where a text occurs first.
    fileprivate func firstRange(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
