import ArgumentParser
import Evaluation
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct CopiesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copies", abstract: "Does a generator copy? Nearest training images, AuthPct, the data-copying test, repetitions and the size of the support.",
        discussion: """
            Near is what 1 % of the training images are to each other. Without held-out images nothing tells how near fresh images of the same kind would come.

            Examples:
              gan-eval copies fake/ --training train/ --held-out test/ -o copies/
              gan-eval copies fake/ --training train/ --csv pairs.csv
            """)

    @Argument(help: "Generated images or features.") var fake: String
    @Option(help: ArgumentHelp("What the generator was trained on: images or features.", valueName: "train")) var training: String
    @Option(help: ArgumentHelp("Real images that it was not trained on, for the data-copying test.", valueName: "test")) var heldOut: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("A folder for picture grids: closest-features.png, closest-pixels.png, closest-generated.png.", valueName: "folder")) var output: String?
    @Option(help: ArgumentHelp("Which fraction of the training images' nearest neighbours is nearer than what counts as near.", valueName: "fraction")) var near = 0.01
    @Option(help: ArgumentHelp("Width and height at which pixels are compared; 0 leaves them out.", valueName: "n")) var pixels = 32
    @Option(help: ArgumentHelp("Pairs of each kind in a grid.", valueName: "n")) var pictures = 32
    @Option(help: ArgumentHelp("Pairs in the text.", valueName: "n")) var top = 10
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Output options") var results: OutputOptions

    func validate() throws {
        for (name, value, allowed) in [("--pictures", pictures, 1...10_000), ("--top", top, 1...10_000)] where !allowed.contains(value) {
            throw ValidationError("\(name) is \(value); expected a number from \(allowed.lowerBound) to \(allowed.upperBound)")
        }
    }

    func run() throws {
        var search = CopySearch()
        (search.nearFraction, search.pixelSide, search.confidence) = (near, pixels == 0 ? nil : pixels, results.confidence)
        (search.workers, search.seed) = (network.threads ?? ProcessInfo.processInfo.activeProcessorCount, try network.conventions.seed)
        try search.check()
        let bar = ProgressBar(isQuiet: network.quiet)
        defer { bar.close() }
        var inputs = [("training", training, try network.open(training), false), ("fake", fake, try network.open(fake), false)]
        if let heldOut { inputs.append(("held-out", heldOut, try network.open(heldOut), false)) }
        let sets = try network.evaluator(bar).prepare(inputs)
        bar.close()
        let report = try search(sets[1], training: sets[0], heldOut: sets.count > 2 ? sets[2] : nil)
        // What cannot be shown is found before anything is printed.
        if let output { try PictureFolder.write(report.pictures(count: pictures), to: output) }
        try results.forms.write("copies", of: fake, text: report.text(shown: top), json: report.json, csv: report.csv)
    }
}
