import Games
import Tensors

/// A run from its first step, or from its last checkpoint, to its end: the trainer with its hooks.
public final class Run {
    /// The trainer.
    public let trainer: Trainer
    /// Where it writes.
    public let folder: RunFolder
    /// Asked after each step.
    public var isCancelled: () -> Bool = { false }
    /// Called after each step with what it did.
    public var progress: (Trainer.Report) -> Void = { _ in }
    /// Called with a line for the person who watches.
    public var note: (String) -> Void = { _ in }
    /// What is done between steps, in this order.
    public var hooks: [any Hook]

    private let log: RunLog

    /// A fresh run in an empty folder.
    public init(starting configuration: RunConfiguration, in folder: RunFolder, backend: any Backend) throws {
        self.folder = folder
        trainer = try Trainer(configuration, backend: backend)
        // All that can be wrong with a configuration is found before anything is written.
        hooks = try Run.standardHooks(configuration, backend)
        try folder.make()
        try folder.write(Array(configuration.yaml().utf8), to: folder.configuration)
        log = try RunLog(folder, after: 0)
    }

    /// A run that goes on from its last intact checkpoint.
    /// - Parameter steps: Another number of steps in all than the configuration's.
    public init(resuming folder: RunFolder, steps: Int? = nil, backend: any Backend) throws {
        self.folder = folder
        var configuration = try RunConfiguration(yaml: folder.text(of: folder.configuration), file: folder.configuration)
        if let steps { try configuration.change("steps", to: "\(steps)") }
        trainer = try Trainer(configuration, backend: backend)
        if let step = folder.checkpointedSteps.last {
            try trainer.restore(Checkpoint(reading: folder.checkpoint(step)), from: folder.checkpoint(step))
        }
        folder.removePartialFiles()
        log = try RunLog(folder, after: trainer.step)
        hooks = try Run.standardHooks(configuration, backend)
    }

    /// Every hook of an ordinary run.
    private static func standardHooks(_ configuration: RunConfiguration, _ backend: any Backend) throws -> [any Hook] {
        let measures: [any Hook] = configuration.measureEvery > 0 ? [try MeasureHook(configuration, backend: backend)] : []
        return [LogHook(), CollapseHook(), SampleHook()] + measures + [CheckpointHook()]
    }

    /// Runs to the end of the configuration.
    /// - Throws: ``TrainingError/interrupted(step:folder:)`` after a checkpoint when `isCancelled` says so; what hooks throw.
    public func run() throws {
        while trainer.step < trainer.configuration.steps {
            let report = try trainer.advance()
            progress(report)
            for hook in hooks { try hook.stepped(self, report) }
            if isCancelled(), trainer.step < trainer.configuration.steps {
                try CheckpointHook.write(self)
                throw TrainingError.interrupted(step: trainer.step, folder: folder.path)
            }
        }
    }

    func write(_ line: RunLog.Line) throws { try log.write(line) }
}

/// Something that happens between steps. Hooks see the run and change nothing that the next step depends on, except the counters.
public protocol Hook: AnyObject {
    /// Called after each step.
    func stepped(_ run: Run, _ report: Trainer.Report) throws
}

/// Writes losses and gradient norms.
final class LogHook: Hook {
    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        guard report.step % run.trainer.configuration.logEvery == 0 || report.step == 1 else { return }
        try run.write(RunLog.Line(kind: "losses", step: report.step, numbers: report.curves))
    }
}

/// Writes a grid of samples, always of the same latents.
final class SampleHook: Hook {
    func stepped(_ run: Run, _ report: Trainer.Report) throws {
        let every = run.trainer.configuration.sampleEvery
        guard every > 0, report.step % every == 0 || report.step == run.trainer.configuration.steps else { return }
        try run.folder.write(try run.trainer.picture(run.trainer.configuration.sampleCount).pngData(), to: run.folder.samples(report.step))
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
        try run.trainer.checkpoint().write(to: run.folder.checkpoint(run.trainer.step))
        run.folder.keepCheckpoints(run.trainer.configuration.checkpointKeep)
    }
}
