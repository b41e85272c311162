import Datasets
import Games
import Tensors

/// Everything a run is a function of, besides the data's contents.
public struct RunConfiguration: GameConfiguration {
    /// Name of the game.
    public var game = "dcgan"
    /// A file or folder of images, or the name of a toy distribution; `A + B` for two domains.
    public var data = ""
    /// Steps in all; in each, every team moves as often as its settings say.
    public var steps = 10_000
    /// Where all random numbers come from.
    public var seed = 0
    /// Samples in one move.
    public var batchSize = 64
    /// Decay of the moving average of the generator's weights; 0 samples the weights themselves.
    public var averageDecay = 0.999
    /// Whether images are mirrored at random.
    public var mirrors = false
    /// Channels that images are converted to; 0 keeps theirs.
    public var channels = 0
    /// Side that images are cropped and resized to; 0 keeps theirs.
    public var size = 0
    /// Steps between sample grids; 0 writes none.
    public var sampleEvery = 500
    /// Images in a grid.
    public var sampleCount = 64
    /// Steps between measurements; 0 measures never.
    public var measureEvery = 0
    /// Metrics, separated by commas.
    public var metrics = "fid"
    /// Samples that are measured.
    public var measureCount = 1000
    /// Feature network of the measurements.
    public var network = "efficientnet-lite0"
    /// Steps between checkpoints.
    public var checkpointEvery = 500
    /// Checkpoints that are kept besides the best.
    public var checkpointKeep = 2
    /// Steps between lines in the log.
    public var logEvery = 50
    /// Steps between looks for mode collapse and overfitting; 0 looks never.
    public var diagnoseEvery = 200
    /// Share of the data that is kept from training, to see whether the critic overfits.
    public var heldOut = 0.0
    /// Whether a collapsed or diverged run is stopped.
    public var stopsEarly = true
    /// Settings of the game that differ from its defaults.
    public var settings: [(name: String, value: String)] = []

    /// The defaults.
    public init() {}

    /// Every field, in the order in which it is written.
    public static let fields: [Field<RunConfiguration>] = [
        .text("game", \.game, "Which game is played: gan-eval games list."),
        .text("data", \.data, "Images (folder, .zip, .h5, .npy, list), ring, grid, spiral, mixture-1d or shapes; A + B for two domains without pairs."),
        .integer("steps", \.steps, 1...1_000_000_000, "Steps in all."),
        .integer("seed", \.seed, 0...Int.max, "Where all random numbers come from."),
        .integer("batchSize", \.batchSize, 1...65536, "Samples in one move."),
        .number("averageDecay", \.averageDecay, 0...0.999999, "Decay of the moving average of the weights that are sampled; 0 for none."),
        .flag("mirrors", \.mirrors, "Whether images are mirrored at random."),
        .integer("channels", \.channels, 0...3, "Channels that images are converted to, 1 or 3; 0 keeps theirs."),
        .integer("size", \.size, 0...4096, "Side that images are cropped and resized to; 0 keeps theirs."),
        .integer("sampleEvery", \.sampleEvery, 0...Int.max, "Steps between sample grids; 0 for none."),
        .integer("sampleCount", \.sampleCount, 1...4096, "Images in a grid."),
        .integer("measureEvery", \.measureEvery, 0...Int.max, "Steps between measurements; 0 for none."),
        .text("metrics", \.metrics, "What is measured, separated by commas."),
        .integer("measureCount", \.measureCount, 2...10_000_000, "Samples that are measured."),
        .text("network", \.network, "Feature network of the measurements."),
        .integer("checkpointEvery", \.checkpointEvery, 1...Int.max, "Steps between checkpoints."),
        .integer("checkpointKeep", \.checkpointKeep, 1...1000, "Checkpoints that are kept besides the best."),
        .integer("logEvery", \.logEvery, 1...Int.max, "Steps between lines in the log."),
        .integer("diagnoseEvery", \.diagnoseEvery, 0...Int.max, "Steps between looks for mode collapse and overfitting; 0 for none."),
        .number("heldOut", \.heldOut, 0...0.99, "Share of the data that is kept from training, to see whether the critic overfits; 0 for none."),
        .flag("stopsEarly", \.stopsEarly, "Whether a run that collapses, diverges or overfits is stopped."),
    ]

    /// Sets a field of the run, or of its game, by name.
    /// - Throws: ``GameError`` that names the nearest field, or the values that a field takes.
    public mutating func change(_ name: String, to value: String) throws(GameError) {
        if name == "game" { _ = try GameCatalog.named(value) }
        if Self.fields.contains(where: { $0.name == name }) { return try set(name, value) }
        let known = GameCatalog.settings(of: try GameCatalog.named(game)).map(\.name)
        guard known.contains(name) else {
            let names = Self.fields.map(\.name) + known
            throw GameError("there is no setting '\(name)'; the nearest is '\(name.nearest(in: names))'")
        }
        settings.removeAll { $0.name == name }
        settings.append((name, value))
        _ = try GameCatalog.resolved(GameCatalog.named(game), settings)
    }

    /// Writes shares of the run in schedules as numbers of steps, which hold however long the run goes on.
    mutating func resolveSchedules() throws(GameError) {
        for (name, value) in try GameCatalog.resolved(GameCatalog.named(game), settings) where name.hasSuffix(".schedule") {
            guard let schedule = ScheduleSetting(value), schedule != schedule.resolved(steps: steps) else { continue }
            try change(name, to: schedule.resolved(steps: steps).description)
        }
    }

    /// Where every random number of the run comes from.
    var stream: RandomStream { RandomStream(seed: UInt64(bitPattern: Int64(seed))) }

    /// The data as the run divides it, with labels where there are any: what is trained on, and the share that is held out; nil where none is.
    ///
    /// `A + B` are two domains without pairs. Each is divided by itself, and pairs are drawn of what is left of both.
    /// - Throws: `DatasetError` for data that cannot be read; ``TrainingError`` as ``divided(_:_:)``.
    public func openDividedData() throws -> (training: any SampleSource, heldOut: (any SampleSource)?) {
        let (data, held) = (stream["data"], stream["held out"]), domains = self.data.split(separator: " + ", maxSplits: 1).map(String.init)
        guard domains.count == 2 else { return try divided(open(self.data, data), held) }
        let first = try divided(open(domains[0], data["first"]), held["first"]), second = try divided(open(domains[1], data["second"]), held["second"])
        func pairs(_ a: any SampleSource, _ b: any SampleSource) throws(DatasetError) -> any SampleSource { try UnpairedSamples(a, b, stream: data["pairs"]) }
        guard let a = first.heldOut, let b = second.heldOut else { return (try pairs(first.training, second.training), nil) }
        return (try pairs(first.training, second.training), try pairs(a, b))
    }

    /// The data in two: what is trained on, and the share that is held out, drawn at random.
    /// - Throws: ``TrainingError`` for data without end, or a share of less than one sample.
    func divided(_ source: any SampleSource, _ stream: RandomStream) throws -> (training: any SampleSource, heldOut: (any SampleSource)?) {
        guard heldOut > 0 else { return (source, nil) }
        guard let count = source.count else {
            throw TrainingError.configuration(file: source.name, line: nil, reason: "has no end, so no critic can know it by heart and nothing can be held out; leave heldOut at 0")
        }
        let held = Int(heldOut * Double(count)), order = stream.permutation(count)
        guard held > 0 else { throw TrainingError.configuration(file: source.name, line: nil, reason: "'heldOut' is \(heldOut): less than one of \(count) samples") }
        // In their old order, so that what is read together lies together.
        return (SelectedSamples(source, order[held...].sorted()), SelectedSamples(source, order[..<held].sorted()))
    }

    private func open(_ name: String, _ stream: RandomStream) throws -> any SampleSource {
        let settings = ImageSettings(size: size == 0 ? nil : size, channels: channels == 0 ? nil : channels)
        let specification = try DataSourceSpecification(parsing: name)
        do throws(DatasetError) { return try specification.open(settings, labelled: true, stream: stream) } catch {
            guard case .noLabels = error.reason else { throw error }
            return try specification.open(settings, stream: stream)
        }
    }
}
