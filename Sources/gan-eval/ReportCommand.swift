import Archives
import ArgumentParser
import Evaluation
import Reports
import Training
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Draw the curves that runs have logged.",
        discussion: """
            One figure for the losses, the logits and the gradients of each run, one for each metric with all runs together, and curves.csv with every number.

            Examples:
              gan-eval report runs/digits -o report/
              gan-eval report runs/dcgan runs/wgan-gp -o report/
            """)
    @Argument(help: ArgumentHelp("Folders of runs.", valueName: "run")) var runs: [String]
    @Option(name: .shortAndLong, help: ArgumentHelp("The report's folder.", valueName: "folder")) var output: String

    func run() throws {
        let histories = try runs.map { path in
            let folder = try RunFolder(path, creating: false)
            return (name: Self.name(path), network: try RunConfiguration(reading: folder.configuration).network, history: try RunHistory(folder))
        }
        guard Set(histories.map(\.name)).count == histories.count else { throw ValidationError("two runs have the same name: \(histories.map(\.name).joined(separator: ", "))") }
        try Self.makeFolder(output)
        var files = 0
        for (figure, chart) in RunCharts(histories).charts {
            try AtomicFile.write(Array(chart.svg.utf8), to: "\(output)/\(figure).svg")
            files += 1
        }
        try AtomicFile.write(Array(Self.table(histories).utf8), to: output + "/curves.csv")
        print("\(output): \(files) figures and curves.csv")
    }

    private static func makeFolder(_ path: String) throws {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw TrainingError.run(folder: path, reason: "cannot be made: \(error.localizedDescription)")
        }
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// `run,kind,name,step,value`, one line for each number.
    private static func table(_ histories: [(name: String, network: String, history: RunHistory)]) -> String {
        histories.reduce(into: "run,kind,name,step,value\n") { text, run in
            for curve in run.history.curves {
                for (step, value) in curve.points { text += "\(CSV.field(run.name)),\(CSV.field(curve.kind)),\(CSV.field(curve.name)),\(step),\(value)\n" }
            }
        }
    }
}

/// Which curves go into which figure.
struct RunCharts {
    /// A figure's file name without ending, and the figure.
    let charts: [(name: String, chart: LineChart)]

    init(_ runs: [(name: String, network: String, history: RunHistory)]) {
        var charts: [(String, LineChart)] = []
        for run in runs {
            for (ending, label, scale) in [("loss", "loss", Axis.Scale.linear), ("logit", "mean logit", .linear), ("gradient", "norm of the gradient", .logarithmic), ("weights", "norm of the weights", .linear)] {
                let series = run.history.curves.filter { $0.kind == "losses" && $0.name.hasSuffix(ending) }.map { Self.series($0.name, $0).thinned(to: 150) }
                guard !series.isEmpty else { continue }
                charts.append(("\(run.name)-\(ending)", LineChart("\(run.name): \(label)", x: "step", y: label, scale: scale, series)))
            }
            for kind in Self.distinct(run.history.curves.map(\.kind)) where kind != "losses" && kind != "measurement" {
                let series = run.history.curves.filter { $0.kind == kind }.map { Self.series($0.name, $0) }
                charts.append(("\(run.name)-\(kind)", LineChart("\(run.name): \(kind)", x: "step", y: kind, series)))
            }
        }
        // A number without its network is not a number of the papers.
        let networks = Self.distinct(runs.map(\.network)), network = networks.joined(separator: " and ")
        let measured = runs.map { run in (networks.count == 1 ? run.name : "\(run.name) (\(run.network))", curves: run.history.curves.filter { $0.kind == "measurement" }) }
        for metric in Self.distinct(measured.flatMap { $0.curves.map(\.name) }) where !metric.hasSuffix(" lower") && !metric.hasSuffix(" upper") {
            let series = measured.flatMap { name, curves in curves.filter { $0.name == metric }.map { Self.series(name, $0, within: curves) } }
            let title = "\(MetricCatalog.all.first { $0.name == metric }?.about.title ?? metric) (\(network))"
            charts.append((metric, LineChart("\(title) while training", x: "step", y: title, series)))
        }
        self.charts = charts
    }

    /// The names once each, in the order in which they first appear.
    private static func distinct(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// A curve with the interval that was logged beside each number.
    private static func series(_ name: String, _ curve: RunHistory.Curve, within curves: [RunHistory.Curve] = []) -> Series {
        func ends(_ end: String) -> [Int: Double] {
            let points = curves.first { $0.name == "\(curve.name) \(end)" }?.points ?? []
            return Dictionary(points.map { ($0.step, $0.value) }) { _, last in last }
        }
        let (lower, upper) = (ends("lower"), ends("upper"))
        return Series(name, curve.points.map { step, value in
            let band = lower[step].flatMap { low in upper[step].flatMap { low <= $0 ? low...$0 : nil } }
            return Series.Point(x: Double(step), y: value, band: band)
        })
    }
}
