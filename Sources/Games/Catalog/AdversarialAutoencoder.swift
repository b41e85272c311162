import NeuralNetworks
import Tensors

/// An autoencoder whose codes are pushed into a chosen distribution by a critic of codes.
///
/// `min_{E,G} max_D  E ‖x − G(E(x))‖² / dimensions + λ [E_{z∼p} ln D(z) + E_x ln(1 − D(E(x)))]`: the decoder then turns samples of the prior p into samples of the data.
/// Encoder and decoder are one team, which reconstructs and deceives in one move; the posterior E(x) is a point, or normal.
/// Source: Makhzani et al., *Adversarial autoencoders*, ICLR 2016 workshop, arXiv:1511.05644.
public final class AdversarialAutoencoder: CriticGame, Reconstructing, LatentSampling {
    /// What codes should be distributed like.
    public enum Prior: String, Sendable, CaseIterable {
        /// Standard normal.
        case normal
        /// Normal components with equal weights, their centres on a circle in the plane of the first two numbers.
        case mixture
    }

    /// What can be chosen.
    public struct Configuration: CriticConfiguration {
        /// Length of a code.
        public var codeSize = 8
        /// λ.
        public var weight = 0.1
        /// Whether the encoder gives a normal distribution instead of a point.
        public var isStochastic = false
        /// What codes should be distributed like.
        public var prior = Prior.normal
        /// Components of a mixture.
        public var components = 10
        /// Distance of a mixture's centres from the origin.
        public var radius = 4.0
        /// Deviation of a mixture's components.
        public var deviation = 0.5
        /// Encoder and decoder.
        public var networks = NetworkSettings(width: 64)
        /// Hidden units of the critic of codes.
        public var criticWidth = 256
        /// Hidden layers of the critic of codes.
        public var criticDepth = 2
        /// What the teams play for and what constrains the critic.
        public var critic = CriticSettings(.nonSaturating)
        /// How encoder and decoder move.
        public var autoencoder = TeamSettings(learningRate: 2e-4)
        /// How the critic moves.
        public var criticTeam = TeamSettings(learningRate: 2e-4)

        /// The defaults.
        public init() {}

        /// Every field.
        public static let fields: [Field<Configuration>] = [
            .integer("codeSize", \.codeSize, 1...4096, "Length of a code."),
            .number("adversarial.weight", \.weight, 0...1e3, "λ: weight of the critic beside the squared error per number; 0 leaves a plain autoencoder."),
            .flag("encoder.isStochastic", \.isStochastic, "Whether the encoder gives a normal distribution for each sample instead of a point."),
            .choice("prior.kind", \.prior, Prior.allCases.map { ($0.rawValue, $0) }, named: { $0.rawValue }, "Distribution of codes: standard normal, or a mixture on a circle."),
            .integer("prior.components", \.components, 1...1000, "Components of a mixture."),
            .number("prior.radius", \.radius, 0...1e3, "Distance of a mixture's centres from the origin."),
            .number("prior.deviation", \.deviation, 0.001...1e3, "Deviation of each component of a mixture."),
            .integer("critic.width", \.criticWidth, 1...4096, "Hidden units of the critic of codes."),
            .integer("critic.depth", \.criticDepth, 0...32, "Hidden layers of the critic of codes."),
        ] + NetworkSettings.fields(\.networks) + CriticSettings.fields(\.critic)
            + TeamSettings.fields("autoencoder", \.autoencoder) + TeamSettings.fields("critic", \.criticTeam)
    }

    /// `adversarial-autoencoder`.
    public static let name = "adversarial-autoencoder"
    /// One line.
    public static let summary = "an autoencoder whose codes a critic pushes into a prior"
    /// The paper.
    public static let source = "Makhzani et al., Adversarial autoencoders, ICLR 2016 workshop, arXiv:1511.05644"

    /// The choices.
    public let configuration: Configuration
    private let backend: any Backend
    private let encoder: TrunkWithHead, decoder: any ContextualLayer, discriminator: Perceptron

    /// Fresh networks.
    /// - Throws: ``GameError`` for a mixture of one-dimensional codes.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) {
        let size = configuration.codeSize, networks = configuration.networks
        guard configuration.prior == .normal || size >= 2 else { throw GameError("a mixture on a circle needs codeSize of at least 2, it is \(size)") }
        (self.configuration, backend) = (configuration, world.backend)
        encoder = TrunkWithHead(try networks.trunk(world, game: Self.name), outputs: configuration.isStochastic ? 2 * size : size)
        decoder = try networks.generator(from: size, world, game: Self.name)
        discriminator = Perceptron([size] + [Int](repeating: configuration.criticWidth, count: configuration.criticDepth) + [1], slope: Trunk.slope)
        encoder.initialise(with: .heNormal(slope: Trunk.slope), stream: world.stream["encoder"], on: backend)
        decoder.initialise(with: networks.generatorInitialiser(world), stream: world.stream["decoder"], on: backend)
        discriminator.initialise(with: .heNormal(slope: Trunk.slope), stream: world.stream["discriminator"], on: backend)
    }

    /// Encoder and decoder against the critic of codes.
    public var teams: [Team] {
        [Team("autoencoder", [Player("encoder", encoder), Player("decoder", decoder)], configuration.autoencoder),
         Team("critic", [Player("discriminator", discriminator)], configuration.criticTeam)]
    }

    /// `autoencoder`.
    public var averagedTeam: String { "autoencoder" }

    /// None: the critic's real samples are fresh draws from the prior.
    public var opinions: [OpinionCurves] { [] }

    /// Codes of the data against draws from the prior, and the error of reconstructions.
    public func losses(of phase: Phase, _ turn: Turn) -> Losses {
        let codes = encode(turn.real, turn.context["encoder"])
        if phase.team == "autoencoder" {
            let error = (decoder(codes, turn.context["decoder"]) - turn.real).squared.mean
            guard configuration.weight > 0 else { return Losses(error, [("reconstruction", error)]) }
            let logits = criticise(codes)
            return Losses(error + objective.generatorLoss(fake: logits) * configuration.weight, [("reconstruction", error), ("code logit", logits.mean)])
        }
        let fake = codes.detached, prior = prior(turn.count, turn.stream["prior"])
        let real = criticise(prior), logits = criticise(fake)
        var losses = Losses(objective.criticLoss(real: real, fake: logits), [("prior logit", real.mean), ("critic code logit", logits.mean)])
        losses.add(configuration.critic.regularisers, at: turn, real: prior, fake: fake, critic: criticise)
        return losses
    }

    /// Draws from the prior.
    /// - Parameter components: Component of each draw from a mixture; random ones when nil.
    /// - Shape: `[count, codeSize]`.
    public func prior(_ count: Int, components: [Int]? = nil, _ stream: RandomStream) -> Tensor {
        let normal = stream["normal"].normal([count, configuration.codeSize], on: backend)
        guard configuration.prior == .mixture else { return normal }
        return codes(from: normal, components: components ?? stream["component"].integers(below: configuration.components, count: count))
    }

    /// The whole code.
    public var latentNumbers: Int { configuration.codeSize }

    /// Codes of the prior; of a mixture's components that are given as labels, of the first without.
    public func latents(from normal: Tensor, labels: [Int]?) -> Tensor {
        guard configuration.prior == .mixture else { return normal }
        return codes(from: normal, components: labels ?? [Int](repeating: 0, count: normal.shape[0]))
    }

    /// Codes of a mixture's components.
    private func codes(from normal: Tensor, components: [Int]) -> Tensor {
        let size = configuration.codeSize
        var centres = [Float](repeating: 0, count: components.count * size)
        for (row, component) in components.enumerated() {
            let (cosine, sine) = PortableMath.cosineAndSine(turns: Double(component) / Double(configuration.components))
            centres[row * size] = Float(configuration.radius * cosine)
            centres[row * size + 1] = Float(configuration.radius * sine)
        }
        return normal * configuration.deviation + Tensor(centres, shape: [components.count, size], on: backend)
    }

    /// Decoded codes, in evaluation mode.
    public func samples(from latents: Tensor, labels: [Int]?) -> Tensor { decoder(latents, .evaluation) }

    /// The code of each sample in evaluation mode; the mean of a normal posterior.
    /// - Shape: `[N, …]` to `[N, codeSize]`.
    public func encode(_ samples: Tensor) -> Tensor { encoder(samples, .evaluation).sliced(axis: 1, 0..<configuration.codeSize) }

    /// `G(E(x))`.
    public func reconstruct(_ samples: Tensor) -> Tensor { decoder(encode(samples), .evaluation) }

    /// Decoded draws from the prior; of a mixture's components that are given as labels.
    public func samples(_ count: Int, _ options: SamplingOptions, _ stream: RandomStream) -> Tensor {
        decoder(options.latents([count, configuration.codeSize], on: backend) { prior(count, components: options.labels, stream) }, .evaluation)
    }

    private func criticise(_ codes: Tensor) -> Tensor { discriminator(codes).reshaped([codes.shape[0]]) }

    private func encode(_ samples: Tensor, _ context: Context) -> Tensor {
        let found = encoder(samples, context)
        guard configuration.isStochastic else { return found }
        return found.posteriorDraw(context.stream["posterior"])
    }
}

extension AdversarialAutoencoder: ClassSampling {
    /// The components of a mixture; none for one normal distribution.
    public var sampleClasses: Int { configuration.prior == .mixture ? configuration.components : 0 }
}

extension Tensor {
    /// A draw from normal distributions given by their means and the logarithms of their variances, differentiable in both.
    /// - Shape: `[N, 2 · size]` to `[N, size]`.
    func posteriorDraw(_ stream: RandomStream) -> Tensor {
        let parts = split(axis: 1, [shape[1] / 2, shape[1] / 2])
        return parts[0] + (parts[1] * 0.5).exponential * stream.normal(parts[0].shape, type: elementType, on: backend)
    }
}
