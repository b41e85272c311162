import ArgumentParser
import Datasets
import Games
import Tensors
import Training

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a game on images or on a toy distribution.",
        discussion: """
            Settings come from CONFIG.yaml, then from --game, --data, --steps and --set, in this order.

            Examples:
              gan-eval train --game original --data ring --steps 5000 -o runs/ring
              gan-eval train config.yaml -o runs/digits
              gan-eval train --game dcgan --data Fixtures/mnist-1000.h5 --set generator.learningRate=0.0001 -o runs/digits
              gan-eval train --resume runs/digits
            """)
    @Argument(help: ArgumentHelp("A configuration file.", valueName: "config.yaml")) var file: String?
    @Option(help: "The game; see `gan-eval games list`.") var game: String?
    @Option(help: "Images, or the name of a toy distribution.") var data: String?
    @Option(help: ArgumentHelp("Steps in all.", valueName: "n")) var steps: Int?
    @Option(help: ArgumentHelp("Where all random numbers come from.", valueName: "n")) var seed: Int?
    @Option(name: .customLong("set"), help: ArgumentHelp("A setting of the run or the game; see `gan-eval games show NAME`.", valueName: "name=value")) var settings: [String] = []
    @Option(name: .shortAndLong, help: ArgumentHelp("The run's folder; made new.", valueName: "folder")) var output: String?
    @Option(help: ArgumentHelp("Go on with the run in this folder.", valueName: "folder")) var resume: String?
    @Option(help: ArgumentHelp("Cores to use; all by default.", valueName: "n")) var threads: Int?
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false

    func run() throws {
        let run = try resume.map(resumed) ?? fresh()
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        let total = run.trainer.configuration.steps
        run.isCancelled = { Interruption.isRequested }
        run.progress = { report in bar.update(run.trainer.configuration.game, report.step, total, unit: "steps", note: report.summary) }
        run.note = { bar.say($0) }
        Interruption.listen(true)
        defer { Interruption.listen(false) }
        try run.run()
        bar.close()
        print("\(run.folder.path): \(run.trainer.step) steps of \(run.trainer.configuration.game); sample with: gan-eval sample \(run.folder.path) -n 64 -o samples")
    }

    private func fresh() throws -> Run {
        var configuration = try file.map { try RunConfiguration(reading: $0) } ?? RunConfiguration()
        if let game { try configuration.change("game", to: game) }
        if let data { configuration.data = data }
        if let steps { try configuration.change("steps", to: "\(steps)") }
        if let seed { try configuration.change("seed", to: "\(seed)") }
        for setting in settings {
            guard let equals = setting.firstIndex(of: "=") else { throw ValidationError("--set \(setting): expected name=value") }
            try configuration.change(String(setting[..<equals]), to: String(setting[setting.index(after: equals)...]))
        }
        guard !configuration.data.isEmpty else { throw ValidationError("--data is missing: a folder or file of images, or \(ToyDistribution.all.map(\.name).joined(separator: ", "))") }
        guard let output else { throw ValidationError("-o is missing: the folder of the new run") }
        return try Run(starting: configuration, in: RunFolder(output, creating: true), backend: CPUBackend(threads: threads))
    }

    private func resumed(_ path: String) throws -> Run {
        guard file == nil, game == nil, data == nil, seed == nil, settings.isEmpty, output == nil else {
            throw ValidationError("--resume goes on with the configuration in the folder; only --steps, --threads and --quiet go with it")
        }
        return try Run(resuming: RunFolder(path, creating: false), steps: steps, backend: CPUBackend(threads: threads))
    }
}

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Draw samples from a trained generator.",
        discussion: """
            Examples:
              gan-eval sample runs/digits -n 1000 -o samples/
              gan-eval sample runs/digits -n 1000 -o samples.h5 --classes 0,1
            """)
    @OptionGroup var source: RunOptions
    @Option(name: .shortAndLong, help: "How many.") var n = 64
    @Option(name: .shortAndLong, help: ArgumentHelp("A folder, .h5, .npz or .zip, or a single .png for a grid.", valueName: "path")) var output: String
    @Option(help: ArgumentHelp("Classes to draw, in turn, separated by commas.", valueName: "list")) var classes: String?
    @Option(help: "Scale of the latents; below 1 fidelity grows and diversity shrinks.") var truncation = 1.0

    func run() throws {
        guard n > 0 else { throw ValidationError("-n \(n): expected a positive number") }
        let trainer = try source.trainer()
        var labels: [Int]?
        if let classes {
            let wanted = classes.split(separator: ",").map { Int($0) ?? -1 }
            guard !wanted.isEmpty, wanted.allSatisfy({ 0..<trainer.classCount ~= $0 }) else {
                throw ValidationError("--classes \(classes): expected numbers below \(trainer.classCount), separated by commas")
            }
            labels = (0..<n).map { wanted[$0 % wanted.count] }
        }
        try SampleWriter.write(n, to: output, labels: labels) { range, labels in
            try trainer.samples(range.count, SamplingOptions(labels: labels, truncation: truncation), "sample \(source.seed) \(range.lowerBound)")
        }
        print("\(output): \(n) samples of step \(trainer.step)")
    }
}

struct InterpolateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interpolate", abstract: "Walk between latents and draw the way as a grid of pictures.",
        discussion: "Example:\n  gan-eval interpolate runs/digits -o walk.png --rows 6 --steps 9")
    @OptionGroup var source: RunOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The picture, or an animated one with --animated.", valueName: "file.png")) var output: String
    @Option(help: "Walks, one in a row.") var rows = 6
    @Option(help: "Pictures in a walk, ends included.") var steps = 9
    @Option(help: "How: spherical or linear.") var path: LatentWalk.Kind = .spherical

    func run() throws {
        guard rows > 0, steps > 1 else { throw ValidationError("--rows and --steps must be positive, --steps at least 2") }
        let trainer = try source.trainer()
        let walk = LatentWalk(kind: path, rows: rows, steps: steps, stream: RandomStream(seed: UInt64(source.seed))["interpolate"])
        let samples = try trainer.walk(walk)
        try SampleGrid.image(samples, columns: steps).write(to: output)
        print("\(output): \(rows) walks of \(steps) pictures")
    }
}

struct ReconstructCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconstruct", abstract: "Encode images and decode them again, where a game has an encoder.",
        discussion: "Example:\n  gan-eval reconstruct runs/vaegan digits.h5 -n 32 -o there-and-back.png")
    @OptionGroup var source: RunOptions
    @Argument(help: "Images.") var images: String
    @Option(name: .shortAndLong, help: "How many; originals and reconstructions stand side by side.") var n = 32
    @Option(name: .shortAndLong, help: ArgumentHelp("The picture.", valueName: "file.png")) var output: String

    func run() throws {
        let trainer = try source.trainer()
        try trainer.reconstructions(of: images, count: n).write(to: output)
        print("\(output): \(n) images beside their reconstructions")
    }
}

struct TranslateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate", abstract: "Translate images from one domain to the other, where a game has two.",
        discussion: "Example:\n  gan-eval translate runs/cyclegan horses/ -o zebras/ --direction forward")
    @OptionGroup var source: RunOptions
    @Argument(help: "Images of the domain to translate from.") var images: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A folder, .h5, .npz, .zip, or a .png grid.", valueName: "path")) var output: String
    @Option(help: "forward, from the first domain to the second, or backward.") var direction: TranslationDirection = .forward

    func run() throws {
        let trainer = try source.trainer(), translated = try trainer.translations(of: images, direction)
        try SampleWriter.write(translated.shape[0], to: output, labels: nil) { range, _ in translated.sliced(axis: 0, range) }
        print("\(output): \(translated.shape[0]) images")
    }
}

extension TranslationDirection: ExpressibleByArgument {}
extension LatentWalk.Kind: ExpressibleByArgument {}

/// Which checkpoint of which run.
struct RunOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run")) var folder: String
    @Option(help: ArgumentHelp("The checkpoint of this step; the last by default.", valueName: "step")) var checkpoint: Int?
    @Option(help: "Seed of the latents.") var seed = 0
    @Option(help: ArgumentHelp("Cores to use; all by default.", valueName: "n")) var threads: Int?

    func trainer() throws -> Trainer {
        let folder = try RunFolder(folder, creating: false)
        guard let step = checkpoint ?? folder.checkpointedSteps.last else { throw TrainingError.run(folder: folder.path, reason: "has no checkpoint yet") }
        return try Trainer(restoring: folder.checkpoint(step), backend: CPUBackend(threads: threads))
    }
}
