import LinearAlgebra

/// The Fréchet distance between the Gaussians of two sets of features (Heusel et al. 2017, eq. 6; Dowson & Landau 1982):
///
///     d² = ‖µ₁ − µ₂‖² + tr Σ₁ + tr Σ₂ − 2 tr (Σ₁Σ₂)^½
///
/// The trace of the root is taken by symmetric methods only, so no imaginary part ever arises. With Σᵢ = FᵢFᵢᵀ for any factors Fᵢ (centred features,
/// Cholesky factors, pivoted Cholesky factors of rank-deficient covariances) it is the nuclear norm ‖F₁ᵀF₂‖∗; where both covariances are well conditioned it
/// is the sum of the roots of the eigenvalues of LᵀΣ₂L, Σ₁ = LLᵀ, which is cheaper.
///
/// The matrix square root of Σ₁Σ₂ and its eigenvalues, which other tools use, give the same to 1e-9 when N > d. When N ≤ d they carry noise of some 3e-6
/// relative, because each zero eigenvalue of the product contributes the root of a rounding error; that noise is not reproduced here.
///
/// The distance of a set to itself comes out as rounding error of either sign, about 1e-15·tr Σ, and is not clamped.
public struct FrechetDistance: Sendable, Equatable {
    /// d².
    public let value: Double
    /// ‖µ₁ − µ₂‖².
    public let meanTerm: Double
    /// tr Σ₁ + tr Σ₂ − 2 tr (Σ₁Σ₂)^½.
    public let covarianceTerm: Double
    /// Whether a set had no more images than features (or a covariance without full rank), so that its Gaussian is flat in some directions and the value
    /// strongly depends on the number of images.
    public let isRankDeficient: Bool

    /// The distance between two sets.
    ///
    /// Features give the exact value for any number of images. From statistics alone, directions in which a covariance is below d·ε of its largest
    /// diagonal element cannot be told from rounding and count as flat: what is dropped is at most the root of that for each such direction.
    ///
    /// - Parameter convention: how means and covariances are taken from features; statistics are used as they are.
    /// - Throws: `dimensionMismatch`, `tooFewImages`, `numericalFailure`.
    public init(_ first: FeatureSummary, _ second: FeatureSummary, convention: MomentConvention = .unbiased) throws(EvaluationError) {
        guard first.dimension == second.dimension else { throw .dimensionMismatch(first: first.dimension, second: second.dimension) }
        let a = try Gaussian(first, convention, set: "first")
        let b = try Gaussian(second, convention, set: "second")
        let root: (trace: Double, fullRank: Bool)
        do { root = try traceOfRoot(a.spread, b.spread, scale: a.trace + b.trace) } catch { throw .numericalFailure(error) }
        meanTerm = zip(a.mean, b.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        covarianceTerm = a.trace + b.trace - 2 * root.trace
        value = meanTerm + covarianceTerm
        isRankDeficient = !root.fullRank
    }

    /// The distance between two sets of which every feature is known.
    /// - Throws: as `init(_:_:convention:)` for summaries.
    public init(_ first: FeatureSet, _ second: FeatureSet, convention: MomentConvention = .unbiased) throws(EvaluationError) {
        try self.init(.features(first), .features(second), convention: convention)
    }

    /// The distance between two Gaussians.
    /// - Throws: as `init(_:_:convention:)` for summaries.
    public init(_ first: FeatureStatistics, _ second: FeatureStatistics) throws(EvaluationError) {
        try self.init(.statistics(first), .statistics(second))
    }
}

/// A mean, and a covariance in the form that loses least.
struct Gaussian {
    /// A covariance, or rows R with Σ = RᵀR.
    enum Spread {
        case covariance(Matrix)
        case rows(Matrix)
    }

    let mean: [Double]
    let spread: Spread
    let trace: Double

    init(_ summary: FeatureSummary, _ convention: MomentConvention, set: String) throws(EvaluationError) {
        switch summary {
        case .features(let features) where features.count <= features.dimension:
            let divisor = features.count - convention.degreesOfFreedomRemoved
            guard divisor > 0 else {
                throw .tooFewImages(metric: "the Fréchet distance", set: set, needed: convention.degreesOfFreedomRemoved + 1, found: features.count)
            }
            let (rows, float64Mean) = features.centred(scaledBy: 1 / Double(divisor).squareRoot())
            self.init(
                mean: convention.meanPrecision == .float64 ? float64Mean : features.float32Mean,
                spread: .rows(rows), trace: rows.elements.reduce(0) { $0 + $1 * $1 })
        case .features(let features):
            try self.init(.statistics(Moments(features).statistics(convention)), convention, set: set)
        case .stored(_, let statistics), .statistics(let statistics):
            self.init(mean: statistics.mean, spread: .covariance(statistics.covariance), trace: statistics.covariance.trace)
        }
    }

    private init(mean: [Double], spread: Spread, trace: Double) {
        (self.mean, self.spread, self.trace) = (mean, spread, trace)
    }
}

extension FeatureSet {
    /// The rows minus their mean, times `scale`; and the mean.
    func centred(scaledBy scale: Double = 1) -> (rows: Matrix, mean: [Double]) {
        var rows = values.map(Double.init)
        let mean = centre(&rows, dimension: dimension)
        if scale != 1 { for i in rows.indices { rows[i] *= scale } }
        return (Matrix(rows: count, columns: dimension, elements: rows), mean)
    }

    /// The mean summed row after row and divided in float32.
    var float32Mean: [Double] {
        var sum = [Float](repeating: 0, count: dimension)
        addFloat32Rows(values, to: &sum)
        return sum.map { Double($0 / Float(count)) }
    }
}
