import NeuralNetworks
import Tensors

/// Convolution, batch norm and ReLU: the unit that Inception is made of. The norm is folded away at first use.
final class ConvolutionUnit: Module {
    let conv: Convolution2D
    let bn: BatchNorm2D
    private let cache = FoldCache<FoldedConvolution>()

    init(_ input: Int, _ output: Int, kernel: Extent = Extent(1), stride: Int = 1, padding: Padding = .zero) {
        conv = Convolution2D(input, output, kernel: kernel, stride: Extent(stride), padding: padding, bias: false)
        bn = BatchNorm2D(output, eps: 0.001)
    }

    /// Output channels.
    var channels: Int { conv.weight.shape[0] }

    private var folded: FoldedConvolution { cache.fold(conv, bn, activation: .relu) }

    func callAsFunction(_ x: Tensor) -> Tensor { folded(x) }

    func append(_ x: Tensor, to whole: ChannelConcatenation) { folded.append(x, to: whole) }
}
