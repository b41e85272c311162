import LinearAlgebra

/// The between-class FID: the Fréchet distance between the class means of both sets. Small where the generated classes lie to each other as the real ones do.
///
///     BCFID = ‖µ₁ − µ₂‖² + tr(B₁ + B₂ − 2(B₁B₂)^½),   µ = Σ_c p_c µ_c,   B = Σ_c p_c (µ_c − µ)(µ_c − µ)ᵀ
///
/// p_c is the real images' share of class c, in both sets, so that frequencies play no part. With equal frequencies and population covariances FID ≤ BCFID + WCFID.
/// Source: Benny et al. 2021, *Evaluation metrics for conditional image generation*, arXiv:2004.12292.
public struct BetweenClassFrechetDistance: Sendable, Hashable {
    /// The distance.
    public init() {}

    /// The distance, at least 0 up to rounding. No interval: the class means' noise enters through a matrix of few rows, where first-order errors are not normal.
    /// - Throws: `dimensionMismatch`; `badShape` for labels of another number; `tooFewImages` where no class is in both sets.
    public func callAsFunction(real: FeatureSet, labels realLabels: ImageLabels, fake: FeatureSet, labels fakeLabels: ImageLabels) throws(EvaluationError) -> MetricResult {
        try self(ClassGroups(real: real, realLabels, fake: fake, fakeLabels, fewest: 1, for: "between-class-fid"))
    }

    func callAsFunction(_ groups: ClassGroups) throws(EvaluationError) -> MetricResult {
        let shares = groups.shares
        let first = ClassMeans(groups.groups.map(\.real), shares), second = ClassMeans(groups.groups.map(\.fake), shares)
        let meanTerm = squaredDistance(first.centre, second.centre)
        let trace: Double
        do { trace = try Matrix.product(first.rows, second.rows, transposingSecond: true).nuclearNorm() } catch { throw .numericalFailure(error) }
        var result = MetricResult(
            metric: "between-class-fid", value: meanTerm + first.trace + second.trace - 2 * trace,
            details: [.init("mean_term", meanTerm), .init("covariance_term", first.trace + second.trace - 2 * trace), .init("classes", Double(groups.groups.count))],
            realCount: groups.realCount, fakeCount: groups.fakeCount, warnings: groups.warnings)
        if groups.groups.count == 1 { result.warnings.append("a single class has no spread between classes: the value is the distance of its means") }
        return result
    }
}

/// The within-class FID: the Fréchet distance within each class, averaged by the classes' frequencies. Small where each class varies as the real one does.
///
///     WCFID = Σ_c p_c · FID(real of class c, generated of class c)
///
/// p_c is the real images' share of class c. Source: Benny et al. 2021, arXiv:2004.12292.
public struct WithinClassFrechetDistance: Sendable, Hashable {
    /// How means and covariances are taken.
    public var convention: MomentConvention

    /// A distance under a convention of moments.
    public init(convention: MomentConvention = .unbiased) { self.convention = convention }

    /// The distance, with each class's and the interval as in ``IntraFrechetDistance``.
    /// - Throws: as ``IntraFrechetDistance``.
    public func callAsFunction(
        real: FeatureSet, labels realLabels: ImageLabels, fake: FeatureSet, labels fakeLabels: ImageLabels, confidence: Double = 0.95
    ) throws(EvaluationError) -> MetricResult {
        try self(ClassGroups(real: real, realLabels, fake: fake, fakeLabels, fewest: 2, for: "within-class-fid"), confidence)
    }

    func callAsFunction(_ groups: ClassGroups, _ confidence: Double) throws(EvaluationError) -> MetricResult {
        try ClassDistances(groups, convention).result("within-class-fid", weights: groups.shares, groups, confidence)
    }
}

/// The conditional FID with the class as condition: how far each class's mean is from the real one, plus the Fréchet distance between the pooled variations within classes.
///
///     CFID = Σ_c p_c ‖µ₁c − µ₂c‖² + tr(W₁ + W₂ − 2(W₁W₂)^½),   W = Σ_c p_c Σ_c
///
/// This is the paper's ‖m₁ − m₂‖² + tr((C₁ − C₂) C_xx⁺ (C₁ − C₂)ᵀ) + tr(…) with the class, one-hot, in place of x and with classes as frequent in both sets: its conditional covariance then is the pooled one.
/// Source: Soloveitchik et al. 2021, *Conditional Fréchet Inception Distance*, arXiv:2103.11521.
public struct ConditionalFrechetDistance: Sendable, Hashable {
    /// The distance.
    public init() {}

    /// The distance, at least 0 up to rounding. Covariances are the population's.
    /// - Throws: `dimensionMismatch`; `badShape` for labels of another number; `tooFewImages` where no class has two images in both sets.
    public func callAsFunction(real: FeatureSet, labels realLabels: ImageLabels, fake: FeatureSet, labels fakeLabels: ImageLabels) throws(EvaluationError) -> MetricResult {
        try self(ClassGroups(real: real, realLabels, fake: fake, fakeLabels, fewest: 2, for: "conditional-fid"))
    }

    func callAsFunction(_ groups: ClassGroups) throws(EvaluationError) -> MetricResult {
        let d = groups.groups[0].real.dimension, shares = groups.shares
        var meanTerm = 0.0, first = Matrix(rows: d, columns: d), second = first
        for (group, share) in zip(groups.groups, shares) {
            let a = try Moments(group.real).statistics(.population), b = try Moments(group.fake).statistics(.population)
            meanTerm += share * squaredDistance(a.mean, b.mean)
            first += a.covariance.scaled(by: share)
            second += b.covariance.scaled(by: share)
        }
        let zero = [Double](repeating: 0, count: d)
        let within = try FrechetDistance(
            .statistics(FeatureStatistics(mean: zero, covariance: first, count: groups.realCount)), .statistics(FeatureStatistics(mean: zero, covariance: second, count: groups.fakeCount)))
        var result = MetricResult(
            metric: "conditional-fid", value: meanTerm + within.covarianceTerm,
            details: [.init("mean_term", meanTerm), .init("covariance_term", within.covarianceTerm), .init("classes", Double(groups.groups.count))],
            realCount: groups.realCount, fakeCount: groups.fakeCount, warnings: groups.warnings)
        if min(groups.realCount, groups.fakeCount) < 2 * d {
            result.warnings.append("\(min(groups.realCount, groups.fakeCount)) images are few for \(d) features: the value is mostly small-sample bias; compare only values of equal numbers of images")
        }
        return result
    }
}

/// The means of classes, as rows whose Gram matrix is their covariance.
private struct ClassMeans {
    let centre: [Double]
    /// √p_c·(µ_c − µ).
    /// - Shape: `[classes, d]`
    let rows: Matrix
    var trace: Double { rows.elements.reduce(0) { $0 + $1 * $1 } }

    init(_ sets: [FeatureSet], _ shares: [Double]) {
        let d = sets[0].dimension
        let means = sets.map { set in
            var sum = [Double](repeating: 0, count: d)
            for (index, value) in set.values.enumerated() { sum[index % d] += Double(value) }
            return sum.map { $0 / Double(set.count) }
        }
        var centre = [Double](repeating: 0, count: d)
        for (mean, share) in zip(means, shares) { for j in 0..<d { centre[j] += share * mean[j] } }
        rows = Matrix(rows: sets.count, columns: d, elements: zip(means, shares).flatMap { mean, share in (0..<d).map { share.squareRoot() * (mean[$0] - centre[$0]) } })
        self.centre = centre
    }
}

extension ClassGroups {
    /// The real images' share of each class among the classes compared.
    var shares: [Double] {
        let total = Double(groups.reduce(0) { $0 + $1.real.count })
        return groups.map { Double($0.real.count) / total }
    }
}

/// ‖a − b‖².
func squaredDistance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }

/// BCFID as `gan-eval evaluate --metrics between-class-fid` reports it.
struct BetweenClassFrechetMetric: Metric {
    let about = MetricDescription(
        "between-class-fid", "BCFID", "FID between the class means", needs: [.real, .features, .labels], better: .smaller, cost: "N·d + C²·d", paper: "Benny et al. 2021, arXiv:2004.12292")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try BetweenClassFrechetDistance()(ClassGroups(sets, fewest: 1, for: name)) }
}

/// WCFID as `gan-eval evaluate --metrics within-class-fid` reports it.
struct WithinClassFrechetMetric: Metric {
    let about = MetricDescription(
        "within-class-fid", "WCFID", "FID of each class, averaged by the classes' frequencies", needs: [.real, .features, .labels], better: .smaller, cost: "N·d² + C·d³",
        paper: "Benny et al. 2021, arXiv:2004.12292")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try WithinClassFrechetDistance(convention: sets.proto.frechet.convention)(ClassGroups(sets, fewest: 2, for: name), sets.confidence)
    }
}

/// CFID as `gan-eval evaluate --metrics conditional-fid` reports it.
struct ConditionalFrechetMetric: Metric {
    let about = MetricDescription(
        "conditional-fid", "CFID (classes)", "distance of class means and of the pooled variation within classes", needs: [.real, .features, .labels], better: .smaller, cost: "N·d² + d³",
        paper: "Soloveitchik et al. 2021, arXiv:2103.11521")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try ConditionalFrechetDistance()(ClassGroups(sets, fewest: 2, for: name)) }
}
