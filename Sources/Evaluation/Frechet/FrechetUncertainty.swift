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
/// Where both covariances are regular, the decomposition LᵀΣ₂L = QΛQᵀ, Σ₁ = LLᵀ, whose eigenvalues gave the distance, gives A = L⁻ᵀQΛ^½QᵀL⁻¹ and, back,
/// A⁻¹. In general, for any factor Σ₁ = F Fᵀ and FᵀΣ₂F = U Λ Uᵀ, the maps are Σ₂F·UΛ^(−3/2)Uᵀ·FᵀΣ₂ and F·UΛ^(−1/2)Uᵀ·Fᵀ, so that flat covariances need
/// no inverse: with N ≤ d images F is their centred features and Λ the spectrum of a small N×N problem.
///
/// Rows are given batch by batch, in a second pass over the features, and are not kept. A set of which only statistics are known counts as fixed.
public struct FrechetUncertainty: Sendable {
    private let first: QuadraticForm
    private let second: QuadraticForm
    private var influences = (first: RunningMoments(), second: RunningMoments())

    /// Prepares the maps between the Gaussians of two sets.
    ///
    /// - Throws: as `FrechetDistance`.
    public init(_ first: FeatureSummary, _ second: FeatureSummary, convention: MomentConvention = .unbiased) throws(EvaluationError) {
        try self.init(GaussianPair(first, second, convention), convention, counts: (first.count, second.count))
    }

    /// Prepares the maps from a decomposition at hand.
    init(_ pair: GaussianPair, _ convention: MomentConvention, counts: (first: Int?, second: Int?)) throws(EvaluationError) {
        let maps: (forward: Matrix, back: Matrix)
        do { maps = try pair.transportMaps() } catch { throw .numericalFailure(error) }
        let difference = zip(pair.first.mean, pair.second.mean).map { $0 - $1 }
        first = QuadraticForm(mean: pair.first.mean, slope: difference.map { 2 * $0 }, map: maps.forward, factor: convention.covarianceFactor(counts.first))
        second = QuadraticForm(mean: pair.second.mean, slope: difference.map { -2 * $0 }, map: maps.back, factor: convention.covarianceFactor(counts.second))
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

    /// √(Var(ψ₂)/N₂): the part that new images of the second set alone would make. Nil before two rows of it.
    public var standardErrorOfSecond: Double? { influences.second.count > 1 ? influences.second.varianceOfMean.squareRoot() : nil }
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

extension GaussianPair {
    /// The optimal-transport maps between the two Gaussians, forward and back: their lower triangles.
    ///
    /// - Shape: `[d, d]` for both.
    fileprivate func transportMaps() throws(LinearAlgebraError) -> (forward: Matrix, back: Matrix) {
        if let spectrum {
            let eigen = try spectrum.tridiagonal.eigen(), all = eigen.values.indices
            let forward = eigen.scaledVectors(all) { $0.squareRoot().squareRoot() }.rowsSolved(byLowerTriangle: spectrum.lower, transposing: false).gram
            if let cholesky = try? Cholesky(forward) { return (forward, cholesky.inverseLowerTriangle) }
            return (forward, eigen.scaledVectors(all) { 1 / $0.squareRoot().squareRoot() }.rowsMultiplied(byLowerTriangle: spectrum.lower, transposing: true).gram)
        }
        // The set with fewer images gives the factor: its spectrum is the smaller problem.
        guard second.rank < first.rank else { return try generalMaps(first.spread, second.spread) }
        let maps = try generalMaps(second.spread, first.spread)
        return (maps.back, maps.forward)
    }
}

extension SymmetricEigen {
    /// Some eigenvectors as rows, each times a function of its eigenvalue.
    fileprivate func scaledVectors(_ kept: some Collection<Int>, _ factor: (Double) -> Double) -> Matrix {
        let d = vectors.columns
        var elements: [Double] = []
        elements.reserveCapacity(kept.count * d)
        for k in kept {
            let scale = factor(values[k])
            elements += vectors.elements[k * d..<(k + 1) * d].lazy.map { $0 * scale }
        }
        return Matrix(rows: kept.count, columns: d, elements: elements)
    }
}

/// The optimal-transport maps between N(0, Σ₁) and N(0, Σ₂) of any rank, forward and back.
///
/// - Shape: `[d, d]` for both.
private func generalMaps(_ first: Gaussian.Spread, _ second: Gaussian.Spread) throws(LinearAlgebraError) -> (forward: Matrix, back: Matrix) {
    let rows = first.factorRows
    let (image, gram) = second.seen(through: rows)
    let eigen = try SymmetricEigen(gram)
    // Below this an eigenvalue is rounding. What is dropped is at most 3e-7 of the largest singular value in each direction, invisible in a standard error.
    let threshold = 1e-13 * (eigen.values.last ?? 0)
    let kept = eigen.values.indices.filter { eigen.values[$0] > threshold && eigen.values[$0] > 0 }
    // WᵀW = (…)Λ^(−3/2)(…) needs rows scaled by Λ^(−3/4), and Λ^(−1/4) on the way back.
    return (
        Matrix.product(eigen.scaledVectors(kept) { 1 / ($0.squareRoot() * $0.squareRoot().squareRoot()) }, image).gram,
        Matrix.product(eigen.scaledVectors(kept) { 1 / $0.squareRoot().squareRoot() }, rows).gram
    )
}

/// ψ(x) = slope·y + factor·(yᵀy − yᵀA y), y = x − mean.
///
/// The products over all images are taken in float32: a standard error is known to a per cent at best, and this is 1e-6 of it. The difference yᵀy − yᵀA y is formed
/// in the matrix, in float64, so nothing cancels here.
private struct QuadraticForm {
    private let mean: [Double], slope: [Double]
    /// Lower triangular with yᵀTy = factor·(yᵀy − yᵀA y): a triangular product costs half of a full one.
    private let triangle: [Float]

    init(mean: [Double], slope: [Double], map: Matrix, factor: Double) {
        (self.mean, self.slope) = (mean, slope)
        triangle = map.foldedBelowDiagonal(factor: -factor, diagonal: factor).elements.map(Float.init)
    }

    func callAsFunction(_ rows: [Float]) -> [Double] {
        let d = mean.count
        precondition(rows.count.isMultiple(of: d), "\(rows.count) numbers are not whole rows of \(d) features")
        let count = rows.count / d, blockLength = min(512, count)
        var result: [Double] = []
        result.reserveCapacity(count)
        var centred = [Float](repeating: 0, count: blockLength * d), mapped = centred
        centred.withUnsafeMutableBufferPointer { y in
            mapped.withUnsafeMutableBufferPointer { w in
                triangle.withUnsafeBufferPointer { triangle in
                    slope.withUnsafeBufferPointer { slope in
                        for start in stride(from: 0, to: count, by: max(blockLength, 1)) {
                            let n = min(blockLength, count - start)
                            centre(rows, from: start, count: n, y, w)
                            multiply(w, byLowerTriangle: triangle, count: n, width: d)
                            for i in stride(from: 0, to: n * d, by: d) { result.append(sumOfProducts(UnsafeBufferPointer(y), UnsafeBufferPointer(w), slope, from: i)) }
                        }
                    }
                }
            }
        }
        return result
    }

    /// Σⱼ yⱼ(wⱼ + slopeⱼ) of one row.
    private func sumOfProducts(_ y: UnsafeBufferPointer<Float>, _ w: UnsafeBufferPointer<Float>, _ slope: UnsafeBufferPointer<Double>, from start: Int) -> Double {
        var sums = SIMD8<Double>.zero
        var j = 0
        while j + 8 <= slope.count {
            let slopes = UnsafeRawPointer(slope.baseAddress! + j).loadUnaligned(as: SIMD8<Double>.self)
            sums += Float.eight(y, from: start + j) * (Float.eight(w, from: start + j) + slopes)
            j += 8
        }
        var rest = 0.0
        while j < slope.count {
            rest += Double(y[start + j]) * (Double(w[start + j]) + slope[j])
            j += 1
        }
        return sums.sum() + rest
    }

    /// Writes rows minus the mean to both places.
    private func centre(_ rows: [Float], from first: Int, count: Int, _ y: UnsafeMutableBufferPointer<Float>, _ w: UnsafeMutableBufferPointer<Float>) {
        let d = mean.count
        rows.withUnsafeBufferPointer { rows in
            mean.withUnsafeBufferPointer { mean in
                for i in 0..<count {
                    for j in 0..<d {
                        let value = Float(Double(rows[(first + i) * d + j]) - mean[j])
                        y[i * d + j] = value
                        w[i * d + j] = value
                    }
                }
            }
        }
    }
}
