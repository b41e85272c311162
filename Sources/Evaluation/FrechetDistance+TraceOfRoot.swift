import LinearAlgebra

/// tr (Σ₁Σ₂)^½, and whether both covariances have full rank. `scale` is tr Σ₁ + tr Σ₂.
func traceOfRoot(_ first: Gaussian.Spread, _ second: Gaussian.Spread, scale: Double) throws(LinearAlgebraError) -> (trace: Double, fullRank: Bool) {
    if case .covariance(let a) = first, case .covariance(let b) = second, let trace = try traceOfRootByEigenvalues(a, b, scale: scale) {
        return (trace, true)
    }
    let (a, b) = (Factor(first), Factor(second))
    return (try a.crossProduct(b).nuclearNorm(), a.isFullRank && b.isFullRank)
}

/// Σ √λ over the eigenvalues of LᵀΣ₂L; nil where a covariance is not safely positive definite, so that rounding of the squared singular values would show.
private func traceOfRootByEigenvalues(_ a: Matrix, _ b: Matrix, scale: Double) throws(LinearAlgebraError) -> Double? {
    guard let cholesky = try? Cholesky(a) else { return nil }
    let values = try SymmetricEigen.values(of: b.congruence(byLowerTriangle: cholesky.lower))
    guard let largest = values.last, largest > 0 else { return nil }
    // An eigenvalue is known to a few ε·λmax, hence its root to that over 2√λ. Errors have either sign; their sum is judged by its worst case.
    let error = 4 * Double.ulpOfOne * largest
    var sum = 0.0
    var uncertainty = 0.0
    for value in values {
        guard value > error else { return nil }
        sum += value.squareRoot()
        uncertainty += error / (2 * value.squareRoot())
    }
    return uncertainty <= 1e-9 * scale ? sum : nil
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
