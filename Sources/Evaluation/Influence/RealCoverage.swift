/// How well generated images cover each real one: the distance to the nearest generated image, in units of the real image's own neighbourhood.
///
/// The unit is the distance to the k-th nearest other real image. Below 1 the image is covered in the sense of the metric coverage (Naeem et al. 2020); the larger the ratio, the more a generator leaves out what looks like
/// this image.
public struct RealCoverage: Sendable {
    /// The nearest generated image of each real one, and how far away it is.
    public let nearest: NearestImages
    /// The distance of each real image to its k-th nearest other.
    public let radii: [Double]

    /// Finds both, with the memory of a few blocks of distances.
    /// - Parameter neighbours: k.
    /// - Throws: `dimensionMismatch`; `badOption` for k < 1; `tooFewImages` for no more than k real images or no generated one; what reading throws.
    public init(real: FeatureRows, fake: FeatureRows, neighbours: Int = 5) throws(EvaluationError) {
        guard neighbours >= 1 else { throw .badOption(name: "--neighbours", value: "\(neighbours)", expected: "at least 1") }
        guard real.count > neighbours else { throw .tooFewImages(metric: "coverage with \(neighbours) neighbours", set: "real", needed: neighbours + 1, found: real.count) }
        nearest = try NearestImages(of: real, in: fake)
        radii = try NearestNeighbours(in: real, count: neighbours).squaredRadii(neighbours).map { $0.squareRoot() }
    }

    /// Distance over radius; infinite where a real image has k copies among the others and no generated one.
    public func ratio(_ image: Int) -> Double {
        let distance = nearest.distance(image)
        return distance == 0 ? 0 : distance / radii[image]
    }

    /// Whether a generated image lies within the image's radius, as coverage counts it.
    public func isCovered(_ image: Int) -> Bool { nearest.distance(image) < radii[image] }
}
