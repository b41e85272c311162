import Tensors

/// Maximum over windows, PyTorch's `MaxPool2d`.
/// - Shape: `[N, H, W, C]` to `[N, H', W', C]`.
public final class MaxPool2D: Layer {
    private let kernel, stride: Extent, padding: Padding, roundsUp: Bool

    /// Windows of `kernel`, `stride` apart; with `roundsUp` the last one may hang over the edge (`ceil_mode`).
    public init(kernel: Int, stride: Int, padding: Int = 0, roundsUp: Bool = false) {
        (self.kernel, self.stride, self.padding, self.roundsUp) = (Extent(kernel), Extent(stride), Padding(padding), roundsUp)
    }

    /// Applies the pooling.
    public func callAsFunction(_ x: Tensor) -> Tensor { x.pooled(.maximum, kernel: kernel, stride: stride, padding: padding, roundsUp: roundsUp) }
}

/// Mean of blocks of `factor × factor` pixels, PyTorch's `AvgPool2d(factor)`.
/// - Shape: `[N, H, W, C]` to `[N, H / factor, W / factor, C]`.
public final class Downsample: Layer {
    private let factor: Int
    /// A reduction by `factor`.
    public init(_ factor: Int = 2) { self.factor = factor }
    /// Applies it.
    public func callAsFunction(_ x: Tensor) -> Tensor { x.downsampled(factor) }
}

/// Enlargement by a whole factor, PyTorch's `Upsample`.
/// - Shape: `[N, H, W, C]` to `[N, factor · H, factor · W, C]`.
public final class Upsample: Layer {
    private let factor: Int, interpolation: Interpolation
    /// An enlargement by `factor`.
    public init(_ factor: Int = 2, _ interpolation: Interpolation = .nearest) { (self.factor, self.interpolation) = (factor, interpolation) }
    /// Applies it.
    public func callAsFunction(_ x: Tensor) -> Tensor { x.upsampled(factor, interpolation) }
}

/// One row for each sample, images in PyTorch's order channel, row, column, which the linear maps behind expect.
/// - Shape: `[N, H, W, C]` to `[N, C · H · W]`.
public final class Flatten: Layer {
    /// The change of shape.
    public init() {}
    /// Applies it.
    public func callAsFunction(_ x: Tensor) -> Tensor { (x.shape.rank == 4 && x.shape[1] * x.shape[2] > 1 ? x.permuted(0, 3, 1, 2) : x).flattened }
}

/// Images from rows in PyTorch's order channel, row, column: its `Unflatten(1, (channels, height, width))`.
/// - Shape: `[N, C · H · W]` to `[N, H, W, C]`.
public final class Unflatten: Layer {
    private let size: Extent, channels: Int
    /// Images of this size.
    public init(_ size: Extent, channels: Int) { (self.size, self.channels) = (size, channels) }
    /// Applies the change of shape.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let (n, isPoint) = (x.shape[0], size == Extent(1))
        return isPoint ? x.reshaped([n, 1, 1, channels]) : x.reshaped([n, channels, size.height, size.width]).permuted(0, 2, 3, 1)
    }
}

/// Leaves its input alone: holds the place of a dropout in an inference network, so that its neighbours keep their numbers.
public final class Identity: Layer {
    /// The identity.
    public init() {}
    /// Returns `x`.
    public func callAsFunction(_ x: Tensor) -> Tensor { x }
}

/// In training sets a share of the elements to zero and divides the rest by what is kept; PyTorch's `Dropout`, and `Dropout2d` for whole channels.
///
/// The numbers come from the context's stream: the same stream, the same mask. Source: Srivastava et al., JMLR 15 (2014).
/// - Shape: any to the same; `[N, H, W, C]` for whole channels.
public final class Dropout: ContextualLayer {
    private let share: Double, dropsChannels: Bool

    /// Drops a `share`, 0 ≤ share < 1, of the elements, or of the channels of each image.
    public init(_ share: Double = 0.5, wholeChannels: Bool = false) {
        precondition(0..<1 ~= share, "a dropout of \(share)")
        (self.share, dropsChannels) = (share, wholeChannels)
    }

    /// Drops in training; leaves `x` alone otherwise.
    public func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor {
        guard context.isTraining, share > 0 else { return x }
        let shape = dropsChannels ? Shape([x.shape[0]] + [Int](repeating: 1, count: x.shape.rank - 2) + [x.shape[-1]]) : x.shape
        let kept = context.stream.uniform(shape, type: x.elementType, on: x.backend).combined(.greaterOrEqual, x.constant(share))
        return x * (kept / (1 - share))
    }
}

/// Adds channels that tell how much the images of a group differ, so that a discriminator sees a lack of variety.
///
/// The deviation over the group of each feature at each place, averaged over places and over the channels of a part, stands in every place of an added channel.
/// Image n belongs to group `n mod (N / group)`. Source: Karras et al., arXiv:1710.10196, section 3, as in StyleGAN2.
/// - Shape: `[N, H, W, C]` to `[N, H, W, C + channels]`.
public final class MinibatchStandardDeviation: Layer {
    private let group: Int, channels: Int

    /// Groups of `group` images, or of all if there are fewer; `channels` parts of the channels are averaged separately.
    public init(group: Int = 4, channels: Int = 1) { (self.group, self.channels) = (group, channels) }

    /// Applies the layer.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let s = x.shape, group = min(group, s[0]), groups = s[0] / group
        precondition(s.rank == 4 && s[0] % group == 0 && s[3] % channels == 0, "\(s) in groups of \(group) images and \(channels) parts of channels")
        let parts = x.reshaped([group, groups, s[1] * s[2], channels, s[3] / channels])
        let centred = parts - parts.reduced(.mean, axes: 0)
        let deviation = (centred.squared.reduced(.mean, axes: 0) + 1e-8).squareRoot.reduced(.mean, axes: 2, 4)
        let everywhere = deviation.reshaped([1, groups, 1, channels]).broadcast(to: [group, groups, s[1] * s[2], channels])
        return Tensor.concatenated([x, everywhere.reshaped([s[0], s[1], s[2], channels])])
    }
}
