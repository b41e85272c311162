import Archives

extension Report {
    /// One row for each number of the tables.
    public var csv: String {
        var rows = [["table", "subject", "metric", "title", "better", "value", "lower", "upper", "confidence", "standard_error", "rank", "p_next_better", "p_best", "real", "generated", "network", "protocol", "source", "seeds", "deviation_over_seeds", "sampling_half_interval"]]
        for group in groups {
            for column in group.columns {
                for (row, place) in group.rows.enumerated() {
                    guard let cell = column.cells[row] else { continue }
                    let subject = subjects[place]
                    let sources = subject.singles.compactMap { single in
                        group.isWhileTraining ? single.run?.source : single.evaluations.first { $0.settings == group.settings && $0.results.contains { $0.title == column.title } }?.source
                    }
                    rows.append([
                        group.label, subject.name, column.metric, column.title, column.better?.rawValue ?? "", Self.field(cell.result.value), Self.field(cell.result.interval?.lowerBound), Self.field(cell.result.interval?.upperBound),
                        Self.field(cell.result.confidence), Self.field(cell.result.standardError), cell.rank.map(String.init) ?? "", Self.field(cell.againstBetter?.adjusted), Self.field(cell.againstBest?.adjusted),
                        group.settings["real images"] ?? "", group.settings["generated images"] ?? "", group.settings["network"] ?? "", group.settings["protocol"] ?? "", sources.map(\.place).joined(separator: "; "),
                        cell.seeds.map(\.seed).joined(separator: " "), Self.field(cell.summary?.deviation), Self.field(cell.samplingHalf),
                    ])
                }
            }
        }
        return rows.map { $0.map(CSV.field).joined(separator: ",") + "\n" }.joined()
    }

    /// `run,kind,name,step,value`: every number that runs have logged, a line for each.
    public var curvesCSV: String {
        runs.reduce(into: "run,kind,name,step,value\n") { text, run in
            for curve in run.run.curves {
                let start = "\(CSV.field(run.name)),\(CSV.field(curve.kind)),\(CSV.field(curve.name)),"
                for point in curve.points { text += "\(start)\(Int(point.x)),\(point.y)\n" }
            }
        }
    }

    private static func field(_ value: Double?) -> String { value.map { $0.isFinite ? Numeral.exact($0) : "" } ?? "" }
}
