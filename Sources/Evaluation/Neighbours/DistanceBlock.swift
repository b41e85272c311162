/// Squared Euclidean distances between the images of two sets, a block at a time.
///
/// ‖x − y‖² = ‖x‖² + ‖y‖² − 2⟨x, y⟩ with inner products from single-precision matrix products, which are fast and off by at most γ·‖x‖·‖y‖, γ = d·2⁻²⁴/(1 − d·2⁻²⁴), in whatever order a library
/// adds (Higham, *Accuracy and stability of numerical algorithms*, equation 3.5). That much a block knows of each distance; where it does not decide a comparison, `exact` sums in float64 in a fixed
/// order. What is counted so depends on no library, instruction set or number of threads.
struct DistanceBlock {
    private let block: KernelBlock<Float>
    private let rowNorms: UnsafeBufferPointer<Double>, columnNorms: UnsafeBufferPointer<Double>
    private let dimension: Int, relativeSlack: Double, absoluteSlack: Double

    /// Which images' rows and columns.
    var rows: Range<Int> { block.rows }
    var columns: Range<Int> { block.columns }

    /// - Parameters:
    ///   - block: Inner products.
    ///   - rowNorms: ‖x‖ of every image of the first set.
    ///   - columnNorms: ‖y‖ of every image of the second set.
    init(_ block: KernelBlock<Float>, rowNorms: UnsafeBufferPointer<Double>, columnNorms: UnsafeBufferPointer<Double>, dimension: Int) {
        (self.block, self.dimension) = (block, dimension)
        self.rowNorms = UnsafeBufferPointer(rebasing: rowNorms[block.rows])
        self.columnNorms = UnsafeBufferPointer(rebasing: columnNorms[block.columns])
        // Twice γ for the factor 2, and a little for the float64 parts; products below the smallest normal number may be lost whole.
        relativeSlack = 2.1 * Double(dimension + 8) * 0x1p-24
        absoluteSlack = 4 * Double(dimension) * Double(Float.leastNormalMagnitude)
    }

    /// Bounds of a squared distance; not numbers where single precision overflowed, so that no comparison with them holds.
    @inline(__always) func bounds(_ row: Int, _ column: Int) -> (lower: Double, upper: Double) {
        let (x, y) = (rowNorms[row], columnNorms[column])
        let about = x * x + y * y - 2 * Double(block.values[row * columnNorms.count + column]), slack = relativeSlack * (x * y) + 0x1p-48 * (x * x + y * y) + absoluteSlack
        return about.isFinite ? (about - slack, about + slack) : (.nan, .nan)
    }

    /// Gives the pairs of a row and the first `count` columns whose squared distance may lie within the row's limit or the column's: all but those that certainly lie beyond both.
    ///
    /// Limits are read while the row is walked, eight columns at a time, so that a body may tighten them; what it is given may lie beyond limits that it has just tightened.
    /// - Shape: `columnLimits`: one for each column of the block.
    @inline(__always) func forEachNear(row: Int, count: Int, rowLimit: UnsafePointer<Double>, columnLimits: UnsafePointer<Double>, _ body: (_ column: Int) -> Void) {
        guard let norms = columnNorms.baseAddress, let products = block.values.baseAddress.map({ $0 + row * columnNorms.count }) else { return }
        let x = rowNorms[row], square = x * x, slope = relativeSlack * x
        var column = 0
        while column + 8 <= count {
            let y = UnsafeRawPointer(norms + column).loadUnaligned(as: SIMD8<Double>.self), product = SIMD8<Double>(UnsafeRawPointer(products + column).loadUnaligned(as: SIMD8<Float>.self))
            let lower = (y * y + square) * (1 - 0x1p-48) - 2 * product - (y * slope + absoluteSlack)
            let limits = UnsafeRawPointer(columnLimits + column).loadUnaligned(as: SIMD8<Double>.self)
            // Infinite and undefined sums come from overflow and bound nothing.
            let isFar = (lower .> limits) .& (lower .> rowLimit.pointee) .& (lower .< .infinity)
            if !Swift.all(isFar) {
                for lane in 0..<8 where !isFar[lane] { body(column + lane) }
            }
            column += 8
        }
        while column < count {
            let lower = bounds(row, column).lower
            if !(lower > columnLimits[column] && lower > rowLimit.pointee) { body(column) }
            column += 1
        }
    }

    /// The squared distance.
    func exact(_ row: Int, _ column: Int) -> Double {
        Self.squaredDistance(block.rowFeatures.baseAddress! + row * dimension, block.columnFeatures.baseAddress! + column * dimension, dimension)
    }

    /// The features of a row's image.
    func features(_ row: Int) -> UnsafeBufferPointer<Float> { UnsafeBufferPointer(rebasing: block.rowFeatures[row * dimension..<(row + 1) * dimension]) }

    /// ‖x − y‖² in float64, summed in a fixed order.
    static func squaredDistance(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ dimension: Int) -> Double {
        var sums = SIMD8<Double>.zero, index = 0
        while index + 8 <= dimension {
            let difference = SIMD8<Double>(UnsafeRawPointer(x + index).loadUnaligned(as: SIMD8<Float>.self)) - SIMD8<Double>(UnsafeRawPointer(y + index).loadUnaligned(as: SIMD8<Float>.self))
            sums += difference * difference
            index += 8
        }
        var sum = 0.0
        for lane in 0..<8 { sum += sums[lane] }
        while index < dimension {
            let difference = Double(x[index]) - Double(y[index])
            sum += difference * difference
            index += 1
        }
        return sum
    }

    /// Gives every block once; for a set with itself only those on and below the diagonal.
    /// - Parameter known: The first set's norms, where a caller has them from an earlier pass.
    /// - Throws: what reading the rows throws.
    static func forEach(_ x: FeatureRows, _ y: FeatureRows, sameSet: Bool, norms known: [Double]? = nil, _ body: (DistanceBlock) -> Void) throws(EvaluationError) {
        let first = if let known { known } else { try norms(x) }, second = sameSet ? first : try norms(y)
        var blocks = KernelBlocks<Float>(.polynomial(degree: 1, gamma: 1, constant: 0), dimension: x.dimension)
        try blocks.forEachBlock(x, y, sameSet: sameSet) { block in
            first.withUnsafeBufferPointer { first in
                second.withUnsafeBufferPointer { body(DistanceBlock(block, rowNorms: first, columnNorms: $0, dimension: x.dimension)) }
            }
        }
    }

    /// All squared distances, good to a hundredth in single precision and summed in float64 where that cannot be promised, as for near copies.
    ///
    /// - Shape: `[x.count, y.count]`
    /// - Throws: what reading the rows throws.
    static func all(_ x: FeatureRows, _ y: FeatureRows) throws(EvaluationError) -> [Float] {
        var distances = [Float](repeating: 0, count: x.count * y.count)
        try forEach(x, y, sameSet: false) { block in
            distances.withUnsafeMutableBufferPointer { distances in
                for row in 0..<block.rows.count {
                    let start = (block.rows.lowerBound + row) * y.count + block.columns.lowerBound
                    for column in 0..<block.columns.count {
                        let (lower, upper) = block.bounds(row, column)
                        distances[start + column] = Float(upper - lower < 0.01 * lower ? (lower + upper) / 2 : block.exact(row, column))
                    }
                }
            }
        }
        return distances
    }

    /// ‖x‖ of every image.
    static func norms(_ set: FeatureRows) throws(EvaluationError) -> [Double] {
        var norms: [Double] = []
        norms.reserveCapacity(set.count)
        for start in stride(from: 0, to: set.count, by: 2048) {
            let range = start..<min(start + 2048, set.count)
            norms += try set.withRows(range) { rows in
                range.indices.map { image in
                    let row = rows[(image - start) * set.dimension..<(image - start + 1) * set.dimension]
                    return row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                }
            }
        }
        return norms
    }
}
