import NeuralNetworks
import Tensors

/// The Wasserstein game with a penalty on the critic's slope instead of clipping.
///
/// Critic `E D(G(z)) − E D(x) + λ E (‖∇D(x̂)‖ − 1)²` with x̂ uniform on the line between a real and a generated sample, one norm for each sample;
/// no batch norm in the critic, five critic moves a step. Source: Gulrajani et al., *Improved training of Wasserstein GANs*, NeurIPS 2017, arXiv:1704.00028.
public final class WGANGP: Duel, AdversarialGame, LatentMapping {
    /// The shared settings.
    public typealias Configuration = DuelSettings
    /// `wgan-gp`.
    public static let name = "wgan-gp"
    /// One line.
    public static let summary = "the earth mover's distance with a gradient penalty"
    /// The paper.
    public static let source = "Gulrajani et al., Improved training of Wasserstein GANs, NeurIPS 2017, arXiv:1704.00028"

    /// The paper's defaults.
    public static let standard: DuelSettings = {
        var settings = DuelSettings()
        settings.critic = CriticSettings(.wasserstein, gradientPenalty: 10)
        settings.normalisesCritic = false
        settings.generator = TeamSettings(learningRate: 1e-4, beta1: 0.5, beta2: 0.9)
        settings.criticTeam = TeamSettings(learningRate: 1e-4, beta1: 0.5, beta2: 0.9, repeats: 5)
        return settings
    }()

    /// Fresh networks.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) { try super.init(configuration, world, name: Self.name) }
}
