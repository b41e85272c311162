import Datasets
import Images

/// One set of images with its features, for questions about single images and about more than two sets.
public struct PreparedSet {
    /// Where it was opened.
    public let path: String
    /// What its features depend on; nil for statistics of other tools.
    public let identity: FeatureIdentity?
    /// What is known of it.
    public let input: MetricInput
    /// What the reader must know of it, one line each.
    public let notes: [String]
    /// The rows' names, where a features file has them.
    private let storedNames: [String]
    /// Keeps temporary files for as long as they are read.
    private let owner: ExtractedFeatures?

    init(_ path: String, _ input: MetricInput, identity: FeatureIdentity?, names: [String] = []) {
        (self.path, self.input, self.identity, storedNames, owner) = (path, input, identity, names, nil)
        notes = identity == nil ? ["\(path): statistics without an identity were made with a network and settings that cannot be checked"] : []
    }

    init(_ path: String, _ extracted: ExtractedFeatures, from source: ImageSource) throws(EvaluationError) {
        (self.path, identity, owner, storedNames) = (path, extracted.file.identity, extracted, [])
        input = MetricInput(.features(extracted.file), labels: try extracted.labels(from: source), images: .init(source: source, positions: extracted.images))
        notes = extracted.skippedNote(path).map { [$0] } ?? []
    }

    /// Number of images, where known.
    public var count: Int? { input.count }
    /// The images' classes, where the set was opened with them.
    public var labels: ImageLabels? { input.labels }

    /// The features of every image.
    /// - Throws: `wrongFile` where only statistics are at hand.
    public func rows(for purpose: String) throws(EvaluationError) -> FeatureRows {
        do { return try input.rows(for: purpose) } catch {
            guard case .featuresNeeded = error else { throw error }
            throw .wrongFile(path: path, expected: "images or a features file, which \(purpose) needs", found: "statistics")
        }
    }

    /// The features of a small set, the Gaussian of a large one.
    /// - Throws: what reading throws.
    public func summary(_ convention: MomentConvention) throws(EvaluationError) -> FeatureSummary { try input.summary(convention, for: "a Gaussian") }

    /// Whether `picture` can show the images.
    public var hasPictures: Bool { input.images != nil }

    /// How an image is called: its path within the set, or its number where nothing else is known.
    public func name(_ row: Int) -> String {
        if let images = input.images { return images.source.name(images.positions[row]) }
        return storedNames.indices.contains(row) ? storedNames[row] : String(row)
    }

    /// Reads and decodes one image.
    /// - Throws: `ImageError` naming the file; `wrongFile` where only features are at hand.
    public func picture(_ row: Int) throws -> Image {
        guard let images = input.images else { throw EvaluationError.wrongFile(path: path, expected: "images, to show them", found: "features only") }
        return try images.source.decode(images.positions[row])
    }
}

extension Evaluator {
    /// Sets of which every image's features are needed, made alike.
    ///
    /// Features files are looked at first, so that settings that do not fit are found before more than one set is run.
    /// - Parameter inputs: What each set is called while it is extracted, where it was opened, what was found there, and whether statistics would do.
    /// - Throws: what extraction throws; `wrongFile` for statistics where features are needed, and for a set made under other settings than the first, or than the protocol's.
    public func prepare(_ inputs: [(name: String, path: String, input: EvaluationInput, mayBeStatistics: Bool)]) throws -> [PreparedSet] {
        for (_, path, input, mayBeStatistics) in inputs where !mayBeStatistics && !input.hasFeatures {
            throw EvaluationError.wrongFile(path: path, expected: "images or a features file", found: "statistics")
        }
        var prepared: [Int: PreparedSet] = [:]
        var reference: (path: String, identity: FeatureIdentity)?
        func take(_ set: PreparedSet, _ index: Int) throws(EvaluationError) {
            prepared[index] = set
            guard let identity = set.identity else { return }
            try proto.expect(identity, of: set.path)
            guard let known = reference else {
                reference = (set.path, identity)
                return
            }
            if let name = identity.decisiveDifferences(from: known.identity).first {
                throw .wrongFile(path: set.path, expected: "the settings of \(known.path) (\(name): \(known.identity[name] ?? "unknown"))", found: identity[name] ?? "unknown")
            }
        }
        for (index, (_, path, input, _)) in inputs.enumerated() {
            switch input {
            case .features(let file): try take(PreparedSet(path, MetricInput(.features(file), labels: file.labels), identity: file.identity, names: file.names), index)
            case .statistics(let file): try take(PreparedSet(path, MetricInput(.moments(file.moments)), identity: file.identity), index)
            case .foreignStatistics(let file): try take(PreparedSet(path, MetricInput(.statistics(file.statistics)), identity: nil), index)
            case .images: break
            }
        }
        for (index, (name, path, input, _)) in inputs.enumerated() {
            guard case .images(let source) = input else { continue }
            try take(PreparedSet(path, extract(source, named: name, keepsLogits: false), from: source), index)
        }
        return inputs.indices.compactMap { prepared[$0] }
    }
}
