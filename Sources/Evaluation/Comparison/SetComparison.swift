/// Compares two generated sets with a reference under a protocol's conventions, by several metrics.
public struct SetComparison: Sendable {
    /// The metrics that have a comparison.
    public enum ComparedMetric: String, CaseIterable, Sendable {
        /// ``FrechetComparison``.
        case fid
        /// ``KernelComparison``.
        case kid

        fileprivate var about: MetricDescription {
            switch self {
            case .fid: FrechetMetric().about
            case .kid: KernelMetric().about
            }
        }
    }

    /// Whose conventions hold.
    public var proto: EvaluationProtocol
    /// The metrics, in the order of the report.
    public var metrics: [ComparedMetric]
    /// Fraction of repetitions that intervals cover; a set is called better where p is at most one minus it.
    public var confidence: Double
    /// Random exchanges of the permutation tests.
    public var exchanges: Int

    /// A comparison by FID.
    public init(_ proto: EvaluationProtocol, metrics: [ComparedMetric] = [.fid], confidence: Double = 0.95, exchanges: Int = 9999) {
        (self.proto, self.metrics, self.confidence, self.exchanges) = (proto, metrics, confidence, exchanges)
    }

    /// The metrics of a comma-separated list of names.
    /// - Throws: `badOption` with every name.
    public static func metrics(named list: String) throws(EvaluationError) -> [ComparedMetric] {
        let expected = "a list of " + ComparedMetric.allCases.map(\.rawValue).joined(separator: ", ") + "; other metrics have no paired test yet"
        var found: [ComparedMetric] = []
        for name in list.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            guard let metric = ComparedMetric(rawValue: name) else { throw .badOption(name: "--metrics", value: name, expected: expected) }
            found.append(metric)
        }
        guard !found.isEmpty else { throw .badOption(name: "--metrics", value: list, expected: expected) }
        return found
    }

    /// Whether the settings make sense; asked before hours of extraction, not after.
    /// - Throws: `badOption` for a confidence outside 0…1, and for too few or too many exchanges.
    public func check() throws(EvaluationError) {
        guard 0 < confidence, confidence < 1 else { throw .badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        // Fewer could never give a p-value of 1 − confidence.
        let fewest = Int(min(1 / (1 - confidence) - 1e-9, 1e6).rounded(.up)) - 1
        guard exchanges >= fewest, exchanges <= 1_000_000 else {
            throw .badOption(name: "--exchanges", value: "\(exchanges)", expected: "a number from \(fewest), which \(Number.percent(confidence)) need, to 1000000")
        }
    }

    /// Compares. For FID the larger set is cut to as many images as the smaller has, evenly spaced, and a warning says so.
    /// - Throws: as `check`; `wrongFile` for a set of fewer than 10 images; what the comparisons throw.
    public func callAsFunction(_ first: PreparedSet, _ second: PreparedSet, reference: PreparedSet) throws(EvaluationError) -> ComparisonReport {
        try check()
        let a = try first.rows(for: "a comparison"), b = try second.rows(for: "a comparison")
        for (rows, set) in [(a, first), (b, second)] where rows.count < Self.fewestImages {
            throw .wrongFile(path: set.path, expected: "at least \(Self.fewestImages) images for a comparison", found: "\(rows.count)")
        }
        if let count = reference.count, count < Self.fewestImages {
            throw .wrongFile(path: reference.path, expected: "at least \(Self.fewestImages) images for a comparison", found: "\(count)")
        }
        let comparisons = try metrics.map { metric throws(EvaluationError) in
            switch metric {
            case .fid: try frechet(a, b, reference)
            case .kid:
                try KernelComparison(kernel: proto.kernel.kernel, precision: proto.kernel.precision, exchanges: exchanges, seed: proto.seed)(
                    a, b, reference: reference.rows(for: "KID"), confidence: confidence)
            }
        }
        var identity = first.identity ?? FeatureIdentity()
        for name in ["images_sha256", "names_sha256", "logits"] { identity[name] = nil }
        for (name, set) in [("first", first), ("second", second), ("reference", reference)] { identity[name + "_images_sha256"] = set.identity?["images_sha256"] }
        identity["protocol"] = proto.name
        identity["seed"] = String(proto.seed)
        return ComparisonReport(
            comparisons: comparisons, titles: metrics.map { identity.title($0.about) }, names: (first.path, second.path, reference.path),
            counts: (a.count, b.count, reference.count), identity: identity, warnings: [first, second, reference].flatMap(\.notes))
    }

    /// The variances are estimated from the images themselves; from fewer they would say nothing.
    private static let fewestImages = 10

    private func frechet(_ a: FeatureRows, _ b: FeatureRows, _ reference: PreparedSet) throws(EvaluationError) -> MetricComparison {
        let convention = proto.frechet.convention, count = min(a.count, b.count)
        let comparison = FrechetComparison(convention: convention, exchanges: exchanges, seed: proto.seed)
        var warnings: [String] = []
        for (name, set) in [("A", a), ("B", b)] where set.count > count {
            warnings.append("the distance depends on the number of images, so \(count) evenly spaced ones of \(name)'s \(set.count) were taken")
        }
        return try comparison(
            a.cut(to: count).summary(convention), b.cut(to: count).summary(convention), reference: reference.summary(convention), confidence: confidence
        ).warned(warnings)
    }
}

extension FeatureRows {
    /// All rows where there are no more, else that many evenly spaced ones.
    fileprivate func cut(to limit: Int) throws(EvaluationError) -> FeatureRows { count > limit ? .memory(try evenlySpaced(limit).features) : self }

    /// The features of a small set, the Gaussian of a large one.
    func summary(_ convention: MomentConvention) throws(EvaluationError) -> FeatureSummary {
        switch self {
        case .memory, .directions: .features(try features())
        case .file(let file): .stored(file, try Moments(file).statistics(convention))
        }
    }
}
