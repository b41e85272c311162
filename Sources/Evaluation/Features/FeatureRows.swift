/// The features of a set of images, to be read by ranges of rows: in memory, or on disk where there are too many to hold.
public enum FeatureRows: Sendable {
    /// All of them at hand.
    case memory(FeatureSet)
    /// A file of them.
    case file(FeaturesFile)

    /// Features per image.
    public var dimension: Int {
        switch self {
        case .memory(let features): features.dimension
        case .file(let file): file.dimension
        }
    }

    /// Number of images.
    public var count: Int {
        switch self {
        case .memory(let features): features.count
        case .file(let file): file.count
        }
    }

    /// Gives the features of a range of images.
    ///
    /// - Shape: `[range.count, dimension]`
    /// - Throws: `hdf5`, `notFinite`; what `body` throws.
    func withRows<Result>(_ range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) -> Result) throws(EvaluationError) -> Result {
        switch self {
        case .memory(let features):
            features.values.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range.lowerBound * dimension..<range.upperBound * dimension])) }
        case .file(let file): try file.features(range).withUnsafeBufferPointer(body)
        }
    }

    /// All features.
    /// - Throws: `hdf5`, `notFinite`.
    func features() throws(EvaluationError) -> FeatureSet {
        switch self {
        case .memory(let features): features
        case .file(let file): try file.features()
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
        case .file(let file):
            // One pass over the file: its rows lie in chunks, which single reads would fetch again and again.
            let batch = 2048
            for start in stride(from: 0, to: count, by: batch) {
                let end = min(start + batch, count), rows = try file.features(start..<end)
                for index in indices where start <= index && index < end { try chosen.append(Array(rows[(index - start) * dimension..<(index - start + 1) * dimension])) }
            }
        }
        return (chosen, indices)
    }
}
