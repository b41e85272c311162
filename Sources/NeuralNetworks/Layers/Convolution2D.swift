import Tensors

/// `y = x ∗ weight + bias`, PyTorch's `Conv2d`.
/// - Shape: `[N, H, W, in]` to `[N, H', W', out]`.
public final class Convolution2D: WeightedLayer {
    /// `[out, in / groups, kH, kW]`.
    public let weight: Parameter
    /// `[out]`, or nil.
    public let bias: Parameter?
    /// Step between windows.
    public let stride: Extent
    /// Zeros around the input.
    public let padding: Padding
    /// Step between the kernel's elements.
    public let dilation: Extent
    /// Number of groups of channels that do not see each other.
    public let groups: Int

    /// A convolution whose weights still have to be given.
    public init(_ input: Int, _ output: Int, kernel: Extent, stride: Extent = Extent(1), padding: Padding = .zero, dilation: Extent = Extent(1),
                groups: Int = 1, bias: Bool = true) {
        weight = Parameter([output, input / groups, kernel.height, kernel.width])
        self.bias = bias ? Parameter([output], .bias(fanIn: input / groups * kernel.height * kernel.width)) : nil
        (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
    }

    /// A square kernel whose weights still have to be given.
    public convenience init(_ input: Int, _ output: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias: Bool = true) {
        self.init(input, output, kernel: Extent(kernel), stride: Extent(stride), padding: Padding(padding), bias: bias)
    }

    /// Applies the convolution and `activation` in one pass.
    public func callAsFunction(_ x: Tensor, activation: Activation) -> Tensor { apply(weight.tensor, bias?.tensor, to: x, activation) }

    /// The same convolution with other numbers.
    public func apply(_ weight: Tensor, _ bias: Tensor?, to x: Tensor, _ activation: Activation) -> Tensor {
        x.convolved(with: weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups, activation: activation)
    }
}
