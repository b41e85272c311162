import NeuralNetworks
import Tensors

/// The game of 2014: two multilayer perceptrons.
///
/// `min_G max_D  E ln D(x) + E ln(1 − D(G(z)))`, by default with the non-saturating `max_G E ln D(G(z))` that the paper trains with.
/// Works on points of the plane and on small images. Source: Goodfellow et al., *Generative adversarial nets*, NeurIPS 2014, arXiv:1406.2661.
public final class Original: AdversarialGame {
    /// What can be chosen.
    public struct Configuration: AdversarialConfiguration {
        /// Length of a latent vector.
        public var latentSize = 64
        /// Hidden units of each layer.
        public var width = 256
        /// Hidden layers of both players.
        public var depth = 3
        /// What the teams play for and what constrains the critic.
        public var critic = CriticSettings(.nonSaturating)
        /// How the generator moves.
        public var generator = TeamSettings(learningRate: 2e-4)
        /// How the critic moves.
        public var criticTeam = TeamSettings(learningRate: 2e-4)

        /// The defaults.
        public init() {}

        /// Every field.
        public static let fields: [Field<Configuration>] = [
            .integer("width", \.width, 1...16384, "Hidden units of each layer."),
            .integer("depth", \.depth, 0...32, "Hidden layers of both players."),
        ] + sharedFields
    }

    /// `original`.
    public static let name = "original"
    /// One line.
    public static let summary = "the game of 2014: two multilayer perceptrons"
    /// The paper.
    public static let source = "Goodfellow et al., Generative adversarial nets, NeurIPS 2014, arXiv:1406.2661"

    /// The networks.
    public let generator, critic: any Module
    /// The choices.
    public let configuration: Configuration
    /// What computes.
    public let backend: any Backend
    private let maker, judge: Perceptron, sample: Shape

    /// Fresh networks.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) {
        let hidden = [Int](repeating: configuration.width, count: configuration.depth)
        (self.configuration, backend, sample) = (configuration, world.backend, world.sample)
        (maker, judge) = (Perceptron([configuration.latentSize] + hidden + [sample.count]), Perceptron([sample.count] + hidden + [1]))
        (generator, critic) = (maker, judge)
        maker.initialise(with: .heUniform(slope: 0.2), stream: world.stream["generator"], on: backend)
        judge.initialise(with: .heUniform(slope: 0.2), stream: world.stream["critic"], on: backend)
    }

    /// Images end in tanh, points do not.
    public func generate(_ latents: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor {
        let flat = maker(latents)
        return (sample.rank == 3 ? flat.tanh : flat).reshaped(Shape([latents.shape[0]] + sample.dimensions))
    }

    /// One logit a sample.
    public func criticise(_ samples: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor { judge(samples).reshaped([samples.shape[0]]) }
}
