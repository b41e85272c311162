import LinearAlgebra

/// A linear classifier of two classes with the largest soft margin, trained to convergence in float64 and without any random number.
///
///     min over w, b of  ½ (‖w‖² + b²) + C Σᵢ max(0, 1 − yᵢ (w·xᵢ + b))²        yᵢ = ±1
///
/// This is scikit-learn's `LinearSVC(C=C)` (liblinear's L2-regularised L2-loss form, Fan et al. 2008), whose bias is penalised too.
public struct LinearSupportVectorMachine: Sendable {
    /// w.
    public let weights: [Double]
    /// b.
    public let bias: Double
    /// Whether the gradient vanished.
    public let isConverged: Bool

    /// Trains.
    /// - Parameters:
    ///   - isPositive: The class of each row.
    ///   - c: C.
    /// - Throws: `badShape` unless there is a class for each row and both occur; `badOption` for C ≤ 0.
    public init(_ rows: FeatureSet, isPositive: [Bool], c: Double = 1) throws(EvaluationError) {
        guard isPositive.count == rows.count else { throw .badShape(what: "classes", expected: "\(rows.count), one for each row", found: "\(isPositive.count)") }
        guard isPositive.contains(true), isPositive.contains(false) else { throw .badShape(what: "classes to tell apart", expected: "2", found: "\(Set(isPositive).count)") }
        guard c > 0 else { throw .badOption(name: "C", value: "\(c)", expected: "a positive number") }
        let n = rows.count, d = rows.dimension
        var elements: [Double] = []
        elements.reserveCapacity(n * (d + 1))
        for i in 0..<n {
            for j in 0..<d { elements.append(Double(rows.values[i * d + j])) }
            elements.append(1)
        }
        let x = Matrix(rows: n, columns: d + 1, elements: elements), signs = isPositive.map { $0 ? 1.0 : -1.0 }
        // Divided by C n, so that the tolerance means the same for any number of rows.
        let share = 1 / Double(n), penalty = share / c
        let found = LimitedMemoryMinimizer().minimum(from: [Double](repeating: 0, count: d + 1)) { parameters in
            let margins = Matrix.product(x, Matrix(rows: d + 1, columns: 1, elements: parameters)).elements
            var value = 0.0, residuals = [Double](repeating: 0, count: n)
            for i in 0..<n {
                let lack = 1 - signs[i] * margins[i]
                guard lack > 0 else { continue }
                value += lack * lack * share
                residuals[i] = -2 * lack * signs[i] * share
            }
            var slope = Matrix.product(x, Matrix(rows: n, columns: 1, elements: residuals), transposingFirst: true).elements
            for k in slope.indices {
                value += 0.5 * penalty * parameters[k] * parameters[k]
                slope[k] += penalty * parameters[k]
            }
            return (value, slope)
        }
        (weights, bias, isConverged) = (Array(found.point.dropLast()), found.point[d], found.isConverged)
    }

    /// Whether each row is on the positive side.
    public func predictions(_ rows: FeatureSet) -> [Bool] {
        precondition(rows.dimension == weights.count, "a classifier of \(weights.count) numbers cannot take \(rows.dimension)")
        let d = rows.dimension
        return (0..<rows.count).map { i in (0..<d).reduce(bias) { $0 + weights[$1] * Double(rows.values[i * d + $1]) } > 0 }
    }
}
