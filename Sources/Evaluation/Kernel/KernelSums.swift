/// What KID and its variance need of the kernel matrices Kxx, Kyy, Kxy, taken block by block in memory that does not grow with them.
struct KernelSums {
    /// Σ_{j≠i} k(xᵢ, xⱼ) and Σ_j k(xᵢ, yⱼ) for each x.
    var first: (within: [Double], across: [Double])
    /// Σ_{j≠i} k(yᵢ, yⱼ) and Σ_j k(xⱼ, yᵢ) for each y.
    var second: (within: [Double], across: [Double])
    /// Σ k² over pairs i ≠ j of x, of y, and over all (x, y).
    var squares: (first: Double, second: Double, across: Double)

    /// - Throws: what reading the rows throws.
    init(_ x: FeatureRows, _ y: FeatureRows, _ kernel: KernelInceptionDistance.Kernel, _ precision: KernelInceptionDistance.Precision) throws(EvaluationError) {
        switch precision {
        case .float32: try self.init(x, y, KernelBlocks<Float>(kernel, dimension: x.dimension))
        case .float64: try self.init(x, y, KernelBlocks<Double>(kernel, dimension: x.dimension))
        }
    }

    private init<Scalar: KernelScalar>(_ x: FeatureRows, _ y: FeatureRows, _ kernel: KernelBlocks<Scalar>) throws(EvaluationError) {
        var blocks = kernel
        first = ([Double](repeating: 0, count: x.count), [Double](repeating: 0, count: x.count))
        second = ([Double](repeating: 0, count: y.count), [Double](repeating: 0, count: y.count))
        var (row, column) = (SumsOfRows(), SumsOfRows())
        var total = 0.0
        func reset(_ rows: Int, _ columns: Int) { (row, column, total) = (SumsOfRows(count: rows), SumsOfRows(count: columns), 0) }
        reset(x.count, 0)
        try blocks.forEachBlock(x, x, sameSet: true) { total += row.addSymmetric($0) }
        (first.within, squares.first) = (row.values, total)
        reset(y.count, 0)
        try blocks.forEachBlock(y, y, sameSet: true) { total += row.addSymmetric($0) }
        (second.within, squares.second) = (row.values, total)
        reset(x.count, y.count)
        try blocks.forEachBlock(x, y, sameSet: false) { total += row.addRectangle($0, columns: &column) }
        (first.across, second.across, squares.across) = (row.values, column.values, total)
    }

    /// Σ_{i≠j} k(xᵢ,xⱼ)/(m(m−1)) + Σ_{i≠j} k(yᵢ,yⱼ)/(n(n−1)) − 2 Σ k(xᵢ,yⱼ)/(mn).
    var unbiasedDiscrepancy: Double {
        let m = Double(first.within.count), n = Double(second.within.count)
        return first.within.reduce(0, +) / (m * (m - 1)) + second.within.reduce(0, +) / (n * (n - 1)) - 2 * first.across.reduce(0, +) / (m * n)
    }
}

/// Row sums of a kernel matrix, gathered block by block.
private struct SumsOfRows {
    private(set) var values: [Double]

    init(count: Int = 0) { values = [Double](repeating: 0, count: count) }

    /// Adds a block's rows here and its columns there; returns Σ k².
    mutating func addRectangle<Scalar: KernelScalar>(_ block: KernelBlock<Scalar>, columns: inout SumsOfRows) -> Double {
        values.withUnsafeMutableBufferPointer { rows in
            columns.values.withUnsafeMutableBufferPointer { columns in
                Self.add(block, UnsafeMutableBufferPointer(rebasing: rows[block.rows]), UnsafeMutableBufferPointer(rebasing: columns[block.columns]))
            }
        }
    }

    /// Adds a block on or below the diagonal and, where it is below, its mirror image; the diagonal itself is left out. Returns Σ k² over both.
    mutating func addSymmetric<Scalar: KernelScalar>(_ block: KernelBlock<Scalar>) -> Double {
        var (heights, widths) = ([Double](repeating: 0, count: block.rows.count), [Double](repeating: 0, count: block.columns.count))
        var squares = heights.withUnsafeMutableBufferPointer { heights in widths.withUnsafeMutableBufferPointer { Self.add(block, heights, $0) } }
        if block.rows == block.columns {
            for r in heights.indices {
                let own = Double(block.values[r * widths.count + r])
                heights[r] -= own
                squares -= own * own
            }
        } else {
            for (c, j) in block.columns.enumerated() { values[j] += widths[c] }
            squares *= 2
        }
        for (r, i) in block.rows.enumerated() { values[i] += heights[r] }
        return squares
    }

    private static func add<Scalar: KernelScalar>(
        _ block: KernelBlock<Scalar>, _ rows: UnsafeMutableBufferPointer<Double>, _ columns: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        let width = columns.count
        var squares = 0.0
        for r in rows.indices {
            let k = UnsafeBufferPointer(rebasing: block.values[r * width..<(r + 1) * width])
            var sum = SIMD8<Double>.zero, square = SIMD8<Double>.zero
            var c = 0
            while c + 8 <= width {
                let eight = Scalar.eight(k, from: c)
                sum += eight
                square += eight * eight
                let target = UnsafeMutableRawPointer(columns.baseAddress! + c)
                target.storeBytes(of: target.loadUnaligned(as: SIMD8<Double>.self) + eight, as: SIMD8<Double>.self)
                c += 8
            }
            while c < width {
                let one = Double(k[c])
                sum[0] += one
                square[0] += one * one
                columns[c] += one
                c += 1
            }
            rows[r] += sum.sum()
            squares += square.sum()
        }
        return squares
    }
}
