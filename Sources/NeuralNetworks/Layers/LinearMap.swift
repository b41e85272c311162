import Tensors

/// `y = x · weightᵀ + bias`, PyTorch's `Linear`.
/// - Shape: `[N, in]` to `[N, out]`.
public final class LinearMap: WeightedLayer {
    /// `[out, in]`.
    public let weight: Parameter
    /// `[out]`, or nil.
    public let bias: Parameter?

    /// A map whose weights still have to be given.
    public init(_ input: Int, _ output: Int, bias: Bool = true) {
        weight = Parameter([output, input])
        self.bias = bias ? Parameter([output], .bias(fanIn: input)) : nil
    }

    /// The same map with other numbers.
    public func apply(_ weight: Tensor, _ bias: Tensor?, to x: Tensor, _ activation: Activation) -> Tensor { x.linear(weight, bias: bias, activation: activation) }
}
