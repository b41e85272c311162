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

/// Leaves its input alone: holds the place of a dropout in an inference network, so that its neighbours keep their numbers.
public final class Identity: Layer {
    /// The identity.
    public init() {}
    /// Returns `x`.
    public func callAsFunction(_ x: Tensor) -> Tensor { x }
}
