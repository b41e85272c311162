#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import LinearAlgebra

/// What KID and its variance need of the kernel matrices Kxx, Kyy, Kxy, taken block by block in memory that does not grow with them.
struct KernelSums {
    /// Σ_{j≠i} k(xᵢ, xⱼ) and Σ_j k(xᵢ, yⱼ) for each x.
    var first: (within: [Double], across: [Double])
    /// Σ_{j≠i} k(yᵢ, yⱼ) and Σ_j k(xⱼ, yᵢ) for each y.
    var second: (within: [Double], across: [Double])
    /// Σ k² over pairs i ≠ j of x, of y, and over all (x, y).
    var squares: (first: Double, second: Double, across: Double)

    init(_ x: FeatureSet, _ y: FeatureSet, _ kernel: KernelInceptionDistance.Kernel, _ precision: KernelInceptionDistance.Precision) {
        switch precision {
        case .float32: self.init(x.values, x.count, y.values, y.count, x.dimension, kernel)
        case .float64: self.init(x.values.map(Double.init), x.count, y.values.map(Double.init), y.count, x.dimension, kernel)
        }
    }

    private init<Scalar: KernelScalar>(_ x: [Scalar], _ m: Int, _ y: [Scalar], _ n: Int, _ d: Int, _ kernel: KernelInceptionDistance.Kernel) {
        first = ([Double](repeating: 0, count: m), [Double](repeating: 0, count: m))
        second = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        var blocks = KernelBlocks<Scalar>(kernel, dimension: d)
        var unused: [Double] = []
        let squaresOfFirst = blocks.accumulate(x, m, x, m, sameSet: true, rows: &first.within, columns: &unused)
        let squaresOfSecond = blocks.accumulate(y, n, y, n, sameSet: true, rows: &second.within, columns: &unused)
        squares = (squaresOfFirst, squaresOfSecond, blocks.accumulate(x, m, y, n, sameSet: false, rows: &first.across, columns: &second.across))
    }

    /// Σ_{i≠j} k(xᵢ,xⱼ)/(m(m−1)) + Σ_{i≠j} k(yᵢ,yⱼ)/(n(n−1)) − 2 Σ k(xᵢ,yⱼ)/(mn).
    var unbiasedDiscrepancy: Double {
        let m = Double(first.within.count), n = Double(second.within.count)
        return first.within.reduce(0, +) / (m * (m - 1)) + second.within.reduce(0, +) / (n * (n - 1)) - 2 * first.across.reduce(0, +) / (m * n)
    }
}

/// The precisions a kernel is evaluated in.
private protocol KernelScalar: BinaryFloatingPoint, Sendable {
    static func multiply(_ a: UnsafeBufferPointer<Self>, _ b: UnsafeBufferPointer<Self>, _ c: UnsafeMutableBufferPointer<Self>, m: Int, n: Int, k: Int)
    static func exponential(_ x: Self) -> Self
}

extension Float: KernelScalar {
    fileprivate static func multiply(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, _ c: UnsafeMutableBufferPointer<Float>, m: Int, n: Int, k: Int) {
        multiplyByTransposed(a, b, into: c, m: m, n: n, k: k)
    }
    fileprivate static func exponential(_ x: Float) -> Float { expf(x) }
}

extension Double: KernelScalar {
    fileprivate static func multiply(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>, _ c: UnsafeMutableBufferPointer<Double>, m: Int, n: Int, k: Int) {
        multiplyByTransposed(a, b, into: c, m: m, n: n, k: k)
    }
    fileprivate static func exponential(_ x: Double) -> Double { exp(x) }
}

/// Evaluates kernel matrices in square blocks.
private struct KernelBlocks<Scalar: KernelScalar> {
    private let kernel: KernelInceptionDistance.Kernel
    private let dimension: Int
    private var block: [Scalar]

    /// Large enough for products at full speed; with both operands the block stays within the caches.
    private static var edge: Int { 512 }

    init(_ kernel: KernelInceptionDistance.Kernel, dimension: Int) {
        (self.kernel, self.dimension) = (kernel, dimension)
        block = [Scalar](repeating: 0, count: Self.edge * Self.edge)
    }

    /// Adds row and column sums of K to `rows` and `columns` and returns Σ k². For a set with itself the diagonal is left out, each pair is evaluated once,
    /// and `columns` is unused.
    mutating func accumulate(_ x: [Scalar], _ m: Int, _ y: [Scalar], _ n: Int, sameSet: Bool, rows: inout [Double], columns: inout [Double]) -> Double {
        let normsOfX = squaredNorms(x, m), normsOfY = sameSet ? normsOfX : squaredNorms(y, n)
        var squares = 0.0
        for i in stride(from: 0, to: m, by: Self.edge) {
            let height = min(Self.edge, m - i)
            for j in stride(from: 0, to: sameSet ? i + 1 : n, by: Self.edge) {
                let width = min(Self.edge, n - j)
                evaluate(x, normsOfX, i, height, y, normsOfY, j, width)
                if sameSet {
                    squares += addSymmetric(&rows, i, height, j, width)
                } else {
                    squares += addRectangle(&rows, i, height, &columns, j, width)
                }
            }
        }
        return squares
    }

    private func squaredNorms(_ x: [Scalar], _ n: Int) -> [Scalar] {
        guard case .gaussian = kernel else { return [] }
        return (0..<n).map { i in x[(i * dimension)..<((i + 1) * dimension)].reduce(0) { $0 + $1 * $1 } }
    }

    private mutating func evaluate(
        _ x: [Scalar], _ normsOfX: [Scalar], _ i: Int, _ height: Int, _ y: [Scalar], _ normsOfY: [Scalar], _ j: Int, _ width: Int
    ) {
        let (d, kernel) = (dimension, kernel)
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                block.withUnsafeMutableBufferPointer { block in
                    let a = UnsafeBufferPointer(rebasing: x[(i * d)..<((i + height) * d)]), b = UnsafeBufferPointer(rebasing: y[(j * d)..<((j + width) * d)])
                    Scalar.multiply(a, b, block, m: height, n: width, k: d)
                    switch kernel {
                    case .polynomial(let degree, let gamma, let constant):
                        let gamma = Scalar(gamma ?? 1 / Double(d)), constant = Scalar(constant)
                        for e in 0..<(height * width) {
                            let base = block[e] * gamma + constant
                            var power = base
                            for _ in 1..<degree { power *= base }
                            block[e] = power
                        }
                    case .gaussian(let sigma):
                        let scale = Scalar(1 / (2 * sigma * sigma))
                        for r in 0..<height {
                            for c in 0..<width {
                                let distance = normsOfX[i + r] + normsOfY[j + c] - 2 * block[r * width + c]
                                block[r * width + c] = Scalar.exponential(-max(distance, 0) * scale)
                            }
                        }
                    }
                }
            }
        }
    }

    private func addRectangle(_ rows: inout [Double], _ i: Int, _ height: Int, _ columns: inout [Double], _ j: Int, _ width: Int) -> Double {
        block.withUnsafeBufferPointer { block in
            rows.withUnsafeMutableBufferPointer { rows in
                columns.withUnsafeMutableBufferPointer { columns in
                    var squares = 0.0
                    for r in 0..<height {
                        var sum = SIMD8<Double>.zero, square = SIMD8<Double>.zero
                        var c = 0
                        while c + 8 <= width {
                            var k = SIMD8<Double>.zero
                            for lane in 0..<8 { k[lane] = Double(block[r * width + c + lane]) }
                            sum += k
                            square += k * k
                            for lane in 0..<8 { columns[j + c + lane] += k[lane] }
                            c += 8
                        }
                        while c < width {
                            let k = Double(block[r * width + c])
                            sum[0] += k
                            square[0] += k * k
                            columns[j + c] += k
                            c += 1
                        }
                        rows[i + r] += sum.sum()
                        squares += square.sum()
                    }
                    return squares
                }
            }
        }
    }

    private func addSymmetric(_ rows: inout [Double], _ i: Int, _ height: Int, _ j: Int, _ width: Int) -> Double {
        var columns = [Double](repeating: 0, count: width)
        var heights = [Double](repeating: 0, count: height)
        var squares = addRectangle(&heights, 0, height, &columns, 0, width)
        if i == j {
            // A block on the diagonal holds both triangles; only the diagonal itself must go.
            for r in 0..<height {
                let own = Double(block[r * width + r])
                heights[r] -= own
                squares -= own * own
            }
        } else {
            for c in 0..<width { rows[j + c] += columns[c] }
            squares *= 2
        }
        for r in 0..<height { rows[i + r] += heights[r] }
        return squares
    }
}
