import Evaluation
import Tensors
import Training
import Weights

/// A trained game as one checkpoint left it, with what identifies it.
public struct TrainedRun {
    /// The run as the user named it.
    public let name: String
    /// The checkpoint's file.
    public let file: String
    /// The game.
    public let trainer: Trainer

    /// Reads a checkpoint.
    /// - Parameter name: What messages and tables call the run: its folder's path.
    /// - Throws: as `Trainer.init(restoring:backend:)`.
    public init(_ name: String, checkpoint file: String, on backend: any Backend) throws {
        (self.name, self.file) = (name, file)
        trainer = try Trainer(restoring: file, backend: backend)
    }

    /// Everything about the run that its numbers depend on.
    /// - Throws: `WeightsError` where the checkpoint cannot be read any more.
    public func identity() throws -> [String: String] {
        ["game": trainer.configuration.game, "step": "\(trainer.step)", "checkpoint_sha256": try FileDigest.sha256(file), "version": Version.current]
    }

    /// An error about what this run cannot do, in one line.
    func failure(_ reason: String) -> TrainingError { .run(folder: name, reason: reason) }
}

extension TrainedRun {
    /// The checkpoints of runs: every step that a folder kept, or the last only; a path that ends in `.h5` is one checkpoint's file.
    /// - Throws: as ``init(_:checkpoint:on:)``; `TrainingError` for a folder that is no run or has no checkpoint.
    public static func open(_ paths: [String], lastOnly: Bool, on backend: any Backend) throws -> [TrainedRun] {
        try paths.flatMap { path -> [TrainedRun] in
            if path.hasSuffix(".h5") { return [try TrainedRun(path, checkpoint: path, on: backend)] }
            let folder = try RunFolder(path, creating: false), steps = folder.checkpointedSteps
            guard !steps.isEmpty else { throw TrainingError.run(folder: path, reason: "has no checkpoint yet") }
            return try (lastOnly ? steps.suffix(1) : steps[...]).map { try TrainedRun(path, checkpoint: folder.checkpoint($0), on: backend) }
        }
    }
}
