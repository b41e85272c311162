#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import LinearAlgebra

/// A linear classifier of standardised features by penalised maximum likelihood, trained to convergence in float64 and without any random number.
///
///     min over W, b of  Σᵢ −ln p(yᵢ|xᵢ) + ‖W‖²/(2C),   p(·|x) = softmax(Wx + b),   x = (feature − mean)/deviation of the training set
///
/// Two classes share one weight vector, p(1|x) = 1/(1 + e^−(wx+b)). The biases are not penalised. This is scikit-learn's `make_pipeline(StandardScaler(), LogisticRegression(C=C))`.
public struct LogisticRegression: Sendable {
    /// The classes that the training set had, ascending.
    public let classes: [Int]
    /// The weights of standardised features, the bias last; a single row for two classes.
    /// - Shape: `[classes, d + 1]` or `[1, d + 1]`
    public let weights: Matrix
    /// Whether the gradient vanished.
    public let isConverged: Bool
    private let mean: [Double], scale: [Double]

    /// Trains.
    /// - Parameters:
    ///   - labels: One for each row.
    ///   - inverseRegularization: C.
    /// - Throws: `badShape` unless there is a label for each row and at least two classes occur; `badOption` for C ≤ 0.
    public init(_ features: FeatureSet, labels: [Int], inverseRegularization c: Double = 1) throws(EvaluationError) {
        guard labels.count == features.count else { throw .badShape(what: "labels", expected: "\(features.count), one for each image", found: "\(labels.count)") }
        guard c > 0 else { throw .badOption(name: "inverseRegularization", value: "\(c)", expected: "a positive number") }
        let classes = Set(labels).sorted()
        guard classes.count >= 2 else { throw .badShape(what: "classes to tell apart", expected: "at least 2", found: "\(classes.count)") }
        let d = features.dimension, n = features.count, outputs = classes.count == 2 ? 1 : classes.count
        (mean, scale) = Self.standard(features)
        (self.classes) = classes
        let x = Self.rows(features, mean, scale)
        let positions = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        let targets = labels.map { positions[$0] ?? 0 }
        let (penalty, share) = (1 / (c * Double(n)), 1 / Double(n))
        let found = LimitedMemoryMinimizer().minimum(from: [Double](repeating: 0, count: outputs * (d + 1))) { parameters in
            let w = Matrix(rows: outputs, columns: d + 1, elements: parameters)
            let z = Matrix.product(x, w, transposingSecond: true)
            var residuals = [Double](repeating: 0, count: n * outputs), loss = 0.0
            z.elements.withUnsafeBufferPointer { z in
                residuals.withUnsafeMutableBufferPointer { residuals in
                    for i in 0..<n {
                        loss += outputs == 1 ? Self.binary(z, residuals, i, targets[i]) : Self.softmax(z, residuals, i, outputs, targets[i])
                    }
                }
            }
            let gradient = Matrix.product(Matrix(rows: n, columns: outputs, elements: residuals), x, transposingFirst: true)
            var value = loss * share, slope = gradient.elements
            for k in slope.indices {
                slope[k] *= share
                guard k % (d + 1) < d else { continue }
                value += 0.5 * penalty * parameters[k] * parameters[k]
                slope[k] += penalty * parameters[k]
            }
            return (value, slope)
        }
        weights = Matrix(rows: outputs, columns: d + 1, elements: found.point)
        isConverged = found.isConverged
    }

    /// p(class|x) of every image, in the order of `classes`.
    /// - Shape: `[n, classes]`
    public func probabilities(_ features: FeatureSet) -> Matrix {
        precondition(features.dimension == mean.count, "a classifier of \(mean.count) features cannot take \(features.dimension)")
        let z = Matrix.product(Self.rows(features, mean, scale), weights, transposingSecond: true)
        var p: [Double] = []
        p.reserveCapacity(features.count * classes.count)
        for i in 0..<features.count {
            if classes.count == 2 {
                let one = 1 / (1 + exp(-z[i, 0]))
                p += [1 / (1 + exp(z[i, 0])), one]
            } else {
                let row = (0..<classes.count).map { z[i, $0] }, top = row.max() ?? 0
                let powers = row.map { exp($0 - top) }, sum = powers.reduce(0, +)
                p += powers.map { $0 / sum }
            }
        }
        return Matrix(rows: features.count, columns: classes.count, elements: p)
    }

    /// The likeliest class of every image, the first of equals.
    public func predictions(_ features: FeatureSet) -> [Int] {
        let p = probabilities(features)
        return (0..<features.count).map { i in classes[classes.indices.reduce(0) { p[i, $1] > p[i, $0] ? $1 : $0 }] }
    }

    /// −ln p(target) of a row; leaves σ(z) − target.
    private static func binary(_ z: UnsafeBufferPointer<Double>, _ residuals: UnsafeMutableBufferPointer<Double>, _ i: Int, _ target: Int) -> Double {
        let signed = target == 1 ? -z[i] : z[i]
        residuals[i] = 1 / (1 + exp(-z[i])) - Double(target)
        return max(signed, 0) + log1p(exp(-abs(signed)))
    }

    /// −ln p(target) of a row; leaves p − target.
    private static func softmax(_ z: UnsafeBufferPointer<Double>, _ residuals: UnsafeMutableBufferPointer<Double>, _ i: Int, _ outputs: Int, _ target: Int) -> Double {
        let start = i * outputs
        var top = -Double.infinity, sum = 0.0
        for k in 0..<outputs { top = max(top, z[start + k]) }
        for k in 0..<outputs {
            residuals[start + k] = exp(z[start + k] - top)
            sum += residuals[start + k]
        }
        for k in 0..<outputs { residuals[start + k] = residuals[start + k] / sum - (k == target ? 1 : 0) }
        return log(sum) + top - z[start + target]
    }

    /// Mean and population deviation of each feature; 1 for a constant one.
    private static func standard(_ features: FeatureSet) -> (mean: [Double], scale: [Double]) {
        let d = features.dimension, n = Double(features.count)
        var rows = features.values.map(Double.init)
        let mean = centre(&rows, dimension: d)
        var squares = [Double](repeating: 0, count: d)
        for (index, value) in rows.enumerated() { squares[index % d] += value * value }
        // What rounding leaves of a constant feature is no spread.
        return (mean, zip(squares, mean).map { square, mean in
            let deviation = (square / n).squareRoot()
            return deviation > 1e-12 * abs(mean) ? deviation : 1
        })
    }

    /// Standardised features with a one behind them.
    /// - Shape: `[n, d + 1]`
    private static func rows(_ features: FeatureSet, _ mean: [Double], _ scale: [Double]) -> Matrix {
        let d = features.dimension
        var elements: [Double] = []
        elements.reserveCapacity(features.count * (d + 1))
        for i in 0..<features.count {
            for j in 0..<d { elements.append((Double(features.values[i * d + j]) - mean[j]) / scale[j]) }
            elements.append(1)
        }
        return Matrix(rows: features.count, columns: d + 1, elements: elements)
    }
}
