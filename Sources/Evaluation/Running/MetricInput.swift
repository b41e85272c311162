import Datasets

/// One set of images as a metric sees it.
public struct MetricInput {
    /// What is known of the images' features.
    public enum Content {
        /// Features of every image.
        case features(FeaturesFile)
        /// Moments, from which any convention's statistics follow.
        case moments(Moments)
        /// A mean and a covariance under a convention that nobody states.
        case statistics(FeatureStatistics)
        /// Nothing: no metric of this evaluation needs features.
        case images
    }

    /// The images behind the rows.
    public struct Images {
        /// Where they are read.
        public let source: ImageSource
        /// For each row, its image's position in the source.
        public let positions: [Int]
    }

    /// What is known of the images' features.
    public let content: Content
    /// The rows' classes, where they were asked for.
    public let labels: ImageLabels?
    /// The images themselves, where they are at hand.
    public let images: Images?

    /// A set; what is left out is not at hand.
    public init(_ content: Content, labels: ImageLabels? = nil, images: Images? = nil) {
        (self.content, self.labels, self.images) = (content, labels, images)
    }

    /// Up to this many images a metric holds all features in memory; above, it reads them in passes.
    static let memoryLimit = 10_000

    /// Number of images, where known.
    public var count: Int? {
        switch content {
        case let .features(file): file.count
        case let .moments(moments): moments.count
        case let .statistics(statistics): statistics.count
        case .images: images?.positions.count
        }
    }

    /// The features in memory of a small set, on disk of a large one.
    /// - Throws: `featuresNeeded` where only statistics are at hand.
    public func rows(for metric: String) throws(EvaluationError) -> FeatureRows {
        let file = try file(for: metric)
        return file.count <= Self.memoryLimit ? .memory(try file.features()) : .file(file)
    }

    /// The file of features and class scores.
    /// - Throws: `featuresNeeded` where only statistics are at hand.
    public func file(for metric: String) throws(EvaluationError) -> FeaturesFile {
        guard case let .features(file) = content else { throw .featuresNeeded(metric: metric) }
        return file
    }

    /// The images' classes.
    /// - Throws: `labelsNeeded` where they are not at hand.
    public func labels(for metric: String) throws(EvaluationError) -> ImageLabels {
        guard let labels else { throw .labelsNeeded(metric: metric) }
        return labels
    }

    /// The images themselves.
    /// - Throws: `imagesNeeded` where only features are at hand.
    public func images(for metric: String) throws(EvaluationError) -> Images {
        guard let images else { throw .imagesNeeded(metric: metric) }
        return images
    }

    /// All features of a small set, the moments of a large one.
    func summary(_ convention: MomentConvention, for metric: String) throws(EvaluationError) -> FeatureSummary {
        switch content {
        case let .features(file) where file.count <= Self.memoryLimit: return .features(try file.features())
        case let .features(file): return .stored(file, try Moments(file).statistics(convention))
        case let .moments(moments): return .statistics(try moments.statistics(convention))
        case let .statistics(statistics): return .statistics(statistics)
        case .images: throw .featuresNeeded(metric: metric)
        }
    }
}

extension Moments {
    /// The moments of a features file, in one pass with the memory of a batch.
    public init(_ file: FeaturesFile) throws(EvaluationError) {
        self.init(dimension: file.dimension)
        try file.forEachBatch { (rows: [Float]) throws(EvaluationError) in try add(rows) }
    }
}

extension FeaturesFile {
    /// Gives the features batch by batch, in order.
    func forEachBatch(_ body: ([Float]) throws(EvaluationError) -> Void) throws(EvaluationError) {
        let batch = 2048
        for start in stride(from: 0, to: count, by: batch) { try body(features(start..<min(start + batch, count))) }
    }
}
