import Datasets
import Games
import NeuralNetworks
import Optimizers
import Tensors

/// Takes a game through its phases: the loop of the trainer without files, so that a gate tests the game and nothing else.
final class GateTrainer<G: Game> {
    /// What is trained, and the same with averaged weights.
    let game, averaged: G
    /// Curves of the last step.
    private(set) var curves: [String: Double] = [:]
    private let loader: DataLoader, stream: RandomStream, backend: any Backend, decay: Double
    private var optimizers: [String: Optimizer] = [:], step = 0, batches = 0

    init(_ configuration: G.Configuration, on source: any SampleSource, batch: Int = 128, seed: Int, decay: Double = 0.995, backend: any Backend = CPUBackend()) throws {
        stream = RandomStream(seed: UInt64(seed))
        (self.backend, self.decay) = (backend, decay)
        var settings = LoaderSettings(batchSize: batch)
        settings.prefetch = 0
        loader = try DataLoader(source, settings, stream: stream["data"])
        let world = World(sample: Shape(source.shape), classes: source.classNames?.count ?? 0, stream: stream["weights"], backend: backend)
        (game, averaged) = (try G(configuration, world), try G(configuration, world))
        for team in game.teams { optimizers[team.name] = Optimizer(team.parameters, team.settings.optimizer) }
    }

    /// All phases, `steps` times.
    func train(_ steps: Int) throws {
        for _ in 0..<steps {
            for phase in game.phases where step % phase.interval == 0 {
                for move in 0..<phase.repeats { try self.move(phase, stream["steps"][step][phase.name][move]) }
            }
            step += 1
            average()
        }
    }

    private func move(_ phase: Phase, _ stream: RandomStream) throws {
        let batch = try loader.batch(at: batches)
        batches += 1
        let turn = Turn(real: batch.tensor(on: backend), labels: batch.labels, stream: stream, step: step)
        let parameters = game.team(phase.team).parameters.map(\.parameter)
        for parameter in parameters { parameter.tensor = parameter.tensor.variable }
        let losses = game.losses(of: phase, turn)
        for (name, value) in losses.curves { curves[name] = value.item() }
        let gradients = gradients(of: losses.total, withRespectTo: parameters.map(\.tensor))
        for parameter in parameters { parameter.tensor = parameter.tensor.detached }
        optimizers[phase.team]?.step(gradients)
        game.moved(phase)
    }

    private func average() {
        let decay = min(decay, Double(step) / Double(step + 10))
        for (player, mean) in zip(game.averagedPlayers, averaged.averagedPlayers) {
            for (entry, target) in zip(player.module.entries, mean.module.entries) {
                if case let .parameter(average) = target.entry {
                    average.tensor = average.tensor.updated(by: .average(decay: decay), gradient: entry.entry.tensor.detached).parameter
                } else {
                    target.entry.tensor = entry.entry.tensor.detached
                }
            }
        }
    }
}
