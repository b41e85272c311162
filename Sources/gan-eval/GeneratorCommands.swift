import Archives
import ArgumentParser
import Evaluation
import FeatureNetworks
import Games
import GeneratorMeasures
import Images
import Training
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension PerceptualPathLength.Convention: ExpressibleByArgument {}
extension LatentSpace: ExpressibleByArgument {}
extension PerceptualPathLength.Sampling: ExpressibleByArgument {}

struct PathLengthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path-length", abstract: "Perceptual path length (PPL): how much a trained generator's pictures change along short steps through its latents.",
        discussion: """
            Examples:
              gan-eval path-length runs/faces
              gan-eval path-length runs/faces --convention torchmetrics --network vgg16 -n 50000
              gan-eval path-length runs/digits --size 64
            """)
    @OptionGroup var source: RunOptions
    @OptionGroup var latents: LatentOptions
    @OptionGroup var wanted: ClassOptions
    @Option(name: .shortAndLong, help: "Steps to measure; the papers take 50000.") var n = 10_000
    @Option(help: "Whose definition: stylegan, torch-fidelity or torchmetrics.") var convention = PerceptualPathLength.Convention.stylegan
    @Option(help: "Where: z, or w in a game with a mapping network.") var space = LatentSpace.z
    @Option(help: "full, steps anywhere on the way, or end, at its beginning; by default the convention's.") var sampling: PerceptualPathLength.Sampling?
    @Option(help: "The way in z: spherical or linear; by default the convention's.") var path: LatentWalk.Kind?
    @Option(help: "Which part of the way a step is.") var epsilon = 1e-4
    @Flag(help: "Compare the middle of the picture only, as StyleGAN does for faces.") var crop = false
    @Option(help: ArgumentHelp("Bring pictures to so many pixels a side before they are compared; by default the convention's.", valueName: "pixels")) var size: Int?
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
    @OptionGroup(title: "LPIPS options") var lpips: LPIPSOptions
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws {
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        let run = try source.trained()
        var measure = PerceptualPathLength()
        (measure.convention, measure.space, measure.sampling, measure.way) = (convention, space, sampling, path)
        (measure.step, measure.crops, measure.side, measure.count) = (epsilon, crop, size, n)
        (measure.classes, measure.seed, measure.confidence) = (try wanted.classes(of: run.trainer), latents.seed, output.confidence)
        measure.workers = source.cores.threads ?? ProcessInfo.processInfo.activeProcessorCount
        measure.progress = bar.following("PPL", unit: "steps")
        measure.isCancelled = { Interruption.isRequested }
        let report = try measure(run, distance: lpips.measure(threads: source.cores.threads))
        bar.close()
        try output.write(report, of: source.folder)
    }
}

/// Runs that are measured together.
struct RunsOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Folders of runs, with every checkpoint that they kept, or files of checkpoints.", valueName: "run")) var runs: [String]
    @Flag(help: "Only the last checkpoint of each run.") var last = false
    @OptionGroup var cores: CoreOptions

    func open() throws -> [TrainedRun] { try TrainedRun.open(runs, lastOnly: last, on: cores.backend) }
}

/// Real samples for the measures of runs.
struct RealOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Real samples that the runs were not trained on, as train takes them; by default what the first run held out, or else its own data.", valueName: "path")) var data: String?
}

struct TournamentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tournament", abstract: "Every critic against every generator: win rates, skill ratings (Glicko-2) and the generative adversarial metric of checkpoints and runs.",
        discussion: """
            A run keeps its last two checkpoints; with train --set checkpointKeep=20 it keeps more.

            Examples:
              gan-eval tournament runs/digits
              gan-eval tournament runs/dcgan runs/wgan-gp --last --data held-out/
            """)
    @OptionGroup var players: RunsOptions
    @OptionGroup var real: RealOptions
    @Option(name: .shortAndLong, help: "Samples from each side; whole matches of 64 are played.") var n = 1024
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws {
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        let runs = try players.open()
        var tournament = Tournament()
        (tournament.count, tournament.confidence) = (n, output.confidence)
        tournament.progress = bar.following("tournament", unit: "pairs")
        tournament.isCancelled = { Interruption.isRequested }
        let found = try tournament(runs, real: RealSamples(of: runs[0], data: real.data))
        bar.close()
        try output.forms.write("evaluation", of: players.runs.joined(separator: ", "), text: found.text, json: found.report.json, csv: found.report.csv)
    }
}

struct ReconstructionErrorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconstruction-error", abstract: "How near a generator can come to real samples: for each the best latent is looked for.",
        discussion: "Example: gan-eval reconstruction-error runs/digits --data held-out.h5 -n 64 -o pairs.png")
    @OptionGroup var source: RunOptions
    @OptionGroup var real: RealOptions
    @OptionGroup var latents: LatentOptions
    @Option(name: .shortAndLong, help: "Real samples.") var n = 64
    @Option(help: "Random latents from which each search begins anew.") var restarts = 3
    @Option(help: "The most steps of a search.") var steps = 100
    @Option(name: .shortAndLong, help: ArgumentHelp("A picture of the first 32 samples, each with its reconstruction to the right.", valueName: "file.png")) var output: String?
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
    @OptionGroup(title: "Output options") var results: OutputOptions

    func run() throws {
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        let run = try source.trained()
        var measure = ReconstructionError()
        (measure.count, measure.restarts, measure.steps, measure.seed, measure.confidence) = (n, restarts, steps, latents.seed, results.confidence)
        measure.progress = bar.following("reconstruction", unit: "samples")
        measure.isCancelled = { Interruption.isRequested }
        let found = try measure(run, real: RealSamples(of: run, data: real.data))
        bar.close()
        if let output {
            guard let picture = found.picture else { throw ValidationError("-o \(output): this run's samples are points") }
            try AtomicFile.write(picture.pngData(), to: output)
        }
        try results.write(found.report, of: source.folder)
    }
}

extension SeparabilityOfRun.Classes: ExpressibleByArgument {}

struct SeparabilityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "separability", abstract: "Linear separability: how well classes of the pictures can be read off a generator's latents by hyperplanes.",
        discussion: "Example: gan-eval separability runs/digits --data digits.h5 -n 5000")
    @OptionGroup var source: RunOptions
    @OptionGroup var real: RealOptions
    @OptionGroup var latents: LatentOptions
    @Option(name: .shortAndLong, help: "Pictures; the paper takes 200000.") var n = 2000
    @Option(help: "Which latents: z, or w in a game with a mapping network.") var space = LatentSpace.z
    @Option(help: "Whose classes: of the run's labelled data, learnt from the network's features, or the network's own scores.") var classes = SeparabilityOfRun.Classes.data
    @Option(help: "The feature network; see `gan-eval networks list`.") var network = FeatureNetworkCatalog.defaultName
    @Option(help: ArgumentHelp("A weights file for the network.", valueName: "file")) var weights: String?
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
    @OptionGroup(title: "Output options") var output: FormOptions

    func run() throws {
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        let run = try source.trained()
        var measure = SeparabilityOfRun()
        (measure.classes, measure.space, measure.count, measure.seed) = (classes, space, n, latents.seed)
        measure.workers = source.cores.threads ?? ProcessInfo.processInfo.activeProcessorCount
        measure.progress = { name, done, total in
            Interruption.listen(done < total)
            bar.update(name, done, total)
        }
        measure.isCancelled = { Interruption.isRequested }
        let data = classes == .data ? try RealSamples(of: run, data: real.data) : nil
        let report = try measure(run, real: data, network: LoadedNetwork(network, weights: weights, on: source.cores.backend))
        bar.close()
        try output.write("evaluation", of: source.folder, text: report.text, json: report.json, csv: report.csv)
    }
}
