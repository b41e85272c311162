#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import LinearAlgebra

/// The density of a Gaussian of deviation σ around each of some images, evenly weighted:
///
///     p(x) = 1/n Σᵢ (2πσ²)^{−d/2} exp(−‖x − yᵢ‖²/(2σ²))
struct ParzenWindows {
    private let centres: Matrix, norms: [Double], shift: [Double]

    /// Deviations that are tried, in units of the centres' root-mean-square deviation per feature: 10⁻² to 10^½ in steps of 10^⅛.
    static let relativeDeviations = (0...20).map { pow(10, -2 + Double($0) / 8) }

    /// The centres' root-mean-square deviation per feature.
    let spread: Double

    /// - Throws: `noSpread` where all centres are equal, for which no deviation can be named.
    init(centres set: FeatureSet, for metric: String) throws(EvaluationError) {
        self.init(distancesTo: set)
        guard spread > 0 else { throw .noSpread(metric: metric, set: "all generated ones") }
    }

    /// Windows that only distances are asked of, which may all be equal.
    init(distancesTo set: FeatureSet) {
        var rows = set.values.map(Double.init)
        // Distances are differences of products, which cancel least about the mean.
        shift = centre(&rows, dimension: set.dimension)
        centres = Matrix(rows: set.count, columns: set.dimension, elements: rows)
        norms = Self.norms(centres)
        spread = (norms.reduce(0, +) / Double(rows.count)).squareRoot()
    }

    /// ln p of every point, for each deviation.
    /// - Shape: `[deviations][points]`
    func logDensities(of points: FeatureSet, deviations: [Double]) -> [[Double]] {
        let constants = deviations.map { -log(Double(norms.count)) - Double(points.dimension) * (log($0) + 0.5 * log(2 * .pi)) }
        let factors = deviations.map { -0.5 / ($0 * $0) }
        var result = [[Double]](repeating: [], count: deviations.count)
        forEachDistance(from: points) { squares in
            let nearest = squares.min() ?? 0
            for k in deviations.indices {
                var sum = 0.0
                for square in squares { sum += exp(factors[k] * (square - nearest)) }
                result[k].append(constants[k] + factors[k] * nearest + log(sum))
            }
        }
        return result
    }

    /// The distance of every point to the nearest centre.
    func nearestDistances(of points: FeatureSet) -> [Double] {
        var result: [Double] = []
        forEachDistance(from: points) { result.append(($0.min() ?? 0).squareRoot()) }
        return result
    }

    /// The deviation under which points are likeliest, and their mean ln p. The first and the last deviation tried are at the edge of what is thinkable, which `isInner` says.
    func bestDeviation(for points: FeatureSet) -> (deviation: Double, mean: Double, isInner: Bool) {
        let deviations = Self.relativeDeviations.map { $0 * spread }
        let means = logDensities(of: points, deviations: deviations).map { $0.reduce(0, +) / Double($0.count) }
        let best = means.indices.reduce(0) { means[$1] > means[$0] ? $1 : $0 }
        return (deviations[best], means[best], best > 0 && best + 1 < means.count)
    }

    /// Gives each point's squared distances to all centres, with the memory of a block.
    private func forEachDistance(from points: FeatureSet, _ body: (ArraySlice<Double>) -> Void) {
        let d = points.dimension, n = norms.count, block = 256
        for start in stride(from: 0, to: points.count, by: block) {
            let end = min(start + block, points.count)
            let rows = Matrix(rows: end - start, columns: d, elements: (start * d..<end * d).map { Double(points.values[$0]) - shift[$0 % d] })
            let products = Matrix.product(rows, centres, transposingSecond: true), own = Self.norms(rows)
            var squares = products.elements
            squares.withUnsafeMutableBufferPointer { squares in
                for i in 0..<end - start { for j in 0..<n { squares[i * n + j] = max(0, own[i] + norms[j] - 2 * squares[i * n + j]) } }
            }
            for i in 0..<end - start { body(squares[i * n..<(i + 1) * n]) }
        }
    }

    private static func norms(_ rows: Matrix) -> [Double] {
        (0..<rows.rows).map { i in rows.elements[i * rows.columns..<(i + 1) * rows.columns].reduce(0) { $0 + $1 * $1 } }
    }
}

extension FeatureSet {
    /// Every second row, from the first or from the second.
    func half(_ remainder: Int) -> FeatureSet { rows(stride(from: remainder, to: count, by: 2)) }
}
