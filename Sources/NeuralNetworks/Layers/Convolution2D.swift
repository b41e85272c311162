import Tensors

/// `y = x ∗ weight + bias`, PyTorch's `Conv2d`.
/// - Shape: `[N, H, W, in]` to `[N, H', W', out]`.
public final class Convolution2D: Layer {
    /// `[out, in / groups, kH, kW]`.
    public let weight: Parameter
    /// `[out]`, or nil.
    public let bias: Parameter?
    /// Step between windows.
    public let stride: Extent
    /// Zeros around the input.
    public let padding: Padding
    /// Number of groups of channels that do not see each other.
    public let groups: Int

    /// A convolution whose weights still have to be given.
    public init(_ input: Int, _ output: Int, kernel: Extent, stride: Extent = Extent(1), padding: Padding = .zero, groups: Int = 1, bias: Bool = true) {
        weight = Parameter([output, input / groups, kernel.height, kernel.width])
        self.bias = bias ? Parameter([output]) : nil
        (self.stride, self.padding, self.groups) = (stride, padding, groups)
    }

    /// Applies the convolution.
    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, activation: .none) }

    /// Applies the convolution and `activation` in one pass.
    public func callAsFunction(_ x: Tensor, activation: Activation) -> Tensor {
        x.convolved(with: weight.tensor, bias: bias?.tensor, stride: stride, padding: padding, groups: groups, activation: activation)
    }
}
