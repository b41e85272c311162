import Archives
import ArgumentParser
import Datasets
import Evaluation
import FeatureNetworks
import LinearAlgebra
import Tensors
import Weights
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Format of the activations.
enum Precision: String, ExpressibleByArgument, CaseIterable {
    case float32, bfloat16
}

/// Options of every command that runs a network.
struct NetworkOptions: ParsableArguments {
    @Option(help: "The feature network; see `gan-eval networks list`. The path of a description that ends in .yaml will do.")
    var network = FeatureNetworkCatalog.defaultName
    @Option(help: ArgumentHelp("A weights file for the network: PyTorch, TorchScript, safetensors, HDF5 or npz.", valueName: "file"))
    var weights: String?
    @Option(name: .customLong("protocol"), help: ArgumentHelp("Whose conventions to follow; see `gan-eval protocols`.", valueName: "name"))
    var proto = "default"
    @Option(help: "Where in the network features are read; see `gan-eval networks show NAME`.")
    var tap: String?
    @Option(help: "Images that are decoded, run and stored together.")
    var batchSize = 32
    @Option(help: "Format of the activations: float32 or bfloat16.")
    var precision = Precision.float32
    @Option(help: ArgumentHelp("Cores to use; all by default.", valueName: "n"))
    var threads: Int?
    @Option(help: ArgumentHelp("Take only the first images of each set, after shuffling.", valueName: "n"))
    var limit: Int?
    @Option(help: ArgumentHelp("Shuffle each set with this seed before --limit.", valueName: "seed"))
    var shuffle: UInt64?
    @Option(help: ArgumentHelp("Seed of random subsets and shuffles inside the metrics; 2020 as in torch-fidelity by default.", valueName: "seed"))
    var seed: UInt32?
    @Flag(help: "Leave out images that cannot be read, and say how many.")
    var skipUnreadable = false
    @Option(help: ArgumentHelp("Folder in which features are kept.", valueName: "folder"))
    var cache: String?
    @Flag(help: "Keep no features; an interrupted run starts again.")
    var noCache = false
    @Flag(name: .shortAndLong, help: "Print results only.")
    var quiet = false

    func validate() throws {
        for (name, value) in [("--batch-size", batchSize), ("--limit", limit ?? 1)] where value < 1 {
            throw ValidationError("\(name) is \(value); expected a number of at least 1")
        }
        try CoreCount.validate(threads)
        if noCache && cache != nil { throw ValidationError("--cache and --no-cache exclude each other") }
    }

    /// The protocol, with the seed asked for.
    var conventions: EvaluationProtocol {
        get throws {
            let named = try EvaluationProtocol.named(proto)
            return seed.map(named.seeded) ?? named
        }
    }

    /// An evaluator with these options.
    func evaluator(_ bar: ProgressBar) throws -> Evaluator {
        if let threads { LinearAlgebraThreads.use(threads) }
        var evaluator = Evaluator(try conventions) {
            try LoadedNetwork(network, weights: weights, precision: precision == .bfloat16 ? .bfloat16 : .float32, on: CPUBackend(threads: threads))
        }
        evaluator.options.batchSize = batchSize
        evaluator.options.workers = threads ?? ProcessInfo.processInfo.activeProcessorCount
        evaluator.options.skipsUnreadable = skipUnreadable
        evaluator.options.cache = noCache ? nil : cache ?? FeatureCache.userFolder
        evaluator.options.tap = tap
        evaluator.progress = { name, done, total in
            Interruption.listen(done < total)
            bar.update(name, done, total)
        }
        evaluator.isCancelled = { Interruption.isRequested }
        return evaluator
    }

    /// An input, images cut down as asked; of features and statistics, whether they are what is asked for.
    func open(_ path: String, labelled: Bool = false) throws -> EvaluationInput {
        let input = try EvaluationInput.open(path, labelled: labelled)
        switch input {
        case let .images(source): return .images(select(source))
        case let .features(file):
            guard shuffle == nil && limit.map({ file.count <= $0 }) ?? true else {
                throw EvaluationError.wrongFile(path: path, expected: "images, from which --limit and --shuffle choose", found: "features of \(file.count); give both options to the command that extracts them")
            }
            try expect(file.identity, of: path)
        case let .statistics(file): try expect(file.identity, of: path)
        case .foreignStatistics: break
        }
        return input
    }

    /// What was made earlier is not made anew, whatever the options say.
    private func expect(_ identity: FeatureIdentity, of path: String) throws {
        var wanted = [("tap", tap), ("precision", precision == .float32 ? nil : precision.rawValue)]
        if network != FeatureNetworkCatalog.defaultName, !network.hasSuffix(".yaml") { wanted.append(("network", network)) }
        if let weights { wanted.append(("weights_sha256", try FileDigest.sha256(weights))) }
        for case let (name, value?) in wanted where identity[name].map({ $0 != value }) ?? false {
            throw EvaluationError.wrongFile(path: path, expected: "features made as the options say (\(name): \(value))", found: identity[name] ?? "")
        }
    }

    /// Shuffled and limited as asked.
    func select(_ source: ImageSource) -> ImageSource {
        let shuffled = shuffle.map { source.shuffled(seed: $0) } ?? source
        return limit.map { shuffled.limited(to: $0) } ?? shuffled
    }
}

/// Where results go, and how sure they are.
struct OutputOptions: ParsableArguments {
    @Option(help: "Fraction of repetitions that intervals cover.")
    var confidence = 0.95
    @OptionGroup var forms: FormOptions

    /// Prints or writes a report, and records it.
    /// - Parameter subject: The path of what was measured.
    func write(_ report: EvaluationReport, of subject: String) throws { try forms.write("evaluation", of: subject, text: report.text, json: report.json, csv: report.csv) }
}

/// Where results go: to people, to files and to the run store.
struct FormOptions: ParsableArguments {
    @OptionGroup var files: FileOptions
    @OptionGroup var recording: RecordingOptions
    @Option(name: .customLong("run"), help: ArgumentHelp("Record with this run, and not with the one whose file is measured.", valueName: "run"))
    var owner: String?

    func validate() throws {
        if recording.noStore && owner != nil { throw ValidationError("--no-store excludes --run") }
    }

    /// Prints or writes the forms of a report that are asked for, then records it.
    func write(_ kind: String, of subject: String, text: String, json: String, csv: String) throws {
        try files.write(text: text, json: json, csv: csv)
        try recording.record(kind, of: subject, json, run: owner)
    }
}

/// Files that results are written to.
struct FileOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write JSON to a file, or to standard output without one.", valueName: "file"))
    var json: String?
    @Option(help: ArgumentHelp("Write CSV to a file, or to standard output without one.", valueName: "file"))
    var csv: String?

    /// Prints or writes the forms of a report that are asked for.
    func write(text: @autoclosure () throws -> String, json report: @autoclosure () throws -> String, csv table: @autoclosure () throws -> String) throws {
        if json != "-" && csv != "-" { print(try text()) }
        if let json { try Self.write(report(), to: json) }
        if let csv { try Self.write(table(), to: csv) }
    }

    private static func write(_ text: String, to path: String) throws {
        if path == "-" { print(text, terminator: "") } else { try AtomicFile.write(Array(text.utf8), to: path) }
    }
}
