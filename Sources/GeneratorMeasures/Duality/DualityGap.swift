import Evaluation
import Games
import NeuralNetworks
import Optimizers
import Tensors
import Training

/// How far a game is from its equilibrium: what either player could still gain if the other stood still.
///
///     gap = max_v M(u, v) − min_u M(u, v)        M(u, v) = −(what the critic v minimises) = E ln D(x) + E ln(1 − D(G(z))) for the logistic objectives, E D(x) − E D(G(z)) for Wasserstein's
///
/// 0 where neither can gain, larger the further from there; for the minimax game a critic that cannot decide and a generator at divergence JSD have a gap of 2 JSD. Both worst cases are looked for
/// by training: the critic as it trains in the game, with what constrains it, the generator against M itself, both from where they stand (or from fresh weights) for some steps on one half of the
/// real samples. The gap is measured on the other half. A search that ends too early makes the gap too small.
/// Source: Grnarova, Levy, Lucchi, Perraudin, Goodfellow, Hofmann and Krause 2019, *A domain agnostic measure for monitoring and evaluating GANs*, arXiv:1811.05512.
public struct DualityGap {
    /// Steps of each search.
    public var steps = 500
    /// Whether the searches begin from fresh weights and not from the players'.
    public var startsFresh = false
    /// Real samples, and generated ones, on which the gap is measured.
    public var count = 2048
    /// Where fresh weights, latents and batches come from.
    public var seed: UInt64 = 0
    /// The fraction of repetitions that the interval covers, of samples; what other searches would find is not in it.
    public var confidence = 0.95
    /// Called with the steps that are taken and how many there will be.
    public var progress: (Int, Int) -> Void = { _, _ in }
    /// Asked between steps.
    public var isCancelled: () -> Bool = { false }

    /// 500 steps from where the players stand.
    public init() {}

    /// The duality gap of a run.
    /// - Throws: `TrainingError` for a game that is not one of a generator against a critic, or searches that leave the numbers; `EvaluationError` for options out of range, too few samples, and
    ///   where it is cancelled.
    public func callAsFunction(_ run: TrainedRun, real: RealSamples) throws -> EvaluationReport {
        guard (1...1_000_000).contains(steps) else { throw EvaluationError.badOption(name: "--steps", value: "\(steps)", expected: "a number from 1 to 1000000") }
        guard (2...1_000_000).contains(count) else { throw EvaluationError.badOption(name: "-n", value: "\(count)", expected: "a number from 2 to 1000000") }
        guard confidence > 0, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        let game = try copy(run).game
        let halves = try Halves(real, for: "the duality gap", set: "real"), stream = RandomStream(seed: seed)["duality gap"]
        let critic = try search(run, "critic", halves, stream), generator = try search(run, "generator", halves, stream)
        return EvaluationReport(results: [try result(game, worst: critic, generator, halves, stream["judged"], run)], titles: ["Duality gap"],
                                identity: FeatureIdentity(try identity(run)), fakeCount: count, warnings: real.warning.map { [$0] } ?? [])
    }

    /// A game whose team has been trained against the other, and M on its way.
    private struct Search {
        let game: any AdversarialGame
        let course: [SIMD2<Double>]
    }

    /// The game once more, to be moved without touching the run's.
    private func copy(_ run: TrainedRun) throws -> (trainer: Trainer, game: any AdversarialGame) {
        let trainer = try TrainedRun(run.name, checkpoint: run.file, on: run.trainer.backend).trainer
        guard let game = trainer.game as? any AdversarialGame else { throw run.failure("\(trainer.configuration.game) is not a game of a generator against a critic of samples") }
        return (trainer, game)
    }

    private func search(_ run: TrainedRun, _ name: String, _ halves: Halves, _ stream: RandomStream) throws -> Search {
        let (trainer, game) = try copy(run)
        let team = game.team(name), parameters = team.parameters
        if startsFresh {
            let world = World(sample: trainer.sampleShape, classes: trainer.classCount, stream: stream["fresh"], backend: trainer.backend)
            let fresh = try GameCatalog.make(trainer.configuration.game, trainer.configuration.settings, world).team(name)
            for (own, other) in zip(team.players.flatMap { $0.module.entries }, fresh.players.flatMap { $0.module.entries }) { own.entry.tensor = other.entry.tensor }
        }
        let optimizer = Optimizer(parameters, team.settings.optimizer), first = name == "critic" ? 0 : steps
        var course: [SIMD2<Double>] = []
        for step in 0..<steps {
            let batch = try halves.draw(trainer.configuration.batchSize, stream[name][step]["batch"], on: trainer.backend)
            let turn = Turn(real: batch.samples, labels: batch.labels, stream: stream[name][step], step: step)
            for (_, parameter) in parameters { parameter.tensor = parameter.tensor.variable }
            let loss = name == "critic" ? game.losses(of: team.phase, turn).total : game.criticAdvantage(turn)
            let gradients = gradients(of: loss, withRespectTo: parameters.map(\.parameter.tensor)), value = loss.item()
            for (_, parameter) in parameters { parameter.tensor = parameter.tensor.detached }
            guard value.isFinite else { throw TrainingError.notFinite(step: step, tensor: "the loss of the worst \(name)") }
            optimizer.step(gradients)
            game.moved(team.phase)
            if step % max(steps / 50, 1) == 0 { course.append(SIMD2(Double(step), value)) }
            progress(first + step + 1, 2 * steps)
            if isCancelled() { throw EvaluationError.cancelled(isKept: false) }
        }
        return Search(game: game, course: course)
    }

    /// M(u, v) of the players themselves, M(u, worst v) and M(worst u, v), all on the same samples and latents.
    private func result(_ game: any AdversarialGame, worst critic: Search, _ generator: Search, _ halves: Halves, _ stream: RandomStream, _ run: TrainedRun) throws -> MetricResult {
        let (real, labels) = try halves.judged(count, on: run.trainer.backend), total = real.shape[0], batches = max(1, total / run.trainer.configuration.batchSize)
        var now = Moves(), best = Moves(), worst = Moves()
        for batch in 0..<batches {
            let range = batch * total / batches..<(batch + 1) * total / batches
            let turn = Turn(real: real.sliced(axis: 0, range), labels: labels.map { Array($0[range]) }, stream: stream[batch], step: 0)
            now.add(game.moves(turn, of: game))
            best.add(critic.game.moves(turn, of: game))
            worst.add(game.moves(turn, of: generator.game))
        }
        let gap = best.value - worst.value
        let error = (Self.variance(zip(best.real, worst.real).map { $0 - $1 }) + Self.variance(zip(best.fake, worst.fake).map { $0 - $1 })).squareRoot()
        var result = MetricResult(
            metric: "duality-gap", value: gap, standardError: error, interval: ConfidenceInterval(normal: gap, standardError: error, confidence: confidence),
            details: [.init("value", now.value), .init("against_worst_critic", best.value), .init("against_worst_generator", worst.value), .init("steps", Double(steps))], realCount: total, fakeCount: total)
        if best.value < now.value || worst.value > now.value {
            let both = best.value < now.value && worst.value > now.value
            result.warnings = ["on samples that it had not seen \(both ? "neither search was any better" : "\(best.value < now.value ? "the worst critic" : "the worst generator") was no better") than the player: the gap is at least 0, take more steps"]
        }
        result.curves = [.init("critic_loss", x: "step", y: "loss", critic.course), .init("generator_value", x: "step", y: "M", generator.course)]
        return result
    }

    /// Of the mean of some values.
    private static func variance(_ values: [Double]) -> Double {
        let n = Double(values.count), mean = values.reduce(0, +) / n
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * max(n - 1, 1))
    }

    private func identity(_ run: TrainedRun) throws -> [String: String] {
        try run.identity().merging(["search_steps": "\(steps)", "start": startsFresh ? "fresh" : "players", "seed": "\(seed)", "batch": "\(run.trainer.configuration.batchSize)"]) { own, _ in own }
    }
}

/// What every sample adds to M.
private struct Moves {
    var real: [Double] = [], fake: [Double] = []

    mutating func add(_ other: Moves) {
        real += other.real
        fake += other.fake
    }

    var value: Double { real.reduce(0, +) / Double(real.count) + fake.reduce(0, +) / Double(fake.count) }
}

extension AdversarialGame {
    /// What each sample of a turn adds to M with this game's critic and another's generator.
    fileprivate func moves(_ turn: Turn, of other: any AdversarialGame) -> Moves {
        let fake = other.generate(other.latents(turn.count, turn.stream["latents"]), turn.labels, turn.context).detached
        return Moves(real: objective.realTerms(criticise(turn.real, turn.labels, turn.context)).doubles.map { -$0 },
                     fake: objective.fakeTerms(criticise(fake, turn.labels, turn.context)).doubles.map { -$0 })
    }

    /// The part of M that the generator moves.
    fileprivate func criticAdvantage(_ turn: Turn) -> Tensor {
        let fake = generate(latents(turn.count, turn.stream["latents"]), turn.labels, turn.context)
        return -objective.fakeTerms(criticise(fake, turn.labels, turn.context)).mean
    }
}
