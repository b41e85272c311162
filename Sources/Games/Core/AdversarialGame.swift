import NeuralNetworks
import Tensors

/// Settings of a game of a generator against a critic.
public protocol AdversarialConfiguration: CriticConfiguration {
    /// Length of a latent vector.
    var latentSize: Int { get set }
    /// How the generator moves.
    var generator: TeamSettings { get set }
}

extension AdversarialConfiguration {
    /// The fields that every such game has.
    public static var sharedFields: [Field<Self>] {
        [.integer("latentSize", \.latentSize, 1...4096, "Length of a latent vector.")]
            + CriticSettings.fields(\.critic) + TeamSettings.fields("generator", \.generator) + TeamSettings.fields("critic", \.criticTeam)
    }
}

/// A game of two teams about one critic: the generator makes samples, the critic tells them from real ones.
///
/// Which numbers they play for is the ``Objective``; what keeps the critic smooth is the ``Regulariser``. Most of the field's games are
/// such a pair with other networks.
public protocol AdversarialGame: SampleJudging, LatentSampling where Configuration: AdversarialConfiguration {
    /// The players' networks.
    var generator: any Module { get }
    /// The players' networks.
    var critic: any Module { get }
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
    /// Length of a latent vector.
    public var latentSize: Int { configuration.latentSize }
    /// The whole latent vector.
    public var latentNumbers: Int { latentSize }

    /// `generator` and `critic`, each one player.
    public var teams: [Team] {
        [Team("generator", [Player("generator", generator)], configuration.generator), Team("critic", [Player("critic", critic)], configuration.criticTeam)]
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
        losses.add(configuration.critic.regularisers, at: turn, fake: samples) { self.criticise($0, turn.labels, turn.context) }
        return losses
    }

    /// Standard normal latents.
    /// - Shape: `[count, latentSize]`.
    public func latents(_ count: Int, _ stream: RandomStream) -> Tensor { stream.normal([count, latentSize], on: backend) }

    /// Samples of latents in evaluation mode.
    public func samples(from latents: Tensor, labels: [Int]?) -> Tensor { generate(latents, labels, .evaluation) }
    /// The critic's logit of each sample.
    public func judge(_ samples: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor { criticise(samples, labels, context) }

    /// Samples in evaluation mode. Behind a mapping network truncation draws w towards its mean, as StyleGAN's: `w̄ + ψ (w − w̄)`.
    public func samples(_ count: Int, _ options: SamplingOptions, _ stream: RandomStream) -> Tensor {
        if options.truncation != 1, options.latents == nil, let mapping = latentMapping {
            let centre = mapping.mapped(latents(4096, RandomStream(seed: 0)["mean of w"]), labels: nil).reduced(.mean, axes: 0)
            let w = mapping.mapped(latents(count, stream), labels: options.labels)
            return mapping.samples(fromMapped: centre + (w - centre) * options.truncation, labels: options.labels)
        }
        return generate(options.latents([count, latentSize], on: backend) { latents(count, stream) }, options.labels, Context(isTraining: false, stream: stream["layers"]))
    }
}
