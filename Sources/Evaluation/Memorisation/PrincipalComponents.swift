import LinearAlgebra

/// The directions in which a set of features varies most.
struct PrincipalComponents {
    private let mean: [Double]
    /// - Shape: `[components, d]`
    private let directions: Matrix

    /// The first components of a set.
    /// - Throws: `numericalFailure`; `tooFewImages` for fewer than two; what reading throws.
    init(of set: FeatureRows, count: Int) throws(EvaluationError) {
        var moments = Moments(dimension: set.dimension)
        try set.forEachBatch { (rows: [Float]) throws(EvaluationError) in try moments.add(rows) }
        let statistics = try moments.statistics()
        mean = statistics.mean
        do throws(LinearAlgebraError) {
            let vectors = try SymmetricEigen(statistics.covariance).vectors, d = set.dimension, kept = min(count, d)
            directions = Matrix(rows: kept, columns: d, elements: Array(vectors.elements.suffix(kept * d)))
        } catch { throw .numericalFailure(error) }
    }

    /// A set's coordinates along the components.
    /// - Shape: `[n, d] → [n, components]`
    /// - Throws: what reading throws.
    func coordinates(of set: FeatureRows) throws(EvaluationError) -> FeatureSet {
        var result = FeatureSet(dimension: directions.rows)
        try set.forEachBatch { (rows: [Float]) throws(EvaluationError) in
            let centred = Matrix(rows: rows.count / mean.count, columns: mean.count, elements: rows.enumerated().map { Double($0.element) - mean[$0.offset % mean.count] })
            try result.append(Matrix.product(centred, directions, transposingSecond: true).elements.map(Float.init))
        }
        return result
    }
}
