import Archives
import ArgumentParser
import Datasets
import Evaluation
import FeatureNetworks
import Images
import Tensors
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Resampler: ExpressibleByArgument {}
extension LPIPSHead.Version: ExpressibleByArgument {}
extension LPIPS.UnitLength: ExpressibleByArgument {}
extension MultiScaleStructuralSimilarity.Convention: ExpressibleByArgument {}

/// What every comparison of pairs takes.
struct PairOptions: ParsableArguments {
    @Argument(help: "An image or a collection of images.") var first: String
    @Argument(help: "Another; images of two collections are paired by name. Without it, pairs within the first: its diversity.") var second: String?
    @Option(help: ArgumentHelp("Compare so many random pairs of one collection instead of all.", valueName: "n"))
    var pairs: Int?
    @Option(help: ArgumentHelp("Seed of the random pairs.", valueName: "seed"))
    var seed: UInt64 = 2020
    @Flag(help: "Pair the images of two collections in their order, whatever their names.")
    var byOrder = false
    @Option(help: ArgumentHelp("Make all pictures so many pixels wide and high first; without it they are compared as they are.", valueName: "pixels"))
    var size: Int?
    @Option(help: "How --size makes them so large: \(Resampler.allCases.map(\.rawValue).joined(separator: ", ")).")
    var resampler = Resampler.pillowBicubic
    @Option(help: ArgumentHelp("Cores to use; all by default.", valueName: "n"))
    var threads: Int?
    @Option(help: ArgumentHelp("Write the value of each pair to a CSV file.", valueName: "file"))
    var each: String?
    @Flag(name: .shortAndLong, help: "Print results only.")
    var quiet = false

    func validate() throws {
        if second != nil && pairs != nil { throw ValidationError("--pairs draws pairs within one collection; leave out \(second ?? "the second")") }
        if second == nil && byOrder { throw ValidationError("--by-order needs two collections") }
        try CoreCount.validate(threads)
        if let pairs, pairs < 1 { throw ValidationError("--pairs is \(pairs); expected a number of at least 1") }
    }

    /// Which images are compared.
    func pairing() throws -> ImagePairing {
        let source = try ImageSource.open(first)
        guard let second else { return try .within(source, count: pairs, seed: seed) }
        return try .between(source, ImageSource.open(second), byOrder: byOrder)
    }

    /// Cores that decode and compare.
    var workers: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Compares and writes.
    /// - Parameter map: where LPIPS of a single pair leaves its picture.
    func run(_ make: () throws -> [any PairMeasure], _ output: OutputOptions, map: String? = nil) throws {
        let bar = ProgressBar(isQuiet: quiet)
        defer { bar.close() }
        var evaluator = PairEvaluator()
        evaluator.resizing = try size.map { try PictureResizing(side: $0, resampler: resampler) }
        (evaluator.workers, evaluator.confidence) = (workers, output.confidence)
        evaluator.progress = { name, done, total in
            Interruption.listen(done < total)
            bar.update(name, done, total, unit: "pairs")
        }
        evaluator.isCancelled = { Interruption.isRequested }
        let pairing = try pairing()
        let measures = try make()
        var table = PairTableWriter(pairing, measures.map(\.name))
        if each != nil {
            guard pairing.count <= PairTableWriter.limit else {
                throw ValidationError("--each: \(pairing.count) pairs are more than a table holds (\(PairTableWriter.limit)); choose some with --pairs")
            }
            evaluator.observe = { table.add($0, $1, $2, $3) }
        }
        var note: String?
        if let map {
            guard let lpips = measures.first as? LPIPS else { preconditionFailure("a map without LPIPS") }
            let heat = try evaluator.map(lpips, pairing)
            try AtomicFile.write(heat.image.pngData(), to: map)
            note = "\(map): black is 0, the brightest \(heat.largest)"
        }
        let report = try evaluator.evaluate(measures, pairing)
        bar.close()
        if let each { try AtomicFile.write(Array(table.csv.utf8), to: each) }
        try output.write(report, of: second ?? first)
        note.map { Terminal.write("note: \($0)\n") }
    }
}

/// The values of single pairs as CSV.
struct PairTableWriter {
    /// The most pairs that are kept in memory.
    static let limit = 5_000_000

    private let pairing: ImagePairing
    private let names: [String]
    private var values: [[Int]: [Double]] = [:]

    init(_ pairing: ImagePairing, _ names: [String]) { (self.pairing, self.names) = (pairing, names) }

    mutating func add(_ measure: Int, _ first: Int, _ second: Int, _ value: Double) {
        let row = [Double](repeating: .nan, count: names.count)
        values[[first, second], default: row][measure] = value
    }

    /// A header, then a row for each pair in the order of its images.
    var csv: String {
        let second = pairing.second ?? pairing.first
        let rows = values.sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }.map { pair, values in
            [pairing.first.name(pair[0]), second.name(pair[1])].map(CSV.field) + values.map { "\($0)" }
        }
        return ([["first", "second"] + names] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    }
}

/// What LPIPS takes.
struct LPIPSOptions: ParsableArguments {
    @Option(help: "The trunk: \(LPIPSHead.trunks.joined(separator: ", ")). The first is bundled and has this package's own weights; the others have the authors'.")
    var network = FeatureNetworkCatalog.defaultName
    @Option(help: ArgumentHelp("A weights file for the trunk: PyTorch, safetensors, HDF5 or npz.", valueName: "file"))
    var weights: String?
    @Option(help: "The authors' release: 0.1 or 0.0.")
    var lpipsVersion: LPIPSHead.Version?
    @Option(help: "What gives activations unit length: lpips (the authors' package) or torchmetrics.")
    var unitLength = LPIPS.UnitLength.lpips

    /// The measure on `threads` cores.
    func measure(threads: Int?) throws -> LPIPS {
        // The head first: it says which networks there are, before one is loaded.
        _ = try LPIPSHead(network, version: lpipsVersion)
        return try LPIPS(LoadedNetwork(network, weights: weights, on: CPUBackend(threads: threads)), version: lpipsVersion, unitLength: unitLength)
    }

    /// DISTS, whose trunk is always VGG16; `weights` are that trunk's where LPIPS has the same.
    func dists(threads: Int?) throws -> DISTS {
        try DISTS(LoadedNetwork("vgg16", weights: network == "vgg16" ? weights : nil, on: CPUBackend(threads: threads)))
    }
}

struct LPIPSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lpips", abstract: "Learned perceptual distance of two pictures, two collections, or within one.",
        discussion: "Example: gan-eval lpips real.png fake.png --map difference.png; gan-eval lpips samples/ --pairs 1000")

    @OptionGroup var pairs: PairOptions
    @OptionGroup(title: "LPIPS options") var lpips: LPIPSOptions
    @Option(help: ArgumentHelp("Write where two pictures differ as a PNG.", valueName: "file"))
    var map: String?
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws { try pairs.run({ [try lpips.measure(threads: pairs.threads)] }, output, map: map) }
}

struct SSIMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ssim", abstract: "Structural similarity of two pictures, two collections, or within one.", discussion: "Example: gan-eval ssim originals/ reconstructions/")

    @OptionGroup var pairs: PairOptions
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws { try pairs.run({ [StructuralSimilarity()] }, output) }
}

struct PSNRCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "psnr", abstract: "Peak signal-to-noise ratio of two pictures or two collections.", discussion: "Example: gan-eval psnr originals/ reconstructions/")

    @OptionGroup var pairs: PairOptions
    @OptionGroup(title: "Output options") var output: OutputOptions

    func run() throws { try pairs.run({ [PeakSignalToNoiseRatio()] }, output) }
}

struct PairsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairs", abstract: "Several measures of pairs of pictures.",
        discussion: "Example: gan-eval pairs originals/ reconstructions/ --metrics lpips,ssim,psnr; gan-eval pairs samples/ --pairs 100 --metrics ms-ssim")

    @OptionGroup var pairs: PairOptions
    @Option(help: "Measures, separated by commas: \(Self.names.joined(separator: ", ")).") var metrics = "lpips,ssim,psnr"
    @Option(help: "Whose MS-SSIM: torchmetrics or tensorflow (also pytorch-msssim).") var msSsim = MultiScaleStructuralSimilarity.Convention.torchmetrics
    @OptionGroup(title: "LPIPS options") var lpips: LPIPSOptions
    @OptionGroup(title: "Output options") var output: OutputOptions

    private static let names = ["lpips", "dists", "ssim", "ms-ssim", "psnr", "sharpness"]

    func run() throws { try pairs.run(measures, output) }

    private func measures() throws -> [any PairMeasure] {
        let wanted = metrics.split(separator: ",").map { $0.filter { $0 != " " } }
        guard !wanted.isEmpty else { throw unknown(metrics) }
        return try wanted.map { name in
            switch name {
            case "lpips": try lpips.measure(threads: pairs.threads)
            case "dists": try lpips.dists(threads: pairs.threads)
            case "ssim": StructuralSimilarity()
            case "ms-ssim": MultiScaleStructuralSimilarity(msSsim)
            case "psnr": PeakSignalToNoiseRatio()
            case "sharpness": SharpnessDifference()
            default: throw unknown(name)
            }
        }
    }

    private func unknown(_ value: String) -> EvaluationError { .badOption(name: "--metrics", value: value, expected: "a list of " + Self.names.joined(separator: ", ")) }
}
