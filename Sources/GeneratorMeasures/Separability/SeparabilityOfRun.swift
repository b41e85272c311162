import Datasets
import Evaluation
import FeatureNetworks
import Games
import Tensors
import Training
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The linear separability of a run's latents, with classifiers at hand: a feature network's own class scores, or a linear classifier that learns the classes of the run's labelled data from a
/// network's features.
public struct SeparabilityOfRun {
    /// Where attributes come from.
    public enum Classes: String, Sendable, CaseIterable {
        /// A ``LogisticRegression`` on the network's features of the run's labelled samples.
        case data
        /// The network's own class scores.
        case network
    }

    /// Where attributes come from.
    public var classes = Classes.data
    /// Which latents are judged.
    public var space = LatentSpace.z
    /// Pictures; the paper takes 200 000.
    public var count = 2000
    /// Labelled samples, at most, that the classifier learns from.
    public var learnt = 5000
    /// Where latents come from.
    public var seed: UInt64 = 0
    /// Cores that decode pictures.
    public var workers = 2
    /// Called with the name of a set, the pictures that are through the network and how many there are.
    public var progress: (String, Int, Int) -> Void = { _, _, _ in }
    /// Asked between batches.
    public var isCancelled: () -> Bool = { false }

    /// 2000 pictures, the classes of the run's data.
    public init() {}

    /// The score.
    /// - Parameter real: The run's data, for ``Classes/data``.
    /// - Throws: `TrainingError` for a game without latents, or pictures, or w; `EvaluationError` for data without classes, a network without class scores, options out of range, and where it is
    ///   cancelled.
    public func callAsFunction(_ run: TrainedRun, real: RealSamples?, network: LoadedNetwork) throws -> EvaluationReport {
        guard (4...1_000_000).contains(count) else { throw EvaluationError.badOption(name: "-n", value: "\(count)", expected: "a number from 4 to 1000000") }
        guard run.trainer.sampleShape.rank == 3 else { throw run.failure("its samples are points of shape \(run.trainer.sampleShape), of which no feature network tells classes") }
        guard let game = run.trainer.averaged as? any LatentSampling, game.latentNumbers > 0 else { throw run.failure("\(run.trainer.configuration.game) makes no samples of latents") }
        guard space == .z || game.latentMapping != nil else { throw run.failure("this \(run.trainer.configuration.game) has no mapping network, so there is no w: judge z") }
        let folder = try TemporaryFolder()
        var evaluator = Evaluator(try EvaluationProtocol.named("default")) { network }
        (evaluator.options.workers, evaluator.progress, evaluator.isCancelled) = (workers, progress, isCancelled)
        var latents: [Float] = []
        let images = folder.path + "/samples.h5"
        try SampleWriter.write(count, to: images, labels: nil) { range, _ in
            let (made, used) = samples(range, of: game, run.trainer)
            latents += used
            return made
        }
        let extracted = try evaluator.extract(ImageSource.open(images), named: "samples", keepsLogits: classes == .network)
        let attributes = switch classes {
        case .network: try ownAttributes(extracted.file)
        case .data: try learntAttributes(extracted.file, real, run, evaluator, folder)
        }
        let result = try LinearSeparability()(FeatureSet(latents, dimension: latents.count / count), attributes)
        var identity = extracted.file.identity.entries.merging(try run.identity()) { _, own in own }
        (identity["classes"], identity["space"], identity["seed"]) = (classes.rawValue, space.rawValue, "\(seed)")
        let title = "Linear separability (\(space.rawValue); \(classes == .network ? "classes of" : "data's classes by") \(network.network.name))"
        return EvaluationReport(results: [result], titles: [title], identity: FeatureIdentity(identity), fakeCount: count)
    }

    /// Samples with the latents that they were made of, or what the mapping made of those.
    private func samples(_ range: Range<Int>, of game: any LatentSampling, _ trainer: Trainer) -> (Tensor, [Float]) {
        let stream = RandomStream(seed: seed)["separability"][range.lowerBound], count = range.count
        let labels = trainer.sampleClasses > 0 ? stream["classes"].integers(below: trainer.sampleClasses, count: count) : nil
        let latents = game.latents(from: stream["latents"].normal([count, game.latentNumbers], on: trainer.backend), labels: labels)
        guard space == .w, let mapping = game.latentMapping else { return (game.samples(from: latents, labels: labels), latents.floats) }
        let mapped = mapping.mapped(latents, labels: labels)
        return (mapping.samples(fromMapped: mapped, labels: labels), mapped.floats)
    }

    private func ownAttributes(_ file: FeaturesFile) throws -> [LinearSeparability.Attribute] {
        let scores = try file.logits()
        return LinearSeparability.Attribute.classes(scores, names: (0..<scores.dimension).map { "class \($0)" })
    }

    private func learntAttributes(_ file: FeaturesFile, _ real: RealSamples?, _ run: TrainedRun, _ evaluator: Evaluator, _ folder: TemporaryFolder) throws -> [LinearSeparability.Attribute] {
        guard let real, let names = real.source.classNames else { throw EvaluationError.labelsNeeded(metric: "separability by the classes of the data") }
        let count = real.count(upTo: learnt), path = folder.path + "/real.h5"
        var labels: [Int] = []
        try SampleWriter.write(count, to: path, labels: nil) { range, _ in
            let batch = try real.batch(real.source.spacedOut(range, of: count), on: run.trainer.backend)
            labels += batch.labels ?? []
            return batch.samples
        }
        let features = try evaluator.extract(ImageSource.open(path), named: "real", keepsLogits: false).file.features()
        let classifier = try LogisticRegression(features, labels: labels), found = try classifier.probabilities(file.features())
        let scores = try FeatureSet(found.elements.map { Float(log(max($0, 1e-30))) }, dimension: classifier.classes.count)
        return LinearSeparability.Attribute.classes(scores, names: classifier.classes.map { names[$0] })
    }
}
