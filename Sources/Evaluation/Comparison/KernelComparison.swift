/// Which of two generated sets has the smaller kernel distance to a reference.
///
/// Every image is compared with every other, whatever subsets a protocol draws. The variance of the difference is that of the influences of the images, from row means of the kernel matrices; an image's are
///
///     ψ_A(a) = 2·(mean k(a, a′) − mean k(r, a)),   ψ_B(b) likewise,   ψ_R(r) = 2·(mean k(r, b) − mean k(r, a))
///
/// so that the reference, which both distances share, counts once. The row means carry the interactions' noise, which makes the variance too large where the sets are alike; as in ``KernelVariance``, it errs on that side.
/// The exchange test permutes the images of A and B, by ψ of the pooled set A ∪ B.
///
/// The estimate has no small-sample excess: sets of different sizes are compared.
/// Source: Bounliphone et al. 2016, *A test of relative similarity for model selection in generative models*, arXiv 1511.04581.
public struct KernelComparison: Sendable {
    /// k(x, y).
    public var kernel: KernelInceptionDistance.Kernel
    /// The precision of the inner products.
    public var precision: KernelInceptionDistance.Precision
    /// Random exchanges of the permutation test.
    public var exchanges: Int
    /// The seed of the exchanges.
    public var seed: UInt32

    /// A comparison with these conventions.
    public init(kernel: KernelInceptionDistance.Kernel = .polynomial(), precision: KernelInceptionDistance.Precision = .float64, exchanges: Int = 9999, seed: UInt32 = 2020) {
        (self.kernel, self.precision, self.exchanges, self.seed) = (kernel, precision, exchanges, seed)
    }

    /// Compares.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than 4 images in a set; what reading throws.
    public func callAsFunction(_ first: FeatureRows, _ second: FeatureRows, reference: FeatureRows, confidence: Double = 0.95) throws(EvaluationError) -> MetricComparison {
        for (name, set) in [("first", first), ("second", second), ("reference", reference)] {
            guard set.dimension == reference.dimension else { throw .dimensionMismatch(first: reference.dimension, second: set.dimension) }
            guard set.count >= 4 else { throw .tooFewImages(metric: "a comparison by KID", set: name, needed: 4, found: set.count) }
        }
        let a = try KernelSums(reference, first, kernel, precision), b = try KernelSums(reference, second, kernel, precision)
        let between = try KernelSums(first, second, kernel, precision)
        let (n, m, r) = (Double(first.count), Double(second.count), Double(reference.count))
        func own(_ sums: KernelSums, _ count: Double) -> RunningMoments {
            RunningMoments(zip(sums.second.within, sums.second.across).map { 2 * ($0 / (count - 1) - $1 / r) })
        }
        let ofReference = RunningMoments(zip(a.first.across, b.first.across).map { 2 * ($1 / m - $0 / n) })
        func atPool(_ within: [Double], _ across: [Double], _ toReference: [Double]) -> [Double] {
            within.indices.map { 2 * ((within[$0] + across[$0]) / (n + m - 1) - toReference[$0] / r) }
        }
        return MetricComparison(
            metric: "kid", first: a.unbiasedDiscrepancy, second: b.unbiasedDiscrepancy,
            variance: own(a, n).varianceOfMean + own(b, m).varianceOfMean + ofReference.varianceOfMean,
            exchange: ExchangeTest(
                atPool(between.first.within, between.first.across, a.second.across), atPool(between.second.within, between.second.across, b.second.across),
                exchanges: exchanges, seed: seed),
            counts: (first.count, second.count), confidence: confidence)
    }
}
