/// The nearest image of another set, or the nearest other image of the same set, of each image.
public struct NearestImages: Sendable, Equatable {
    /// Which one it is: of equally near ones the first.
    public private(set) var indices: [Int]
    /// How far away it is: Euclidean, squared.
    public private(set) var squaredDistances: [Double]

    /// How far away an image's nearest is.
    public func distance(_ image: Int) -> Double { squaredDistances[image].squareRoot() }

    /// The nearest image of `other` of each image of `set`, with the memory of a few blocks of distances.
    /// - Throws: `dimensionMismatch`; `tooFewImages` where there is none; what reading throws.
    public init(of set: FeatureRows, in other: FeatureRows) throws(EvaluationError) {
        guard set.dimension == other.dimension else { throw .dimensionMismatch(first: set.dimension, second: other.dimension) }
        guard other.count > 0 else { throw .tooFewImages(metric: "a nearest image", set: "searched", needed: 1, found: 0) }
        var nearest = NearestImages(count: set.count)
        try DistanceBlock.forEach(set, other, sameSet: false) { block in
            for row in 0..<block.rows.count {
                let i = block.rows.lowerBound + row
                for column in 0..<block.columns.count where !(block.bounds(row, column).lower > nearest.squaredDistances[i]) {
                    nearest.take(block.exact(row, column), of: i, to: block.columns.lowerBound + column)
                }
            }
        }
        self = nearest
    }

    /// The nearest other image of each image of one set.
    /// - Throws: `tooFewImages` for fewer than two; what reading throws.
    public init(within set: FeatureRows) throws(EvaluationError) {
        guard set.count > 1 else { throw .tooFewImages(metric: "a nearest other image", set: "searched", needed: 2, found: set.count) }
        var nearest = NearestImages(count: set.count)
        try DistanceBlock.forEach(set, set, sameSet: true) { block in
            for row in 0..<block.rows.count {
                let i = block.rows.lowerBound + row
                // A block on the diagonal holds each pair twice.
                for column in 0..<(block.rows == block.columns ? row : block.columns.count) {
                    let j = block.columns.lowerBound + column, lower = block.bounds(row, column).lower
                    if lower > nearest.squaredDistances[i] && lower > nearest.squaredDistances[j] { continue }
                    let distance = block.exact(row, column)
                    nearest.take(distance, of: i, to: j)
                    nearest.take(distance, of: j, to: i)
                }
            }
        }
        self = nearest
    }

    private init(count: Int) {
        (indices, squaredDistances) = ([Int](repeating: 0, count: count), [Double](repeating: .infinity, count: count))
    }

    private mutating func take(_ distance: Double, of image: Int, to other: Int) {
        let known = squaredDistances[image]
        // Blocks come in an order of their own: ties go to the smaller number whatever it is.
        guard distance < known || (distance == known && other < indices[image]) else { return }
        (squaredDistances[image], indices[image]) = (distance, other)
    }
}
