/// What is known of one set of images: every feature, or only the Gaussian.
public enum FeatureSummary: Sendable {
    /// The features of every image.
    case features(FeatureSet)
    /// A mean and a covariance.
    case statistics(FeatureStatistics)

    /// Features per image.
    public var dimension: Int {
        switch self {
        case .features(let features): features.dimension
        case .statistics(let statistics): statistics.dimension
        }
    }

    /// Number of images, where known.
    public var count: Int? {
        switch self {
        case .features(let features): features.count
        case .statistics(let statistics): statistics.count
        }
    }
}
