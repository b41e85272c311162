import FeatureNetworks

/// A measure of one set of images or of two. Adding one is a file and a line in `all`.
public protocol Metric: Sendable {
    /// Key on the command line and in machine-readable output.
    var name: String { get }
    /// How tables call it when the network is the one its papers use.
    var title: String { get }
    /// Whether it compares with real images.
    var needsReal: Bool { get }
    /// Whether it needs class scores of the generated images.
    var needsLogits: Bool { get }
    /// Whether more is better.
    var isBetterLarger: Bool { get }
    /// The network and the tap that its papers use.
    var usualFeatures: (network: String, tap: String) { get }
    /// Computes it under a protocol's conventions.
    /// - Parameter work: What other metrics of the same evaluation may have computed already.
    /// - Throws: ``EvaluationError``.
    func evaluate(real: MetricInput?, fake: MetricInput, under proto: EvaluationProtocol, confidence: Double, sharing work: SharedWork) throws(EvaluationError) -> MetricResult
}

extension Metric {
    /// Less is better: a distance.
    public var isBetterLarger: Bool { false }
    /// FID's Inception.
    public var usualFeatures: (network: String, tap: String) { ("inception-v3", "2048") }
}

/// What several metrics of one evaluation need: computed by the first, kept for the others, one value of each type.
public final class SharedWork {
    private var kept: [ObjectIdentifier: Any] = [:]

    /// Nothing yet.
    public init() {}

    /// The value of this type, made when it is first asked for.
    func value<Value>(_ make: () throws(EvaluationError) -> Value) throws(EvaluationError) -> Value {
        if let found = kept[ObjectIdentifier(Value.self)] as? Value { return found }
        let value = try make()
        kept[ObjectIdentifier(Value.self)] = value
        return value
    }
}

/// Every metric of the package.
public enum MetricCatalog {
    /// In the order of tables.
    public static let all: [any Metric] = [
        FrechetMetric(), KernelMetric(), InceptionScoreMetric(), PrecisionMetric(), RecallMetric(), DensityMetric(), CoverageMetric(),
    ]

    /// The metrics of a comma-separated list of names.
    /// - Throws: `badOption` with every name.
    public static func named(_ list: String) throws(EvaluationError) -> [any Metric] {
        var found: [any Metric] = []
        for name in list.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            guard let metric = all.first(where: { $0.name == name }) else {
                throw .badOption(name: "--metrics", value: name, expected: "a list of " + all.map(\.name).joined(separator: ", "))
            }
            found.append(metric)
        }
        guard !found.isEmpty else { throw .badOption(name: "--metrics", value: list, expected: "a list of " + all.map(\.name).joined(separator: ", ")) }
        return found
    }
}

/// One set of images as a metric sees it.
public enum MetricInput {
    /// Features of every image.
    case features(FeaturesFile)
    /// Moments, from which any convention's statistics follow.
    case moments(Moments)
    /// A mean and a covariance under a convention that nobody states.
    case statistics(FeatureStatistics)

    /// Up to this many images a metric holds all features in memory; above, it reads them in passes.
    static let memoryLimit = 10_000

    /// Number of images, where known.
    public var count: Int? {
        switch self {
        case let .features(file): file.count
        case let .moments(moments): moments.count
        case let .statistics(statistics): statistics.count
        }
    }

    /// The features in memory of a small set, on disk of a large one.
    /// - Throws: `featuresNeeded` where only statistics are at hand.
    func rows(for metric: String) throws(EvaluationError) -> FeatureRows {
        guard case let .features(file) = self else { throw .featuresNeeded(metric: metric) }
        return file.count <= Self.memoryLimit ? .memory(try file.features()) : .file(file)
    }

    /// All features of a small set, the moments of a large one.
    func summary(_ convention: MomentConvention) throws(EvaluationError) -> FeatureSummary {
        switch self {
        case let .features(file) where file.count <= Self.memoryLimit: return .features(try file.features())
        case let .features(file): return .stored(file, try Moments(file).statistics(convention))
        case let .moments(moments): return .statistics(try moments.statistics(convention))
        case let .statistics(statistics): return .statistics(statistics)
        }
    }
}

extension Moments {
    /// The moments of a features file, in one pass with the memory of a batch.
    public init(_ file: FeaturesFile) throws(EvaluationError) {
        self.init(dimension: file.dimension)
        try file.forEachBatch { (rows: [Float]) throws(EvaluationError) in try add(rows) }
    }
}

extension FeaturesFile {
    /// Gives the features batch by batch, in order.
    func forEachBatch(_ body: ([Float]) throws(EvaluationError) -> Void) throws(EvaluationError) {
        let batch = 2048
        for start in stride(from: 0, to: count, by: batch) { try body(features(start..<min(start + batch, count))) }
    }
}

/// The Fréchet distance as `gan-eval fid` reports it.
struct FrechetMetric: Metric {
    let name = "fid", title = "FID", needsReal = true, needsLogits = false

    func evaluate(real: MetricInput?, fake: MetricInput, under proto: EvaluationProtocol, confidence: Double, sharing work: SharedWork) throws(EvaluationError) -> MetricResult {
        guard let real else { throw .featuresNeeded(metric: name) }
        return try proto.frechet(real: real.summary(proto.frechet.convention), fake: fake.summary(proto.frechet.convention), confidence: confidence)
    }
}

/// The kernel distance as `gan-eval kid` reports it.
struct KernelMetric: Metric {
    let name = "kid", title = "KID", needsReal = true, needsLogits = false

    func evaluate(real: MetricInput?, fake: MetricInput, under proto: EvaluationProtocol, confidence: Double, sharing work: SharedWork) throws(EvaluationError) -> MetricResult {
        guard let real else { throw .featuresNeeded(metric: name) }
        return try proto.kernel(real: real.rows(for: name), fake: fake.rows(for: name), confidence: confidence)
    }
}

/// The Inception Score as `gan-eval is` reports it.
struct InceptionScoreMetric: Metric {
    let name = "is", title = "IS", needsReal = false, needsLogits = true, isBetterLarger = true

    func evaluate(real: MetricInput?, fake: MetricInput, under proto: EvaluationProtocol, confidence: Double, sharing work: SharedWork) throws(EvaluationError) -> MetricResult {
        guard case let .features(file) = fake else { throw .featuresNeeded(metric: name) }
        return try proto.inceptionScore(file.logits(), confidence: confidence)
    }
}
