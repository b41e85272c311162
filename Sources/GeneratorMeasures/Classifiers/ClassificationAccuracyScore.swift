import Archives
import Datasets
import Evaluation
import FeatureNetworks
import NeuralNetworks
import Tensors
import Training
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The classification accuracy score (CAS, GAN-train) and GAN-test, each by a network trained from nothing: what generated images teach of real ones, and whether they look like what they were asked to be.
///
///     CAS = share of real images told right by a network that learnt the classes from generated ones
///     GAN-test = share of generated images told right by one that learnt them from real ones
///
/// Only a part of the images that a network learns from is kept from it, to see what it has learnt at all: `held_out_accuracy`; of the real ones that is `real_accuracy`, and GQI = 100·CAS/real_accuracy. The papers train a
/// ResNet-50 or -32 for days; the network here is that of `gan-eval networks train`, or of a description, so that numbers of one network compare with each other and not with those of papers.
/// Sources: Ravuri & Vinyals 2019, *Classification accuracy score for conditional generative models*, arXiv:1905.10887; Shmelkov et al. 2018, *How good is my GAN?*, arXiv:1807.09499; Ye et al. 2018, arXiv:1806.03334 (GQI).
public struct ClassificationAccuracyScore {
    /// How both networks are trained.
    public var settings: ClassifierSettings
    /// A description whose layers are trained in place of the usual ones.
    public var layers: NetworkDescription?
    /// Where the networks are kept, and go on from when they were stopped; nil keeps nothing.
    public var folder: String?
    /// The fraction of repetitions that intervals cover, of tested images.
    public var confidence = 0.95
    /// Called with what is learnt from, the steps that are done, how many there will be, and the loss.
    public var progress: (String, Int, Int, Double) -> Void = { _, _, _, _ in }
    /// Called with a line for the person who watches.
    public var note: (String) -> Void = { _ in }
    /// Asked between steps.
    public var isCancelled: () -> Bool = { false }

    /// The usual network, a tenth of the images kept from it.
    public init() {
        settings = ClassifierSettings()
        settings.heldOut = 0.1
    }

    /// Both scores.
    /// - Parameters:
    ///   - real: real images, opened with labels.
    ///   - fake: generated ones, whose classes have the same names.
    /// - Throws: `EvaluationError` for options out of range, for classes that only one set has, and where it is cancelled; `DatasetError` for sets without classes or too small; what training throws.
    public func callAsFunction(real: ImageSource, fake: ImageSource, on backend: any Backend) throws -> EvaluationReport {
        guard confidence > 0, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        for source in [real, fake] where source.classNames == nil { throw DatasetError(path: source.path, .noLabels("a classifier learns from images with classes")) }
        try checkClasses(real, fake)
        // Both networks see images alike: as the first real one is.
        let first = try real.decode(0)
        var settings = settings
        if layers == nil { (settings.side, settings.channels) = (settings.side ?? min(64, max(first.width, first.height)), settings.channels ?? (first.channels == 1 ? 1 : 3)) }
        let temporary = folder == nil ? try TemporaryFolder() : nil, place = folder ?? temporary?.path ?? ""
        try Folder.make(place)
        guard access(place, W_OK) == 0 else { throw ArchiveError(.unwritable, file: place, expected: "a folder that can be written", found: "one that cannot") }
        // What is wrong with either set is found before hours of training, not after.
        let trainers = try [("generated", fake), ("real", real)].map { kind, images in
            (kind, try ClassifierTrainer(images, named: "learnt-from-\(kind)", layers: layers, settings, on: backend))
        }
        let networks: [Learnt]
        do { networks = try trainers.map { try learnt(from: $0.0, $0.1, in: place, on: backend) } } catch EvaluationError.cancelled {
            throw EvaluationError.cancelled(isKept: folder != nil)
        }
        let accuracies = try zip(networks, [real, fake]).map { network, images in
            if isCancelled() { throw EvaluationError.cancelled(isKept: folder != nil) }
            return try ClassifierAccuracy(of: network.network, knowing: network.description.classNames, on: images)
        }
        let baseline = networks[1].heldOut.share
        var results = [result("cas", accuracies[0], networks[0].heldOut, real, fake), result("gan-test-trained", accuracies[1], networks[1].heldOut, real, fake)]
        results[0].details.insert(contentsOf: [.init("real_accuracy", baseline), .init("gqi", 100 * results[0].value / baseline)], at: 0)
        let identity = FeatureIdentity(settings.entries.merging([
            "architecture_sha256": networks[0].description.digest, "arithmetic": backend.name, "version": Version.current,
            "real_images_sha256": try real.contentDigest().hexadecimal, "fake_images_sha256": try fake.contentDigest().hexadecimal,
        ]) { own, _ in own })
        return EvaluationReport(results: results, titles: ["CAS", "GAN-test"], identity: identity, realCount: real.count, fakeCount: fake.count)
    }

    /// A network that has learnt the classes of some images.
    private struct Learnt {
        let network: LoadedNetwork, description: NetworkDescription, heldOut: ClassifierAccuracy
    }

    private func learnt(from kind: String, _ trainer: ClassifierTrainer, in folder: String, on backend: any Backend) throws -> Learnt {
        let path = "\(folder)/learnt-from-\(kind).yaml"
        var run = ClassifierRun(trainer, to: path)
        (run.note, run.isCancelled) = (note, isCancelled)
        run.progress = { progress("learning from \(kind) images", $0, trainer.steps, $1) }
        let finished = run.finished()
        if finished == nil, access(path, F_OK) == 0 { note("\(path) learnt from other images or under other settings; it is replaced") }
        let accuracy = try finished ?? run.run().accuracy
        accuracy.warning.map { note("learnt from \(kind) images: \($0)") }
        return Learnt(network: try LoadedNetwork(path, on: backend), description: trainer.network.description, heldOut: accuracy)
    }

    /// Both sets must have images of the same classes.
    private func checkClasses(_ real: ImageSource, _ fake: ImageSource) throws(EvaluationError) {
        let (reals, fakes) = (Self.present(real), Self.present(fake))
        func list(_ names: [String]) -> String { names.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "") }
        let missing = reals.filter { !fakes.contains($0) }, unknown = fakes.filter { !reals.contains($0) }
        guard missing.isEmpty, unknown.isEmpty else {
            let found = [missing.isEmpty ? nil : "no images of \(list(missing))", unknown.isEmpty ? nil : "images of \(list(unknown)), which the real ones have not"].compactMap { $0 }
            throw .wrongFile(path: fake.path, expected: "images of the same classes as the real ones", found: found.joined(separator: ", and "))
        }
    }

    private func result(_ metric: String, _ accuracy: ClassifierAccuracy, _ heldOut: ClassifierAccuracy, _ real: ImageSource, _ fake: ImageSource) -> MetricResult {
        let share = accuracy.share
        var result = MetricResult(
            metric: metric, value: share, standardError: (share * (1 - share) / Double(accuracy.count)).squareRoot(), interval: accuracy.interval(confidence),
            details: [.init("held_out_accuracy", heldOut.share)], realCount: real.count, fakeCount: fake.count)
        for one in accuracy.classes { result.details.append(.init("accuracy_of_class", ofClass: one.name, one.share)) }
        heldOut.warning.map { result.warnings.append("of its own kind of images the network is \($0)") }
        return result
    }

    /// The names of classes that have images, in order.
    private static func present(_ images: ImageSource) -> [String] {
        let labels = Set((0..<images.count).compactMap(images.label))
        return (images.classNames ?? []).enumerated().filter { labels.contains($0.offset) }.map(\.element)
    }
}
