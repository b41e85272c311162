import NeuralNetworks
import Tensors

/// Spectral normalisation: every weight of the critic is divided by its largest singular value, so the critic's slope is bounded without a penalty.
///
/// Hinge losses, `E max(1 − D(x), 0) + E max(1 + D(G(z)), 0)` and `−E D(G(z))`, on residual networks; five critic moves a step, Adam without momentum.
/// The paper's widths are 256 for the generator and 128 for the critic; the defaults are for processors.
/// Source: Miyato, Kataoka, Koyama, Yoshida, *Spectral normalization for generative adversarial networks*, ICLR 2018, arXiv:1802.05957, appendix B.4.
public final class SNGAN: AdversarialGame {
    /// What can be chosen.
    public struct Configuration: AdversarialConfiguration {
        /// Length of a latent vector.
        public var latentSize = 128
        /// The generator's channels.
        public var width = 32
        /// The critic's channels.
        public var criticWidth = 32
        /// Whether the critic's weights are divided by their spectral norm.
        public var normalisesCritic = true
        /// What the teams play for and what constrains the critic besides.
        public var critic = CriticSettings(.hinge)
        /// How the generator moves.
        public var generator = TeamSettings(learningRate: 2e-4, beta1: 0, beta2: 0.9)
        /// How the critic moves.
        public var criticTeam = TeamSettings(learningRate: 2e-4, beta1: 0, beta2: 0.9, repeats: 5)

        /// The defaults.
        public init() {}

        /// Every field.
        public static let fields: [Field<Configuration>] = [
            .integer("generator.width", \.width, 1...1024, "Channels of every layer of the generator; 256 in the paper."),
            .integer("critic.width", \.criticWidth, 1...1024, "Channels of every layer of the critic; 128 in the paper."),
            .flag("critic.normalises", \.normalisesCritic, "Whether every weight of the critic is divided by its largest singular value; a plain residual network otherwise."),
        ] + sharedFields
    }

    /// `sngan`.
    public static let name = "sngan"
    /// One line.
    public static let summary = "residual networks, critic weights divided by their spectral norm"
    /// The paper.
    public static let source = "Miyato, Kataoka, Koyama, Yoshida, Spectral normalization for generative adversarial networks, ICLR 2018, arXiv:1802.05957"

    /// The networks.
    public var generator: any Module { maker }
    /// The networks.
    public var critic: any Module { judge }
    /// The choices.
    public let configuration: Configuration
    /// What computes.
    public let backend: any Backend
    private let maker: ResidualGenerator, judge: ResidualCritic

    /// Fresh networks: Xavier's weights, √2 times as large inside the blocks.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) {
        (self.configuration, backend) = (configuration, world.backend)
        let side = try world.side(for: Self.name), channels = world.sample[2]
        maker = ResidualGenerator(latentSize: configuration.latentSize, side: side, channels: channels, width: configuration.width)
        judge = ResidualCritic(side: side, channels: channels, width: configuration.criticWidth, normalises: configuration.normalisesCritic)
        for (name, network) in [("generator", maker as any Module), ("critic", judge)] {
            network.initialise(with: .xavierUniform(), stream: world.stream[name], on: backend) { name, role in
                role == .weight && name.contains(".body.") ? .xavierUniform(gain: 2.0.squareRoot()) : nil
            }
        }
    }

    /// Samples from latents.
    public func generate(_ latents: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor { maker(latents, context) }
    /// Logits of samples.
    public func criticise(_ samples: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor { judge(samples, context) }
}

/// A linear map to 4 × 4, residual blocks that double the side, batch norm, ReLU, a convolution and tanh.
final class ResidualGenerator: ContextualLayer {
    let input: LinearMap
    let blocks: Sequential
    private let width: Int

    init(latentSize: Int, side: Int, channels: Int, width: Int) {
        self.width = width
        input = LinearMap(latentSize, 16 * width)
        let doublings = (0..<side.trailingZeroBitCount - 2).map { _ -> any ContextualLayer in
            Residual(Sequential(BatchNorm2D(width), Rectifier(), ScalingConvolution2D(width, width, .upsampling),
                                BatchNorm2D(width), Rectifier(), Convolution2D(width, width, kernel: 3, padding: 1)),
                     shortcut: Sequential(Convolution2D(width, width, kernel: 1), Function { $0.upsampled(2) }))
        }
        blocks = Sequential(doublings + [BatchNorm2D(width), Rectifier(), Convolution2D(width, channels, kernel: 3, padding: 1), Function.tanh])
    }

    func callAsFunction(_ latents: Tensor, _ context: Context) -> Tensor {
        blocks(input(latents).reshaped([latents.shape[0], 4, 4, width]), context)
    }
}

/// Residual blocks down to 8 × 8 (4 × 4 for images of 8) and two more there, ReLU, a sum over places and a linear map; a spectral norm on every weight.
final class ResidualCritic: ContextualLayer {
    let blocks: Sequential
    let output: any ContextualLayer

    init(side: Int, channels: Int, width: Int, normalises: Bool) {
        func normalised(_ layer: some WeightedLayer) -> any ContextualLayer { normalises ? SpectralNorm(layer) : layer }
        func convolution(_ from: Int, _ kernel: Int = 3) -> any ContextualLayer { normalised(Convolution2D(from, width, kernel: kernel, padding: kernel / 2)) }
        func halving() -> any ContextualLayer { normalised(ScalingConvolution2D(width, width, .averaging)) }
        let halves = Function { $0.downsampled(2) }
        // Averaging before a 1 × 1 convolution is the same map as averaging behind it, at a quarter of the cost.
        let first = Residual(Sequential(convolution(channels), Rectifier(), halving()), shortcut: Sequential(halves, convolution(channels, 1)))
        let down = (0..<max(side.trailingZeroBitCount - 4, 0)).map { _ in
            Residual(Sequential(Rectifier(), convolution(width), Rectifier(), halving()), shortcut: Sequential(halves, convolution(width, 1)))
        }
        let flat = (0..<2).map { _ in Residual(Sequential(Rectifier(), convolution(width), Rectifier(), convolution(width))) }
        blocks = Sequential([first] + down + flat + [Rectifier()])
        output = normalised(LinearMap(width, 1))
    }

    func callAsFunction(_ images: Tensor, _ context: Context) -> Tensor {
        let features = blocks(images, context["blocks"])
        return output(features.reduced(.sum, axes: 1, 2).reshaped([images.shape[0], features.shape[3]]), context["output"]).reshaped([images.shape[0]])
    }
}
