import LinearAlgebra

/// Count, mean and co-moment of feature rows, accumulated in float64 and in memory O(d²) however many rows are added.
///
/// Rows are gathered in blocks of fixed length; each block is centred on its own mean and joined by the update of Chan, Golub & LeVeque (1983):
/// M = Mₐ + M_b + nₐn_b/(nₐ+n_b)·δδᵀ, δ = µ_b − µₐ. Blocks begin at fixed row numbers, so the result does not depend, to the last bit, on how the rows were
/// split into batches.
public struct Moments: Sendable {
    /// Features per row, d.
    public let dimension: Int
    /// Rows added so far.
    public private(set) var count = 0

    /// Rows joined so far, their mean, and the lower triangle of Σ (x−µ)(x−µ)ᵀ over them.
    private var joinedCount = 0
    private var joinedMean: [Double]
    private var joinedCoMoment: Matrix
    /// Rows waiting until a block is full.
    private var pending: [Double] = []
    /// Σ x in float32, row after row, for `MomentConvention.MeanPrecision.float32`.
    private var float32Sum: [Float]

    /// Long enough that the symmetric rank-k update runs at matrix-product speed, short enough to stay in memory unnoticed.
    private static let blockLength = 512

    /// No rows yet.
    public init(dimension: Int) {
        precondition(dimension > 0, "an image needs at least one feature")
        self.dimension = dimension
        joinedMean = [Double](repeating: 0, count: dimension)
        joinedCoMoment = Matrix(rows: dimension, columns: dimension)
        float32Sum = [Float](repeating: 0, count: dimension)
    }

    /// The moments of features at hand.
    public init(_ features: FeatureSet) {
        self.init(dimension: features.dimension)
        addChecked(features.values)
    }

    /// Adds rows.
    ///
    /// - Shape: `rows` is `[n, dimension]`.
    /// - Throws: `badShape` where the length is no multiple of `dimension`; `notFinite` naming the row (counted over all rows added) and column.
    public mutating func add(_ rows: [Float]) throws(EvaluationError) {
        try checkRows(rows, dimension: dimension, firstRow: count)
        addChecked(rows)
    }

    private mutating func addChecked(_ rows: [Float]) {
        count += rows.count / dimension
        addFloat32Rows(rows, to: &float32Sum)
        let blockSize = Self.blockLength * dimension
        var start = 0
        while start < rows.count {
            let end = min(rows.count, start + blockSize - pending.count)
            if pending.isEmpty { pending.reserveCapacity(min(blockSize, end - start)) }
            rows.withUnsafeBufferPointer { source in pending.append(contentsOf: source[start..<end].lazy.map(Double.init)) }
            if pending.count == blockSize { joinPending() }
            start = end
        }
    }

    /// Adds what `other` has accumulated. Equal to adding its rows after this one's, to rounding (about 1e-15 relative).
    public mutating func merge(_ other: Moments) {
        precondition(dimension == other.dimension, "cannot merge moments of \(other.dimension) features into those of \(dimension)")
        var other = other
        joinPending()
        other.joinPending()
        join(count: other.joinedCount, mean: other.joinedMean, coMoment: other.joinedCoMoment)
        count += other.count
        for j in 0..<dimension { float32Sum[j] += other.float32Sum[j] }
    }

    /// The mean and covariance of all rows added.
    ///
    /// - Throws: `tooFewImages` where the divisor would not be positive.
    public func statistics(_ convention: MomentConvention = .unbiased) throws(EvaluationError) -> FeatureStatistics {
        let divisor = count - convention.degreesOfFreedomRemoved
        guard divisor > 0 else {
            throw .tooFewImages(metric: "a covariance", set: "given", needed: convention.degreesOfFreedomRemoved + 1, found: count)
        }
        var whole = self
        whole.joinPending()
        let mean: [Double] = switch convention.meanPrecision {
        case .float64: whole.joinedMean
        case .float32: float32Sum.map { Double($0 / Float(count)) }
        }
        let covariance = whole.joinedCoMoment.symmetrizedFromLowerTriangle.scaled(by: 1 / Double(divisor))
        return try FeatureStatistics(mean: mean, covariance: covariance, count: count)
    }

    /// What a file keeps: every row joined, the co-moment in full.
    var stored: (mean: [Double], coMoment: Matrix, float32Sum: [Float]) {
        var whole = self
        whole.joinPending()
        return (whole.joinedMean, whole.joinedCoMoment.symmetrizedFromLowerTriangle, float32Sum)
    }

    /// What a file kept.
    init(count: Int, mean: [Double], coMoment: Matrix, float32Sum: [Float]) {
        self.init(dimension: mean.count)
        (self.count, joinedCount, joinedMean, joinedCoMoment, self.float32Sum) = (count, count, mean, coMoment, float32Sum)
    }

    private mutating func joinPending() {
        let n = pending.count / dimension
        guard n > 0 else { return }
        var rows: [Double] = []
        swap(&rows, &pending)
        let mean = centre(&rows, dimension: dimension)
        let delta = shift(to: mean)
        joinedCoMoment.addGram(ofRows: rows, count: n)
        update(delta: delta, count: n)
        rows.removeAll(keepingCapacity: true)
        swap(&rows, &pending)
    }

    private mutating func join(count n: Int, mean: [Double], coMoment: Matrix) {
        guard n > 0 else { return }
        let delta = shift(to: mean)
        joinedCoMoment += coMoment
        update(delta: delta, count: n)
    }

    private func shift(to mean: [Double]) -> [Double] {
        zip(mean, joinedMean).map { $0 - $1 }
    }

    private mutating func update(delta: [Double], count n: Int) {
        let total = Double(joinedCount + n)
        if joinedCount > 0 { joinedCoMoment.addOuterProduct(of: delta, factor: Double(joinedCount) * Double(n) / total) }
        for j in 0..<dimension { joinedMean[j] += delta[j] * (Double(n) / total) }
        joinedCount += n
    }
}

/// Subtracts from every row the mean of the rows, and returns that mean. The mean is corrected once by the mean of the centred rows, so that what remains
/// is rounding of the differences, not of the sum.
func centre(_ rows: inout [Double], dimension d: Int) -> [Double] {
    let n = rows.count / d
    var mean = [Double](repeating: 0, count: d)
    rows.withUnsafeMutableBufferPointer { x in
        mean.withUnsafeMutableBufferPointer { mean in
            var correction = [Double](repeating: 0, count: d)
            correction.withUnsafeMutableBufferPointer { sum in
                for _ in 0..<2 {
                    sum.update(repeating: 0)
                    for start in stride(from: 0, to: n * d, by: d) {
                        for j in 0..<d { sum[j] += x[start + j] }
                    }
                    for j in 0..<d {
                        sum[j] /= Double(n)
                        mean[j] += sum[j]
                    }
                    for start in stride(from: 0, to: n * d, by: d) {
                        for j in 0..<d { x[start + j] -= sum[j] }
                    }
                }
            }
        }
    }
    return mean
}

/// Adds every row to `sum`, in float32 and in order.
func addFloat32Rows(_ rows: [Float], to sum: inout [Float]) {
    rows.withUnsafeBufferPointer { source in
        sum.withUnsafeMutableBufferPointer { sum in
            for start in stride(from: 0, to: source.count, by: sum.count) {
                for j in 0..<sum.count { sum[j] += source[start + j] }
            }
        }
    }
}
