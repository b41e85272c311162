import ArgumentParser
import Datasets
import Evaluation
import GeneratorMeasures

struct ClassificationAccuracyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cas", abstract: "Classification accuracy score and GAN-test: networks learn the classes from one set and are tested on the other.",
        discussion: """
            Both sets are folders with a sub-folder for each class, or other collections with labels, and have the same classes. Two networks are trained from nothing, as by `gan-eval networks train`: CAS is how well the one that
            learnt from FAKE tells REAL, GAN-test how well the one that learnt from REAL tells FAKE. `gan-eval evaluate --metrics gan-train,gan-test` takes seconds instead: linear classifiers on features.

            Example: gan-eval cas digits.h5 samples.h5 --epochs 20 -o networks/
            """)
    @Argument(help: "Real images with classes.") var real: String
    @Argument(help: "Generated images with classes.") var fake: String
    @Option(name: .shortAndLong, help: ArgumentHelp("Keep both networks here, in the place of earlier ones; a stopped command goes on from them.", valueName: "folder")) var output: String?
    @OptionGroup var classifier: ClassifierOptions
    @OptionGroup var cores: CoreOptions
    @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
    @OptionGroup(title: "Output options") var forms: OutputOptions

    func run() throws {
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        var measure = ClassificationAccuracyScore()
        (measure.settings, measure.layers) = (classifier.settings(usual: measure.settings), try classifier.description)
        (measure.folder, measure.confidence) = (output, forms.confidence)
        measure.progress = { name, step, steps, loss in
            Interruption.listen(step < steps)
            bar.update(name, step, steps, unit: "steps", note: "loss \((loss * 1000).rounded() / 1000)")
        }
        measure.note = { bar.say($0) }
        measure.isCancelled = { Interruption.isRequested }
        Interruption.listen(true)
        defer { Interruption.listen(false) }
        let report = try measure(real: ImageSource.open(real, labelled: true), fake: ImageSource.open(fake, labelled: true), on: cores.backend)
        bar.close()
        try forms.write(report, of: fake)
    }
}
