/// The Fréchet Inception Distance as a metric: the distance, its interval, and what it would be with more images.
public struct FrechetInceptionDistance: Sendable, Hashable {
    /// How means and covariances are taken.
    public var convention: MomentConvention
    /// Whether the interval is computed, which costs the eigenvectors beside the eigenvalues and a pass over the features.
    public var givesInterval: Bool
    /// Up to how many images of the smaller set the small-sample bias and FID∞ are reported.
    public var extrapolationLimit: Int
    /// The seed of the extrapolation's shuffle.
    public var seed: UInt32

    /// A metric with these conventions; the defaults are those of `default`.
    public init(convention: MomentConvention = .unbiased, givesInterval: Bool = true, extrapolationLimit: Int = 10_000, seed: UInt32 = 2020) {
        (self.convention, self.givesInterval) = (convention, givesInterval)
        (self.extrapolationLimit, self.seed) = (extrapolationLimit, seed)
    }

    /// pytorch-fid, TTUR: divisor N − 1, float64. Also this package's default.
    public static let `default` = FrechetInceptionDistance()
    /// clean-fid, torch-fidelity, ADM: divisor N − 1, float32 means.
    public static let float32Mean = FrechetInceptionDistance(convention: .unbiasedFloat32Mean)
    /// StyleGAN: divisor N.
    public static let population = FrechetInceptionDistance(convention: .population)

    /// The distance between the real and the generated set.
    ///
    /// The interval covers the distance expected from sets of these sizes (what repeating the measurement with new images would average to); the details
    /// `fid_infinity`, `fid_infinity_lower`, `fid_infinity_upper` give the extrapolated distance of infinitely many images with its interval, and `bias` how much
    /// of the value is owed to the small numbers. A set of which only statistics are at hand counts as fixed in both; two such sets have no interval.
    ///
    /// - Throws: as `FrechetDistance`.
    public func callAsFunction(real: FeatureSummary, fake: FeatureSummary, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        let (first, second) = (try real.gaussian(convention), try fake.gaussian(convention))
        let pair = try GaussianPair(first, second, convention)
        let distance = FrechetDistance(pair)
        var result = MetricResult(
            metric: "fid", value: distance.value, details: [.init("mean_term", distance.meanTerm), .init("covariance_term", distance.covarianceTerm)],
            realCount: real.count, fakeCount: fake.count)
        let hasFeatures = [real, fake].contains { if case .statistics = $0 { false } else { true } }
        if givesInterval, hasFeatures {
            let uncertainty = try FrechetUncertainty(pair, convention, counts: (real.count, fake.count))
            try addInterval(to: &result, real, fake, uncertainty, confidence)
        } else if givesInterval {
            result.warnings.append("only statistics of both sets are at hand, which do not tell how sure the value is: no interval")
        }
        try addExtrapolation(to: &result, real, fake, confidence)
        if distance.isRankDeficient {
            result.warnings.append(Self.rankWarning(real, fake))
        }
        return result
    }

    private func addInterval(
        to result: inout MetricResult, _ real: FeatureSummary, _ fake: FeatureSummary, _ prepared: FrechetUncertainty, _ confidence: Double
    ) throws(EvaluationError) {
        let fixed = [("real", real), ("generated", fake)].filter { if case .statistics = $0.1 { true } else { false } }.map(\.0)
        var uncertainty = prepared
        try real.forEachBatch { (rows: [Float]) throws(EvaluationError) in uncertainty.addFirst(rows) }
        try fake.forEachBatch { (rows: [Float]) throws(EvaluationError) in uncertainty.addSecond(rows) }
        guard let standardError = uncertainty.standardError else { return }
        result.standardError = standardError
        result.generatedStandardError = uncertainty.standardErrorOfSecond
        let normal = ConfidenceInterval(normal: result.value, standardError: standardError, confidence: confidence)
        // No distance is negative, so the part below zero covers nothing; a value that rounding puts below zero stays inside.
        result.interval = ConfidenceInterval(lower: max(normal.lower, min(0, result.value)), upper: normal.upper, confidence: confidence)
        if let set = fixed.first { result.warnings.append("only statistics of the \(set) set are at hand: the interval takes them as fixed") }
    }

    private func addExtrapolation(to result: inout MetricResult, _ real: FeatureSummary, _ fake: FeatureSummary, _ confidence: Double) throws(EvaluationError) {
        let counts = [real, fake].compactMap { summary -> Int? in if case .features(let features) = summary { features.count } else { nil } }
        guard let fewest = counts.min(), fewest < extrapolationLimit else { return }
        guard let extrapolation = try FrechetExtrapolation(real, fake, value: result.value, convention: convention, seed: seed) else {
            result.warnings.append(
                "\(fewest) images are too few to tell the small-sample bias of \(real.dimension) features (\(2 * real.dimension) are needed); compare only values of equal numbers of images")
            return
        }
        result.details += [.init("bias", extrapolation.bias), .init("fid_infinity", extrapolation.limit)]
        guard let standardError = result.standardError else { return }
        let interval = ConfidenceInterval(normal: extrapolation.limit, standardError: standardError, confidence: confidence)
        result.details += [.init("fid_infinity_lower", interval.lower), .init("fid_infinity_upper", interval.upper)]
    }

    private static func rankWarning(_ real: FeatureSummary, _ fake: FeatureSummary) -> String {
        if let fewest = [real.count, fake.count].compactMap(\.self).min(), fewest <= real.dimension {
            return "the covariance of \(fewest) images is flat in most of the \(real.dimension) feature directions; the value is exact for these images but depends on their number"
        }
        return "a covariance is flat in some feature directions (constant or duplicate features)"
    }
}

extension FeatureSummary {
    /// Statistics in place of features where there are more images than features, so that a covariance needed twice is taken once.
    func gaussian(_ convention: MomentConvention) throws(EvaluationError) -> FeatureSummary {
        guard case .features(let features) = self, features.count > features.dimension else { return self }
        return .statistics(try Moments(features).statistics(convention))
    }
}

/// The Fréchet distance as `gan-eval fid` reports it.
struct FrechetMetric: Metric {
    let about = MetricDescription(
        "fid", "FID", "distance of Gaussians fitted to features", needs: [.real, .moments], better: .smaller, cost: "N·d² + d³", paper: "Heusel et al. 2017, arXiv:1706.08500",
        readings: ["sfid-adm": "sFID (ADM)", "sfid-dgm-eval": "sFID (dgm-eval)", "sfid-pyiqa": "sFID (pyiqa)"])

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let proto = sets.proto, convention = proto.frechet.convention
        return try proto.frechet(real: sets.real(for: name).summary(convention, for: name), fake: sets.fake.summary(convention, for: name), confidence: sets.confidence)
    }
}
