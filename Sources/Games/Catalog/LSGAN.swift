import NeuralNetworks
import Tensors

/// Least squares instead of logarithms: samples far on the right side of the boundary are pulled as well.
///
/// Critic `½ E (D(x) − b)² + ½ E (D(G(z)) − a)²`, generator `½ E (D(G(z)) − c)²`; a = 0, b = c = 1 by default, a = −1, b = 1, c = 0 gives Pearson's χ².
/// Source: Mao et al., *Least squares generative adversarial networks*, ICCV 2017, arXiv:1611.04076.
public final class LSGAN: Duel, AdversarialGame, LatentMapping {
    /// The shared settings.
    public typealias Configuration = DuelSettings
    /// `lsgan`.
    public static let name = "lsgan"
    /// One line.
    public static let summary = "least squares instead of logarithms"
    /// The paper.
    public static let source = "Mao et al., Least squares generative adversarial networks, ICCV 2017, arXiv:1611.04076"

    /// The paper's defaults.
    public static let standard: DuelSettings = {
        var settings = DuelSettings()
        settings.critic = CriticSettings(.leastSquares())
        settings.generator = TeamSettings(learningRate: 2e-4)
        settings.criticTeam = TeamSettings(learningRate: 2e-4)
        return settings
    }()

    /// Fresh networks.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) { try super.init(configuration, world, name: Self.name) }
}
