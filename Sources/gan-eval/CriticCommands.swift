import ArgumentParser
import Evaluation
import GeneratorMeasures
import Tensors

struct DualityGapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duality-gap", abstract: "How far a game is from its equilibrium: what either player could still gain if the other stood still.",
        discussion: "Example: gan-eval duality-gap runs/digits --steps 500")
    @OptionGroup var source: RunOptions
    @OptionGroup var real: RealOptions
    @Option(help: "Steps for which the worst critic and the worst generator are trained each.") var steps = 500
    @Flag(help: "Begin both searches from fresh weights and not from the players'.") var fresh = false
    @Option(name: .shortAndLong, help: "Samples on which the gap is measured.") var n = 2048
    @OptionGroup var latents: LatentOptions
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws {
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        let run = try source.trained()
        var measure = DualityGap()
        (measure.steps, measure.startsFresh, measure.count, measure.seed, measure.confidence) = (steps, fresh, n, latents.seed, output.confidence)
        measure.progress = bar.following("duality gap", unit: "steps")
        measure.isCancelled = { Interruption.isRequested }
        let report = try measure(run, real: RealSamples(of: run, data: real.data))
        bar.close()
        try output.write(report, of: source.folder)
    }
}

struct CriticCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "critic", abstract: "Earth mover's distance by an independent critic: trained on halves of both sets, judged on the other halves.",
        discussion: "Example: gan-eval critic real/ fake/ --size 32 --steps 1000")
    @Argument(help: "Real samples: images, or a distribution of points.") var real: String
    @Argument(help: "Generated samples.") var fake: String
    @OptionGroup var critic: FreshCriticOptions
    @Option(help: "Steps of training.") var steps = 1000
    @Option(name: .shortAndLong, help: "Samples of each set that are judged, at most.") var n = 10_000
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws {
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        let sets = try SampleSets.open([real, fake], side: critic.size)
        var measure = IndependentCritic()
        (measure.steps, measure.width, measure.count, measure.seed, measure.confidence) = (steps, critic.width, n, critic.latents.seed, output.confidence)
        measure.progress = bar.following("critic", unit: "steps")
        measure.isCancelled = { Interruption.isRequested }
        let result = try measure(real: sets[0], fake: sets[1], on: critic.cores.backend)
        bar.close()
        try output.write(EvaluationReport(results: [result], titles: ["Independent critic"], identity: measure.identity(sets), realCount: result.realCount, fakeCount: result.fakeCount), of: fake)
    }
}

struct NRDSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nrds", abstract: "Normalised relative discriminative score: how long one critic takes to tell each of several generated sets from the real one.",
        discussion: "Example: gan-eval nrds real/ dcgan/ wgan/ sngan/")
    @Argument(help: "Real samples: images, or a distribution of points.") var real: String
    @Argument(help: ArgumentHelp("Generated samples, at least two sets.", valueName: "fake")) var fakes: [String]
    @OptionGroup var critic: FreshCriticOptions
    @Option(help: "Epochs of training.") var epochs = 10
    @Option(help: ArgumentHelp("How often all is repeated with another critic.", valueName: "n")) var repetitions = 3
    @Option(name: .shortAndLong, help: "Samples of each set whose outputs are averaged, at most.") var n = 1000
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws {
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        let sets = try SampleSets.open([real] + fakes, side: critic.size)
        var measure = RelativeDiscriminativeScore()
        (measure.epochs, measure.repetitions, measure.width, measure.count, measure.seed) = (epochs, repetitions, critic.width, n, critic.latents.seed)
        measure.confidence = output.confidence
        measure.progress = bar.following("NRDS", unit: "epochs")
        measure.isCancelled = { Interruption.isRequested }
        let results = try measure(real: sets[0], fakes: Array(sets.dropFirst()), on: critic.cores.backend)
        bar.close()
        try output.write(EvaluationReport(results: results, titles: fakes.map { "NRDS of \($0)" }, identity: measure.identity(sets), realCount: sets[0].source.count), of: fakes.joined(separator: ", "))
    }
}

/// A critic that is trained for a measure alone.
struct FreshCriticOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Side to which images are cropped and resized: 8, 16, 32, 64, …", valueName: "pixels")) var size = 32
    @Option(help: "Channels behind the critic's first convolution; hidden units for points.") var width = 32
    @OptionGroup var latents: SeedOptions
    @OptionGroup var cores: CoreOptions
}

/// Where random numbers come from.
struct SeedOptions: ParsableArguments {
    @Option(help: "Seed of weights and batches.") var seed: UInt64 = 0
}
