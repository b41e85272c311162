/// Which of two generated sets has the smaller Fréchet distance to a reference.
///
/// The variance of FID(A) − FID(B) is the infinitesimal jackknife's, from the influence ψ of each image (``FrechetUncertainty``):
///
///     Var(ψ_A)/N_A + Var(ψ_B)/N_B + Var(ψ_R^A − ψ_R^B)/N_R
///
/// The last term has the difference of the two influences of one reference image, because both distances see the same reference; treating them as independent would widen the interval for nothing.
///
/// The exchange test permutes the images of A and B. Its statistic is the first-order difference of the distances, mean ψ over A minus mean ψ over B, with ψ taken at the pooled set A ∪ B. That ψ
/// does not know who belongs to which set, so the test's level is exact for any number of images, while 9 999 exchanges cost no further distance.
///
/// The distance's small-sample excess depends on the number of images: sets of different sizes are not compared.
public struct FrechetComparison: Sendable {
    /// How means and covariances are taken.
    public var convention: MomentConvention
    /// Random exchanges of the permutation test.
    public var exchanges: Int
    /// The seed of the exchanges.
    public var seed: UInt32

    /// A comparison with these conventions.
    public init(convention: MomentConvention = .unbiased, exchanges: Int = 9999, seed: UInt32 = 2020) {
        (self.convention, self.exchanges, self.seed) = (convention, exchanges, seed)
    }

    /// Compares. A reference of which only statistics are at hand counts as fixed.
    /// - Throws: `badShape` for sets of different sizes; `featuresNeeded` for generated sets of which only statistics are at hand; as `FrechetDistance`.
    public func callAsFunction(_ first: FeatureSummary, _ second: FeatureSummary, reference: FeatureSummary, confidence: Double = 0.95) throws(EvaluationError) -> MetricComparison {
        guard let n = first.rowCount, let m = second.rowCount else { throw .featuresNeeded(metric: "a comparison") }
        guard n == m else { throw .badShape(what: "sets to be compared", expected: "equal numbers of images, on which the distance depends", found: "\(n) and \(m)") }
        let real = try reference.gaussian(convention)
        let a = try Side(real, first.gaussian(convention), convention), b = try Side(real, second.gaussian(convention), convention)
        let pooled = try FrechetUncertainty(real, first.pooled(with: second, convention), convention: convention)
        var ofFirst = Influences(), ofSecond = Influences(), ofReference = RunningMoments()
        try first.forEachBatch { (rows: [Float]) throws(EvaluationError) in ofFirst.add(a.uncertainty.influenceOfSecond(rows), atPool: pooled.influenceOfSecond(rows)) }
        try second.forEachBatch { (rows: [Float]) throws(EvaluationError) in ofSecond.add(b.uncertainty.influenceOfSecond(rows), atPool: pooled.influenceOfSecond(rows)) }
        try reference.forEachBatch { (rows: [Float]) throws(EvaluationError) in
            for (x, y) in zip(a.uncertainty.influenceOfFirst(rows), b.uncertainty.influenceOfFirst(rows)) { ofReference.add(x - y) }
        }
        let isFixed = if case .statistics = reference { true } else { false }
        return MetricComparison(
            metric: "fid", first: a.distance.value, second: b.distance.value,
            variance: ofFirst.own.varianceOfMean + ofSecond.own.varianceOfMean + ofReference.varianceOfMean,
            exchange: ExchangeTest(ofFirst.atPool, ofSecond.atPool, exchanges: exchanges, seed: seed), counts: (n, m), confidence: confidence,
            warnings: isFixed ? ["only statistics of the reference are at hand: it counts as fixed"] : [])
    }

    /// One set against the reference.
    private struct Side {
        let distance: FrechetDistance
        let uncertainty: FrechetUncertainty

        init(_ reference: FeatureSummary, _ set: FeatureSummary, _ convention: MomentConvention) throws(EvaluationError) {
            let pair = try GaussianPair(reference, set, convention)
            distance = FrechetDistance(pair)
            uncertainty = try FrechetUncertainty(pair, convention, counts: (reference.count, set.count))
        }
    }

    /// The influences of one set's images on its own distance and on that of the pooled set.
    private struct Influences {
        var own = RunningMoments()
        var atPool: [Double] = []

        mutating func add(_ influences: [Double], atPool pooled: [Double]) {
            for influence in influences { own.add(influence) }
            atPool += pooled
        }
    }
}

extension FeatureSummary {
    /// Number of images whose features are at hand; nil where only statistics are.
    var rowCount: Int? {
        if case .statistics = self { nil } else { count }
    }

    /// Both sets as one.
    fileprivate func pooled(with other: FeatureSummary, _ convention: MomentConvention) throws(EvaluationError) -> FeatureSummary {
        guard dimension == other.dimension else { throw .dimensionMismatch(first: dimension, second: other.dimension) }
        if case .features(var rows) = self, case .features(let more) = other, rows.count + more.count <= dimension {
            try rows.append(more.values)
            return .features(rows)
        }
        var moments = Moments(dimension: dimension)
        try forEachBatch { (rows: [Float]) throws(EvaluationError) in try moments.add(rows) }
        try other.forEachBatch { (rows: [Float]) throws(EvaluationError) in try moments.add(rows) }
        return .statistics(try moments.statistics(convention))
    }
}
