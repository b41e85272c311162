import ArgumentParser
import Evaluation

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Is one generated set better than another? A paired test against the same reference.",
        discussion: """
            A set is called better where a permutation test of the images of A and B rejects that they are draws of one distribution, and the interval of the difference, in which
            the reference counts once, leaves out 0.

            Examples:
              gan-eval compare new/ old/ --reference real/
              gan-eval compare new/ old/ --reference real.h5 --metrics fid,kid --json
            """)

    @Argument(help: "One generated set, A: images or features.") var first: String
    @Argument(help: "The other generated set, B: images or features.") var second: String
    @Option(help: ArgumentHelp("Real images, features or, for FID, statistics.", valueName: "real")) var reference: String
    @Option(help: "Metrics, separated by commas: \(SetComparison.ComparedMetric.allCases.map(\.rawValue).joined(separator: ", ")).") var metrics = "fid"
    @Option(help: ArgumentHelp("Random exchanges of images between A and B.", valueName: "n")) var exchanges = 9999
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws {
        let comparison = SetComparison(
            try network.conventions, metrics: try SetComparison.metrics(named: metrics), confidence: output.confidence, exchanges: exchanges)
        try comparison.check()
        let bar = ProgressBar(isQuiet: network.quiet)
        defer { bar.close() }
        let sets = try network.evaluator(bar).prepare([
            ("reference", reference, network.open(reference), comparison.metrics == [.fid]), ("A", first, network.open(first), false), ("B", second, network.open(second), false),
        ])
        bar.close()
        let report = try comparison(sets[1], sets[2], reference: sets[0])
        try output.forms.write("comparison", of: first, text: report.text, json: report.json, csv: report.csv)
    }
}
