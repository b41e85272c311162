#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import LinearAlgebra

/// What the Fréchet distance would be without one of the generated images: exactly, for each of them, without computing a distance anew.
///
/// Without image i of N, y = x − µ₂, the mean is µ₂ − y/(N − 1) and the scatter S − N/(N − 1)·yyᵀ. With any factor Σ₁ = FFᵀ of the real covariance, the trace term is the sum of the roots of the
/// eigenvalues of FᵀΣ₂F = UΛUᵀ, which the removal changes by a multiple of one square, −ρzzᵀ, z = UᵀFᵀy. As det(Λ − ρzzᵀ + s²) = det(Λ + s²)·g(s) with
///
///     g(s) = 1 − ρ Σⱼ zⱼ²/(λⱼ + s²),     tr (Λ − ρzzᵀ)^½ − tr Λ^½ = (1/π) ∫₀^∞ ln g(s) ds
///
/// (from √λ = (2/π) ∫ λ/(λ + s²) ds, by parts). The integrand is analytic in ln s, so the trapezoidal rule with some 200 nodes gives twelve digits, and the nodes of all images are one matrix product. Where
/// there are no more images than features each of them carries a direction of its own, g(0) = 0, and the integral still holds.
///
/// Holds for every number of images from 2 + ddof on; checked against distances computed without the image. To first order it is −(ψ − ψ̄)/(N − 1), ψ being the influence of ``FrechetUncertainty``; for N ≤ d
/// the first order is off by up to a quarter.
public struct FrechetLeaveOneOut: Sendable {
    /// How a distance changes when an image is removed.
    public struct Removal: Sendable, Equatable {
        /// Change of ‖µ₁ − µ₂‖².
        public let meanTerm: Double
        /// Change of tr Σ₁ + tr Σ₂ − 2 tr (Σ₁Σ₂)^½.
        public let covarianceTerm: Double
        /// The distance without the image minus the distance with it: below zero where the image pushes the distance up.
        public var change: Double { meanTerm + covarianceTerm }
    }

    /// The distance with all images.
    public let distance: FrechetDistance
    private let count: Double, divisor: Double
    private let mean: [Double], difference: [Double]
    /// tr Σ₂ and tr (Σ₁Σ₂)^½ with all images.
    private let trace: Double, traceOfRoot: Double
    /// UᵀFᵀ and Λ, the latter with the divisor that holds after a removal.
    /// - Shape: `[r, d]`, `[r]`
    private let projection: Matrix, eigenvalues: [Double]
    /// Whether every removal takes a dimension away.
    private let losesDimension: Bool
    private let nodes: Nodes

    /// Prepares the decomposition.
    /// - Throws: `featuresNeeded` where only statistics of the generated set are at hand; `tooFewImages` for fewer than 2 + ddof; as `FrechetDistance`.
    public init(real: FeatureSummary, fake: FeatureSummary, convention: MomentConvention = .unbiased) throws(EvaluationError) {
        guard let count = fake.rowCount else { throw .featuresNeeded(metric: "leaving images out") }
        let removed = convention.degreesOfFreedomRemoved
        guard count >= 2 + removed else { throw .tooFewImages(metric: "leaving images out", set: "generated", needed: 2 + removed, found: count) }
        let pair = try GaussianPair(real.gaussian(convention), fake.gaussian(convention), convention)
        distance = FrechetDistance(pair)
        (self.count, divisor) = (Double(count), Double(count - 1 - removed))
        let growth = Double(count - removed) / divisor
        (trace, traceOfRoot) = (pair.second.trace, pair.traceOfRoot)
        (mean, difference) = (pair.second.mean, zip(pair.first.mean, pair.second.mean).map { $0 - $1 })
        let rows = pair.first.spread.factorRows
        let eigen: SymmetricEigen
        do { eigen = try SymmetricEigen(pair.second.spread.seen(through: rows).gram) } catch { throw .numericalFailure(error) }
        // N centred images span N − 1 dimensions at most; what lies beyond, or below rounding, is no direction of theirs.
        let largest = eigen.values.last ?? 0, rank = min(eigen.values.count, count - 1)
        let kept = eigen.values.indices.suffix(rank).filter { eigen.values[$0] > 1e-14 * largest && eigen.values[$0] > 0 }
        eigenvalues = kept.map { eigen.values[$0] * growth }
        let width = eigen.vectors.columns
        projection = Matrix.product(Matrix(rows: kept.count, columns: width, elements: kept.flatMap { eigen.vectors.elements[$0 * width..<($0 + 1) * width] }), rows)
        losesDimension = kept.count == count - 1
        nodes = Nodes(eigenvalues)
    }

    /// What removing each of these images, which must be among those of the generated set, does to the distance.
    ///
    /// - Shape: `[n, d] → [n]`
    public func callAsFunction(_ rows: [Float]) -> [Removal] {
        let d = mean.count
        precondition(rows.count.isMultiple(of: d), "\(rows.count) numbers are not whole rows of \(d) features")
        return stride(from: 0, to: rows.count / d, by: 512).flatMap { start in removals(rows[start * d..<min((start + 512) * d, rows.count)]) }
    }

    private func removals(_ rows: ArraySlice<Float>) -> [Removal] {
        let d = mean.count, n = rows.count / d
        let centred = Matrix(rows: n, columns: d, elements: rows.enumerated().map { Double($0.element) - mean[$0.offset % d] })
        let roots = changesOfRoot(Matrix.product(centred, projection, transposingSecond: true))
        return (0..<n).map { image in
            var square = 0.0, slope = 0.0
            for j in 0..<d {
                let y = centred[image, j]
                square += y * y
                slope += y * difference[j]
            }
            let traceChange = (trace * (divisor + 1) - count / (count - 1) * square) / divisor - trace
            return Removal(meanTerm: 2 * slope / (count - 1) + square / ((count - 1) * (count - 1)), covarianceTerm: traceChange - 2 * roots[image])
        }
    }

    /// tr (Σ₁Σ₂)^½ without each image minus that with all.
    /// - Parameter z: Their coordinates; `[n, r]`.
    private func changesOfRoot(_ z: Matrix) -> [Double] {
        let r = eigenvalues.count, scale = count / ((count - 1) * divisor)
        // Dividing by N − 2 instead of N − 1 lifts all eigenvalues alike.
        let growth = ((divisor + 1) / divisor).squareRoot() - 1
        guard r > 0 else { return [Double](repeating: growth * traceOfRoot, count: z.rows) }
        let squares = Matrix(rows: z.rows, columns: r, elements: z.elements.map { $0 * $0 })
        let relative = Matrix(rows: z.rows, columns: r, elements: squares.elements.enumerated().map { $0.element / eigenvalues[$0.offset % r] })
        // ln g by the form that does not cancel: below, g may be near 0; above, it is near 1.
        let below = Matrix.product(relative, nodes.below), above = Matrix.product(squares, nodes.above)
        return (0..<z.rows).map { image in
            var leverage = 0.0
            for j in 0..<r { leverage += scale * relative[image, j] }
            let rest = losesDimension ? 0 : max(0, 1 - leverage)
            var sum = 0.0
            for (node, s) in nodes.smaller.enumerated() { sum += s * log(max(rest + scale * s * s * below[image, node], .leastNormalMagnitude)) }
            for (node, s) in nodes.larger.enumerated() { sum += s * log1p(-min(scale * above[image, node], 0.75)) }
            return growth * traceOfRoot + sum * Nodes.step / .pi
        }
    }

    /// The trapezoidal rule in ln s, twelve decades to either side of the largest eigenvalue's root.
    private struct Nodes: Sendable {
        static let step = 0.3
        /// s below and above the root of the largest eigenvalue.
        let smaller: [Double], larger: [Double]
        /// 1/(λ + s²) there.
        /// - Shape: `[r, nodes]`
        let below: Matrix, above: Matrix

        init(_ eigenvalues: [Double]) {
            let centre = (eigenvalues.last ?? 1).squareRoot(), half = Int(12 * log(10) / Self.step)
            smaller = (-half..<0).map { centre * exp(Double($0) * Self.step) }
            larger = (0...half).map { centre * exp(Double($0) * Self.step) }
            func matrix(_ s: [Double]) -> Matrix {
                Matrix(rows: eigenvalues.count, columns: s.count, elements: eigenvalues.flatMap { value in s.map { 1 / (value + $0 * $0) } })
            }
            (below, above) = (matrix(smaller), matrix(larger))
        }
    }
}
