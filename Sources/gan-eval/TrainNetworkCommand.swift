import ArgumentParser
import Datasets
import Evaluation
import FeatureNetworks
import Training

extension NetworksCommand {
    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train a small classifier on labelled images and keep it as a feature network of your own.",
            discussion: """
                DATA is a folder with a sub-folder for each class, or any other collection with labels; see `gan-eval datasets info`. A stopped training goes on where it was when the same command is given again.

                Examples:
                  gan-eval networks train digits.h5 -o digits
                  gan-eval evaluate real/ fake/ --metrics fid,is --network digits
                """)
        @Argument(help: "Images with classes.") var data: String
        @Option(help: ArgumentHelp("The classes, in a text file with one line for each image in the order of DATA; by default they are DATA's own.", valueName: "file")) var labels: String?
        @Option(name: .shortAndLong, help: ArgumentHelp("Name of the network, which goes to your own networks; or a path that ends in .yaml.", valueName: "name")) var output: String
        @OptionGroup var classifier: ClassifierOptions
        @Flag(help: "Take the place of a network of this name.") var replace = false
        @OptionGroup var cores: CoreOptions
        @OptionGroup(title: "Recording options") var recording: RecordingOptions
        @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false

        func run() throws {
            let (name, path) = try target()
            let labelled = try ImageSource.open(data, labelled: labels == nil), images = try labels.map { try labelled.labelled(by: $0) } ?? labelled
            let trainer = try ClassifierTrainer(images, named: name, layers: classifier.description, classifier.settings(), on: cores.backend)
            var run = ClassifierRun(trainer, to: path)
            let bar = ProgressBar(isQuiet: quiet)
            defer { bar.close() }
            run.isCancelled = { Interruption.isRequested }
            run.progress = { step, loss in bar.update(name, step, trainer.steps, unit: "steps", note: "loss \((loss * 1000).rounded() / 1000)") }
            run.note = { bar.say($0) }
            (run.recorder, run.tags) = (try recording.recorder(of: name) { line in
                bar.close()
                Terminal.write(line + "\n")
            }, recording.tags)
            Interruption.listen(true)
            defer { Interruption.listen(false) }
            let (description, accuracy) = try run.run()
            bar.close()
            print("\(path): \(description.classNames?.count ?? 0) classes, accuracy \(accuracy.text)" + (accuracy.weakest.map { ", weakest \($0.name) with \(ClassifierAccuracy.percent($0.share)) % of \($0.count)" } ?? ""))
            accuracy.warning.map { Terminal.write("note: \($0)\n") }
            print("use it with: gan-eval fid REAL FAKE --network \(output)")
        }

        /// What the network is called and where it goes.
        private func target() throws -> (name: String, path: String) {
            let isPath = output.contains("/") || output.hasSuffix(".yaml")
            let name = isPath ? String((output.split(separator: "/").last ?? "").dropLast(".yaml".count)) : output
            guard !isPath || output.hasSuffix(".yaml"), NetworkStore.isName(name) else {
                throw ValidationError("--output is \(output); expected a name of letters, digits, '-', '_' and '.', or a path that ends in .yaml")
            }
            guard !FeatureNetworkCatalog.names.contains(name) else { throw ValidationError("--output is \(output), which is a network of this package; choose another name") }
            let path = isPath ? output : NetworkStore.standard().path(of: name)
            guard replace || !NetworkStore.exists(path) else { throw ValidationError("\(path): there is such a network; choose another name, or take its place with --replace") }
            return (name, path)
        }
    }
}

/// How a classifier is trained.
struct ClassifierOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A description whose layers are trained in place of the usual ones.", valueName: "file")) var layers: String?
    @Option(help: ArgumentHelp("Height and width of the input; by default those of the first image, 64 at most.", valueName: "n")) var side: Int?
    @Option(help: ArgumentHelp("Channels of the input, 1 or 3; by default those of the first image.", valueName: "n")) var channels: Int?
    @Option(help: ArgumentHelp("Channels of the first layers; the features are four times as many.", valueName: "n")) var width: Int?
    @Option(help: ArgumentHelp("How often every training image is seen.", valueName: "n")) var epochs: Int?
    @Option(help: ArgumentHelp("Images in one step.", valueName: "n")) var batchSize: Int?
    @Option(help: ArgumentHelp("Step size at its highest.", valueName: "x")) var rate: Double?
    @Option(help: ArgumentHelp("Share of each class that is kept from training, to measure the accuracy on.", valueName: "share")) var heldOut: Double?
    @Option(help: ArgumentHelp("Pixels by which images are moved at most; a fourteenth of the side by default.", valueName: "n")) var shift: Int?
    @Flag(help: "Mirror images at random: for objects and landscapes, not for digits and letters.") var mirrors = false
    @Option(help: ArgumentHelp("Where all random numbers come from.", valueName: "n")) var seed: Int?

    func validate() throws {
        guard layers == nil || side == nil && channels == nil && width == nil else { throw ValidationError("--layers says what the input and the layers are; --side, --channels and --width do not go with it") }
    }

    /// The layers asked for.
    var description: NetworkDescription? {
        get throws { try layers.map { try NetworkDescription(reading: $0) } }
    }

    /// What was asked for, in place of what is usual.
    func settings(usual: ClassifierSettings = ClassifierSettings()) -> ClassifierSettings {
        var settings = usual
        (settings.side, settings.channels, settings.shift, settings.mirrors) = (side, channels, shift, mirrors)
        (settings.width, settings.epochs, settings.batchSize) = (width ?? settings.width, epochs ?? settings.epochs, batchSize ?? settings.batchSize)
        (settings.rate, settings.heldOut, settings.seed) = (rate ?? settings.rate, heldOut ?? settings.heldOut, seed ?? settings.seed)
        return settings
    }
}
