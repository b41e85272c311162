import Tensors

/// Normalises each sample over its last axes: PyTorch's `LayerNorm`, `(x − mean) / √(variance + eps) · weight + bias`.
///
/// Weight and bias of image layers are `[C, H, W]`, as there. Source: Ba et al., arXiv:1607.06450.
/// - Shape: `[…, C]`, or `[N, H, W, C]` for a normalised shape of three axes, to the same.
public final class LayerNorm: Layer {
    /// γ, of the normalised shape.
    public let weight: Parameter
    /// β, of the normalised shape.
    public let bias: Parameter
    private let eps: Double

    /// A normalisation over `[C]`, or over `[C, H, W]`.
    public init(_ shape: Shape, eps: Double = 1e-5) {
        precondition(shape.rank == 1 || shape.rank == 3, "layer norm over \(shape): [C] and [C, H, W] are possible")
        (weight, bias) = (Parameter(shape, .own(.ones)), Parameter(shape, .own(.zeros)))
        self.eps = eps
    }

    /// Applies the normalisation.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let isImage = weight.shape.rank == 3, axes = isImage ? [1, 2, 3] : [x.shape.rank - 1]
        let (scale, shift) = isImage ? (weight.tensor.permuted(1, 2, 0), bias.tensor.permuted(1, 2, 0)) : (weight.tensor, bias.tensor)
        return x.standardised(axes: axes, eps) * scale + shift
    }
}

/// Normalises each channel of each image by itself: PyTorch's `InstanceNorm2d`, without running statistics.
///
/// Source: Ulyanov et al., arXiv:1607.08022.
/// - Shape: `[N, H, W, C]` to the same.
public final class InstanceNorm2D: Layer, FusingLayer {
    /// γ, `[C]`; nil stands for ones.
    public let weight: Parameter?
    /// β, `[C]`; nil stands for zeros.
    public let bias: Parameter?
    private let channels: Int, eps: Double

    /// A normalisation; `isAffine` tells whether it has a weight and a bias.
    public init(_ channels: Int, eps: Double = 1e-5, isAffine: Bool = false) {
        weight = isAffine ? Parameter([channels], .own(.ones)) : nil
        bias = isAffine ? Parameter([channels], .own(.zeros)) : nil
        (self.channels, self.eps) = (channels, eps)
    }

    /// Applies the normalisation.
    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, .evaluation, activation: .none) }
    /// Applies the normalisation and `activation` in one pass.
    public func callAsFunction(_ x: Tensor, _ context: Context, activation: Activation) -> Tensor {
        precondition(x.shape.rank == 4 && x.shape[3] == channels && x.shape[1] * x.shape[2] > 1, "instance norm of \(channels) channels is given \(x.shape)")
        return x.normalised(weight: weight?.tensor, bias: bias?.tensor, eps: eps, activation: activation, isPerSample: true).output
    }
}

/// Normalises groups of channels of each image: PyTorch's `GroupNorm`. Source: Wu and He, arXiv:1803.08494.
/// - Shape: `[N, H, W, C]` to the same.
public final class GroupNorm: Layer {
    /// γ, `[C]`.
    public let weight: Parameter
    /// β, `[C]`.
    public let bias: Parameter
    private let groups: Int, eps: Double

    /// A normalisation of `groups` groups of neighbouring channels.
    public init(_ groups: Int, _ channels: Int, eps: Double = 1e-5) {
        precondition(groups > 0 && channels % groups == 0, "\(channels) channels in \(groups) groups")
        (weight, bias) = (Parameter([channels], .own(.ones)), Parameter([channels], .own(.zeros)))
        (self.groups, self.eps) = (groups, eps)
    }

    /// Applies the normalisation.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let s = x.shape
        precondition(s.rank == 4 && s[3] == weight.shape[0], "group norm of \(weight.shape[0]) channels is given \(s)")
        return x.reshaped([s[0], s[1] * s[2], groups, s[3] / groups]).standardised(axes: [1, 3], eps).reshaped(s) * weight.tensor + bias.tensor
    }
}

/// Brings the channels of each place to unit root mean square: `x / √(mean x² + eps)`. Source: Karras et al., arXiv:1710.10196, section 4.2.
/// - Shape: `[…, C]` to the same.
public final class PixelNorm: Layer {
    private let eps: Double
    /// The normalisation.
    public init(eps: Double = 1e-8) { self.eps = eps }
    /// Applies it.
    public func callAsFunction(_ x: Tensor) -> Tensor { x * (x.squared.reduced(.mean, axes: x.shape.rank - 1) + eps).reciprocalSquareRoot }
}

extension Tensor {
    /// `(x − mean) / √(variance + eps)` with statistics over `axes`.
    fileprivate func standardised(axes: [Int], _ eps: Double) -> Tensor {
        let centred = self - reduced(.mean, axes: axes)
        return centred * (centred.squared.reduced(.mean, axes: axes) + eps).reciprocalSquareRoot
    }
}
