import Tensors

/// A layer whose weights are kept near unit size and scaled in every call, so that Adam's steps are alike for all layers.
///
/// `weight' = weight · gain · rate / √fanIn`, `bias' = bias · rate`; the stored weights begin as `N(0, 1 / rate²)`, biases at zero.
/// Source: Karras et al., arXiv:1710.10196, section 4.1; the multiplier of the rate is StyleGAN's (arXiv:1812.04948).
public final class EqualizedRate: FusingLayer {
    /// What is scaled in every call.
    public let weight: Parameter
    /// b, `[out]`, or nil.
    public let bias: Parameter?
    private let scale: Double, rate: Double
    /// The layer behind a closure: its own parameters are no entries of this module.
    private let apply: (_ weight: Tensor, _ bias: Tensor?, _ x: Tensor, Activation) -> Tensor

    /// Wraps a linear map, convolution or transposed convolution, of which the shapes and the geometry are taken.
    /// - Parameters:
    ///   - gain: √2 in the progressive GAN; 1 in StyleGAN2, whose activations bring their own.
    ///   - rate: Multiplier of the learning rate, 0.01 in StyleGAN's mapping network.
    public init(_ layer: some WeightedLayer, gain: Double = 1, rate: Double = 1) {
        let shape = layer.weight.shape
        weight = Parameter(shape, .own(.normal(deviation: 1 / rate)))
        bias = layer.bias.map { Parameter($0.shape, .own(.zeros)) }
        // A transposed convolution adds up over the axis that a convolution spreads over.
        let fanIn = shape.count / shape[layer.outputAxis]
        (scale, self.rate) = (gain * rate / Double(fanIn).squareRoot(), rate)
        apply = { layer.apply($0, $1, to: $2, $3) }
    }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor { self(x, context, activation: .none) }
    /// Applies the layer and `activation` in one pass.
    public func callAsFunction(_ x: Tensor, _ context: Context, activation: Activation) -> Tensor {
        let bias = self.bias?.tensor
        return apply(weight.tensor * scale, rate == 1 ? bias : bias.map { $0 * rate }, x, activation)
    }
}
