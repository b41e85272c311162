import NeuralNetworks
import Tensors

/// Convolutions, batch norm and Adam: the first recipe that trained on natural images.
///
/// The objective of 2014 (non-saturating by default) on strided convolutions without pooling or hidden linear layers.
/// Source: Radford, Metz, Chintala, *Unsupervised representation learning with deep convolutional generative adversarial networks*, ICLR 2016, arXiv:1511.06434.
public final class DCGAN: Duel, AdversarialGame, LatentMapping {
    /// The shared settings.
    public typealias Configuration = DuelSettings
    /// `dcgan`.
    public static let name = "dcgan"
    /// One line.
    public static let summary = "strided convolutions with batch norm"
    /// The paper.
    public static let source = "Radford, Metz, Chintala, Unsupervised representation learning with deep convolutional GANs, ICLR 2016, arXiv:1511.06434"

    /// Fresh networks.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) { try super.init(configuration, world, name: Self.name) }
}
