import LinearAlgebra

/// Two Gaussians, and the trace of the root of Σ₁Σ₂ with what it was computed from, so that the distance and its standard error share the decomposition.
struct GaussianPair {
    /// The spectrum of LᵀΣ₂L, Σ₁ = LLᵀ, where both covariances are safely positive definite.
    struct Spectrum {
        let lower: Matrix
        let tridiagonal: Tridiagonalization
    }

    let first: Gaussian
    let second: Gaussian
    /// tr (Σ₁Σ₂)^½.
    let traceOfRoot: Double
    /// Whether both covariances have full rank.
    let isFullRank: Bool
    /// Nil where the trace came from a nuclear norm.
    let spectrum: Spectrum?

    init(_ first: FeatureSummary, _ second: FeatureSummary, _ convention: MomentConvention) throws(EvaluationError) {
        guard first.dimension == second.dimension else { throw .dimensionMismatch(first: first.dimension, second: second.dimension) }
        let a = try Gaussian(first, convention, set: "first"), b = try Gaussian(second, convention, set: "second")
        (self.first, self.second) = (a, b)
        let scale = a.trace + b.trace
        do throws(LinearAlgebraError) {
            if case .covariance(let x) = a.spread, case .covariance(let y) = b.spread, let found = try Self.regular(x, y, scale: scale) {
                (traceOfRoot, spectrum, isFullRank) = (found.trace, found.spectrum, true)
            } else {
                let (x, y) = (Factor(a.spread), Factor(b.spread))
                (traceOfRoot, spectrum, isFullRank) = (try x.crossProduct(y).nuclearNorm(scale: scale), nil, x.isFullRank && y.isFullRank)
            }
        } catch { throw .numericalFailure(error) }
    }

    /// Σ √λ over the eigenvalues of LᵀΣ₂L; nil where a covariance is not safely positive definite, so that rounding of the squared singular values would show.
    private static func regular(_ a: Matrix, _ b: Matrix, scale: Double) throws(LinearAlgebraError) -> (trace: Double, spectrum: Spectrum)? {
        guard let cholesky = try? Cholesky(a) else { return nil }
        let tridiagonal = Tridiagonalization(b.congruence(byLowerTriangle: cholesky.lower))
        guard let trace = try sumOfRoots(tridiagonal.eigenvalues(), scale: scale) else { return nil }
        return (trace, Spectrum(lower: cholesky.lower, tridiagonal: tridiagonal))
    }
}

/// Σ √λ over ascending eigenvalues; nil where their rounding may move it by more than 1e-9 of `scale`.
private func sumOfRoots(_ eigenvalues: [Double], scale: Double) -> Double? {
    guard let largest = eigenvalues.last, largest > 0 else { return nil }
    // An eigenvalue is known to a few ε·λmax, hence its root to that over 2√λ. Errors have either sign; their sum is judged by its worst case.
    let error = 4 * Double.ulpOfOne * largest
    var sum = 0.0
    var uncertainty = 0.0
    for value in eigenvalues {
        guard value > error else { return nil }
        sum += value.squareRoot()
        uncertainty += error / (2 * value.squareRoot())
    }
    return uncertainty <= 1e-9 * scale ? sum : nil
}

extension Matrix {
    /// ‖A‖∗, from the eigenvalues of AᵀA or AAᵀ where their rounding is below 1e-9 of `scale`, else from the singular values, which takes several times as long.
    fileprivate func nuclearNorm(scale: Double) throws(LinearAlgebraError) -> Double {
        if let sum = try sumOfRoots(SymmetricEigen.values(of: rows < columns ? transposed.gram : gram), scale: scale) { return sum }
        return try nuclearNorm()
    }
}

/// Σ = FFᵀ.
private enum Factor {
    /// Fᵀ, one row per image: Σ = RᵀR.
    case rows(Matrix)
    /// F.
    case columns(Matrix)

    init(_ spread: Gaussian.Spread) {
        switch spread {
        case .rows(let rows): self = .rows(rows)
        case .covariance(let covariance): self = .columns(PivotedCholesky(covariance).factor)
        }
    }

    var isFullRank: Bool {
        switch self {
        case .rows: false  // They are kept only for N ≤ d, and centring takes one more dimension away.
        case .columns(let factor): factor.columns == factor.rows
        }
    }

    /// F₁ᵀF₂.
    func crossProduct(_ other: Factor) -> Matrix {
        switch (self, other) {
        case (.rows(let a), .rows(let b)): .product(a, b, transposingSecond: true)
        case (.rows(let a), .columns(let b)): .product(a, b)
        case (.columns(let a), .rows(let b)): .product(a, b, transposingFirst: true, transposingSecond: true)
        case (.columns(let a), .columns(let b)): .product(a, b, transposingFirst: true)
        }
    }
}
