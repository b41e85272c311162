/// The nearest image of another set, or the nearest other image of the same set, of each image.
public struct NearestImages: Sendable, Equatable {
    /// Which one it is: of equally near ones the first.
    public let indices: [Int]
    /// How far away it is: Euclidean, squared.
    public let squaredDistances: [Double]

    /// How far away an image's nearest is.
    public func distance(_ image: Int) -> Double { squaredDistances[image].squareRoot() }

    /// The nearest image of `other` of each image of `set`, with the memory of a few blocks of distances.
    /// - Throws: `dimensionMismatch`; `tooFewImages` where there is none; what reading throws.
    public init(of set: FeatureRows, in other: FeatureRows) throws(EvaluationError) {
        guard set.dimension == other.dimension else { throw .dimensionMismatch(first: set.dimension, second: other.dimension) }
        guard other.count > 0 else { throw .tooFewImages(metric: "a nearest image", set: "searched", needed: 1, found: 0) }
        self.init(set.count == 0 ? NearestNeighbours(images: 0, count: 1) : try NearestNeighbours.between(set, other, ofFirst: 1, ofSecond: 1).first)
    }

    /// The nearest other image of each image of one set.
    /// - Throws: `tooFewImages` for fewer than two; what reading throws.
    public init(within set: FeatureRows) throws(EvaluationError) {
        guard set.count > 1 else { throw .tooFewImages(metric: "a nearest other image", set: "searched", needed: 2, found: set.count) }
        self.init(try NearestNeighbours(in: set, count: 1))
    }

    private init(_ found: NearestNeighbours) { (indices, squaredDistances) = (found.indices, found.squaredDistances) }
}
