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
        let histories = try runs.map { (name: Self.name($0), history: try RunHistory(RunFolder($0, creating: false))) }
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
    private static func table(_ histories: [(name: String, history: RunHistory)]) -> String {
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

    init(_ runs: [(name: String, history: RunHistory)]) {
        var charts: [(String, LineChart)] = []
        for run in runs {
            for (ending, label, scale) in [("loss", "loss", Axis.Scale.linear), ("logit", "mean logit", .linear), ("gradient", "norm of the gradient", .logarithmic)] {
                let series = run.history.curves.filter { $0.kind == "losses" && $0.name.hasSuffix(ending) }.map { Self.series($0.name, $0).thinned(to: 150) }
                guard !series.isEmpty else { continue }
                charts.append(("\(run.name)-\(ending)", LineChart("\(run.name): \(label)", x: "step", y: label, scale: scale, series)))
            }
        }
        var metrics: [String] = []
        for name in runs.flatMap({ $0.history.curves.filter { $0.kind == "measurement" }.map(\.name) }) where !metrics.contains(name) && !name.hasSuffix(" lower") && !name.hasSuffix(" upper") { metrics.append(name) }
        for metric in metrics {
            let series = runs.flatMap { run in run.history.curves.filter { $0.kind == "measurement" && $0.name == metric }.map { Self.series(run.name, $0) } }
            let title = MetricCatalog.all.first { $0.name == metric }?.title ?? metric
            charts.append((metric, LineChart("\(title) while training", x: "step", y: title, series)))
        }
        self.charts = charts
    }

    private static func series(_ name: String, _ curve: RunHistory.Curve) -> Series {
        Series(name, curve.points.map { Series.Point(x: Double($0.step), y: $0.value) })
    }
}
