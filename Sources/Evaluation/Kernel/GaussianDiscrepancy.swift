/// The squared maximum mean discrepancy of a Gaussian kernel, estimated without bias.
///
///     MMD² = E k(x, x') + E k(y, y') − 2 E k(x, y),  k(x, y) = exp(−‖x − y‖²/(2σ²))
///
/// Source: Gretton et al. 2012, *A kernel two-sample test*, JMLR 13, lemma 6 and section 8: σ is the median of the distances between images of both sets together. It differs from pair to pair of sets;
/// fix it where values are compared.
public struct GaussianDiscrepancy: Sendable, Hashable {
    /// σ.
    public enum Bandwidth: Sendable, Hashable {
        /// The median distance between the images, of at most 500 of each set, evenly spaced.
        case median
        /// A given one.
        case fixed(Double)
    }

    /// σ.
    public var bandwidth: Bandwidth

    /// The median heuristic, or a given σ.
    public init(bandwidth: Bandwidth = .median) { self.bandwidth = bandwidth }

    /// The squared discrepancy; slightly below zero is normal for sets alike. The detail `sigma` is the bandwidth.
    ///
    /// Standard error and interval are KID's, for the kernel as given: that the median follows the images is not in them.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than 4 images in a set; `badOption` for a bandwidth that is not positive, also where more than half of all images are the same.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(real: .memory(real), fake: .memory(fake), confidence: confidence)
    }

    /// The discrepancy of sets that may be too large to hold.
    /// - Throws: as for features in memory, and what reading throws.
    public func callAsFunction(real: FeatureRows, fake: FeatureRows, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        for (set, count) in [("real", real.count), ("generated", fake.count)] where count < 4 { throw .tooFewImages(metric: "mmd", set: set, needed: 4, found: count) }
        let sigma: Double
        switch bandwidth {
        case .fixed(let value): sigma = value
        case .median:
            sigma = try Self.medianDistance(real, fake)
            guard sigma > 0 else { throw .noSpread(metric: "mmd", set: "most of both sets") }
        }
        var result = try KernelInceptionDistance(kernel: .gaussian(sigma: sigma))(real: real, fake: fake, confidence: confidence).named("mmd")
        result.details.append(.init("sigma", sigma))
        return result
    }

    /// The median of the distances between two different images.
    private static func medianDistance(_ real: FeatureRows, _ fake: FeatureRows) throws(EvaluationError) -> Double {
        var rows = try real.evenlySpaced(500).features
        try rows.append(fake.evenlySpaced(500).features.values)
        var distances: [Double] = []
        distances.reserveCapacity(rows.count * rows.count / 2)
        rows.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for i in 0..<rows.count {
                for j in 0..<i { distances.append(DistanceBlock.squaredDistance(base + i * rows.dimension, base + j * rows.dimension, rows.dimension)) }
            }
        }
        distances.sort()
        let middle = distances.count / 2
        return distances.count.isMultiple(of: 2) ? (distances[middle - 1].squareRoot() + distances[middle].squareRoot()) / 2 : distances[middle].squareRoot()
    }
}

extension MetricResult {
    /// The same numbers under another metric's name.
    func named(_ metric: String) -> MetricResult {
        var result = MetricResult(metric: metric, value: value, standardError: standardError, interval: interval, details: details, realCount: realCount, fakeCount: fakeCount, warnings: warnings)
        result.curves = curves
        return result
    }
}

/// The Gaussian discrepancy as `gan-eval evaluate --metrics mmd` reports it.
struct GaussianDiscrepancyMetric: Metric {
    let about = MetricDescription(
        "mmd", "MMD²", "squared mean discrepancy of a Gaussian kernel of the median distance's width", needs: [.real, .features], better: .smaller, cost: "N²·d", paper: "Gretton et al. 2012, JMLR 13")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try GaussianDiscrepancy()(real: sets.real(for: name).rows(for: name), fake: sets.fake.rows(for: name), confidence: sets.confidence)
    }
}

/// The kernel distance as dgm-eval reports it on other networks than Inception: KID's cubic kernel over 100 subsets of at most 1000 images, in float64.
/// Source: Stein et al. 2023, *Exposing flaws of generative model evaluation metrics*, arXiv:2306.04675, section 2; its code leaves the seed to chance, here it is fixed.
struct KernelDistanceMetric: Metric {
    let about = MetricDescription(
        "kd", "KD", "kernel distance over random subsets, on any network", needs: [.real, .features], better: .smaller, cost: "100·1000²·d", paper: "Stein et al. 2023, arXiv:2306.04675",
        usualFeatures: (network: "dinov2-vit-l14", tap: "cls"))

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let distance = KernelInceptionDistance(estimator: .subsets(.init(seed: sets.proto.seed, shrinks: true)))
        return try distance(real: sets.real(for: name).rows(for: name), fake: sets.fake.rows(for: name), confidence: sets.confidence).named(name)
    }
}
