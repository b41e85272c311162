#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Numbers of one evaluation as `gan-eval evaluate --json` and its kin wrote them.
public struct StoredEvaluation: Hashable, Sendable {
    /// One metric's number.
    public struct Result: Hashable, Sendable {
        /// The metric's key and how a table may call it.
        public var metric: String, title: String
        /// The number; NaN where it could not be told.
        public var value: Double
        /// The interval with the fraction of repetitions that it covers.
        public var interval: ClosedRange<Double>?, confidence: Double?
        /// The standard error; that of the interval where only this is known.
        public var standardError: Double?
        /// Further numbers by name.
        public var details: [String: Double] = [:]
        /// Groups of the jackknife that told the standard error; nil where the metric itself did.
        var groups: Double? { details["jackknife_groups"] }
        /// Lines to be drawn.
        public var curves: [Curve] = []
        /// What the reader must know.
        public var warnings: [String] = []
    }

    /// A named line.
    public struct Curve: Hashable, Sendable {
        /// What it shows, and what its axes measure.
        public var name: String, x: String, y: String
        /// In order.
        public var points: [SIMD2<Double>]
    }

    /// In the order asked for.
    public var results: [Result]
    /// Everything that decides the numbers.
    public var identity: [String: String]
    /// Images in each set.
    public var real: Int?, fake: Int?
    /// About the inputs as a whole.
    public var warnings: [String]
    /// Where it came from.
    public var source: Source
    /// The step of a run while which it was measured; nil of samples measured afterwards.
    public var step: Int?

    /// Entries that may differ between numbers that are compared: which generated images or which generator they are of, whether class scores were kept beside features, the tool's version.
    static let free: Set = ["fake_images_sha256", "fake_numbers_sha256", "logits", "names_sha256", "version", "game", "step", "checkpoint_sha256"]

    /// What must be equal for two evaluations to be ranked: identity and counts, but for the generated images themselves.
    var settings: [String: String] {
        var settings = identity.filter { !Self.free.contains($0.key) }
        settings["real images"] = real.map(String.init)
        settings["generated images"] = fake.map(String.init)
        settings["measured"] = step == nil ? nil : "while training"
        return settings
    }
}

/// Where a stored result came from.
public struct Source: Hashable, Sendable {
    /// A file's path, or a name in a store.
    public var place: String
    /// What was typed to get it; nil where nobody noted it.
    public var command: String?
    /// When it was stored, as text; nil where nobody noted it.
    public var time: String?
    /// Tags it was given.
    public var tags: [String]

    /// A source.
    public init(_ place: String, command: String? = nil, time: String? = nil, tags: [String] = []) {
        (self.place, self.command, self.time, self.tags) = (place, command, time, tags)
    }
}

extension StoredEvaluation: Decodable {
    private enum Key: String, CodingKey { case results, identity, counts, warnings }
    private struct Counts: Decodable { var real: Int?, fake: Int? }
    private struct Entry: Decodable {
        struct Line: Decodable { var name: String, x: String, y: String, points: [[Double?]] }
        var metric: String, title: String, value: Double?, interval: [Double?]?, confidence: Double?, standard_error: Double?, details: [String: Double?]?, curves: [Line]?, warnings: [String]?
    }

    /// Reads the JSON; where it came from is told later.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let entries = try values.decode([Entry].self, forKey: .results)
        identity = try values.decode([String: String].self, forKey: .identity)
        let counts = try values.decodeIfPresent(Counts.self, forKey: .counts)
        (real, fake) = (counts?.real, counts?.fake)
        warnings = try values.decodeIfPresent([String].self, forKey: .warnings) ?? []
        source = Source("")
        results = entries.map { entry in
            var result = Result(metric: entry.metric, title: entry.title, value: entry.value ?? .nan)
            if let ends = entry.interval, ends.count == 2, let low = ends[0], let high = ends[1], low <= high { (result.interval, result.confidence) = (low...high, entry.confidence) }
            result.standardError = entry.standard_error ?? result.interval.flatMap { interval in
                entry.confidence.map { (interval.upperBound - interval.lowerBound) / 2 / DifferenceTest.quantile(confidence: $0) }
            }
            result.details = (entry.details ?? [:]).mapValues { $0 ?? .nan }
            result.curves = (entry.curves ?? []).map { line in
                Curve(name: line.name, x: line.x, y: line.y, points: line.points.compactMap { $0.count == 2 ? SIMD2($0[0] ?? .nan, $0[1] ?? .nan) : nil })
            }
            result.warnings = entry.warnings ?? []
            return result
        }
    }
}
