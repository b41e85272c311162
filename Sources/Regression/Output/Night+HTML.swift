import Evaluation
import Reports
import Statistics

extension Night {
    /// One page that needs nothing else: verdicts, then the history of every metric with the baseline's band and marks where it was found worse, sliding or better, then all nights.
    public var html: String {
        let nights = (earlier + [record]).suffix(Self.nightsShown), offset = earlier.count + 2 - nights.count
        let rows = lines.map { name, line in
            let verdict = line.judgement?.verdict.rawValue ?? (isUpdate ? "baseline" : "not compared"), change = line.judgement?.change
            let head = [name, line.measured.title], cells = [
                change.map { Number.short($0.baseline.value) } ?? "", Number.short(line.measured.estimate.value), line.measured.estimate.standardError.map(Number.short) ?? "none",
                change.map { Number.signed($0.difference) } ?? "", change.map { Number.short($0.tolerance) } ?? "", line.judgement?.changeP.map(Line.chance) ?? "", line.judgement?.slideP.map(Line.chance) ?? "",
                line.reliablyFound.map(Number.short) ?? "",
            ]
            return "<tr>\(Self.cells(head))<td class=\"\(Self.style(verdict))\">\(Markup.escaped(verdict))</td>\(Self.cells(cells))</tr>\n"
        }
        let charts = lines.map { name, line in "<figure>\(chart(name, line, Array(nights), offset).svg)</figure>\n" }
        let past = nights.reversed().enumerated().map { index, night in
            let cells = ["\(offset + nights.count - 1 - index)", night.date, night.label ?? "", night.version]
            return "<tr>\(Self.cells(cells))<td class=\"\(Self.style(night.outcome))\">\(Markup.escaped(night.outcome))</td>\(Self.cells([night.problems.joined(separator: "; ")]))</tr>\n"
        }
        let averaged = baseline?.cases.map(\.allGenerated.count).max() ?? 1, nightsOfBaseline = averaged > 1 ? ", the mean of up to \(averaged) nights" : ""
        func list(_ title: String, _ items: [String]) -> String {
            items.isEmpty ? "" : "<h2>\(title)</h2>\n<ul>\n" + items.map { "<li>\(Markup.escaped($0))</li>\n" }.joined() + "</ul>\n"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Markup.escaped(suite)): \(Markup.escaped(outcomeName))</title>
            <style>\(Self.sheet)</style>
            </head>
            <body>
            <main>
            <h1>\(Markup.escaped(suite)): <span class="\(Self.style(outcomeName))">\(Markup.escaped(outcomeName))</span></h1>
            <p>\(Markup.escaped(summary))</p>
            <p>\(Markup.escaped(date))\(label.map { ", " + Markup.escaped($0) } ?? ""), gan-eval \(Version.current). \(baseline.map { "Baseline of \(Markup.escaped($0.date))\($0.label.map { ", " + Markup.escaped($0) } ?? "")\(nightsOfBaseline)." } ?? "There is no baseline.") \
            A change counts where it is larger than its tolerance and significant; without cause, at most \(Number.percent(1 - test.confidence)) of nights raise an alarm. \
            A change as large as in the last column is found in its first night with a probability of 95 %.</p>
            \(list("Not compared", problems.map(\.text)))<h2>Metrics</h2>
            <div class="wide"><table>
            <thead><tr><th>case</th><th>metric</th><th>verdict</th><th>baseline</th><th>tonight</th><th>standard error</th><th>change</th><th>tolerance</th><th>change by chance</th><th>slide by chance</th><th>surely found</th></tr></thead>
            <tbody>
            \(rows.joined())</tbody>
            </table></div>
            <h2>History</h2>
            \(charts.joined())<h2>Nights</h2>
            <div class="wide"><table>
            <thead><tr><th>night</th><th>date</th><th>label</th><th>gan-eval</th><th>outcome</th><th>not compared</th></tr></thead>
            <tbody>
            \(past.joined())</tbody>
            </table></div>
            \(list("Notes", notes))</main>
            </body>
            </html>

            """
    }

    /// More are too many for a chart's points to be told apart.
    private static let nightsShown = 60

    /// One metric over the nights: its numbers with their intervals, the baseline of each night with its interval, and marks.
    private func chart(_ name: String, _ line: Line, _ nights: [NightRecord], _ offset: Int) -> LineChart {
        let z = NormalDistribution.quantile(0.975)
        func point(_ night: Int, _ estimate: Estimate?) -> Series.Point {
            guard let estimate, estimate.value.isFinite else { return Series.Point(x: Double(night), y: .nan) }
            let half = z * (estimate.standardError ?? 0)
            return Series.Point(x: Double(night), y: estimate.value, band: half > 0 ? estimate.value - half...estimate.value + half : nil)
        }
        let found = nights.map { night in night.items.first { $0.name == name }?.metrics.first { $0.measured.metric == line.measured.metric } }
        // A night that set a baseline says what it was; nights before the first that is shown had one that is not known, unless it is today's.
        // Of several nights it is their mean, which is surer than one of them.
        func mean(_ metric: MeasuredMetric?) -> Estimate? {
            metric.map { metric in
                let values = metric.agreement.values, count = Double(values.count)
                return Estimate(values.reduce(0, +) / count, standardError: metric.estimate.standardError.map { $0 / count.squareRoot() })
            }
        }
        let agreed = mean(baseline?.cases.first { $0.name == name }?[line.measured.metric])
        let known = Dictionary((earlier + [record]).filter(\.setsBaseline).compactMap { night in
            mean(night.items.first { $0.name == name }?.metrics.first { $0.measured.metric == line.measured.metric }?.measured).map { (night.baseline, $0) }
        }) { $1 }
        let baselines = nights.map { night in night.baseline == baseline?.identifier ? agreed : known[night.baseline] }
        // What is not a number interrupts the line: marks stand where the verdict held.
        func marks(_ verdict: Verdict) -> Series {
            Series(verdict.rawValue, found.enumerated().map { index, metric in
                Series.Point(x: Double(offset + index), y: metric?.verdict == verdict ? metric?.measured.estimate.value ?? .nan : .nan)
            })
        }
        // Regressions keep their place where there are none, so that each colour means the same in every chart.
        let measured = Series("measured", found.enumerated().map { point(offset + $0, $1?.measured.estimate) }), agreement = Series("baseline", baselines.enumerated().map { point(offset + $0, $1) })
        let series = [measured, marks(.regression), agreement] + [marks(.drift), marks(.improvement)].filter { $0.points.contains { $0.y.isFinite } }
        let better = line.measured.better == .asReal ? line.measured.aim.map { "best at \(Number.short($0))" } ?? "best as of real images" : "\(line.measured.better.rawValue) is better"
        return LineChart("\(name): \(line.measured.title)", x: "night", y: "\(line.measured.metric), \(better)", series)
    }

    private static func cells(_ texts: [String]) -> String { texts.map { "<td>\(Markup.escaped($0))</td>" }.joined() }

    private static func style(_ outcome: String) -> String {
        switch outcome {
        case Verdict.unchanged.rawValue, "baseline": "good"
        case Verdict.improvement.rawValue: "better"
        default: "bad"
        }
    }

    private static let sheet = """
        :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0}main{max-width:76rem;margin:0 auto;padding:1rem}\
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.25rem .6rem;text-align:left;border-bottom:1px solid #8886}td{white-space:nowrap}.wide{overflow-x:auto}\
        figure{margin:1rem 0}svg{max-width:100%;height:auto}.good,.better,.bad{font-weight:600}.good{color:#00754f}.better{color:#0063a0}.bad{color:#b33c00}\
        @media(prefers-color-scheme:dark){.good{color:#3fc99a}.better{color:#6bb8ee}.bad{color:#ff8a4d}}\
        @media print{main{max-width:none}figure,tr{break-inside:avoid}}
        """
}
