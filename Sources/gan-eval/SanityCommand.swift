import Archives
import ArgumentParser
import Datasets
import Evaluation
import Reports
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct SanityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sanity", abstract: "See how every metric moves when real images are disturbed: blur, noise, JPEG, lost or repeated modes, copies, fewer images.",
        discussion: """
            Real images are split into a training set, held-out ones and ones to draw from, which stand for a perfect generator's; then something is done to these, in growing degrees. What a metric of your
            own data and network notices, and what it does not, is in the table; a reaction other than its papers' is marked.

            Examples:
              gan-eval sanity images.h5 -o sanity/
              gan-eval sanity images.h5 -o sanity/ --metrics fid,kid,precision,recall --count 500
            """)

    @Argument(help: "Real images, with classes for the metrics that need them.") var images: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The folder of README.md, sanity.csv, sanity.json and curves-*.svg.", valueName: "folder")) var output: String
    @Option(help: ArgumentHelp("Metrics, separated by commas; all by default.", valueName: "names")) var metrics: String?
    @Option(help: ArgumentHelp("Images of each set; a fifth of those given at most.", valueName: "n")) var count = 1000
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Recording options") var recording: RecordingOptions

    func run() throws {
        let chosen = try metrics.map(MetricCatalog.named) ?? MetricCatalog.all
        let bar = ProgressBar(isQuiet: network.quiet)
        defer { bar.close() }
        let source = try open()
        let evaluator = try network.evaluator(bar)
        let table = try SanityStudy(count: count, seed: network.shuffle ?? 0)(source, chosen, with: evaluator, progress: bar.following("measured", unit: "sets"))
        bar.close()
        do { try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true) } catch {
            throw EvaluationError.system(path: output, operation: "create the folder", reason: error.localizedDescription)
        }
        let figures = SanityCharts(table).figures
        for (name, figure) in figures { try AtomicFile.write(Array(figure.svg.utf8), to: "\(output)/\(name).svg") }
        try AtomicFile.write(Array(table.csv.utf8), to: "\(output)/sanity.csv")
        try AtomicFile.write(Array(table.json.utf8), to: "\(output)/sanity.json")
        let page = SanityPage(table: table, figures: figures.map(\.name), network: network.network, path: images)
        try AtomicFile.write(Array(page.text.utf8), to: "\(output)/README.md")
        try recording.record("sanity", of: images, table.json, run: nil)
        print("\(output): README.md, sanity.csv, sanity.json and \(figures.count) figures; \(page.summary)")
    }

    /// Images, with their classes where they have any.
    private func open() throws -> ImageSource {
        let source: ImageSource
        do throws(DatasetError) { source = try ImageSource.open(images, labelled: true) } catch {
            // What is wrong with classes that are there must be said.
            guard case .noLabels = error.reason else { throw error }
            source = try ImageSource.open(images)
        }
        return network.limit.map { source.limited(to: $0) } ?? source
    }
}

/// A study's curves, some metrics in each figure.
struct SanityCharts {
    private let table: SanityTable
    /// Rows of a figure that still fit on a page.
    private static let rows = 15

    init(_ table: SanityTable) { self.table = table }

    var figures: [(name: String, figure: ChartMatrix)] {
        let columns = table.disturbances.map { (name: $0.rawValue, degree: $0.degree) }
        return stride(from: 0, to: table.metrics.count, by: Self.rows).map { start in
            let metrics = table.metrics[start..<min(start + Self.rows, table.metrics.count)]
            let rows = metrics.map { metric in
                (name: metric.name, cells: table.disturbances.map { disturbance in
                    ChartMatrix.Cell(table.curve(metric.name, disturbance).map { point in
                        // Numbers of images double from one to the next.
                        Series.Point(x: disturbance == .sampleSize ? Double(Int(point.degree).bitWidth - Int(point.degree).leadingZeroBitCount) : point.degree, y: point.value,
                                     band: point.interval.map { $0.lower...$0.upper })
                    }, isMarked: table.isAsExpected(metric, disturbance) == false)
                })
            }
            return ("curves-\(start / Self.rows + 1)", ChartMatrix("Metrics under growing disturbances", columns: columns, rows: rows))
        }
    }
}

/// A study's page.
struct SanityPage {
    let table: SanityTable, figures: [String], network: String, path: String

    /// How many reactions are as the papers say.
    var summary: String {
        let verdicts = table.metrics.flatMap { metric in table.disturbances.compactMap { table.isAsExpected(metric, $0) } }
        return "\(verdicts.count { $0 }) of \(verdicts.count) reactions are those that the metrics' papers name"
    }

    var text: String {
        """
        # Sanity of the metrics
        How \(table.metrics.count) metrics on \(network) move when \(table.count) real images of `\(path)` are disturbed in growing degrees; \(summary).

        **worsens**, **improves** and **holds** are bold where papers say what should happen, and followed by ✗ and that where it did not. A metric holds when its value at the highest degree differs from that at none by no more than three
        standard deviations of the difference between undisturbed sets, or the two intervals. The reference is a training set of \(table.count) images, for metrics of memorisation \(table.count) held-out ones.

        \(table.markdown)
        \(table.failures.isEmpty ? "" : "Without a value somewhere:\n\n" + table.failures.sorted { $0.key < $1.key }.map { "- \($0.key): \($0.value)" }.joined(separator: "\n") + "\n")
        \(figures.map { "![Metrics over degrees of each disturbance](\($0).svg)" }.joined(separator: "\n\n"))

        Every number is in [sanity.csv](sanity.csv).

        """
    }
}
