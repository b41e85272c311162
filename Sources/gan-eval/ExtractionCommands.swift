import Archives
import ArgumentParser
import Datasets
import Evaluation
import Tracking

struct FeaturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features", abstract: "Extract features into an HDF5 file that stands for the images from then on.",
        discussion: "Example: gan-eval features fake/ -o fake.h5 && gan-eval evaluate real/ fake.h5")

    @Argument(help: "Images.") var images: String
    @Option(name: .shortAndLong, help: "The HDF5 file to write.") var output: String
    @Flag(help: "Keep no class scores; the Inception Score cannot be computed from the file then.") var noLogits = false
    @Flag(help: "Keep the images' classes as well: sub-folders, dataset.json, a list's second column, arr_1, or the data set labels.") var labels = false
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Recording options") var store: StoreOptions

    func run() throws {
        let bar = ProgressBar(isQuiet: network.quiet)
        defer { bar.close() }
        let source = network.select(try ImageSource.open(images, labelled: labels))
        let extracted = try network.evaluator(bar).extract(source, named: images, keepsLogits: !noLogits)
        bar.close()
        extracted.skippedNote(images).map { Terminal.write("note: \($0)\n") }
        let classes = try extracted.labels(from: source)
        if let classes {
            try extracted.file.copy(to: output, labels: classes)
        } else {
            try AtomicFile.copy(extracted.file.path, to: output)
        }
        print("\(output): \(extracted.file.count) images, \(extracted.file.dimension) features each" + (classes.map { ", \($0.classNames.count) classes" } ?? ""))
        store.recordFile(.features, output, madeFrom: images)
    }
}

struct StatisticsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statistics", abstract: "Write mean and covariance of the features: HDF5 with identity, or .npz for other tools.",
        discussion: "Example: gan-eval statistics real/ -o real.h5; with -o real.npz, pytorch-fid and clean-fid read it.")

    @Argument(help: "Images or features.") var images: String
    @Option(name: .shortAndLong, help: "The file to write: .h5 or .npz.") var output: String
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Recording options") var store: StoreOptions

    func validate() throws {
        guard output.hasSuffix(".h5") || output.hasSuffix(".npz") else { throw ValidationError("--output is \(output); expected a name that ends in .h5 or .npz") }
    }

    func run() throws {
        let bar = ProgressBar(isQuiet: network.quiet)
        defer { bar.close() }
        let (file, owner) = try features(bar)
        let moments = try Moments(file)
        bar.close()
        owner?.skippedNote(images).map { Terminal.write("note: \($0)\n") }
        if output.hasSuffix(".npz") {
            let convention = try EvaluationProtocol.named(network.proto).frechet.convention
            try NumPyStatistics(statistics: moments.statistics(convention)).write(to: output)
        } else {
            try StatisticsFile(identity: file.identity, moments: moments).write(to: output)
        }
        print("\(output): statistics of \(moments.count) images, \(moments.dimension) features")
        store.recordFile(.statistics, output, madeFrom: images)
        withExtendedLifetime(owner) {}
    }

    private func features(_ bar: ProgressBar) throws -> (FeaturesFile, ExtractedFeatures?) {
        switch try network.open(images) {
        case let .features(file):
            try network.conventions.expect(file.identity, of: images)
            return (file, nil)
        case let .images(source):
            let extracted = try network.evaluator(bar).extract(source, named: images, keepsLogits: false)
            return (extracted.file, extracted)
        case .statistics, .foreignStatistics:
            throw EvaluationError.wrongFile(path: images, expected: "images or features", found: "statistics")
        }
    }
}
