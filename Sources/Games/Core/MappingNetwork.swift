import NeuralNetworks
import Tensors

/// StyleGAN's mapping network: it brings latents to unit size and bends their distribution into one that the generator finds easier, its w.
///
/// `w = f(z / √(mean z² + 1e-8))`, f fully connected layers of one width with leaky rectifiers behind each, at a hundredth of the learning rate.
/// Source: Karras, Laine, Aila, *A style-based generator architecture for generative adversarial networks*, CVPR 2019, arXiv:1812.04948, section 2.
public final class MappingNetwork: Module {
    /// The maps, `size` to `size`.
    public let layers: [EqualizedRate]
    /// Numbers of a latent.
    public let size: Int

    /// `layers` maps of latents of `size` numbers; StyleGAN has 8 of 512.
    public init(_ size: Int, layers: Int) {
        self.size = size
        self.layers = (0..<layers).map { _ in EqualizedRate(LinearMap(size, size), gain: 2.0.squareRoot(), rate: 0.01) }
    }

    /// - Shape: `[N, size]` to the same.
    public func callAsFunction(_ latents: Tensor) -> Tensor {
        layers.reduce(PixelNorm()(latents)) { $1($0, .evaluation, activation: .leakyRelu(slope: 0.2)) }
    }
}

/// A generator behind a mapping network, which sees each number of w around its mean and by its deviation.
///
/// Rectifiers leave w a mean, along which the first layer of a generator would learn one picture for all latents far sooner than any difference between them; StyleGAN's, whose first layer sees no w, has no such layer.
final class MappedGenerator: ContextualLayer {
    let mapping: MappingNetwork
    let norm: BatchNorm
    let network: any ContextualLayer

    init(_ mapping: MappingNetwork, _ network: any ContextualLayer) { (self.mapping, norm, self.network) = (mapping, BatchNorm(mapping.size, isAffine: false), network) }

    func callAsFunction(_ latents: Tensor, _ context: Context) -> Tensor { samples(of: mapping(latents), context) }

    func samples(of w: Tensor, _ context: Context) -> Tensor { network(norm(w, context), context) }
}
