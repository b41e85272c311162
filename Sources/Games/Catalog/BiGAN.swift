import NeuralNetworks
import Tensors

/// A generator and its inverse: the critic judges pairs of a sample and a latent.
///
/// `min_{G,E} max_D  E_x ln D(x, E(x)) + E_z ln(1 − D(G(z), z))`; at the optimum the two kinds of pairs have one distribution, and E inverts G.
/// Generator and encoder are one team: it wants both kinds of pairs to be taken for the other. Latents are uniform in −1…1.
/// Sources: Donahue, Krähenbühl, Darrell, *Adversarial feature learning*, ICLR 2017, arXiv:1605.09782; Dumoulin et al., *Adversarially learned inference*, ICLR 2017, arXiv:1606.00704.
public final class BiGAN: CriticGame, Reconstructing, LatentSampling {
    /// What can be chosen.
    public struct Configuration: AdversarialConfiguration {
        /// Length of a latent vector.
        public var latentSize = 50
        /// The players' networks; with batch norm, as in the paper. Without it a convolutional encoder soon gives every image the same code, at the edge of the cube, where tanh has no slope that
        /// would lead it back, whether the critic has a penalty on its slope or not.
        public var networks = NetworkSettings(width: 64, normalises: true)
        /// Features of the sample and of the latent that the critic joins, and its hidden units behind them.
        public var jointWidth = 256
        /// What the teams play for and what constrains the critic.
        public var critic = CriticSettings(.nonSaturating)
        /// How generator and encoder move.
        public var generator = TeamSettings(learningRate: 2e-4)
        /// How the critic moves.
        public var criticTeam = TeamSettings(learningRate: 2e-4)

        /// The defaults.
        public init() {}

        /// Every field.
        public static let fields: [Field<Configuration>] = [
            .integer("critic.jointWidth", \.jointWidth, 1...4096, "Features of the sample and of the latent that the critic joins, and its hidden units behind them."),
        ] + NetworkSettings.fields(\.networks) + sharedFields
    }

    /// `bigan`.
    public static let name = "bigan"
    /// One line.
    public static let summary = "a generator and its inverse, judged in pairs"
    /// The papers.
    public static let source = "Donahue, Krähenbühl, Darrell, Adversarial feature learning, ICLR 2017, arXiv:1605.09782; Dumoulin et al., Adversarially learned inference, ICLR 2017, arXiv:1606.00704"

    /// The choices.
    public let configuration: Configuration
    private let backend: any Backend
    private let generator: any ContextualLayer, encoder: TrunkWithHead, discriminator: PairCritic

    /// Fresh networks.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) {
        (self.configuration, backend) = (configuration, world.backend)
        let (networks, size) = (configuration.networks, configuration.latentSize)
        generator = try networks.generator(from: size, world, game: Self.name)
        encoder = TrunkWithHead(try networks.trunk(world, game: Self.name), outputs: size)
        discriminator = PairCritic(try networks.trunk(world, game: Self.name), latentSize: size, width: configuration.jointWidth)
        generator.initialise(with: networks.generatorInitialiser(world), stream: world.stream["generator"], on: backend)
        encoder.initialise(with: .heNormal(slope: Trunk.slope), stream: world.stream["encoder"], on: backend) { name, _ in
            // Codes of variance 1 before the tanh lie nearly evenly behind it; louder ones begin at the edges, where it has no slope.
            name == "head.weight" ? .heNormal(slope: 1) : nil
        }
        discriminator.initialise(with: .heNormal(slope: Trunk.slope), stream: world.stream["discriminator"], on: backend)
    }

    /// Generator and encoder against the discriminator.
    public var teams: [Team] {
        [Team("generator", [Player("generator", generator), Player("encoder", encoder)], configuration.generator),
         Team("critic", [Player("discriminator", discriminator)], configuration.criticTeam)]
    }

    /// The objective's losses on pairs.
    public func losses(of phase: Phase, _ turn: Turn) -> Losses {
        let latents = latents(turn.count, turn.stream["latents"])
        let isGenerator = phase.team == "generator"
        var fake = generator(latents, turn.context["generator"]), codes = encode(turn.real, turn.context["encoder"])
        if !isGenerator { (fake, codes) = (fake.detached, codes.detached) }
        let real = discriminator(turn.real, codes, turn.context["real"]), logits = discriminator(fake, latents, turn.context["fake"])
        guard !isGenerator else {
            return Losses(objective.generatorLoss(real: real, fake: logits), [("fake logit", logits.mean), ("encoded logit", real.mean)])
        }
        var losses = Losses(objective.criticLoss(real: real, fake: logits), [("real logit", real.mean), ("critic fake logit", logits.mean)])
        // A penalty is about the critic as a function of the whole pair: samples and latents side by side.
        let pixels = turn.real.shape.count / turn.count, sample = turn.real.shape
        func joined(_ samples: Tensor, _ latents: Tensor) -> Tensor { .concatenated([samples.flattened, latents]) }
        losses.add(configuration.critic.regularisers, at: turn, real: joined(turn.real, codes), fake: joined(fake, latents)) { pairs in
            let parts = pairs.split(axis: 1, [pixels, configuration.latentSize])
            return discriminator(parts[0].reshaped(sample), parts[1], turn.context["penalty"])
        }
        return losses
    }

    /// Uniform latents in −1…1.
    /// - Shape: `[count, latentSize]`.
    public func latents(_ count: Int, _ stream: RandomStream) -> Tensor { stream.uniform([count, configuration.latentSize], in: -1..<1, on: backend) }

    /// The whole latent.
    public var latentNumbers: Int { configuration.latentSize }

    /// Uniform latents.
    public func latents(from normal: Tensor, labels: [Int]?) -> Tensor { normal.uniformFromNormal }

    /// Samples of latents in evaluation mode.
    public func samples(from latents: Tensor, labels: [Int]?) -> Tensor { generator(latents, .evaluation) }

    /// The latent of each sample, in evaluation mode.
    /// - Shape: `[N, …]` to `[N, latentSize]`.
    public func encode(_ samples: Tensor) -> Tensor { encode(samples, .evaluation) }

    /// `G(E(x))`.
    public func reconstruct(_ samples: Tensor) -> Tensor { generator(encode(samples), .evaluation) }

    /// Samples in evaluation mode.
    public func samples(_ count: Int, _ options: SamplingOptions, _ stream: RandomStream) -> Tensor {
        generator(options.latents([count, configuration.latentSize], on: backend) { latents(count, stream) }, .evaluation)
    }

    /// Codes lie where the latents do: the critic would otherwise tell pairs by their codes alone.
    private func encode(_ samples: Tensor, _ context: Context) -> Tensor { encoder(samples, context).tanh }
}

/// The critic of pairs: as many features of the latent as of the sample, then a perceptron.
///
/// The latent has layers of its own, as in Dumoulin et al.: its few numbers beside thousands of features of an image would hardly be heard, and the encoder would learn nothing.
final class PairCritic: Module {
    let trunk: TrunkWithHead
    let latent: Perceptron
    let joint: Perceptron

    init(_ trunk: Trunk, latentSize: Int, width: Int) {
        self.trunk = TrunkWithHead(trunk, outputs: width)
        latent = Perceptron([latentSize, width, width], slope: Trunk.slope)
        joint = Perceptron([2 * width, width, 1], slope: Trunk.slope)
    }

    func callAsFunction(_ samples: Tensor, _ latents: Tensor, _ context: Context) -> Tensor {
        let features = Tensor.concatenated([trunk(samples, context), latent(latents)]).leakyRelu(Trunk.slope)
        return joint(features).reshaped([samples.shape[0]])
    }
}
