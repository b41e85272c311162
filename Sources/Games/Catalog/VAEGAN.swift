import NeuralNetworks
import Tensors

/// A variational autoencoder that measures its errors by what a critic sees instead of by pixels.
///
/// With `h` a layer of the critic, q the encoder's normal posterior, x̃ a reconstruction and z a draw from the prior N(0, I):
/// - encoder: `β KL(q(z|x) ‖ N(0, I)) + ½ E ‖h(x) − h(x̃)‖²`,
/// - generator: `γ · ½ E ‖h(x) − h(x̃)‖² + ½ [L_G(D(x̃)) + L_G(D(G(z)))]`,
/// - critic: `L_D(D(x); D(x̃), D(G(z)))`, both kinds of fakes with weight ½.
///
/// Each player is a team with its own losses, so no derivative of the adversarial terms reaches the encoder. With `reconstruction=pixels` and
/// `adversarial.weight=0` it is a plain variational autoencoder.
/// Source: Larsen et al., *Autoencoding beyond pixels using a learned similarity metric*, ICML 2016, arXiv:1512.09300, algorithm 1.
public final class VAEGAN: SampleJudging, Reconstructing, LatentSampling {
    /// What reconstructions are compared by.
    public enum Similarity: String, Sendable, CaseIterable {
        /// A layer of the critic.
        case features
        /// The samples themselves.
        case pixels
    }

    /// What can be chosen.
    public struct Configuration: AdversarialConfiguration {
        /// Length of a latent vector.
        public var latentSize = 64
        /// What reconstructions are compared by.
        public var similarity = Similarity.features
        /// Stage of the critic whose output is compared, from 1; 0 for its last.
        public var layer = 0
        /// β.
        public var divergenceWeight = 1.0
        /// γ: the generator's weight of reconstruction.
        public var reconstructionWeight = 0.01
        /// The generator's weight of the critic.
        public var adversarialWeight = 1.0
        /// The players' networks.
        public var networks = NetworkSettings(width: 64)
        /// What the teams play for and what constrains the critic.
        public var critic = CriticSettings(.nonSaturating)
        /// How the encoder moves.
        public var encoder = TeamSettings(learningRate: 3e-4)
        /// How the generator moves.
        public var generator = TeamSettings(learningRate: 3e-4)
        /// How the critic moves.
        public var criticTeam = TeamSettings(learningRate: 3e-4)

        /// The defaults.
        public init() {}

        /// Every field.
        public static let fields: [Field<Configuration>] = [
            .choice("reconstruction.similarity", \.similarity, Similarity.allCases.map { ($0.rawValue, $0) }, named: { $0.rawValue }, "What reconstructions are compared by: a layer of the critic, or pixels."),
            .integer("reconstruction.layer", \.layer, 0...32, "Stage of the critic whose output is compared, counted from 1; 0 for its last."),
            .number("reconstruction.weight", \.reconstructionWeight, 0...1e6, "γ: the generator's weight of the error of reconstruction beside the critic."),
            .number("divergence.weight", \.divergenceWeight, 0...1e6, "β: the encoder's weight of the divergence from the prior."),
            .number("adversarial.weight", \.adversarialWeight, 0...1e6, "The generator's weight of the critic; 0 for a plain variational autoencoder."),
        ] + NetworkSettings.fields(\.networks) + TeamSettings.fields("encoder", \.encoder) + sharedFields
    }

    /// `vaegan`.
    public static let name = "vaegan"
    /// One line.
    public static let summary = "a variational autoencoder that sees errors through a critic"
    /// The paper.
    public static let source = "Larsen et al., Autoencoding beyond pixels using a learned similarity metric, ICML 2016, arXiv:1512.09300"

    /// The choices.
    public let configuration: Configuration
    private let backend: any Backend
    private let encoder: TrunkWithHead, generator: any ContextualLayer, discriminator: TrunkWithHead

    /// Fresh networks.
    /// - Throws: ``GameError`` for a layer that the critic does not have.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) {
        (self.configuration, backend) = (configuration, world.backend)
        let networks = configuration.networks
        encoder = TrunkWithHead(try networks.trunk(world, game: Self.name), outputs: 2 * configuration.latentSize)
        generator = try networks.generator(from: configuration.latentSize, world, game: Self.name)
        discriminator = TrunkWithHead(try networks.trunk(world, game: Self.name), outputs: 1)
        guard configuration.layer <= discriminator.trunk.stages, discriminator.trunk.stages > 0 else {
            throw GameError("'reconstruction.layer' is \(configuration.layer): this critic has \(discriminator.trunk.stages) stages")
        }
        encoder.initialise(with: .heNormal(slope: Trunk.slope), stream: world.stream["encoder"], on: backend) { name, _ in
            // Posteriors that begin near the prior: loud first variances would make the first reconstructions noise.
            name == "head.weight" ? .normal(deviation: 0.02) : nil
        }
        generator.initialise(with: networks.generatorInitialiser(world), stream: world.stream["generator"], on: backend)
        discriminator.initialise(with: .heNormal(slope: Trunk.slope), stream: world.stream["discriminator"], on: backend)
    }

    /// Three teams of one player each.
    public var teams: [Team] {
        [Team("encoder", [Player("encoder", encoder)], configuration.encoder), Team("generator", [Player("generator", generator)], configuration.generator),
         Team("critic", [Player("discriminator", discriminator)], configuration.criticTeam)]
    }

    /// The critic moves first; without an adversarial term and with pixels it need not move at all.
    public var phases: [Phase] {
        let needsCritic = configuration.adversarialWeight > 0 || configuration.similarity == .features
        return ((needsCritic ? ["critic"] : []) + ["encoder", "generator"]).map { team($0).phase }
    }

    /// Encoder and generator: a reconstruction needs both.
    public var averagedPlayers: [Player] { [Player("encoder", encoder), Player("generator", generator)] }

    /// The losses of the moving player.
    public func losses(of phase: Phase, _ turn: Turn) -> Losses {
        let posterior = encoder(turn.real, turn.context["encoder"])
        let codes = posterior.posteriorDraw(turn.stream["posterior"])
        if phase.team == "encoder" {
            let error = reconstructionError(of: generator(codes, turn.context["reconstruction"]), turn), divergence = divergence(of: posterior)
            return Losses(error + divergence * configuration.divergenceWeight, [("divergence", divergence), ("negative bound", error + divergence)])
        }
        let reconstructions = generator(codes.detached, turn.context["reconstruction"])
        let fresh = generator(latents(turn.count, turn.stream["latents"]), turn.context["samples"])
        return phase.team == "generator" ? generatorLosses(reconstructions, fresh, turn) : criticLosses([reconstructions.detached, fresh.detached], turn)
    }

    /// Draws from the prior.
    /// - Shape: `[count, latentSize]`.
    public func latents(_ count: Int, _ stream: RandomStream) -> Tensor { stream.normal([count, configuration.latentSize], on: backend) }

    /// The whole latent.
    public var latentNumbers: Int { configuration.latentSize }

    /// Samples of latents in evaluation mode.
    public func samples(from latents: Tensor, labels: [Int]?) -> Tensor { generator(latents, .evaluation) }

    /// The discriminator's logit of each sample.
    public func judge(_ samples: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor { discriminator.logits(samples, context) }

    /// The mean of each sample's posterior, in evaluation mode.
    /// - Shape: `[N, …]` to `[N, latentSize]`.
    public func encode(_ samples: Tensor) -> Tensor { encoder(samples, .evaluation).sliced(axis: 1, 0..<configuration.latentSize) }

    /// The generator at the mean of the posterior.
    public func reconstruct(_ samples: Tensor) -> Tensor { generator(encode(samples), .evaluation) }

    /// Samples in evaluation mode.
    public func samples(_ count: Int, _ options: SamplingOptions, _ stream: RandomStream) -> Tensor {
        generator(options.latents([count, configuration.latentSize], on: backend) { latents(count, stream) }, .evaluation)
    }

    private func generatorLosses(_ reconstructions: Tensor, _ fresh: Tensor, _ turn: Turn) -> Losses {
        let error = reconstructionError(of: reconstructions, turn)
        let total = error * configuration.reconstructionWeight
        guard configuration.adversarialWeight > 0 else { return Losses(total, [("reconstruction", error)]) }
        let logits = [discriminator.logits(reconstructions, turn.context["fake"]), discriminator.logits(fresh, turn.context["fresh"])]
        let adversarial = logits.map(objective.generatorLoss(fake:)).reduce(reconstructions.constant(0), +) * 0.5
        return Losses(total + adversarial * configuration.adversarialWeight, [("reconstruction", error), ("fake logit", logits[1].mean)])
    }

    private func criticLosses(_ fakes: [Tensor], _ turn: Turn) -> Losses {
        let real = discriminator.logits(turn.real, turn.context["real"])
        let logits = zip(fakes, ["fake", "fresh"]).map { discriminator.logits($0, turn.context[$1]) }
        let total = logits.map { objective.criticLoss(real: real, fake: $0) }.reduce(real.constant(0), +) * 0.5
        var losses = Losses(total, [("real logit", real.mean), ("critic fake logit", logits[1].mean)])
        losses.add(configuration.critic.regularisers, at: turn, fake: fakes[1]) { discriminator.logits($0, turn.context["penalty"]) }
        return losses
    }

    /// `½ ‖h(x) − h(x̃)‖²`, summed over features, mean over samples: a normal density's exponent with variance 1.
    private func reconstructionError(of reconstructions: Tensor, _ turn: Turn) -> Tensor {
        guard configuration.similarity == .features else { return (reconstructions - turn.real).squared.sumPerSample.mean * 0.5 }
        let stages = 0..<(configuration.layer == 0 ? discriminator.trunk.stages : configuration.layer)
        let seen = discriminator.trunk(turn.real, through: stages, turn.context["real"])
        return (discriminator.trunk(reconstructions, through: stages, turn.context["fake"]) - seen).squared.sumPerSample.mean * 0.5
    }

    /// `KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² − 1 − ln σ²)`, mean over samples.
    private func divergence(of posterior: Tensor) -> Tensor {
        let parts = posterior.split(axis: 1, [configuration.latentSize, configuration.latentSize])
        return ((parts[0].squared + parts[1].exponential - parts[1]).sumPerSample - Double(configuration.latentSize)).mean * 0.5
    }
}
