import NeuralNetworks
import Tensors

/// StyleGAN's mapping network: it brings latents to unit size and bends their distribution into one that the generator finds easier, its w.
///
/// `w = f(z / √(mean z² + 1e-8))`, f fully connected layers of one width with leaky rectifiers behind each, at a hundredth of the learning rate.
/// Source: Karras, Laine, Aila, *A style-based generator architecture for generative adversarial networks*, CVPR 2019, arXiv:1812.04948, section 2.
public final class MappingNetwork: Module {
    /// The maps, `size` to `size`.
    public let layers: [EqualizedRate]

    /// `layers` maps of latents of `size` numbers; StyleGAN has 8 of 512.
    public init(_ size: Int, layers: Int) {
        self.layers = (0..<layers).map { _ in EqualizedRate(LinearMap(size, size), gain: 2.0.squareRoot(), rate: 0.01) }
    }

    /// - Shape: `[N, size]` to the same.
    public func callAsFunction(_ latents: Tensor) -> Tensor {
        layers.reduce(PixelNorm()(latents)) { $1($0, .evaluation, activation: .leakyRelu(slope: 0.2)) }
    }
}

/// A generator behind a mapping network.
final class MappedGenerator: Module {
    let mapping: MappingNetwork
    let network: any ContextualLayer

    init(_ mapping: MappingNetwork, _ network: any ContextualLayer) { (self.mapping, self.network) = (mapping, network) }
}
