import Datasets
import Evaluation
import FeatureNetworks
import NeuralNetworks
import Optimizers
import Tensors

/// Trains a described network to tell classes of images apart, by cross-entropy and AdamW.
///
/// A step is a function of the state and the step's number, so that resumed training equals uninterrupted training bit for bit; on another number of threads the gradients of convolutions are
/// summed in another order, and the last bits are others. Images are resized as metrics resize them.
public final class ClassifierTrainer {
    /// What is trained.
    public let network: DescribedNetwork
    /// What the weights are a function of.
    public let settings: ClassifierSettings
    /// Steps in all.
    public let steps: Int
    /// Finished steps.
    public private(set) var step = 0
    /// Images that are trained on.
    public let training: ImageSource
    /// Images that are kept from training.
    public let heldOut: ImageSource
    /// The data and everything that training depends on, in one text.
    let identity: String
    /// SHA-256 of the training images and their classes.
    let dataDigest: String
    /// Who computes.
    var arithmetic: String { backend.name }

    private let backend: any Backend, stream: RandomStream, loader: DataLoader, optimizer: Optimizer, schedule: Schedule

    /// A network with its first weights.
    /// - Parameters:
    ///   - images: a collection that was opened with labels.
    ///   - name: what the network will be called.
    ///   - layers: a description whose layers are trained in place of the usual ones; its weights play no part.
    /// - Throws: `EvaluationError` for a setting that cannot be; `DatasetError` for images that cannot be read or are too few; ``FeatureNetworkError`` for layers that do not fit.
    public init(_ images: ImageSource, named name: String, layers: NetworkDescription? = nil, _ settings: ClassifierSettings = ClassifierSettings(), on backend: any Backend) throws {
        try settings.check()
        guard let classNames = images.classNames else { throw DatasetError(path: images.path, .noLabels("a classifier learns from images with classes")) }
        let first = try images.decode(0)
        var description = layers ?? .classifier(
            named: name, side: settings.side ?? min(64, max(first.width, first.height)), channels: settings.channels ?? (first.channels == 1 ? 1 : 3), width: settings.width, classNames: classNames)
        (description.name, description.classNames, description.weights, description.weightsDigest, description.notes) = (name, nil, nil, nil, [])
        try Self.check(DescribedNetwork(description), scores: classNames.count)
        description.classNames = classNames
        network = try DescribedNetwork(description)

        stream = RandomStream(seed: UInt64(settings.seed))
        (training, heldOut) = try Self.split(images, settings.heldOut, stream["held out"])
        var preparation = ImageSettings(size: description.side, channels: description.channels)
        (preparation.cropsToSquare, preparation.resampler) = (false, try EvaluationProtocol.named("default").resampler)
        let samples = try ImageSamples(training, preparation)
        var batches = LoaderSettings(batchSize: min(settings.batchSize, training.count))
        (batches.shift, batches.flips) = (settings.shift ?? description.side / 14, settings.mirrors)
        loader = try DataLoader(samples, batches, stream: stream["batches"])
        steps = settings.epochs * max(1, training.count / batches.batchSize)
        schedule = .warmUp(steps: max(1, steps / 20), then: .cosine(finish: steps, end: 0))
        dataDigest = try RunIdentity.digest(samples)
        identity = "\(settings.text) network=\(description.digest) classes=\(classNames) data=\(dataDigest) arithmetic=\(backend.name)"
        network.initialise(with: .heNormal(), stream: stream["weights"], on: backend)
        optimizer = Optimizer(network.parameters, .adamW(rate: settings.rate, weightDecay: settings.weightDecay))
        (self.settings, self.backend) = (settings, backend)
    }

    /// Training needs the class scores as the last thing that is computed.
    private static func check(_ network: DescribedNetwork, scores: Int) throws {
        let description = network.description
        func problem(_ reason: String) -> FeatureNetworkError { .badDescription(file: description.file, line: nil, reason: reason) }
        guard let last = description.layers.last, last.kind == .tap, last.name == description.classes, let tap = network.taps.last else {
            throw problem("the last line of 'layers' must be the tap of the class scores, which 'classes' names, for the network to be trained")
        }
        guard tap.dimension == scores else { throw problem("'\(tap.name)' holds \(tap.dimension) class scores; the images have \(scores) classes") }
    }

    /// Parts every class at random.
    private static func split(_ images: ImageSource, _ share: Double, _ stream: RandomStream) throws(DatasetError) -> (training: ImageSource, heldOut: ImageSource) {
        var members: [[Int]] = (images.classNames ?? []).map { _ in [] }
        for index in 0..<images.count { if let label = images.label(index) { members[label].append(index) } }
        var training: [Int] = [], heldOut: [Int] = []
        for (label, own) in members.enumerated() where !own.isEmpty {
            let order = stream[label].permutation(own.count), kept = own.count == 1 ? 0 : min(max(Int((share * Double(own.count)).rounded()), 1), own.count - 1)
            heldOut += order[..<kept].map { own[$0] }
            training += order[kept...].map { own[$0] }
        }
        guard members.count(where: { !$0.isEmpty }) >= 2 else { throw DatasetError(path: images.path, .unfit("expected images of at least two classes to tell apart, found one class")) }
        guard !heldOut.isEmpty else { throw DatasetError(path: images.path, .unfit("expected a class with at least two images, found none: nothing is left to measure the accuracy on")) }
        return (images.selecting(training.sorted()), images.selecting(heldOut.sorted()))
    }

    /// Takes one step.
    /// - Returns: the mean cross-entropy of its batch, in nats.
    /// - Throws: ``TrainingError/notFinite(step:tensor:)``; `DatasetError` for an image that cannot be read.
    public func advance() throws -> Double {
        let batch = try loader.batch(at: step), classes = network.description.classNames?.count ?? 0
        var targets = [Float](repeating: 0, count: batch.count * classes)
        for (row, label) in (batch.labels ?? []).enumerated() { targets[row * classes + label] = 1 }
        let parameters = optimizer.parameters.map(\.parameter)
        for parameter in parameters { parameter.tensor = parameter.tensor.variable }
        // Whatever happens, weights are constants again afterwards.
        defer { for parameter in parameters { parameter.tensor = parameter.tensor.detached } }
        let scores = network(normalised(batch.tensor(on: backend)), .training(stream["steps"][step]))
        let loss = -(Tensor(targets, shape: [batch.count, classes], on: backend) * scores.logSoftmax).sum / Double(batch.count), value = loss.item()
        guard value.isFinite else { throw TrainingError.notFinite(step: step, tensor: "the loss") }
        optimizer.step(gradients(of: loss, withRespectTo: parameters.map(\.tensor)), factor: schedule.factor(at: step))
        step += 1
        return value
    }

    /// Samples in −1…1 as the network's normalisation makes them.
    private func normalised(_ x: Tensor) -> Tensor {
        let (mean, deviation) = (network.description.mean, network.description.deviation)
        guard Set(mean + deviation) != [0.5] else { return x }
        let scale = Tensor(deviation.map { Float(0.5 / $0) }, shape: [deviation.count], on: backend)
        return x * scale + Tensor(zip(mean, deviation).map { Float((0.5 - $0) / $1) }, shape: [mean.count], on: backend)
    }

    /// How many held-out images are recognised now, by the very computation that metrics will do.
    public func accuracy() throws -> ClassifierAccuracy {
        try ClassifierAccuracy(of: LoadedNetwork(network, on: backend, weightsDigest: "in training", weightsOrigin: "in training", isPublished: false), on: heldOut)
    }

    /// How many held-out images a network in a file recognises, where this very training wrote it; nil otherwise.
    func accuracy(ofWritten path: String) -> ClassifierAccuracy? {
        guard let written = try? NetworkDescription(reading: path), written.digest == network.description.digest,
              notes.allSatisfy({ note in written.notes.contains { $0.name == note.name && $0.text == note.text } }) else { return nil }
        // Where its weights are gone or changed it is to be trained again.
        return try? ClassifierAccuracy(of: LoadedNetwork(path, on: backend), on: heldOut)
    }

    /// What a description says of its training beside how well it went: all that decides the weights.
    var notes: [(name: String, text: String)] {
        [("data_sha256", dataDigest), ("settings", settings.text), ("arithmetic", arithmetic), ("threads", "\(RunIdentity.threads)")]
    }

    /// Everything that the next step depends on.
    func checkpoint() -> Checkpoint {
        var checkpoint = Checkpoint(step: step, configuration: identity)
        checkpoint.sections = ["network": StateDictionary(of: network), "optimizer": optimizer.stateDictionary]
        return checkpoint
    }

    /// Goes on from a checkpoint of the same training.
    /// - Returns: whether it was one; nothing has changed otherwise.
    func restore(_ checkpoint: Checkpoint) -> Bool {
        guard checkpoint.configuration == identity, (0...steps).contains(checkpoint.step), let weights = checkpoint.sections["network"], let state = checkpoint.sections["optimizer"],
              network.mismatch(with: weights).isEmpty, (try? optimizer.load(state)) != nil, (try? network.load(weights, on: backend)) != nil else { return false }
        step = checkpoint.step
        return true
    }
}
