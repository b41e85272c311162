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
        self.init(try GaussianPair(first, second, convention))
    }

    /// The distance between two Gaussians whose spectrum is at hand.
    init(_ pair: GaussianPair) {
        let (a, b) = (pair.first, pair.second)
        meanTerm = zip(a.mean, b.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        // Equal covariances leave the rounding of the traces, of either sign.
        let difference = a.trace + b.trace - 2 * pair.traceOfRoot
        covarianceTerm = difference < 0 && -difference <= 1e-9 * (a.trace + b.trace) ? 0 : difference
        value = meanTerm + covarianceTerm
        isRankDeficient = !pair.isFullRank
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
