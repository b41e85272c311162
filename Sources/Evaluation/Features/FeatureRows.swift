/// The features of a set of images, to be read by ranges of rows: in memory, or on disk where there are too many to hold.
public enum FeatureRows: Sendable {
    /// All of them at hand.
    case memory(FeatureSet)
    /// A file of them.
    case file(FeaturesFile)
    /// x/‖x‖ of such features, made where they are read, so that a large set needs no second copy; and what the set is called in errors.
    indirect case directions(FeatureRows, of: String)

    /// Features per image.
    public var dimension: Int {
        switch self {
        case .memory(let features): features.dimension
        case .file(let file): file.dimension
        case .directions(let rows, _): rows.dimension
        }
    }

    /// Number of images.
    public var count: Int {
        switch self {
        case .memory(let features): features.count
        case .file(let file): file.count
        case .directions(let rows, _): rows.count
        }
    }

    /// Gives the features of a range of images.
    ///
    /// - Shape: `[range.count, dimension]`
    /// - Throws: `hdf5`, `notFinite`; `badOption` for the direction of a zero.
    func withRows<Result>(_ range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) -> Result) throws(EvaluationError) -> Result {
        switch self {
        case .memory(let features):
            return features.values.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range.lowerBound * dimension..<range.upperBound * dimension])) }
        case .file(let file): return try file.features(range).withUnsafeBufferPointer(body)
        case .directions(let rows, let set):
            var values = try rows.withRows(range) { Array($0) }
            for (offset, image) in range.enumerated() { try Self.normalise(&values, offset * dimension..<(offset + 1) * dimension, image, of: set) }
            return values.withUnsafeBufferPointer(body)
        }
    }

    /// Gives vectors unit length.
    private static func normalise(_ values: inout [Float], _ range: Range<Int>, _ image: Int, of set: String) throws(EvaluationError) {
        // Scaled first, so that squares neither overflow nor vanish.
        let largest = Double(values[range].reduce(0) { max($0, abs($1)) })
        guard largest > 0 else { throw .badOption(name: "features of \(set) image \(image)", value: "zero", expected: "a vector with a direction") }
        let norm = largest * values[range].reduce(0.0) { $0 + Double($1) / largest * (Double($1) / largest) }.squareRoot()
        for index in range { values[index] = Float(Double(values[index]) / norm) }
    }

    /// Gives all rows in order, some at a time, with the first one's number.
    /// - Throws: as `withRows`.
    func forEachBatch(_ body: (_ first: Int, _ rows: UnsafeBufferPointer<Float>) -> Void) throws(EvaluationError) {
        for start in stride(from: 0, to: count, by: 2048) { try withRows(start..<min(start + 2048, count)) { body(start, $0) } }
    }

    /// All features.
    /// - Throws: `hdf5`, `notFinite`.
    func features() throws(EvaluationError) -> FeatureSet {
        switch self {
        case .memory(let features): features
        case .file(let file): try file.features()
        case .directions: try FeatureSet(withRows(0..<count) { Array($0) }, dimension: dimension)
        }
    }

    /// At most `limit` of the rows, evenly spaced, and where they are.
    /// - Throws: `hdf5`, `notFinite`.
    func evenlySpaced(_ limit: Int) throws(EvaluationError) -> (features: FeatureSet, indices: [Int]) {
        guard count > limit else { return (try features(), Array(0..<count)) }
        let indices = (0..<limit).map { $0 * count / limit }
        var chosen = FeatureSet(dimension: dimension)
        switch self {
        case .memory(let features): chosen = features.rows(indices)
        case .file, .directions:
            // One pass over the file: its rows lie in chunks, which single reads would fetch again and again.
            var values: [Float] = [], next = 0
            try forEachBatch { first, rows in
                while next < indices.count, (indices[next] - first) * dimension < rows.count {
                    values += rows[(indices[next] - first) * dimension..<(indices[next] - first + 1) * dimension]
                    next += 1
                }
            }
            chosen = try FeatureSet(values, dimension: dimension)
        }
        return (chosen, indices)
    }
}
