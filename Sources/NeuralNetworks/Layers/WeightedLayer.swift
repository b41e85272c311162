import Tensors

/// A layer that is linear in one weight, which a wrapper may replace in every call: spectral norm, equalised learning rate.
public protocol WeightedLayer: Layer, FusingLayer {
    /// The weight, in PyTorch's layout.
    var weight: Parameter { get }
    /// What is added to each output channel.
    var bias: Parameter? { get }
    /// The weight's axis of output channels.
    var outputAxis: Int { get }
    /// Applies the layer with this weight and bias in place of its own, and then `activation`.
    func apply(_ weight: Tensor, _ bias: Tensor?, to x: Tensor, _ activation: Activation) -> Tensor
}

extension WeightedLayer {
    /// The first axis.
    public var outputAxis: Int { 0 }
    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor { apply(weight.tensor, bias?.tensor, to: x, .none) }
    /// Applies the layer and `activation` in one pass.
    public func callAsFunction(_ x: Tensor, _ context: Context, activation: Activation) -> Tensor { apply(weight.tensor, bias?.tensor, to: x, activation) }
}
