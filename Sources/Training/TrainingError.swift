/// What goes wrong in training, in one line.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// A configuration that cannot be.
    case configuration(file: String, line: Int?, reason: String)
    /// A run folder that cannot be used.
    case run(folder: String, reason: String)
    /// A checkpoint that is damaged or belongs to another run.
    case checkpoint(file: String, reason: String)
    /// A number that is no longer finite, with the tensor in which it was seen first.
    case notFinite(step: Int, tensor: String)
    /// A run that was stopped because going on is pointless.
    case diverged(step: Int, diagnosis: String)
    /// Stopped by the user; the checkpoint is written.
    case interrupted(step: Int, folder: String)

    /// One line: where, what, and what to do.
    public var description: String {
        switch self {
        case let .configuration(file, line, reason): "\(file)\(line.map { ":\($0)" } ?? ""): \(reason)"
        case let .run(folder, reason): "\(folder): \(reason)"
        case let .checkpoint(file, reason): "\(file): \(reason)"
        case let .notFinite(step, tensor): "step \(step): \(tensor) is not finite; the last checkpoint is intact. Lower the learning rate or add a regulariser"
        case let .diverged(step, diagnosis): "stopped at step \(step): \(diagnosis)"
        case let .interrupted(step, folder): "stopped at step \(step); go on with: gan-eval train --resume \(folder)"
        }
    }
}
