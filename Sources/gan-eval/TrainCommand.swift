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
    @OptionGroup var cores: CoreOptions
    @OptionGroup(title: "Recording options") var recording: RecordingOptions
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false

    func run() throws {
        let run = try resume.map(resumed) ?? fresh()
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        let total = run.trainer.configuration.steps
        run.isCancelled = { Interruption.isRequested }
        run.progress = { report in bar.update(run.trainer.configuration.game, report.step, total, unit: "steps", note: report.summary) }
        run.note = { bar.say($0) }
        (run.tracker, run.tags) = (try recording.recorder { line in
            bar.close()
            Terminal.write(line + "\n")
        }.map(RunTracker.init), recording.tags)
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
        return try Run(starting: configuration, in: RunFolder(output, creating: true), backend: cores.backend)
    }

    private func resumed(_ path: String) throws -> Run {
        guard file == nil, game == nil, data == nil, seed == nil, settings.isEmpty, output == nil else {
            throw ValidationError("--resume goes on with the configuration in the folder; only --steps, --threads and --quiet go with it")
        }
        return try Run(resuming: RunFolder(path, creating: false), steps: steps, backend: cores.backend)
    }
}
