import NeuralNetworks
import Tensors

/// A game of two teams about one critic: the generator makes samples, the critic tells them from real ones.
///
/// Which numbers they play for is the ``Objective``; what keeps the critic smooth is the ``Regulariser``. Most of the field's games are
/// such a pair with other networks.
public protocol AdversarialGame: Game {
    /// The players' networks.
    var generator: any Module { get }
    /// The players' networks.
    var critic: any Module { get }
    /// What the teams play for.
    var objective: Objective { get }
    /// What constrains the critic.
    var regularisers: [any Regulariser] { get }
    /// How the generator moves.
    var generatorSettings: TeamSettings { get }
    /// How the critic moves.
    var criticSettings: TeamSettings { get }
    /// Length of a latent vector.
    var latentSize: Int { get }
    /// What computes.
    var backend: any Backend { get }

    /// Samples from latents and, where the game knows classes, their classes.
    /// - Shape: `[N, latentSize]` to `[N, …]`.
    func generate(_ latents: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor
    /// The critic's logit of each sample.
    /// - Shape: `[N, …]` to `[N]`.
    func criticise(_ samples: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor
}

extension AdversarialGame {
    /// `generator` and `critic`, each one player.
    public var teams: [Team] {
        [Team("generator", [Player("generator", generator)], generatorSettings), Team("critic", [Player("critic", critic)], criticSettings)]
    }

    /// The critic moves first, as often as its settings say.
    public var phases: [Phase] {
        [Phase("critic", team: "critic", repeats: criticSettings.repeats), Phase("generator", team: "generator", repeats: generatorSettings.repeats)]
    }

    /// The objective's losses; the critic's with its regularisers.
    public func losses(of phase: Phase, _ turn: Turn) -> Losses {
        let fake = generate(latents(turn.count, turn.stream["latents"]), turn.labels, turn.context)
        if phase.team == "generator" {
            let logits = criticise(fake, turn.labels, turn.context)
            return Losses(objective.generatorLoss(fake: logits), [("fake logit", logits.mean)])
        }
        let samples = fake.detached
        let real = criticise(turn.real, turn.labels, turn.context), logits = criticise(samples, turn.labels, turn.context)
        var losses = Losses(objective.criticLoss(real: real, fake: logits), [("real logit", real.mean), ("critic fake logit", logits.mean)])
        if let indifference = objective.indifference { losses.curves.append(("real sign", (real.detached - indifference).sign.mean)) }
        for regulariser in regularisers {
            let critic = { self.criticise($0, turn.labels, turn.context) }
            guard let penalty = regulariser.loss(at: turn.step, of: critic, real: turn.real, fake: samples, stream: turn.stream) else { continue }
            losses.total = losses.total + penalty
            losses.curves.append((regulariser.name, penalty.detached))
        }
        return losses
    }

    /// Applies constraints on weights, such as clipping.
    public func moved(_ phase: Phase) {
        guard phase.team == "critic" else { return }
        for regulariser in regularisers {
            for (_, parameter) in critic.parameters { parameter.tensor = regulariser.constrained(parameter.tensor) }
        }
    }

    /// Standard normal latents.
    /// - Shape: `[count, latentSize]`.
    public func latents(_ count: Int, _ stream: RandomStream) -> Tensor { stream.normal([count, latentSize], on: backend) }

    /// Samples in evaluation mode.
    public func samples(_ count: Int, _ options: SamplingOptions, _ stream: RandomStream) -> Tensor {
        let fresh = options.latents.map { Tensor($0, shape: [count, latentSize], on: backend) } ?? latents(count, stream)
        return generate(options.truncation == 1 ? fresh : fresh * options.truncation, options.labels, Context(isTraining: false, stream: stream["layers"]))
    }
}

extension Objective {
    /// The logit of a critic who cannot decide, so that `E sign(D(x) − indifference)` is the r_t that ADA keeps at 0.6 (Karras et al. 2020, arXiv:2006.06676); nil for Wasserstein's, which
    /// may add any number to all logits.
    var indifference: Double? {
        switch self {
        case .minimax, .nonSaturating, .maximumLikelihood, .hinge: 0
        case let .leastSquares(a, b, _): (a + b) / 2
        case .wasserstein: nil
        }
    }
}

/// What constrains a critic, as a setting.
public struct CriticSettings: Sendable, Hashable {
    /// What the teams play for.
    public var objective: Objective
    /// λ of the gradient penalty; 0 for none.
    public var gradientPenalty: Double
    /// Slope that the gradient penalty pulls towards: 1, or 0.
    public var penaltyTarget: Double
    /// γ of R1, the squared slope at real samples; 0 for none.
    public var r1: Double
    /// γ of R2, the squared slope at generated samples; 0 for none.
    public var r2: Double
    /// Bound of the critic's weights; 0 for none.
    public var clipping: Double

    /// An objective with the regularisers that are named.
    public init(_ objective: Objective = .nonSaturating, gradientPenalty: Double = 0, penaltyTarget: Double = 1, r1: Double = 0, r2: Double = 0, clipping: Double = 0) {
        (self.objective, self.gradientPenalty, self.penaltyTarget) = (objective, gradientPenalty, penaltyTarget)
        (self.r1, self.r2, self.clipping) = (r1, r2, clipping)
    }

    /// The regularisers that are switched on.
    public var regularisers: [any Regulariser] {
        var all: [any Regulariser] = []
        if gradientPenalty > 0 { all.append(GradientPenalty(weight: gradientPenalty, target: penaltyTarget)) }
        if r1 > 0 { all.append(GradientPenalty.r1(gamma: r1)) }
        if r2 > 0 { all.append(GradientPenalty.r2(gamma: r2)) }
        if clipping > 0 { all.append(WeightClipping(limit: clipping)) }
        return all
    }

    /// The fields inside a configuration.
    public static func fields<Root>(_ path: WritableKeyPath<Root, CriticSettings> & Sendable) -> [Field<Root>] {
        [Field<CriticSettings>.choice("objective", \.objective, Objective.all.map { ($0.name, $0) }, named: { $0.name }, "What the teams play for."),
         .number("gradientPenalty", \.gradientPenalty, 0...1e6, "Weight of the penalty on the critic's slope between real and generated samples; 0 for none."),
         .number("penaltyTarget", \.penaltyTarget, 0...1e3, "Slope that the gradient penalty pulls towards."),
         .number("r1", \.r1, 0...1e6, "γ of R1: γ/2 times the squared slope at real samples; 0 for none."),
         .number("r2", \.r2, 0...1e6, "γ of R2: γ/2 times the squared slope at generated samples; 0 for none."),
         .number("clipping", \.clipping, 0...1e3, "Bound of every weight of the critic; 0 for none."),
        ].map { $0.inside("critic", path) }
    }
}
