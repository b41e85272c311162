import Archives
import ArgumentParser
import Games
import GeneratorMeasures
import Images
import Tensors
import Training

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Draw samples from a trained generator.",
        discussion: """
            Examples:
              gan-eval sample runs/digits -n 1000 -o samples/
              gan-eval sample runs/digits -n 1000 -o samples.h5 --classes 0,1
            """)
    @OptionGroup var source: RunOptions
    @OptionGroup var latents: LatentOptions
    @Option(name: .shortAndLong, help: "How many.") var n = 64
    @Option(name: .shortAndLong, help: ArgumentHelp("A new folder, .h5, .npz or .zip, or a single .png for a grid.", valueName: "path")) var output: String
    @OptionGroup var wanted: ClassOptions
    @Option(help: "Scale of the latents, or of what a mapping network makes of them around its mean; below 1 fidelity grows and diversity shrinks.") var truncation = 1.0
    @OptionGroup var store: StoreOptions

    func run() throws {
        guard n > 0 else { throw ValidationError("-n \(n): expected a positive number") }
        guard truncation.isFinite else { throw ValidationError("--truncation \(truncation): expected a number") }
        let trainer = try source.trainer()
        let labels = try wanted.classes(of: trainer).map { classes in (0..<n).map { classes[$0 % classes.count] } }
        try SampleWriter.write(n, to: output, labels: labels) { range, labels in
            try trainer.samples(range.count, SamplingOptions(labels: labels, truncation: truncation), "sample \(latents.seed) \(range.lowerBound)")
        }
        print("\(output): \(n) samples of step \(trainer.step)")
        store.recordFile(.samples, output, madeFrom: source.folder)
    }
}

struct InterpolateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interpolate", abstract: "Walk between latents and draw the way as a grid of pictures, or as an animation.",
        discussion: """
            Examples:
              gan-eval interpolate runs/digits -o walk.png --rows 6 --steps 9
              gan-eval interpolate runs/digits -o walk.png --animated --rows 16 --rate 20
              gan-eval interpolate runs/conditional -o sevens.png --classes 7
              gan-eval interpolate runs/mapped -o walk.png --space w
            """)
    @OptionGroup var source: RunOptions
    @OptionGroup var latents: LatentOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("The picture to write.", valueName: "file.png")) var output: String
    @Option(help: "Walks: the rows of a grid, the pictures side by side in an animation.") var rows = 6
    @Option(help: "Pictures in a walk, ends included; 9 by default, 30 in an animation.") var steps: Int?
    @OptionGroup var wanted: ClassOptions
    @Option(help: "How: spherical, the default in z, or linear, the only way in w.") var path: LatentWalk.Kind?
    @Option(help: "Where: z, or w in a game with a mapping network.") var space = LatentSpace.z
    @Flag(help: "Write an animated PNG in which all walks go there and back.") var animated = false
    @Option(help: ArgumentHelp("Pictures in a second of an animation; 15 by default.", valueName: "n")) var rate: Int?
    @Option(help: ArgumentHelp("How often an animation is shown; 0, the default, for ever.", valueName: "n")) var loops: Int?

    func validate() throws {
        for (name, value, allowed) in [("rows", rows, 1...10_000), ("steps", steps ?? 2, 2...10_000), ("rate", rate ?? 1, 1...1000), ("loops", loops ?? 0, 0...1_000_000)]
        where !allowed.contains(value) {
            throw ValidationError("--\(name) is \(value); expected a number from \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        if ![".png", ".apng"].contains(where: output.lowercased().hasSuffix), !output.hasPrefix("/dev/") { throw ValidationError("--output is \(output); expected a name that ends in .png") }
        if space == .w, path == .spherical { throw ValidationError("--path spherical is a way in z: latents in w have no prior to stay in") }
        if !animated, rate != nil || loops != nil { throw ValidationError("--rate and --loops go with --animated") }
    }

    func run() throws {
        let steps = steps ?? (animated ? 30 : 9)
        let trainer = try source.trainer(), stream = RandomStream(seed: latents.seed)["interpolate"]
        let samples = try trainer.walk(
            LatentWalk(kind: path ?? (space == .z ? .spherical : .linear), space: space, rows: rows, steps: steps, classes: wanted.classes(of: trainer), stream: stream))
        if animated {
            let animation = Animation(SampleGrid.frames(samples, walks: rows), rate: rate ?? 15, loops: loops ?? 0)
            try AtomicFile.write(animation.pngData(), to: output)
            print("\(output): \(rows) walks in \(animation.frames.count) pictures, \(animation.rate) a second")
        } else {
            try AtomicFile.write(SampleGrid.image(samples, columns: steps).pngData(), to: output)
            print("\(output): \(rows) walks of \(steps) pictures")
        }
    }
}

struct ReconstructCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconstruct", abstract: "Encode images and decode them again, where a game has an encoder.",
        discussion: "Example:\n  gan-eval reconstruct runs/vaegan digits.h5 -n 32 -o there-and-back.png")
    @OptionGroup var options: MappingOptions

    func run() throws { try options.write(.reconstruction) }
}

struct TranslateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate", abstract: "Translate images from one domain to the other, where a game has two.",
        discussion: "Example:\n  gan-eval translate runs/cyclegan horses/ -o zebras/ --direction forward")
    @OptionGroup var options: MappingOptions
    @Option(help: "forward, from the first domain to the second, or backward.") var direction: TranslationDirection = .forward

    func run() throws { try options.write(.translation(direction)) }
}

extension TranslationDirection: ExpressibleByArgument {}
extension LatentWalk.Kind: ExpressibleByArgument {}

/// Which checkpoint of which run.
struct RunOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run")) var folder: String
    @Option(help: ArgumentHelp("The checkpoint of this step, or best; the last by default.", valueName: "step")) var checkpoint: String?
    @OptionGroup var cores: CoreOptions

    func trainer() throws -> Trainer { try trained().trainer }

    /// The checkpoint, with what identifies it.
    func trained() throws -> TrainedRun { try TrainedRun(folder, checkpoint: file(in: RunFolder(folder, creating: false)), on: cores.backend) }

    private func file(in folder: RunFolder) throws -> String {
        let steps = folder.checkpointedSteps
        if checkpoint == "best" { return folder.best }
        guard let step = try checkpoint.map({ checkpoint in
            guard let step = Int(checkpoint), steps.contains(step) else {
                throw ValidationError("--checkpoint is \(checkpoint); expected one of best, \(steps.map(String.init).joined(separator: ", "))")
            }
            return step
        }) ?? steps.last else { throw TrainingError.run(folder: folder.path, reason: "has no checkpoint yet") }
        return folder.checkpoint(step)
    }
}

/// Where latents come from.
struct LatentOptions: ParsableArguments {
    @Option(help: "Seed of the latents.") var seed: UInt64 = 0
}

/// Which classes to draw.
struct ClassOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Classes to draw, in turn, separated by commas.", valueName: "list")) var classes: String?

    /// The classes, which the game has; nil where none were asked for.
    func classes(of trainer: Trainer) throws -> [Int]? {
        guard let classes else { return nil }
        let wanted = classes.split(separator: ",").map { Int($0) ?? -1 }, count = trainer.sampleClasses
        guard count > 0 else { throw ValidationError("--classes \(classes): \(trainer.configuration.game) makes samples without classes") }
        guard !wanted.isEmpty, wanted.allSatisfy({ 0..<count ~= $0 }) else {
            throw ValidationError("--classes \(classes): expected numbers below \(count), separated by commas")
        }
        return wanted
    }
}

/// What the commands that give a trained game images have in common.
struct MappingOptions: ParsableArguments {
    @OptionGroup var source: RunOptions
    @Argument(help: "Images: a folder, an archive, an array or one file.") var images: String
    @Option(name: .shortAndLong, help: "How many, from the first on; by default 32 in a picture, all otherwise.") var n: Int?
    @Option(name: .shortAndLong, help: ArgumentHelp("A new folder, .h5, .npz or .zip; or a .png picture, in which each original has its result to the right.", valueName: "path"))
    var output: String

    func validate() throws {
        if let n, n < 1 { throw ValidationError("-n \(n): expected a positive number") }
    }

    func write(_ mapping: ImageMapping) throws {
        let count = try source.trainer().write(mapping, of: images, count: n, to: output)
        print("\(output): \(count) images" + (output.lowercased().hasSuffix(".png") ? " beside their results" : ""))
    }
}
