import LinearAlgebra

/// The standard error of a Fréchet distance by the infinitesimal jackknife: how the distance reacts to the weight of each image.
///
/// With A the optimal-transport map from N(0, Σ₁) to N(0, Σ₂), which is the gradient of the trace term (d tr(Σ₁Σ₂)^½ = ½ tr(A dΣ₁)), the influence of an
/// image of the first set with features µ₁ + y is, up to a constant,
///
///     ψ₁(y) = 2(µ₁ − µ₂)ᵀy + c₁·(yᵀy − yᵀA y),   c₁ = N₁/(N₁ − ddof)
///
/// and likewise for the second with the map from Σ₂ to Σ₁. Then Var(d²) ≈ Var(ψ₁)/N₁ + Var(ψ₂)/N₂.
///
/// For any factor Σ₁ = F Fᵀ and FᵀΣ₂F = U Λ Uᵀ the maps are A = Σ₂F·UΛ^(−3/2)Uᵀ·FᵀΣ₂ and, back, F·UΛ^(−1/2)Uᵀ·Fᵀ, so that flat covariances need no inverse: with
/// N ≤ d images F is their centred features and Λ the spectrum of a small N×N problem.
///
/// Rows are given batch by batch, in a second pass over the features, and are not kept. A set of which only statistics are known counts as fixed.
public struct FrechetUncertainty: Sendable {
    private let first: QuadraticForm
    private let second: QuadraticForm
    private var influences = (first: RunningVariance(), second: RunningVariance())

    /// Prepares the maps between the Gaussians of two sets.
    ///
    /// - Throws: as `FrechetDistance`.
    public init(_ first: FeatureSummary, _ second: FeatureSummary, convention: MomentConvention = .unbiased) throws(EvaluationError) {
        guard first.dimension == second.dimension else { throw .dimensionMismatch(first: first.dimension, second: second.dimension) }
        let a = try Gaussian(first, convention, set: "first"), b = try Gaussian(second, convention, set: "second")
        // The set with fewer images gives the factor: its spectrum is the smaller problem.
        let swapped = b.rank < a.rank
        let maps: (forward: Matrix, back: Matrix)
        do { maps = swapped ? try transportMaps(b.spread, a.spread) : try transportMaps(a.spread, b.spread) } catch { throw .numericalFailure(error) }
        let difference = zip(a.mean, b.mean).map { $0 - $1 }
        self.first = QuadraticForm(
            mean: a.mean, slope: difference.map { 2 * $0 }, map: swapped ? maps.back : maps.forward, factor: convention.covarianceFactor(first.count))
        self.second = QuadraticForm(
            mean: b.mean, slope: difference.map { -2 * $0 }, map: swapped ? maps.forward : maps.back, factor: convention.covarianceFactor(second.count))
    }

    /// The influence ψ₁ of rows of the first set, up to a common constant.
    ///
    /// - Shape: `[n, d] → [n]`
    public func influenceOfFirst(_ rows: [Float]) -> [Double] { first(rows) }

    /// The influence ψ₂ of rows of the second set, up to a common constant.
    ///
    /// - Shape: `[n, d] → [n]`
    public func influenceOfSecond(_ rows: [Float]) -> [Double] { second(rows) }

    /// Adds rows of the first set.
    public mutating func addFirst(_ rows: [Float]) { for influence in first(rows) { influences.first.add(influence) } }

    /// Adds rows of the second set.
    public mutating func addSecond(_ rows: [Float]) { for influence in second(rows) { influences.second.add(influence) } }

    /// √(Var(ψ₁)/N₁ + Var(ψ₂)/N₂) over the rows added; a set without rows counts as fixed. Nil before any two rows.
    public var standardError: Double? {
        guard influences.first.count > 1 || influences.second.count > 1 else { return nil }
        return (influences.first.varianceOfMean + influences.second.varianceOfMean).squareRoot()
    }
}

extension MomentConvention {
    /// N/(N − ddof): what the covariance is in units of the population covariance of the images.
    fileprivate func covarianceFactor(_ count: Int?) -> Double {
        guard let count, count > degreesOfFreedomRemoved else { return 1 }
        return Double(count) / Double(count - degreesOfFreedomRemoved)
    }
}

extension Gaussian {
    /// An upper bound of the covariance's rank.
    fileprivate var rank: Int {
        switch spread {
        case .rows(let rows): rows.rows
        case .covariance(let covariance): covariance.rows
        }
    }
}

/// The roots of the optimal-transport maps between N(0, Σ₁) and N(0, Σ₂): W with A = WᵀW, forward and back.
///
/// - Shape: `[r, d]` for both, r being the rank of Σ₁Σ₂.
private func transportMaps(_ first: Gaussian.Spread, _ second: Gaussian.Spread) throws(LinearAlgebraError) -> (forward: Matrix, back: Matrix) {
    let rows: Matrix = switch first {  // Fᵀ
    case .rows(let rows): rows
    case .covariance(let covariance): PivotedCholesky(covariance).factor.transposed
    }
    let image: Matrix, gram: Matrix  // FᵀΣ₂ and FᵀΣ₂F
    switch second {
    case .rows(let other):
        let cross = Matrix.product(rows, other, transposingSecond: true)
        image = .product(cross, other)
        gram = cross.transposed.gram
    case .covariance(let covariance):
        image = .product(rows, covariance)
        gram = .product(image, rows, transposingSecond: true)
    }
    let eigen = try SymmetricEigen(gram)
    // Below this an eigenvalue is rounding. What is dropped is at most 3e-7 of the largest singular value in each direction, invisible in a standard error.
    let threshold = 1e-13 * (eigen.values.last ?? 0)
    let kept = eigen.values.indices.filter { eigen.values[$0] > threshold && eigen.values[$0] > 0 }
    func scaledVectors(_ exponent: (Double) -> Double) -> Matrix {
        var result = Matrix(rows: kept.count, columns: gram.columns)
        for (row, k) in kept.enumerated() {
            let factor = exponent(eigen.values[k])
            for j in 0..<gram.columns { result[row, j] = factor * eigen.vectors[k, j] }
        }
        return result
    }
    // WᵀW = (…)Λ^(−3/2)(…) needs rows scaled by Λ^(−3/4), and Λ^(−1/4) on the way back.
    return (
        .product(scaledVectors { 1 / ($0.squareRoot() * $0.squareRoot().squareRoot()) }, image),
        .product(scaledVectors { 1 / $0.squareRoot().squareRoot() }, rows)
    )
}

/// ψ(x) = slope·y + factor·(yᵀy − ‖W y‖²), y = x − mean.
private struct QuadraticForm {
    let mean: [Double], slope: [Double], map: Matrix, factor: Double

    func callAsFunction(_ rows: [Float]) -> [Double] {
        let d = mean.count
        precondition(rows.count.isMultiple(of: d), "\(rows.count) numbers are not whole rows of \(d) features")
        let blockLength = 512
        var result: [Double] = []
        result.reserveCapacity(rows.count / d)
        for start in stride(from: 0, to: rows.count / d, by: blockLength) {
            let n = min(blockLength, rows.count / d - start)
            let centred = Matrix(rows: n, columns: d, elements: centredRows(rows, start..<(start + n)))
            let mapped = Matrix.product(centred, map, transposingSecond: true)
            let width = mapped.columns
            centred.elements.withUnsafeBufferPointer { y in
                mapped.elements.withUnsafeBufferPointer { w in
                    for i in 0..<n {
                        var linear = 0.0, own = 0.0, other = 0.0
                        for j in 0..<d {
                            linear += slope[j] * y[i * d + j]
                            own += y[i * d + j] * y[i * d + j]
                        }
                        for k in 0..<width { other += w[i * width + k] * w[i * width + k] }
                        result.append(linear + factor * (own - other))
                    }
                }
            }
        }
        return result
    }

    private func centredRows(_ rows: [Float], _ range: Range<Int>) -> [Double] {
        let d = mean.count
        return rows.withUnsafeBufferPointer { rows in
            [Double](unsafeUninitializedCapacity: range.count * d) { target, count in
                for (i, row) in range.enumerated() {
                    for j in 0..<d { target[i * d + j] = Double(rows[row * d + j]) - mean[j] }
                }
                count = range.count * d
            }
        }
    }
}

/// Count, mean and variance of numbers seen one by one (Welford 1962).
private struct RunningVariance {
    private(set) var count = 0
    private var mean = 0.0
    private var squares = 0.0

    mutating func add(_ value: Double) {
        count += 1
        let delta = value - mean
        mean += delta / Double(count)
        squares += delta * (value - mean)
    }

    /// The variance of the mean of the numbers seen, with divisor n − 1.
    var varianceOfMean: Double { count > 1 ? squares / (Double(count - 1) * Double(count)) : 0 }
}
