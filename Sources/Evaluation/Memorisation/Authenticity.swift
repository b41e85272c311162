/// Which generated images could be noisy copies of training images (Alaa et al. 2021, *How faithful is your synthetic data?*).
///
/// An image is authentic where its nearest training image has another training image nearer than it: a copy with a little noise would be nearer than that.
public struct Authenticity: Sendable {
    /// For each generated image, whether it is authentic.
    public let isAuthentic: [Bool]

    /// Compares the distance of each generated image to its nearest training image with that image's distance to its own nearest other.
    /// - Parameters:
    ///   - nearest: The nearest training image of each generated one.
    ///   - withinTraining: The nearest other training image of each training image.
    public init(nearest: NearestImages, withinTraining: NearestImages) {
        isAuthentic = nearest.indices.indices.map { withinTraining.squaredDistances[nearest.indices[$0]] < nearest.squaredDistances[$0] }
    }

    /// AuthPct: authentic images in per cent. Fresh images of the training distribution reach about 50 in few dimensions and more in many.
    public var percent: Double { 100 * Double(isAuthentic.count { $0 }) / Double(isAuthentic.count) }
}
