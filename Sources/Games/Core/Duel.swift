import NeuralNetworks
import Tensors

/// Settings of a generator and a critic, which several games share and play with other objectives.
public struct DuelSettings: AdversarialConfiguration {
    /// Length of a latent vector.
    public var latentSize = 100
    /// Channels next to the image, or hidden units for points.
    public var width = 64
    /// Hidden layers for points.
    public var depth = 3
    /// Layers of a mapping network in front of the generator; 0 for none.
    public var mapping = 0
    /// Whether the critic has batch norm.
    public var normalisesCritic = true
    /// What the teams play for and what constrains the critic.
    public var critic = CriticSettings(.nonSaturating)
    /// How the generator moves.
    public var generator = TeamSettings(learningRate: 2e-4)
    /// How the critic moves.
    public var criticTeam = TeamSettings(learningRate: 2e-4)

    /// DCGAN's defaults.
    public init() {}

    /// Every field.
    public static let fields: [Field<DuelSettings>] = [
        .integer("width", \.width, 1...4096, "Channels next to the image, doubled with every halving of the side; hidden units for points."),
        .integer("depth", \.depth, 0...32, "Hidden layers for points."),
        .integer("generator.mapping", \.mapping, 0...16, "Layers of a mapping network in front of the generator, as StyleGAN's 8; 0 for none."),
        .flag("critic.normalises", \.normalisesCritic, "Whether the critic has batch norm, which gradient penalties forbid."),
    ] + sharedFields
}

/// A generator and a critic for any objective: DCGAN's networks on images, perceptrons on points.
public class Duel {
    /// The networks.
    public let generator, critic: any Module
    /// The choices.
    public let configuration: DuelSettings
    /// What computes.
    public let backend: any Backend
    private let maker, judge: any ContextualLayer, mappedMaker: MappedGenerator?

    /// Fresh networks: weights normal(0, 0.02) for images, He's for points.
    public init(_ configuration: DuelSettings, _ world: World, name: String) throws(GameError) {
        (backend, self.configuration) = (world.backend, configuration)
        let sample = world.sample
        guard configuration.mapping == 0 || configuration.latentSize > 1 else { throw GameError("a mapping network brings latents to unit size, which of latentSize=1 leaves the sign: set latentSize to 2 or more") }
        let initialiser: Initialiser, network: any ContextualLayer
        if sample.rank == 1 {
            let hidden = [Int](repeating: configuration.width, count: configuration.depth)
            (network, judge) = (Perceptron([configuration.latentSize] + hidden + [sample.count]), Perceptron([sample.count] + hidden + [1]))
            initialiser = .heUniform(slope: 0.2)
        } else {
            let side = try world.side(for: name)
            network = ConvolutionalGenerator(latentSize: configuration.latentSize, side: side, channels: sample[2], width: configuration.width)
            judge = ConvolutionalCritic(side: side, channels: sample[2], width: configuration.width, normalises: configuration.normalisesCritic)
            initialiser = .normal(deviation: 0.02)
        }
        mappedMaker = configuration.mapping > 0 ? MappedGenerator(MappingNetwork(configuration.latentSize, layers: configuration.mapping), network) : nil
        maker = mappedMaker ?? network
        (generator, critic) = (maker, judge)
        maker.initialise(with: initialiser, stream: world.stream["generator"], on: backend)
        judge.initialise(with: initialiser, stream: world.stream["critic"], on: backend)
    }

    /// Samples from latents.
    public func generate(_ latents: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor { maker(latents, context) }
    /// Logits of samples.
    public func criticise(_ samples: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor { judge(samples, context).reshaped([samples.shape[0]]) }
}

extension Duel {
    /// Whether the settings ask for one.
    public var hasMapping: Bool { mappedMaker != nil }
    /// What the mapping network makes of latents; the latents where there is none.
    public func mapped(_ latents: Tensor, labels: [Int]?) -> Tensor { mappedMaker?.mapping(latents) ?? latents }
    /// Samples of what the mapping network made, in evaluation mode.
    public func samples(fromMapped mapped: Tensor, labels: [Int]?) -> Tensor { mappedMaker?.samples(of: mapped, .evaluation) ?? maker(mapped, .evaluation) }
}
