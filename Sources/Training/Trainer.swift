import Datasets
import Games
import NeuralNetworks
import Optimizers
import Tensors

/// Takes a game through its phases. Knows teams and phases, and no game by name.
///
/// A step is a function of the state and the step's number: batches are taken by index and random numbers by name, so that a resumed run
/// equals an uninterrupted one bit for bit.
public final class Trainer {
    /// What is trained.
    public let game: any Game
    /// The same networks with averaged weights: what is sampled and measured.
    public let averaged: any Game
    /// What the run is a function of.
    public let configuration: RunConfiguration
    /// Number of finished steps.
    public private(set) var step = 0
    /// Numbers that are kept between steps besides the networks: batches taken, the best measurement.
    public var counters: [String: Double] = [:]

    /// Extents of one sample: `[H, W, C]`, or `[dimensions]`.
    public let sampleShape: Shape
    /// Number of classes; 0 without labels.
    public let classCount: Int

    /// The training samples.
    let source: (any SampleSource)?
    /// Samples that are kept from the game, to judge the critic by; nil where none are.
    let heldOut: (any SampleSource)?
    /// What computes.
    public let backend: any Backend
    let stream: RandomStream
    private let batch: ((Int) throws -> Minibatch)?
    private var optimizers: [String: Optimizer] = [:]
    /// Of teams whose step size changes.
    private var schedules: [String: Schedule] = [:]
    /// Every averaged entry with the one that it follows; found once, for looking into modules takes longer than a small step.
    private let followed: [(entry: ModuleEntry, average: ModuleEntry)]

    /// What one step did.
    public struct Report {
        /// Number of the step, from 1.
        public var step: Int
        /// Losses and other curves by name, with the norm of every team's gradient.
        public var curves: [(name: String, value: Double)]
        /// Samples that all phases took together.
        public var samples: Int

        /// The losses in a few words.
        public var summary: String {
            curves.filter { $0.name.hasSuffix(" loss") }.map { "\($0.name) \(($0.value * 1000).rounded() / 1000)" }.joined(separator: ", ")
        }
    }

    /// A fresh game on the configuration's data.
    /// - Throws: `DatasetError` for data that cannot be read; `GameError` for data that the game cannot play with.
    public convenience init(_ configuration: RunConfiguration, backend: any Backend) throws {
        let (source, heldOut) = try configuration.openDividedData()
        var settings = LoaderSettings(batchSize: configuration.batchSize)
        settings.flips = configuration.mirrors
        let loader = try DataLoader(source, settings, stream: configuration.stream["batches"])
        try self.init(configuration, source: source, heldOut: heldOut, sampleShape: Shape(source.shape), classCount: source.classNames?.count ?? 0, backend: backend) { try loader.batch(at: $0) }
    }

    /// A trained game as a checkpoint left it; it can sample, and cannot go on, for it has no data.
    public convenience init(restoring file: String, backend: any Backend) throws {
        let checkpoint = try Checkpoint(reading: file)
        guard let rank = checkpoint.counters["sample rank"], let classes = checkpoint.counters["classes"] else {
            throw TrainingError.checkpoint(file: file, reason: "does not say what its samples are")
        }
        let extents = (0..<Int(rank)).compactMap { checkpoint.counters["sample extent \($0)"].map { Int($0) } }
        try self.init(RunConfiguration(yaml: checkpoint.configuration, file: file), source: nil, sampleShape: Shape(extents), classCount: Int(classes), backend: backend)
        try restore(checkpoint, from: file)
    }

    /// A fresh game on batches that somebody else makes; a batch must depend on its index only.
    public init(_ configuration: RunConfiguration, source: (any SampleSource)? = nil, heldOut: (any SampleSource)? = nil, sampleShape: Shape, classCount: Int,
                backend: any Backend, batch: ((Int) throws -> Minibatch)? = nil) throws {
        (self.configuration, self.source, self.heldOut, self.batch) = (configuration, source, heldOut, batch)
        (self.sampleShape, self.classCount, self.backend) = (sampleShape, classCount, backend)
        stream = configuration.stream
        let world = World(sample: sampleShape, classes: classCount, stream: stream["weights"], backend: backend)
        game = try GameCatalog.make(configuration.game, configuration.settings, world)
        averaged = try GameCatalog.make(configuration.game, configuration.settings, world)
        followed = zip(game.averagedPlayers, averaged.averagedPlayers).flatMap { player, mean in
            zip(player.module.entries, mean.module.entries).map { ($0.entry, $1.entry) }
        }
        for team in game.teams {
            optimizers[team.name] = Optimizer(team.parameters, team.settings.optimizer)
            if team.settings.schedule != .constant { schedules[team.name] = team.settings.schedule.schedule(steps: configuration.steps) }
        }
    }

    private static func stream(_ configuration: RunConfiguration) -> RandomStream { configuration.stream }

    /// Takes every team through its phases once.
    /// - Throws: ``TrainingError/notFinite(step:tensor:)`` before any weight is touched by a number that is not finite.
    public func advance() throws -> Report {
        var report = Report(step: step + 1, curves: [], samples: 0)
        for phase in game.phases where step % phase.interval == 0 {
            for move in 0..<phase.repeats {
                let curves = try self.move(phase, stream["steps"][step][phase.name][move])
                report.samples += configuration.batchSize
                if move == phase.repeats - 1 { report.curves += curves }
            }
        }
        step += 1
        average()
        return report
    }

    private func move(_ phase: Phase, _ stream: RandomStream) throws -> [(name: String, value: Double)] {
        guard let optimizer = optimizers[phase.team] else { preconditionFailure("phase \(phase.name) of team \(phase.team), which the game does not have") }
        let parameters = optimizer.parameters.map(\.parameter)
        let turn = try turn(stream)
        for parameter in parameters { parameter.tensor = parameter.tensor.variable }
        // Whatever happens, weights are constants again afterwards.
        defer { for parameter in parameters { parameter.tensor = parameter.tensor.detached } }
        let losses = game.losses(of: phase, turn)
        var curves = losses.curves.map { ($0.name, $0.value.item()) } + [("\(phase.name) loss", losses.total.item())]
        if let bad = curves.first(where: { !$0.1.isFinite }) { throw TrainingError.notFinite(step: step, tensor: bad.0) }
        let gradients = gradients(of: losses.total, withRespectTo: parameters.map(\.tensor))
        var square = 0.0
        for (gradient, entry) in zip(gradients, optimizer.parameters) {
            let own = gradient.squared.sum.item()
            guard own.isFinite else { throw TrainingError.notFinite(step: step, tensor: "the gradient of \(entry.name)") }
            square += own
        }
        curves.append(("\(phase.name) gradient", square.squareRoot()))
        let factor = schedules[phase.team]?.factor(at: step)
        if let factor { curves.append(("\(phase.name) rate", optimizer.settings.rate * factor)) }
        optimizer.step(gradients, factor: factor ?? 1)
        game.moved(phase)
        return curves
    }

    private func turn(_ stream: RandomStream) throws -> Turn {
        guard let make = batch else { preconditionFailure("a trainer without data cannot go on") }
        let index = Int(counters["batches", default: 0])
        counters["batches"] = Double(index + 1)
        let batch = try make(index)
        return Turn(real: batch.tensor(on: backend), labels: batch.labels, stream: stream, step: step)
    }

    /// Number of training samples; nil where there is no end of them.
    var realCount: Int? { source.flatMap(\.count) }

    /// Some training samples from all over the data, always the same: at most as many as there are.
    public func realSamples(_ count: Int) throws -> [Float] {
        let count = min(count, realCount ?? count)
        return try realSamples(0..<count, of: count)
    }

    /// A part of `count` training samples from all over the data.
    func realSamples(_ part: Range<Int>, of count: Int) throws -> [Float] {
        try source.map { try $0.read($0.spacedOut(part, of: count)) } ?? []
    }

    /// Moves the averaged weights towards the present ones; running statistics are copied.
    private func average() {
        // The first steps would otherwise drag the initial weights along for thousands of steps.
        let decay = min(configuration.averageDecay, Double(step) / Double(step + 10))
        for (entry, target) in followed {
            if case let .parameter(average) = target, decay > 0 {
                average.tensor = average.tensor.updated(by: .average(decay: decay), gradient: entry.tensor.detached).parameter
            } else {
                target.tensor = entry.tensor.detached
            }
        }
    }

    /// Everything that the next step depends on.
    public func checkpoint() throws -> Checkpoint {
        var checkpoint = Checkpoint(step: step, configuration: try configuration.yaml())
        checkpoint.counters = counters
        checkpoint.counters["sample rank"] = Double(sampleShape.rank)
        for axis in 0..<sampleShape.rank { checkpoint.counters["sample extent \(axis)"] = Double(sampleShape[axis]) }
        checkpoint.counters["classes"] = Double(classCount)
        checkpoint.sections["players"] = game.teams.flatMap(\.players).state
        checkpoint.sections["averages"] = averaged.averagedPlayers.state
        for (team, optimizer) in optimizers { checkpoint.sections["optimizer " + team] = optimizer.stateDictionary }
        checkpoint.sections["game"] = game.state
        return checkpoint
    }

    /// Goes back, or on, to the moment of a checkpoint of the same configuration.
    public func restore(_ checkpoint: Checkpoint, from file: String) throws {
        func section(_ name: String) throws -> StateDictionary {
            guard let state = checkpoint.sections[name] else { throw TrainingError.checkpoint(file: file, reason: "section '\(name)' is missing") }
            return state
        }
        do {
            try game.teams.flatMap(\.players).load(section("players"), on: backend)
            try averaged.averagedPlayers.load(section("averages"), on: backend)
            for (team, optimizer) in optimizers { try optimizer.load(section("optimizer " + team)) }
            try game.load(checkpoint.sections["game"] ?? StateDictionary(), on: backend)
        } catch let mismatch as StateMismatch {
            throw TrainingError.checkpoint(file: file, reason: "belongs to other networks: \(mismatch)")
        }
        (step, counters) = (checkpoint.step, checkpoint.counters)
    }

    /// Samples of the averaged generator; a translator's are translations of the first real samples.
    /// - Throws: ``TrainingError`` for a translator without data.
    public func samples(_ count: Int, _ options: SamplingOptions, _ name: String) throws -> Tensor { try samples(count, of: averaged, options, name) }

    /// Samples of the averaged generator, or of the one that is trained.
    func samples(_ count: Int, of game: any Game, _ options: SamplingOptions, _ name: String) throws -> Tensor {
        var options = options
        if game is any Translating, options.latents == nil {
            let real = try realSamples(count)
            guard real.count == count * sampleShape.count else {
                throw TrainingError.configuration(file: configuration.game, line: nil, reason: "translates images and makes none of its own: use gan-eval translate")
            }
            options.latents = real
        }
        return game.samples(count, options, stream["samples"][name])
    }
}
