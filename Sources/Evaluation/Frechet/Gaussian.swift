import LinearAlgebra

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
            let (rows, float64Mean, squares) = features.centredRows(scaledBy: 1 / Double(divisor).squareRoot())
            self.init(
                mean: convention.meanPrecision == .float64 ? float64Mean : features.float32Mean, spread: .rows(rows), trace: squares / Double(divisor))
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

extension Gaussian.Spread {
    /// Fᵀ with Σ = FFᵀ.
    ///
    /// - Shape: `[rank or more, d]`
    var factorRows: Matrix {
        switch self {
        case .rows(let rows): rows
        case .covariance(let covariance): PivotedCholesky(covariance).factor.transposed
        }
    }

    /// GΣ and GΣGᵀ for some rows G.
    ///
    /// - Shape: G `[r, d]` → `[r, d]`, `[r, r]`
    func seen(through rows: Matrix) -> (image: Matrix, gram: Matrix) {
        switch self {
        case .rows(let own):
            let cross = Matrix.product(rows, own, transposingSecond: true)
            return (.product(cross, own), cross.transposed.gram)
        case .covariance(let covariance):
            let image = Matrix.product(rows, covariance)
            return (image, .product(image, rows, transposingSecond: true))
        }
    }
}

extension FeatureSet {
    /// Rows R with RᵀR = scale²·Σ (xᵢ−µ)(xᵢ−µ)ᵀ, one fewer than there are images; µ; and Σ ‖xᵢ−µ‖².
    ///
    /// The n centred rows sum to zero, so the reflection that takes (1, …, 1) to a multiple of the first axis leaves nothing in the first row: xᵢ + x₁/(√n − 1),
    /// i = 2…n, say the same.
    fileprivate func centredRows(scaledBy scale: Double) -> (rows: Matrix, mean: [Double], squares: Double) {
        let d = dimension
        var rows = values.map(Double.init)
        let mean = centre(&rows, dimension: d)
        let squares = rows.reduce(0) { $0 + $1 * $1 }
        guard count > 1 else { return (Matrix(rows: 0, columns: d), mean, 0) }
        let share = 1 / (Double(count).squareRoot() - 1)
        rows.withUnsafeMutableBufferPointer { x in
            for start in stride(from: d, to: x.count, by: d) {
                for j in 0..<d { x[start + j] = scale * (x[start + j] + share * x[j]) }
            }
        }
        return (Matrix(rows: count - 1, columns: d, elements: Array(rows[d...])), mean, squares)
    }

    /// The mean summed row after row and divided in float32.
    fileprivate var float32Mean: [Double] {
        var sum = [Float](repeating: 0, count: dimension)
        addFloat32Rows(values, to: &sum)
        return sum.map { Double($0 / Float(count)) }
    }
}
