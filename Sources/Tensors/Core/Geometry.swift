/// Rows and columns of something: a kernel, a stride, a dilation.
public struct Extent: Hashable, Sendable {
    /// Along the image's height.
    public var height: Int
    /// Along the image's width.
    public var width: Int

    /// Different extents.
    public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }
    /// A square.
    public init(_ side: Int) { self.init(side, side) }
}

/// Zeros around an image; sides may differ (TensorFlow's SAME with an even surplus).
public struct Padding: Hashable, Sendable {
    /// Rows above, columns on the left, rows below, columns on the right.
    public var top, left, bottom, right: Int

    /// Each side by itself.
    public init(top: Int, left: Int, bottom: Int, right: Int) { (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right) }
    /// The same above as below and left as right.
    public init(_ height: Int, _ width: Int) { self.init(top: height, left: width, bottom: height, right: width) }
    /// The same on all sides.
    public init(_ side: Int) { self.init(side, side) }
    /// None.
    public static let zero = Padding(0)
}

/// Everything about a convolution but its numbers.
///
/// - Shape: input `[batch, input.height, input.width, inputChannels]`, weight `[outputChannels, inputChannels / groups, kernel.height, kernel.width]`,
///   output `[batch, output.height, output.width, destinationChannels]`.
public struct ConvolutionGeometry: Hashable, Sendable {
    /// Images, N.
    public var batch: Int
    /// Rows and columns of the input, H and W.
    public var input: Extent
    /// Channels of the input.
    public var inputChannels: Int
    /// Channels that the convolution yields.
    public var outputChannels: Int
    /// Rows and columns of the window.
    public var kernel: Extent
    /// Step between windows.
    public var stride: Extent
    /// Zeros around the input.
    public var padding: Padding
    /// Step between the kernel's elements; 1 is dense.
    public var dilation: Extent
    /// Groups of channels that do not see each other; divides both numbers of channels.
    public var groups: Int
    /// Channels of the tensor that receives the result: more than `outputChannels` when the result is one slice of a concatenation.
    public var destinationChannels: Int
    /// First channel of the slice.
    public var destinationOffset = 0

    /// Rows and columns of the output.
    public var output: Extent {
        Extent(Self.extent(input.height, kernel.height, stride.height, padding.top + padding.bottom, dilation.height),
               Self.extent(input.width, kernel.width, stride.width, padding.left + padding.right, dilation.width))
    }

    /// `⌊(size + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`.
    static func extent(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> Int {
        let room = size + padding - dilation * (kernel - 1) - 1
        precondition(room >= 0, "a kernel of \(kernel) (dilation \(dilation)) does not fit \(size) + \(padding)")
        return room / stride + 1
    }
}

/// Everything about a pooling but its numbers.
///
/// - Shape: input `[batch, input.height, input.width, channels]`, output `[batch, output.height, output.width, destinationChannels]`.
public struct PoolingGeometry: Hashable, Sendable {
    /// Images, N.
    public var batch: Int
    /// Rows and columns of the input, H and W.
    public var input: Extent
    /// Channels, the same before and after.
    public var channels: Int
    /// Rows and columns of the window.
    public var kernel: Extent
    /// Step between windows.
    public var stride: Extent
    /// Around the input: never wins a maximum, counts as zeros in an average or not at all, as `Pooling` says.
    public var padding: Padding
    /// Windows may begin inside and end outside the padded image (PyTorch's `ceil_mode`).
    public var roundsUp = false
    /// Channels of the tensor that receives the result: more than `channels` when the result is one slice of a concatenation.
    public var destinationChannels: Int
    /// First channel of the slice.
    public var destinationOffset = 0

    /// Rows and columns of the output.
    public var output: Extent {
        Extent(extent(input.height, kernel.height, stride.height, padding.top, padding.bottom),
               extent(input.width, kernel.width, stride.width, padding.left, padding.right))
    }

    /// PyTorch's rule: with `roundsUp` the last window must still begin inside the image or its leading padding.
    private func extent(_ size: Int, _ kernel: Int, _ stride: Int, _ before: Int, _ after: Int) -> Int {
        let room = size + before + after - kernel
        precondition(room >= 0, "a window of \(kernel) does not fit \(size) + \(before + after)")
        guard roundsUp else { return room / stride + 1 }
        let count = (room + stride - 1) / stride + 1
        return (count - 1) * stride >= size + before ? count - 1 : count
    }
}
