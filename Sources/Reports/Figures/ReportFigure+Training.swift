extension Report {
    /// What runs measured over their steps, one chart for each metric and network.
    var measurements: [ReportFigure] {
        func network(_ recipe: (place: Int, name: String, runs: [RunRecord])) -> String { recipe.runs.first?.setting("network") ?? "unknown network" }
        let recipes = self.recipes, networks = recipes.map(network).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return networks.flatMap { name -> [ReportFigure] in
            let own = recipes.filter { network($0) == name }, runs = own.flatMap(\.runs)
            let metrics = runs.flatMap { $0.curves.filter { $0.kind == "measurement" }.map(\.name) }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            return metrics.filter { name in ![" lower", " upper"].contains { name.hasSuffix($0) } }.map { metric in
                let series = own.compactMap { Self.series($0.name, "measurement", metric, $0.runs, $0.place, hasBand: true) }
                let title = "\(measures[metric]?.title ?? metric) (\(name))"
                let counts = Set(runs.compactMap { $0.setting("measureCount") }).sorted(), isPooled = own.contains { $0.runs.count > 1 }
                return ReportFigure(file: "\(metric)-steps\(networks.count > 1 ? "-" + name : "")", section: .training, figure: LineChart("\(title) while training", x: "step", y: title, series),
                                    caption: "Measured on \(counts.joined(separator: " or ")) samples of the averaged generator; bands are 95 % intervals" + (isPooled ? " of a single training’s samples; of several seeds the line is the mean, and the band reaches from the least to the largest." : "."))
            }
        }
    }

    /// Losses, logits and norms of each run, and other kinds of lines in its log; of several seeds their means.
    var losses: [ReportFigure] {
        recipes.flatMap { _, name, runs -> [ReportFigure] in
            let kinds = [("loss", "loss", Axis.Scale.linear), ("logit", "mean logit", .linear), ("gradient", "norm of the gradient", .logarithmic), ("weights", "norm of the weights", .linear)]
            let caption = runs.count > 1 ? "Means over the seeds; bands reach from the least to the largest." : ""
            let logged = runs.flatMap(\.curves).reduce(into: [(kind: String, name: String)]()) { known, curve in
                if !known.contains(where: { $0 == (curve.kind, curve.name) }) { known.append((curve.kind, curve.name)) }
            }
            func shown(_ isShown: ((kind: String, name: String)) -> Bool) -> [Series] {
                logged.filter(isShown).enumerated().compactMap { Self.series($0.element.name, $0.element.kind, $0.element.name, runs, $0.offset)?.thinned(to: 150) }
            }
            var figures = kinds.compactMap { ending, label, scale -> ReportFigure? in
                let series = shown { $0.kind == "losses" && $0.name.hasSuffix(ending) }
                guard !series.isEmpty else { return nil }
                return ReportFigure(file: "\(name)-\(ending)", section: .losses, figure: LineChart("\(name): \(label)", x: "step", y: label, scale: scale, series), caption: caption)
            }
            let others = logged.map(\.kind).reduce(into: [String]()) { if !$0.contains($1), $1 != "losses", $1 != "measurement" { $0.append($1) } }
            for kind in others {
                figures.append(ReportFigure(file: "\(name)-\(kind)", section: .losses, figure: LineChart("\(name): \(kind)", x: "step", y: kind, shown { $0.kind == kind }), caption: caption))
            }
            return figures
        }
    }

    /// A curve of one run, with the interval that was logged beside each number, or of several the mean with the range; nil where none has it.
    private static func series(_ title: String, _ kind: String, _ name: String, _ runs: [RunRecord], _ sign: Int, hasBand: Bool = false) -> Series? {
        let curves = runs.compactMap { $0.curve(kind, name) }
        guard runs.count == 1, let run = runs.first else { return curves.isEmpty ? nil : Series.pooled(title, curves.map(\.points), sign: sign) }
        guard let curve = curves.first else { return nil }
        func ends(_ end: String) -> [Double: Double] {
            guard hasBand else { return [:] }
            return Dictionary((run.curve(kind, "\(name) \(end)")?.points ?? []).map { ($0.x, $0.y) }) { _, last in last }
        }
        let (lower, upper) = (ends("lower"), ends("upper"))
        return Series(title, curve.points.map { point in
            let band = lower[point.x].flatMap { low in upper[point.x].flatMap { low <= $0 ? low...$0 : nil } }
            return Series.Point(x: point.x, y: point.y, band: band)
        }, sign: sign)
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
        for (place, subject) in subjects.enumerated().flatMap({ place, subject in subject.singles.map { (place, $0) } }) {
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
