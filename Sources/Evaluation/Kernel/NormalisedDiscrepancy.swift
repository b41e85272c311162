/// CMMD's form of the discrepancy on any network's features: a Gaussian kernel of fixed width on features of length 1, with every image also compared with itself.
///
///     1000 · (mean k(xᵢ, xⱼ) + mean k(yᵢ, yⱼ) − 2 mean k(xᵢ, yⱼ)),  k(x, y) = exp(−‖x/‖x‖ − y/‖y‖‖²/(2σ²)),  σ = 10
///
/// Source: Jayasumana et al. 2024, *Rethinking FID: towards a better evaluation metric for image generation*, arXiv:2401.09603, section 5, who take CLIP ViT-L/14@336 embeddings. The self-comparisons make it
/// positive, by about 1000·(1/N + 1/M)·E(1 − k) for sets alike.
public struct NormalisedDiscrepancy: Sendable, Hashable {
    /// σ.
    public var sigma: Double

    /// The paper's σ, or another.
    public init(sigma: Double = 10) { self.sigma = sigma }

    /// The discrepancy, at least 0.
    ///
    /// The standard error is KID's for this kernel; the interval, symmetric and cut off at 0, covers what as many images would give on average.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than 4 images in a set; `badOption` for σ that is not positive and for features of zeros only, which have no direction.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(real: .memory(real), fake: .memory(fake), confidence: confidence)
    }

    /// The discrepancy of sets that may be too large to hold.
    /// - Throws: as for features in memory, and what reading throws.
    public func callAsFunction(real: FeatureRows, fake: FeatureRows, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        for (set, count) in [("real", real.count), ("generated", fake.count)] where count < 4 { throw .tooFewImages(metric: "cmmd", set: set, needed: 4, found: count) }
        guard sigma > 0 else { throw .badOption(name: "sigma", value: "\(sigma)", expected: "a positive number") }
        let x = FeatureRows.directions(real, of: "real"), y = FeatureRows.directions(fake, of: "generated")
        let sums = try KernelSums(x, y, .gaussian(sigma: sigma), .float64), n = Double(x.count), m = Double(y.count)
        // A row's kernel with itself is 1.
        let value = max(0, 1000 * (sums.first.within.reduce(n, +) / (n * n) + sums.second.within.reduce(m, +) / (m * m) - 2 * sums.first.across.reduce(0, +) / (n * m)))
        let error = 1000 * KernelVariance(sums).variance(first: x.count, second: y.count).squareRoot()
        var result = MetricResult(metric: "cmmd", value: value, details: [.init("sigma", sigma), .init("unbiased", 1000 * sums.unbiasedDiscrepancy)], realCount: x.count, fakeCount: y.count)
        result.addInterval(standardError: error, within: 0 ... .infinity, confidence)
        return result
    }
}

/// CMMD's form as `gan-eval evaluate --metrics cmmd` reports it.
struct NormalisedDiscrepancyMetric: Metric {
    let about = MetricDescription(
        "cmmd", "CMMD", "Gaussian mean discrepancy of normalised features, ×1000", needs: [.real, .features], better: .smaller, cost: "N²·d", paper: "Jayasumana et al. 2024, arXiv:2401.09603",
        usualFeatures: (network: "clip-vit-l14-336", tap: "image"))

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try NormalisedDiscrepancy()(real: sets.real(for: name).rows(for: name), fake: sets.fake.rows(for: name), confidence: sets.confidence)
    }
}
