#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import LinearAlgebra

/// A block of a kernel matrix. Its values hold until the next block.
struct KernelBlock<Scalar> {
    /// Which images' rows and columns.
    let rows: Range<Int>, columns: Range<Int>
    /// - Shape: `[rows.count, columns.count]`
    let values: UnsafeBufferPointer<Scalar>
    /// The features that they were computed from.
    /// - Shape: `[rows.count, dimension]` and `[columns.count, dimension]`
    let rowFeatures: UnsafeBufferPointer<Scalar>, columnFeatures: UnsafeBufferPointer<Scalar>
}

/// The precisions a kernel is evaluated in.
protocol KernelScalar: BinaryFloatingPoint, Sendable {
    /// C ← A·Bᵀ.
    static func multiply(_ a: UnsafeBufferPointer<Self>, _ b: UnsafeBufferPointer<Self>, _ c: UnsafeMutableBufferPointer<Self>, m: Int, n: Int, k: Int)
    static func exponential(_ x: Self) -> Self
    /// Eight neighbours in double precision.
    static func eight(_ values: UnsafeBufferPointer<Self>, from index: Int) -> SIMD8<Double>
}

extension Float: KernelScalar {
    static func multiply(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, _ c: UnsafeMutableBufferPointer<Float>, m: Int, n: Int, k: Int) {
        multiplyByTransposed(a, b, into: c, m: m, n: n, k: k)
    }
    static func exponential(_ x: Float) -> Float { expf(x) }
    static func eight(_ values: UnsafeBufferPointer<Float>, from index: Int) -> SIMD8<Double> {
        SIMD8<Double>(UnsafeRawPointer(values.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self))
    }
}

extension Double: KernelScalar {
    static func multiply(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>, _ c: UnsafeMutableBufferPointer<Double>, m: Int, n: Int, k: Int) {
        multiplyByTransposed(a, b, into: c, m: m, n: n, k: k)
    }
    static func exponential(_ x: Double) -> Double { exp(x) }
    static func eight(_ values: UnsafeBufferPointer<Double>, from index: Int) -> SIMD8<Double> {
        UnsafeRawPointer(values.baseAddress! + index).loadUnaligned(as: SIMD8<Double>.self)
    }
}

/// Evaluates kernel matrices in square blocks, reading the features in panels, so that memory does not grow with the number of images.
struct KernelBlocks<Scalar: KernelScalar> {
    private let kernel: KernelInceptionDistance.Kernel
    private let dimension: Int
    private var block: [Scalar]

    /// Large enough for products at full speed; the block stays within the last cache.
    private static var edge: Int { 1024 }
    /// Bytes of an outer panel; an inner one has a quarter. Rows on disk are read once for every outer panel.
    private static var panelBytes: Int { 1 << 27 }

    init(_ kernel: KernelInceptionDistance.Kernel, dimension: Int) {
        (self.kernel, self.dimension) = (kernel, dimension)
        block = [Scalar](repeating: 0, count: Self.edge * Self.edge)
    }

    /// Some rows in this precision, with their squared norms where the kernel needs them.
    private struct Panel {
        let rows: Range<Int>
        let values: [Scalar]
        let norms: [Scalar]
    }

    /// Gives every block of K once; for a set with itself only those on and below the diagonal.
    /// - Throws: what reading the rows throws.
    mutating func forEachBlock(_ x: FeatureRows, _ y: FeatureRows, sameSet: Bool, _ body: (KernelBlock<Scalar>) -> Void) throws(EvaluationError) {
        let edge = Self.edge
        let inner = max(1, Self.panelBytes / 4 / (dimension * MemoryLayout<Scalar>.stride * edge)) * edge, outer = 4 * inner
        for i in stride(from: 0, to: x.count, by: outer) {
            let a = try panel(x, i..<min(i + outer, x.count))
            for j in stride(from: 0, to: sameSet ? a.rows.upperBound : y.count, by: inner) {
                let b = try panel(y, j..<min(j + inner, y.count))
                for r in stride(from: a.rows.lowerBound, to: a.rows.upperBound, by: edge) {
                    for c in stride(from: b.rows.lowerBound, to: b.rows.upperBound, by: edge) where !sameSet || c <= r {
                        evaluate(a, r..<min(r + edge, a.rows.upperBound), b, c..<min(c + edge, b.rows.upperBound), body)
                    }
                }
            }
        }
    }

    private func panel(_ source: FeatureRows, _ rows: Range<Int>) throws(EvaluationError) -> Panel {
        let values = try source.withRows(rows) { $0.map(Scalar.init) }
        guard case .gaussian = kernel else { return Panel(rows: rows, values: values, norms: []) }
        return Panel(rows: rows, values: values, norms: rows.indices.map { i in
            let start = (i - rows.lowerBound) * dimension
            return values[start..<start + dimension].reduce(0) { $0 + $1 * $1 }
        })
    }

    private mutating func evaluate(_ a: Panel, _ rows: Range<Int>, _ b: Panel, _ columns: Range<Int>, _ body: (KernelBlock<Scalar>) -> Void) {
        let (d, kernel, height, width) = (dimension, kernel, rows.count, columns.count)
        let (i, j) = (rows.lowerBound - a.rows.lowerBound, columns.lowerBound - b.rows.lowerBound)
        a.values.withUnsafeBufferPointer { x in
            b.values.withUnsafeBufferPointer { y in
                block.withUnsafeMutableBufferPointer { whole in
                    let block = UnsafeMutableBufferPointer(rebasing: whole[..<(height * width)])
                    let left = UnsafeBufferPointer(rebasing: x[(i * d)..<((i + height) * d)]), right = UnsafeBufferPointer(rebasing: y[(j * d)..<((j + width) * d)])
                    Scalar.multiply(left, right, block, m: height, n: width, k: d)
                    switch kernel {
                    case .polynomial(let degree, let gamma, let constant):
                        let gamma = Scalar(gamma ?? 1 / Double(d)), constant = Scalar(constant)
                        for e in block.indices {
                            let base = block[e] * gamma + constant
                            var power = base
                            for _ in 1..<degree { power *= base }
                            block[e] = power
                        }
                    case .gaussian(let sigma):
                        let scale = Scalar(1 / (2 * sigma * sigma))
                        for r in 0..<height {
                            for c in 0..<width {
                                let distance = a.norms[i + r] + b.norms[j + c] - 2 * block[r * width + c]
                                block[r * width + c] = Scalar.exponential(-max(distance, 0) * scale)
                            }
                        }
                    }
                    body(KernelBlock(rows: rows, columns: columns, values: UnsafeBufferPointer(block), rowFeatures: left, columnFeatures: right))
                }
            }
        }
    }
}
