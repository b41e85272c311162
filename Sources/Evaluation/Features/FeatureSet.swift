/// The features of a set of images, kept one row per image.
///
/// - Shape: `values` is `[count, dimension]`, row-major float32.
public struct FeatureSet: Sendable, Equatable {
    /// The features, row after row.
    public private(set) var values: [Float]
    /// Features per image.
    public let dimension: Int
    /// Number of images.
    public var count: Int { values.count / dimension }

    /// An empty set that `append` fills.
    public init(dimension: Int) {
        precondition(dimension > 0, "an image needs at least one feature")
        (values, self.dimension) = ([], dimension)
    }

    /// Features already at hand.
    ///
    /// - Shape: `values` is `[count, dimension]`.
    /// - Throws: `badShape` where the length is no multiple of `dimension`; `notFinite` where an element is NaN or infinite.
    public init(_ values: [Float], dimension: Int) throws(EvaluationError) {
        self.init(dimension: dimension)
        try append(values)
    }

    /// Adds rows.
    ///
    /// - Shape: `rows` is `[n, dimension]`.
    /// - Throws: `badShape` where the length is no multiple of `dimension`; `notFinite` where an element is NaN or infinite.
    public mutating func append(_ rows: [Float]) throws(EvaluationError) {
        try checkRows(rows, dimension: dimension, firstRow: count)
        values.append(contentsOf: rows)
    }

    /// The rows with these indices, in that order.
    public func rows(_ indices: some Sequence<Int>) -> FeatureSet {
        var result = FeatureSet(dimension: dimension)
        for i in indices { result.values.append(contentsOf: values[(i * dimension)..<((i + 1) * dimension)]) }
        return result
    }
}

/// Checks that `rows` is whole rows of finite numbers.
func checkRows(_ rows: [Float], dimension: Int, firstRow: Int) throws(EvaluationError) {
    guard rows.count.isMultiple(of: dimension) else {
        throw .badShape(what: "features", expected: "a multiple of \(dimension) numbers", found: "\(rows.count)")
    }
    if let bad = firstNonFinite(rows) { throw .notFinite(row: firstRow + bad / dimension, column: bad % dimension, value: rows[bad]) }
}

private func firstNonFinite(_ values: [Float]) -> Int? {
    // x − x is zero for every finite number and NaN otherwise, so one sum tells in a vectorised pass whether a search is needed.
    let clean = values.withUnsafeBufferPointer { v in
        var sums = SIMD16<Float>.zero
        var i = 0
        while i + 16 <= v.count {
            let x = UnsafeRawPointer(v.baseAddress! + i).loadUnaligned(as: SIMD16<Float>.self)
            sums += x - x
            i += 16
        }
        var rest: Float = 0
        while i < v.count {
            rest += v[i] - v[i]
            i += 1
        }
        return sums == .zero && rest == 0
    }
    return clean ? nil : values.firstIndex { !$0.isFinite }
}
