/// What is measured every night: cases, each with the metrics and tolerances that judge it.
public struct Suite: Sendable, Hashable {
    /// Its file.
    public var path: String
    /// In the order of the file, with distinct names.
    public var cases: [SuiteCase]
    /// The test's.
    public var test = NightlyTest()
    /// Parts that the generated images are cut into for metrics without a standard error of their own (``GroupJackknife``); 0 for none.
    public var groups = 20

    /// Nights that a baseline is averaged over, at most.
    public var baselineNights = 1

    /// Its name in reports: by default the file's without its ending.
    public var name: String

    /// A suite of a file, without cases yet.
    init(path: String) { (self.path, cases, name) = (path, [], Self.stem(path)) }

    /// The baseline's usual place: `suite.baseline.json` beside `suite.yaml`.
    public var usualBaseline: String { (path.lastIndex(of: "/").map { String(path[...$0]) } ?? "") + Self.stem(path) + ".baseline.json" }

    /// The history's usual place beside a baseline: `suite.history.jsonl` beside `suite.baseline.json`.
    public static func usualHistory(besideBaseline path: String) -> String {
        let stem = path.hasSuffix(".json") ? String(path.dropLast(5)) : path
        return (stem.hasSuffix(".baseline") ? String(stem.dropLast(9)) : stem) + ".history.jsonl"
    }

    private static func stem(_ path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        // A hidden file's name begins with its only point.
        guard let point = file.lastIndex(of: "."), point > file.startIndex else { return file }
        return String(file[..<point])
    }
}

/// One thing that is measured.
public struct SuiteCase: Sendable, Hashable {
    /// Where the generated images come from.
    public enum Subject: Sendable, Hashable {
        /// Images, features or statistics that lie there.
        case set(String)
        /// A run's generator, which is asked for samples.
        case generator(GeneratorSamples)
    }

    /// In reports and in the baseline.
    public var name: String
    /// The line of the file where it begins.
    public var line: Int?
    /// Where the generated images come from.
    public var subject: Subject
    /// Real images, features or statistics; nil for metrics that need none.
    public var real: String?
    /// What the generator was trained on, for metrics of memorisation.
    public var training: String?
    /// Names in the catalogue.
    public var metrics: [String]
    /// By metric.
    public var tolerances: [String: Tolerance] = [:]
    /// Of metrics that have none of their own.
    public var tolerance: Tolerance?
    /// Name of a protocol.
    public var proto = "default"
    /// Name or file of a feature network.
    public var network = "efficientnet-lite0"
    /// File of its weights; nil for its own.
    public var weights: String?
    /// Where features are read; nil for the network's usual place.
    public var tap: String?

    /// Whether every night measures another training of one recipe, so that nights scatter by more than their samples.
    public var isRetrained = true

    /// What a metric may get worse; nil where the suite does not say.
    public func tolerance(of metric: String) -> Tolerance? { tolerances[metric] ?? tolerance }
}

/// Samples of a run that is asked for them anew every night.
public struct GeneratorSamples: Sendable, Hashable {
    /// The run's folder.
    public var run: String
    /// A step, or `best`; nil for the last.
    public var checkpoint: String?
    /// How many samples.
    public var count = 1000
    /// Of the latents.
    public var seed: UInt64 = 0
    /// Classes in turn; nil for the game's own choice.
    public var classes: [Int]?
}
