import ArgumentParser
import Evaluation

/// Runs metrics and writes their report.
private func evaluate(_ metrics: [any Metric], real: String?, fake: String, training: String? = nil, jackknife: Int? = nil, _ network: NetworkOptions, _ output: OutputOptions) throws {
    let bar = ProgressBar(isQuiet: network.quiet)
    defer { bar.close() }
    var evaluator = try network.evaluator(bar)
    evaluator.confidence = output.confidence
    evaluator.jackknife = jackknife.map { GroupJackknife(groups: $0) }
    let labelled = metrics.contains { $0.about.needs.contains(.labels) }
    let report = try evaluator.evaluate(metrics, real: real.map { try network.open($0, labelled: labelled) }, fake: network.open(fake, labelled: labelled), training: training.map { try network.open($0) })
    bar.close()
    try output.write(report, of: fake)
}

struct FIDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fid", abstract: "Fréchet distance between real and generated images, with a 95 % interval.",
        discussion: "Example: gan-eval fid real/ fake/ --network inception-v3 --protocol clean-fid")

    @Argument(help: "Real images, features or statistics.") var real: String
    @Argument(help: "Generated images, features or statistics.") var fake: String
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws { try evaluate(MetricCatalog.named("fid"), real: real, fake: fake, network, output) }
}

struct KIDCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kid", abstract: "Kernel distance (unbiased MMD²) between real and generated images.",
        discussion: "Example: gan-eval kid real/ fake/ --protocol torch-fidelity --network inception-v3")

    @Argument(help: "Real images or features.") var real: String
    @Argument(help: "Generated images or features.") var fake: String
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws { try evaluate(MetricCatalog.named("kid"), real: real, fake: fake, network, output) }
}

struct InceptionScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "is", abstract: "Inception Score of generated images.", discussion: "Example: gan-eval is fake/")

    @Argument(help: "Generated images or features with class scores.") var fake: String
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws { try evaluate(MetricCatalog.named("is"), real: nil, fake: fake, network, output) }
}

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Several metrics from one pass over the images.",
        discussion: "Example: gan-eval evaluate real/ fake/ --metrics fid,kid,precision,recall --json result.json --csv result.csv")

    @Argument(help: "Real images or features.") var real: String
    @Argument(help: "Generated images or features.") var fake: String
    @Option(help: "Metrics, separated by commas; see `gan-eval metrics list`.") var metrics = "fid,kid,is"
    @Option(help: ArgumentHelp("What the generator was trained on, for metrics of memorisation; REAL then is what it has not seen.", valueName: "images")) var training: String?
    @Option(help: ArgumentHelp("Give metrics that tell no interval one by leaving out each of n random groups of generated images in turn; 20 is usual, and takes 20 times their time.", valueName: "n")) var jackknife: Int?
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Output options") var output: OutputOptions

    func validate() throws {
        if let jackknife, jackknife < 2 { throw ValidationError("--jackknife is \(jackknife); expected a number of groups of at least 2") }
    }

    func run() throws { try evaluate(MetricCatalog.named(metrics), real: real, fake: fake, training: training, jackknife: jackknife, network, output) }
}

struct ProtocolsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "protocols", abstract: "List the protocols: whose number comes out.")

    func run() {
        let width = EvaluationProtocol.all.map(\.name.count).max() ?? 0
        for proto in EvaluationProtocol.all {
            print(proto.name + String(repeating: " ", count: width - proto.name.count) + "  " + proto.summary)
        }
    }
}
