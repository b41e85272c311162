import LinearAlgebra

/// MiFID: FID, raised where the generated images lie so close to real ones that they may be copies.
///
///     MiFID = FID / (m + 10⁻¹⁴),   m = mean over one set of min over the other of 1 − |cos(x, y)|,   m ← 1 where m ≥ 0.1
///
/// Images whose features sum to zero are left out of m. Source: Bai et al. 2021, *On training sample memorization: lessons from benchmarking generative modeling with a large-scale competition*,
/// arXiv:2106.03062.
public struct MemorizationInformedDistance: Sendable, Hashable {
    /// Over which set's images m is the mean; the published tools differ.
    public enum Averaging: String, Sendable, Hashable {
        /// Over real images, each with the nearest generated one: torchmetrics.
        case real
        /// Over generated images, each with the nearest real one: the competition at Kaggle, whose metric it is.
        case generated
    }

    /// Over which set's images m is the mean.
    public var averaging: Averaging
    /// The m from which on nothing counts as a copy.
    public var threshold: Double
    /// How means and covariances are taken.
    public var convention: MomentConvention

    /// A distance with these conventions.
    public init(_ averaging: Averaging, threshold: Double = 0.1, convention: MomentConvention = .unbiased) {
        (self.averaging, self.threshold, self.convention) = (averaging, threshold, convention)
    }

    /// The distance; FID and m are the details `fid` and `cosine_distance`. A FID of at most 10⁻⁸ gives 0, as in torchmetrics.
    ///
    /// The interval is that of FID, divided by m: it takes the penalty as known.
    /// - Throws: as ``FrechetInceptionDistance``; `tooFewImages` where every image of a set sums to zero.
    public func callAsFunction(real: FeatureRows, fake: FeatureRows, summaries: (real: FeatureSummary, fake: FeatureSummary), confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        let frechet = try FrechetInceptionDistance(convention: convention, extrapolationLimit: 0)(real: summaries.real, fake: summaries.fake, confidence: confidence)
        let distance = averaging == .real ? try Self.meanDistance(of: real, "real", to: fake, "generated") : try Self.meanDistance(of: fake, "generated", to: real, "real")
        let divisor = (distance < threshold ? distance : 1) + 1e-14
        let name = averaging == .real ? "mifid" : "mifid-kaggle"
        var result = MetricResult(metric: name, value: frechet.value > 1e-8 ? frechet.value / divisor : 0, details: [.init("fid", frechet.value), .init("cosine_distance", distance)],
                                  realCount: frechet.realCount, fakeCount: frechet.fakeCount, warnings: frechet.warnings)
        if distance < threshold { result.warnings.append("the mean distance to the nearest image of the other set is \(Number.short(max(0, distance))), below \(threshold): the images may be copies, and the value is FID over that") }
        if let error = frechet.standardError, let interval = frechet.interval, frechet.value > 1e-8 {
            result.standardError = error / divisor
            result.interval = ConfidenceInterval(lower: interval.lower / divisor, upper: interval.upper / divisor, confidence: confidence)
        }
        return result
    }

    /// The distance of two sets in memory.
    /// - Throws: as for rows.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(real: .memory(real), fake: .memory(fake), summaries: (.features(real), .features(fake)), confidence: confidence)
    }

    /// The mean over `set` of the least 1 − |cos| to an image of `other`, block by block.
    private static func meanDistance(of set: FeatureRows, _ name: String, to other: FeatureRows, _ otherName: String) throws(EvaluationError) -> Double {
        let block = 1024
        var sum = 0.0, count = 0, found = false
        for start in stride(from: 0, to: set.count, by: block) {
            let rows = try directions(set, start..<min(start + block, set.count))
            guard rows.rows > 0 else { continue }
            var largest = [Double](repeating: -1, count: rows.rows)
            for otherStart in stride(from: 0, to: other.count, by: block) {
                let columns = try directions(other, otherStart..<min(otherStart + block, other.count))
                guard columns.rows > 0 else { continue }
                found = true
                let cosines = Matrix.product(rows, columns, transposingSecond: true)
                for i in 0..<rows.rows { for j in 0..<columns.rows { largest[i] = max(largest[i], abs(cosines[i, j])) } }
            }
            sum += largest.reduce(0) { $0 + 1 - $1 }
            count += rows.rows
        }
        guard count > 0 else { throw .tooFewImages(metric: "mifid with features that do not sum to zero", set: name, needed: 1, found: 0) }
        guard found else { throw .tooFewImages(metric: "mifid with features that do not sum to zero", set: otherName, needed: 1, found: 0) }
        return sum / Double(count)
    }

    /// Rows of unit length; those that sum to zero are left out, as in the tools.
    private static func directions(_ set: FeatureRows, _ range: Range<Int>) throws(EvaluationError) -> Matrix {
        let d = set.dimension
        let kept = try set.withRows(range) { values in
            var kept: [Double] = []
            for row in 0..<range.count {
                let features = values[row * d..<(row + 1) * d]
                guard features.reduce(0, +) != 0 else { continue }
                let norm = features.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                kept += features.lazy.map { Double($0) / norm }
            }
            return kept
        }
        return Matrix(rows: kept.count / d, columns: d, elements: kept)
    }
}

/// MiFID as `gan-eval evaluate --metrics mifid` reports it.
struct MemorizationInformedMetric: Metric {
    private let averaging: MemorizationInformedDistance.Averaging
    let about: MetricDescription

    init(_ averaging: MemorizationInformedDistance.Averaging) {
        self.averaging = averaging
        about = MetricDescription(
            averaging == .real ? "mifid" : "mifid-kaggle", averaging == .real ? "MiFID" : "MiFID (Kaggle)",
            averaging == .real ? "FID, raised for copies of real images (torchmetrics)" : "FID, raised for copies of real images (nearest real image of each generated one)",
            needs: [.real, .features], better: .smaller, cost: "N·d² + d³ + N²·d", paper: "Bai et al. 2021, arXiv:2106.03062")
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        let convention = sets.proto.frechet.convention, real = try sets.real(for: name)
        return try MemorizationInformedDistance(averaging, convention: convention)(
            real: real.rows(for: name), fake: sets.fake.rows(for: name), summaries: (real.summary(convention, for: name), sets.fake.summary(convention, for: name)), confidence: sets.confidence)
    }
}
