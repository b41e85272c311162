import ArgumentParser
import Evaluation

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Which images make the FID what it is: generated ones that raise it, real ones that are not covered.",
        discussion: """
            The influence of a generated image is by how much the FID falls when it is removed, exactly. A real image is covered where a generated one is nearer than its fifth nearest real one.

            Examples:
              gan-eval explain real/ fake/ -o explanation/
              gan-eval explain real/ fake/ --labels --csv images.csv
            """)

    @Argument(help: "Real images or features.") var real: String
    @Argument(help: "Generated images or features.") var fake: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A folder for picture grids: worst-generated.png, best-generated.png, least-covered.png.", valueName: "folder")) var output: String?
    @Option(help: ArgumentHelp("Images of each kind in a grid.", valueName: "n")) var pictures = 64
    @Option(help: ArgumentHelp("Images of each kind in the text.", valueName: "n")) var top = 10
    @Option(help: "Neighbours whose distance is a real image's radius.") var neighbours = 5
    @Flag(help: "Tell by class as well: sub-folders, dataset.json, a list's second column, arr_1, or the data set labels.") var labels = false
    @OptionGroup(title: "Network options") var network: NetworkOptions
    @OptionGroup(title: "Output options") var results: FormOptions

    func validate() throws {
        for (name, value) in [("--pictures", pictures), ("--top", top), ("--neighbours", neighbours)] where !(1...10_000).contains(value) {
            throw ValidationError("\(name) is \(value); expected a number from 1 to 10000")
        }
    }

    func run() throws {
        let bar = ProgressBar(isQuiet: network.quiet)
        defer { bar.close() }
        let sets = try network.evaluator(bar).prepare([
            ("real", real, network.open(real, labelled: labels), false), ("fake", fake, network.open(fake, labelled: labels), false),
        ])
        bar.close()
        let explanation = try Explanation(real: sets[0], fake: sets[1], under: network.conventions, neighbours: neighbours)
        // What cannot be shown is found before anything is printed.
        if let output { try PictureFolder.write(explanation.pictures(count: pictures), to: output) }
        try results.write("explanation", of: fake, text: explanation.text(shown: top), json: explanation.json, csv: explanation.csv)
    }
}
