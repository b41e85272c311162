import Tensors

/// `y = x · weightᵀ + bias`, PyTorch's `Linear`.
/// - Shape: `[N, in]` to `[N, out]`.
public final class LinearMap: Layer {
    /// `[out, in]`.
    public let weight: Parameter
    /// `[out]`, or nil.
    public let bias: Parameter?

    /// A map whose weights still have to be given.
    public init(_ input: Int, _ output: Int, bias: Bool = true) {
        weight = Parameter([output, input])
        self.bias = bias ? Parameter([output]) : nil
    }

    /// Applies the map.
    public func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight.tensor, bias: bias?.tensor) }
}
