import Datasets
import Evaluation
import FeatureNetworks

/// How many images of each class a network recognises.
public struct ClassifierAccuracy: Equatable, Sendable {
    /// One class.
    public struct Class: Equatable, Sendable {
        /// Its name.
        public let name: String
        /// Images of it whose largest score is its own.
        public var correct = 0
        /// Images of it.
        public var count = 0
        /// `correct / count`.
        public var share: Double { Double(correct) / Double(count) }
    }

    /// Every class that has images, in the images' order of classes.
    public let classes: [Class]

    /// Images that are recognised.
    public var correct: Int { classes.reduce(0) { $0 + $1.correct } }
    /// All images.
    public var count: Int { classes.reduce(0) { $0 + $1.count } }
    /// `correct / count`.
    public var share: Double { Double(correct) / Double(count) }
    /// The class of which least are recognised.
    public var weakest: Class? { classes.min { $0.share < $1.share } }
    /// Wilson's interval of the share, images being draws.
    public func interval(_ confidence: Double = 0.95) -> ConfidenceInterval { ConfidenceInterval(share: share, count: count, confidence: confidence) }

    /// A line for the reader where the network is not surely better than one that always answers with the commonest class; nil where it is.
    public var warning: String? {
        guard let commonest = classes.max(by: { $0.count < $1.count }), interval().lower <= Double(commonest.count) / Double(count) else { return nil }
        return "not surely better than always answering '\(commonest.name)' (\(Self.percent(Double(commonest.count) / Double(count))) %): its features and scores say little about these classes; train it for longer, or on more images"
    }

    /// `98.7 % [97.8, 99.2] of 1000 held-out images`.
    public var text: String {
        let interval = interval()
        return "\(Self.percent(share)) % [\(Self.percent(interval.lower)), \(Self.percent(interval.upper))] of \(count) held-out images"
    }

    /// Percent with one decimal.
    public static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10)" }

    /// Runs images through a network as every metric does, and compares the largest score with the class.
    /// - Parameter known: The names of the network's classes; nil where they are those of the images, in that order. Classes match by name, and images of others are left out.
    /// - Throws: `ImageError` naming the first image that cannot be read.
    public init(of network: LoadedNetwork, knowing known: [String]? = nil, on images: ImageSource, workers: Int = 2) throws {
        let names = images.classNames ?? [], scored = names.indices.map { label in known.map { $0.firstIndex(of: names[label]) } ?? label }
        let proto = try EvaluationProtocol.named("default"), side = network.network.inputSide, tap = network.network.classTap
        var options = LoadingOptions(width: side, height: side, resampler: proto.resampler)
        (options.clips, options.workers) = (proto.clips, workers)
        let loader = BatchLoader(images, options)
        defer { loader.stop() }
        var classes = names.map { Class(name: $0) }
        while let batch = try loader.next() {
            guard let scores = network.features(of: batch.pixels, at: [tap])[tap] else { preconditionFailure("\(network.network.name) computed no \(tap)") }
            let width = scores.count / batch.count
            for (row, index) in batch.indices.enumerated() {
                guard let label = images.label(index), let score = scored[label] else { continue }
                let own = scores[row * width..<(row + 1) * width]
                classes[label].count += 1
                if own.firstIndex(of: own.max() ?? 0).map({ $0 - own.startIndex }) == score { classes[label].correct += 1 }
            }
        }
        self.classes = classes.filter { $0.count > 0 }
    }
}
