import NeuralNetworks
import Tensors

/// Convolution, batch norm and ReLU: the unit that Inception is made of. The norm is folded away at first use.
final class ConvolutionUnit: Module {
    let conv: Convolution2D
    let bn: BatchNorm2D
    private let cache: FoldCache

    init(_ input: Int, _ output: Int, kernel: Extent = Extent(1), stride: Int = 1, padding: Padding = .zero) {
        conv = Convolution2D(input, output, kernel: kernel, stride: Extent(stride), padding: padding, bias: false)
        bn = BatchNorm2D(output, eps: 0.001)
        cache = FoldCache()
    }

    /// Output channels.
    var channels: Int { conv.weight.shape[0] }

    private var folded: FoldedConvolution { cache.fold(conv, bn, activation: .relu) }

    func callAsFunction(_ x: Tensor) -> Tensor { folded(x) }

    func append(_ x: Tensor, to whole: ChannelConcatenation) { folded.append(x, to: whole) }
}

/// Keeps a folded convolution until one of the numbers that went into it is replaced.
final class FoldCache {
    private var sources: [ObjectIdentifier] = []
    private var folded: FoldedConvolution?

    func fold(_ convolution: Convolution2D, _ norm: BatchNorm2D, activation: Activation) -> FoldedConvolution {
        let current = [convolution.weight.tensor, norm.weight?.tensor, norm.bias?.tensor, norm.running_mean.tensor, norm.running_var.tensor]
            .compactMap { $0.map { ObjectIdentifier($0.storage) } }
        if let folded, sources == current { return folded }
        let fresh = FoldedConvolution(convolution, norm, activation: activation)
        (folded, sources) = (fresh, current)
        return fresh
    }
}
