import Archives
import Evaluation
import FeatureNetworks
import NeuralNetworks
import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
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
    /// Tells a run store of the training, where it is to be recorded, with these tags.
    public var recorder: RunRecorder?, tags: [String] = []

    /// A run that will write to `path`, which ends in `.yaml`.
    public init(_ trainer: ClassifierTrainer, to path: String) { (self.trainer, self.path) = (trainer, path) }

    /// Where a stopped run goes on from.
    public var checkpoint: String { (path.hasSuffix(".yaml") ? String(path.dropLast(".yaml".count)) : path) + ".training.h5" }

    /// How much of the held-out images a network recognises that this very training has written already; nil where there is none.
    public func finished() -> ClassifierAccuracy? { trainer.accuracy(ofWritten: path) }

    /// Trains, measures and writes the network.
    /// - Returns: what was written, and how much of the held-out images it recognises.
    /// - Throws: `EvaluationError.cancelled` when asked to stop, what was done being kept; what training and writing throw.
    public func run() throws -> (description: NetworkDescription, accuracy: ClassifierAccuracy) {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try Folder.make(String(path[..<slash])) }
        let isContinued = restored()
        recorder?.begin { [trainer, path, tags] store, run in
            var run = run
            (run.folder, run.step, run.steps, run.seed, run.tags) = (Paths.absolute(path), trainer.step, trainer.steps, trainer.settings.seed, tags)
            (run.configuration, run.identity) = (trainer.settings.entries, ["arithmetic": trainer.arithmetic, "data_sha256": trainer.dataDigest, "threads": "\(RunIdentity.threads)"])
            return try store.begin(run, continuing: isContinued)
        }
        do {
            let (description, accuracy) = try train(), interval = accuracy.interval()
            recorder?.add([MetricSeries(.init(kind: "measurement", name: "accuracy"), [MetricPoint(step: trainer.step, time: time, value: accuracy.share, lower: interval.lower, upper: interval.upper)])])
            end(.finished) { store, run in
                for file in [path, description.weightsPath].compactMap({ $0 }) { try store.addArtifact("network", Paths.absolute(file), to: run) }
            }
            return (description, accuracy)
        } catch {
            let wasInterrupted = if case EvaluationError.cancelled = error { true } else { false }
            end(wasInterrupted ? .interrupted : .failed, reason: wasInterrupted ? nil : "\(error)")
            throw error
        }
    }

    private var time: Double { Date().timeIntervalSince1970 }

    private func end(_ status: RecordedRun.Status, reason: String? = nil, _ body: (RunStore, RecordedRun) throws -> Void = { _, _ in }) {
        guard let recorder, !recorder.end(status, step: trainer.step, reason: reason, body) else { return }
        recorder.note("the training is not wholly recorded")
    }

    /// Whether the training goes on from a checkpoint.
    private func restored() -> Bool {
        guard access(checkpoint, F_OK) == 0 else { return false }
        let isRestored = (try? Checkpoint(reading: checkpoint)).map(trainer.restore) ?? false
        note(isRestored ? "going on at step \(trainer.step) of \(trainer.steps)" : "\(checkpoint) belongs to another training; starting anew")
        return isRestored
    }

    private func train() throws -> (description: NetworkDescription, accuracy: ClassifierAccuracy) {
        let perEpoch = trainer.steps / trainer.settings.epochs
        var average = 0.0, weight = 0.0
        while trainer.step < trainer.steps {
            let loss = try trainer.advance(), memory = 1 - 1 / Double(perEpoch + 1)
            (average, weight) = (average * memory + loss, weight * memory + 1)
            progress(trainer.step, average / weight)
            recorder?.add([MetricSeries(.init(kind: "losses", name: "loss"), [MetricPoint(step: trainer.step, time: time, value: loss)])])
            let stops = isCancelled()
            if stops || trainer.step % perEpoch == 0 {
                // What comes before a checkpoint is not made again.
                recorder?.flush()
                try trainer.checkpoint().write(to: checkpoint)
            }
            if stops { throw EvaluationError.cancelled(isKept: true) }
        }
        let accuracy = try trainer.accuracy()
        var description = trainer.network.description
        description.notes = [
            ("accuracy", accuracy.text), ("weakest class", accuracy.weakest.map { "\($0.name): \(ClassifierAccuracy.percent($0.share)) % of \($0.count)" } ?? "none"),
            ("trained on", "\(trainer.training.count) images of \(trainer.training.path.split(separator: "/").last ?? "the root")"),
        ] + trainer.notes
        let written = try description.write(StateDictionary(of: trainer.network), to: path)
        unlink(checkpoint)
        return (written, accuracy)
    }
}
