/// What is known of one set of images: every feature, in memory or on disk, or only the Gaussian.
public enum FeatureSummary: Sendable {
    /// The features of every image.
    case features(FeatureSet)
    /// Too many features to hold: a file of them, for passes, and their Gaussian.
    case stored(FeaturesFile, FeatureStatistics)
    /// A mean and a covariance.
    case statistics(FeatureStatistics)

    /// Features per image.
    public var dimension: Int {
        switch self {
        case .features(let features): features.dimension
        case .stored(_, let statistics), .statistics(let statistics): statistics.dimension
        }
    }

    /// Number of images, where known.
    public var count: Int? {
        switch self {
        case .features(let features): features.count
        case .stored(_, let statistics), .statistics(let statistics): statistics.count
        }
    }

    /// Gives every feature that is at hand, in batches of rows; nothing for statistics.
    func forEachBatch(_ body: ([Float]) throws(EvaluationError) -> Void) throws(EvaluationError) {
        switch self {
        case .features(let features): try body(features.values)
        case .stored(let file, _): try file.forEachBatch(body)
        case .statistics: break
        }
    }
}
