import Tensors

/// A vector for each of a number of classes: PyTorch's `Embedding`.
public final class Embedding: Module {
    /// `[classes, features]`.
    public let weight: Parameter

    /// A table whose numbers still have to be given.
    public init(_ classes: Int, _ features: Int, _ role: ModuleNumbers.Role = .embedding) { weight = Parameter([classes, features], role) }

    /// The vectors of these classes.
    /// - Shape: `[N, features]`.
    public func callAsFunction(_ labels: [Int]) -> Tensor { weight.tensor.gathered(labels) }
}

/// Batch norm whose scale and shift depend on the class of each image: `gain[y] · norm(x) + bias[y]`.
///
/// `embed` holds the gains, which begin around 1, and then the biases of each class, as Mimicry and PyTorch-StudioGAN name them.
/// Source: Dumoulin et al., arXiv:1610.07629; de Vries et al., arXiv:1707.00683.
/// - Shape: x `[N, H, W, C]`, N labels, result as x.
public final class ConditionalBatchNorm2D: Module {
    /// The normalisation, without scale and shift of its own.
    public let bn: BatchNorm2D
    /// `[classes, 2 · C]`.
    public let embed: Embedding

    /// A normalisation whose numbers still have to be given.
    public init(_ channels: Int, classes: Int, eps: Double = 1e-5, momentum: Double = 0.1) {
        bn = BatchNorm2D(channels, eps: eps, momentum: momentum, isAffine: false)
        embed = Embedding(classes, 2 * channels, .own(.gainsAndBiases))
    }

    /// Normalises, and scales and shifts each image by the numbers of its class.
    public func callAsFunction(_ x: Tensor, labels: [Int], _ context: Context) -> Tensor {
        let channels = x.shape[-1], numbers = embed(labels)
        return bn(x, context).modulated(gain: numbers.sliced(axis: 1, 0..<channels), bias: numbers.sliced(axis: 1, channels..<2 * channels))
    }
}

extension Tensor {
    /// `gain · x + bias` with numbers for each channel of each image: conditional batch norm, adaptive instance norm.
    /// - Shape: x `[N, H, W, C]`, gain and bias `[N, C]`.
    public func modulated(gain: Tensor, bias: Tensor) -> Tensor {
        let each: Shape = [shape[0], 1, 1, shape[3]]
        return self * gain.reshaped(each) + bias.reshaped(each)
    }
}
