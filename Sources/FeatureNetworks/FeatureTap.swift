/// A place in a network where features are read.
public struct FeatureTap: Hashable, Sendable {
    /// Name on the command line and in identities, such as `2048` or `logits_unbiased`.
    public let name: String
    /// Length of the feature vector, or channels of the map.
    public let dimension: Int
    /// Whether the features are a map `[N, H, W, C]` rather than a vector `[N, C]`.
    public let isSpatial: Bool

    /// A vector of `dimension` numbers for each image.
    public static func vector(_ name: String, _ dimension: Int) -> FeatureTap { FeatureTap(name: name, dimension: dimension, isSpatial: false) }
    /// A map with `channels` numbers at each position.
    public static func map(_ name: String, _ channels: Int) -> FeatureTap { FeatureTap(name: name, dimension: channels, isSpatial: true) }
}
