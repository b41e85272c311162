import Tensors

/// The adjoint of a convolution, plus a bias: PyTorch's `ConvTranspose2d`.
/// - Shape: `[N, H, W, in]` to `[N, (H − 1) · stride − 2 · padding + dilation · (k − 1) + 1 + outputPadding, …, out]`.
public final class TransposedConvolution2D: WeightedLayer {
    /// `[in, out / groups, kH, kW]`.
    public let weight: Parameter
    /// `[out]`, or nil.
    public let bias: Parameter?
    /// Factor of enlargement: the step between windows of the convolution whose adjoint this is.
    public let stride: Extent
    /// Rows and columns cut off the result.
    public let padding: Padding
    /// Rows and columns added at the bottom and on the right.
    public let outputPadding: Extent
    /// Step between the kernel's elements.
    public let dilation: Extent
    /// Number of groups of channels that do not see each other.
    public let groups: Int

    /// A transposed convolution whose weights still have to be given.
    public init(_ input: Int, _ output: Int, kernel: Extent, stride: Extent = Extent(1), padding: Padding = .zero, outputPadding: Extent = Extent(0),
                dilation: Extent = Extent(1), groups: Int = 1, bias: Bool = true) {
        weight = Parameter([input, output / groups, kernel.height, kernel.width])
        self.bias = bias ? Parameter([output], .bias(fanIn: output / groups * kernel.height * kernel.width)) : nil
        (self.stride, self.padding, self.outputPadding, self.dilation, self.groups) = (stride, padding, outputPadding, dilation, groups)
    }

    /// A square kernel whose weights still have to be given.
    public convenience init(_ input: Int, _ output: Int, kernel: Int, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0, bias: Bool = true) {
        self.init(input, output, kernel: Extent(kernel), stride: Extent(stride), padding: Padding(padding), outputPadding: Extent(outputPadding), bias: bias)
    }

    /// Its first axis is the input's.
    public var outputAxis: Int { 1 }

    /// The same transposed convolution with other numbers.
    public func apply(_ weight: Tensor, _ bias: Tensor?, to x: Tensor, _ activation: Activation) -> Tensor {
        var y = x.transposedConvolved(with: weight, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation, groups: groups)
        if let bias { y = y + bias }
        return activation.function.map { y.applying($0) } ?? y
    }
}
