import NeuralNetworks
import Tensors

/// The earth mover's distance by its dual: the critic is a function with bounded slope, kept so by clipping its weights.
///
/// `min_G max_{‖D‖_L ≤ K}  E D(x) − E D(G(z))`, weights in ±0.01 after every move, five critic moves a step, RMSProp without momentum.
/// Source: Arjovsky, Chintala, Bottou, *Wasserstein GAN*, ICML 2017, arXiv:1701.07875.
public final class WGAN: Duel, AdversarialGame, LatentMapping {
    /// The shared settings.
    public typealias Configuration = DuelSettings
    /// `wgan`.
    public static let name = "wgan"
    /// One line.
    public static let summary = "the earth mover's distance, critic weights clipped"
    /// The paper.
    public static let source = "Arjovsky, Chintala, Bottou, Wasserstein GAN, ICML 2017, arXiv:1701.07875"

    /// The paper's defaults.
    public static let standard: DuelSettings = {
        var settings = DuelSettings()
        settings.critic = CriticSettings(.wasserstein, clipping: 0.01)
        settings.generator = TeamSettings(.rmsprop, learningRate: 5e-5, beta1: 0, beta2: 0.99)
        settings.criticTeam = TeamSettings(.rmsprop, learningRate: 5e-5, beta1: 0, beta2: 0.99, repeats: 5)
        return settings
    }()

    /// Fresh networks.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) { try super.init(configuration, world, name: Self.name) }
}
