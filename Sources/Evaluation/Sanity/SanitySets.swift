import Datasets
import Images
import Tensors

/// The parts of a set of real images that a study compares, and what is drawn from them.
final class SanitySets {
    /// Where drawn sets are kept while they are measured.
    let folder: TemporaryFolder
    /// The classes of all images; nil where they have none.
    let labels: ImageLabels?
    /// The reference.
    private(set) var training = MetricInput(.images)
    /// Real images that the reference does not hold.
    private(set) var heldOut = MetricInput(.images)

    private let extracted: ExtractedFeatures, source: ImageSource, features: FeatureSet, logits: FeatureSet, count: Int, random: RandomStream
    private var files = 0, kept: [ExtractedFeatures] = []

    /// Splits images that are in random order already: `count` for training, `count` held out, the others to draw from.
    /// - Throws: what reading and writing features throws.
    init(_ extracted: ExtractedFeatures, source: ImageSource, count: Int, seed: UInt64) throws(EvaluationError) {
        (self.extracted, self.source, self.count) = (extracted, source, count)
        (folder, labels) = (try TemporaryFolder(), try extracted.labels(from: source))
        (features, logits, random) = (try extracted.file.features(), try extracted.file.logits(), RandomStream(seed: seed))
        training = try part(Array(0..<count))
        heldOut = try part(Array(count..<2 * count))
    }

    /// One image.
    func image(_ row: Int) throws(ImageError) -> Image { try source.decode(extracted.images[row]) }

    /// Where an image is.
    func location(_ row: Int) -> String { source.location(extracted.images[row]) }

    /// Keeps the temporary files of features for as long as the sets.
    func keeping(_ extracted: ExtractedFeatures, _ source: ImageSource) throws(EvaluationError) -> MetricInput {
        kept.append(extracted)
        return MetricInput(.features(extracted.file), labels: try extracted.labels(from: source), images: .init(source: source, positions: extracted.images))
    }

    /// One of the disjoint sets to which nothing is done.
    func undisturbed(_ draw: Int) -> [Int] { Array((2 + draw) * count..<(3 + draw) * count) }

    /// The images of a disturbed set, before anything is done to their pixels.
    func rows(_ disturbance: Disturbance, _ degree: Double) -> [Int] {
        let pool = Array(2 * count..<features.count), changed = Int(degree * Double(count))
        switch disturbance {
        case .blur, .noise, .jpeg: return undisturbed(0)
        case .sampleSize: return Array(pool.prefix(max(2, Int(degree * Double(pool.count)))))
        // In random order: a metric may look at every other image.
        case .modeDuplication:
            let few = max(1, count / 100)
            return random["order"].permutation(count).map { $0 < changed ? pool[count + $0 % few] : pool[$0] }
        case .memorisation: return random["order"].permutation(count).map { $0 < changed ? $0 : pool[$0] }
        case .modeDropping:
            guard let labels else { return undisturbed(0) }
            let order = random["classes"].permutation(labels.classNames.count), dropped = Set(order.prefix(Int((degree * Double(order.count)).rounded())))
            return Array(pool.filter { !dropped.contains(labels.labels[$0]) }.prefix(count))
        }
    }

    /// A set of these images.
    func part(_ rows: [Int]) throws(EvaluationError) -> MetricInput {
        files += 1
        let path = "\(folder.path)/\(files).h5", classes = try labels.map { labels throws(EvaluationError) in try ImageLabels(rows.map { labels.labels[$0] }, classNames: labels.classNames) }
        var batches = [(features: features.rows(rows).values, logits: logits.rows(rows).values)]
        try FeaturesFile.write(to: path, identity: extracted.file.identity, dimension: features.dimension, classes: logits.dimension, labels: classes) { () throws(EvaluationError) in batches.popLast() }
        return MetricInput(.features(try FeaturesFile(reading: path)), labels: classes, images: .init(source: source, positions: rows.map { extracted.images[$0] }))
    }
}
