import Archives
import NeuralNetworks

/// Something that happens between steps. Hooks see the run and change nothing that the next step depends on, except the counters.
public protocol Hook: AnyObject {
    /// Called after each step.
    func stepped(_ run: Run, _ report: Trainer.Report) throws
}

/// A hook that judges a step by earlier ones. What it remembers is part of every checkpoint, so that a resumed run is judged like an uninterrupted one.
public protocol RememberingHook: Hook {
    /// Name of the checkpoint's section.
    static var section: String { get }
    /// Everything it remembers.
    var memory: StateDictionary { get set }
}

/// Writes losses, and the norms of every team's gradient and weights.
final class LogHook: Hook {
    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        guard report.step % run.trainer.configuration.logEvery == 0 || report.step == 1 else { return }
        try run.write(RunLog.Line(kind: "losses", step: report.step, numbers: report.curves + run.trainer.weightNorms))
    }
}

/// Writes a grid of samples, always of the same latents.
final class SampleHook: Hook {
    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        let every = run.trainer.configuration.sampleEvery
        guard every > 0, report.step % every == 0 || report.step == run.trainer.configuration.steps else { return }
        guard let picture = try run.trainer.picture(run.trainer.configuration.sampleCount) else { return }
        try AtomicFile.write(picture.pngData(), to: run.folder.samples(report.step))
        run.made("samples", run.folder.samples(report.step))
    }
}

/// Writes checkpoints and keeps the last few.
final class CheckpointHook: Hook {
    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        let configuration = run.trainer.configuration
        guard report.step % configuration.checkpointEvery == 0 || report.step == configuration.steps else { return }
        try Self.write(run)
    }

    static func write(_ run: Run) throws {
        try run.checkpoint().write(to: run.folder.checkpoint(run.trainer.step))
        run.made("checkpoint", run.folder.checkpoint(run.trainer.step))
        run.folder.keepCheckpoints(run.trainer.configuration.checkpointKeep)
    }
}
