import Archives
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
    /// Told what the run does, where it is to be recorded; with these tags.
    public var tracker: RunTracker?, tags: [String] = []
    /// What is done between steps, in this order.
    public var hooks: [any Hook]

    /// Whether the folder held the run already.
    let isResumed: Bool
    private let log: RunLog
    /// What differs from how the run began.
    private var warning: String?

    /// A fresh run in an empty folder.
    public init(starting configuration: RunConfiguration, in folder: RunFolder, backend: any Backend) throws {
        (self.folder, isResumed) = (folder, false)
        var configuration = configuration
        try configuration.resolveSchedules()
        trainer = try Trainer(configuration, backend: backend)
        // All that can be wrong with a configuration is found before anything is written.
        hooks = try Run.standardHooks(trainer, backend)
        try folder.make()
        try AtomicFile.write(Array(configuration.yaml().utf8), to: folder.configuration)
        try AtomicFile.write(Array(RunIdentity(of: trainer).yaml.utf8), to: folder.identity)
        log = try RunLog(folder, after: 0)
    }

    /// A run that goes on from its last checkpoint.
    /// - Parameter steps: Another number of steps in all than the configuration's.
    public init(resuming folder: RunFolder, steps: Int? = nil, backend: any Backend) throws {
        (self.folder, isResumed) = (folder, true)
        var configuration = try RunConfiguration(yaml: folder.text(of: folder.configuration), file: folder.configuration)
        if let steps { try configuration.change("steps", to: "\(steps)") }
        trainer = try Trainer(configuration, backend: backend)
        hooks = try Run.standardHooks(trainer, backend)
        if let step = folder.checkpointedSteps.last {
            let checkpoint = try folder.lastCheckpoint(step)
            try trainer.restore(checkpoint, from: folder.checkpoint(step))
            for case let hook as any RememberingHook in hooks {
                if let memory = checkpoint.sections[type(of: hook).section] { hook.memory = memory }
            }
        }
        if folder.has(folder.identity) {
            let began = try RunIdentity(yaml: folder.text(of: folder.identity), file: folder.identity)
            warning = try RunIdentity(of: trainer).warning(since: began)
        }
        folder.removePartialFiles()
        log = try RunLog(folder, after: trainer.step)
    }

    /// Every hook of an ordinary run.
    private static func standardHooks(_ trainer: Trainer, _ backend: any Backend) throws -> [any Hook] {
        let configuration = trainer.configuration
        let measures: [any Hook] = configuration.measureEvery > 0 ? [try MeasureHook(configuration, trainer.sampleShape, backend: backend)] : []
        return [LogHook(), DivergenceHook(), CollapseHook(), OverfittingHook(), SampleHook()] + measures + [CheckpointHook()]
    }

    /// Runs to the end of the configuration.
    /// - Throws: ``TrainingError/interrupted(step:folder:)`` after a checkpoint when `isCancelled` says so; what hooks throw.
    public func run() throws {
        tracker?.begin(self, tags: tags)
        do { try play() } catch {
            let wasInterrupted = if case TrainingError.interrupted = error { true } else { false }
            tracker?.end(wasInterrupted ? .interrupted : .failed, self, reason: wasInterrupted ? nil : "\(error)")
            throw error
        }
        tracker?.end(.finished, self)
    }

    private func play() throws {
        if let warning {
            note(warning)
            try write(RunLog.Line(kind: "resumed", step: trainer.step, numbers: [], text: [("warning", warning)]))
        }
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

    /// Everything that the next step and the judgement of it depend on.
    func checkpoint() throws -> Checkpoint {
        var checkpoint = try trainer.checkpoint()
        for case let hook as any RememberingHook in hooks { checkpoint.sections[type(of: hook).section] = hook.memory }
        return checkpoint
    }

    func write(_ line: RunLog.Line) throws {
        try log.write(line)
        tracker?.took(line)
    }

    /// Says that a file is there.
    func made(_ kind: String, _ path: String) { tracker?.made(kind, path, step: trainer.step) }
}
