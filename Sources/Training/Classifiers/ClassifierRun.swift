import Archives
import Evaluation
import FeatureNetworks
import NeuralNetworks
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The training of a classifier from its first step, or from where it was stopped, to a feature network in a file.
///
/// A checkpoint lies beside the description that is to be, `NAME.training.h5`, and goes when that is there.
public struct ClassifierRun {
    /// What takes the steps.
    public let trainer: ClassifierTrainer
    /// The description to write.
    public let path: String
    /// Asked after each step.
    public var isCancelled: () -> Bool = { false }
    /// Called after each step with the number of finished ones and the loss, averaged over about an epoch.
    public var progress: (Int, Double) -> Void = { _, _ in }
    /// Called with a line for the person who watches.
    public var note: (String) -> Void = { _ in }

    /// A run that will write to `path`, which ends in `.yaml`.
    public init(_ trainer: ClassifierTrainer, to path: String) { (self.trainer, self.path) = (trainer, path) }

    /// Where a stopped run goes on from.
    public var checkpoint: String { (path.hasSuffix(".yaml") ? String(path.dropLast(".yaml".count)) : path) + ".training.h5" }

    /// Trains, measures and writes the network.
    /// - Returns: what was written, and how much of the held-out images it recognises.
    /// - Throws: `EvaluationError.cancelled` when asked to stop, what was done being kept; what training and writing throw.
    public func run() throws -> (description: NetworkDescription, accuracy: ClassifierAccuracy) {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try Folder.make(String(path[..<slash])) }
        if access(checkpoint, F_OK) == 0 {
            let isRestored = (try? Checkpoint(reading: checkpoint)).map(trainer.restore) ?? false
            note(isRestored ? "going on at step \(trainer.step) of \(trainer.steps)" : "\(checkpoint) belongs to another training; starting anew")
        }
        let perEpoch = trainer.steps / trainer.settings.epochs
        var average = 0.0, weight = 0.0
        while trainer.step < trainer.steps {
            let loss = try trainer.advance(), memory = 1 - 1 / Double(perEpoch + 1)
            (average, weight) = (average * memory + loss, weight * memory + 1)
            progress(trainer.step, average / weight)
            let stops = isCancelled()
            if stops || trainer.step % perEpoch == 0 { try trainer.checkpoint().write(to: checkpoint) }
            if stops { throw EvaluationError.cancelled(isKept: true) }
        }
        let accuracy = try trainer.accuracy()
        var description = trainer.network.description
        description.notes = [
            ("accuracy", accuracy.text), ("weakest class", accuracy.weakest.map { "\($0.name): \(ClassifierAccuracy.percent($0.share)) % of \($0.count)" } ?? "none"),
            ("trained on", "\(trainer.training.count) images of \(trainer.training.path.split(separator: "/").last ?? "the root")"), ("data_sha256", trainer.dataDigest),
            ("settings", trainer.settings.text), ("arithmetic", trainer.arithmetic), ("threads", "\(RunIdentity.threads)"),
        ]
        let written = try description.write(StateDictionary(of: trainer.network), to: path)
        unlink(checkpoint)
        return (written, accuracy)
    }
}
