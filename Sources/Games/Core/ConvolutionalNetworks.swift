import NeuralNetworks
import Tensors

/// DCGAN's generator: a projection to 4 × 4, then transposed convolutions that double the side, batch norm and ReLU between, tanh at the end.
///
/// Source: Radford, Metz, Chintala, *Unsupervised representation learning with deep convolutional generative adversarial networks*, ICLR 2016, arXiv:1511.06434.
public final class ConvolutionalGenerator: ContextualLayer {
    /// The transposed convolutions, from 1 × 1 up.
    public let convolutions: [TransposedConvolution2D]
    /// A norm behind every one but the last.
    public let norms: [BatchNorm2D]

    /// Images of `side` (4 · 2ᵏ) and `channels`; `width` channels before the last layer, doubled towards the latent.
    public init(latentSize: Int, side: Int, channels: Int, width: Int) {
        let doublings = side.trailingZeroBitCount - 2
        let widths = [latentSize] + (0..<doublings).map { width << (doublings - 1 - $0) }
        convolutions = zip(widths, widths.dropFirst() + [channels]).enumerated().map { index, pair in
            TransposedConvolution2D(pair.0, pair.1, kernel: Extent(4), stride: Extent(index == 0 ? 1 : 2), padding: index == 0 ? .zero : Padding(1), bias: index == doublings)
        }
        norms = widths.dropFirst().map { BatchNorm2D($0) }
    }

    /// - Shape: `[N, latentSize]` to `[N, side, side, channels]` in −1…1.
    public func callAsFunction(_ latents: Tensor, _ context: Context) -> Tensor {
        var x = latents.reshaped([latents.shape[0], 1, 1, latents.shape[1]])
        for (convolution, norm) in zip(convolutions, norms) { x = norm(convolution(x), context, activation: .relu) }
        return convolutions[convolutions.count - 1](x).tanh
    }
}

/// DCGAN's discriminator: strided convolutions down to 4 × 4 and one number, leaky ReLU, batch norm but on the first.
public final class ConvolutionalCritic: ContextualLayer {
    /// The convolutions, from the image down.
    public let convolutions: [Convolution2D]
    /// A norm behind every one but the first and the last; empty for critics whose penalty is per sample.
    public let norms: [BatchNorm2D]

    /// Images of `side` (4 · 2ᵏ); `width` channels behind the first layer, doubled on the way.
    public init(side: Int, channels: Int, width: Int, normalises: Bool) {
        let halvings = side.trailingZeroBitCount - 2
        let widths = [channels] + (0..<halvings).map { width << $0 }
        convolutions = zip(widths, widths.dropFirst() + [1]).enumerated().map { index, pair in
            Convolution2D(pair.0, pair.1, kernel: Extent(4), stride: Extent(index == halvings ? 1 : 2), padding: index == halvings ? .zero : Padding(1),
                          bias: index == 0 || index == halvings || !normalises)
        }
        norms = normalises ? widths.dropFirst(2).map { BatchNorm2D($0) } : []
    }

    /// What the last layer sees.
    /// - Shape: `[N, side, side, channels]` to `[N, 4, 4, width · side / 8]`.
    public func features(_ images: Tensor, _ context: Context) -> Tensor {
        var x = convolutions[0](images, activation: .leakyRelu(slope: 0.2))
        for (index, convolution) in convolutions.dropFirst().dropLast().enumerated() {
            x = norms.isEmpty ? convolution(x, activation: .leakyRelu(slope: 0.2)) : norms[index](convolution(x), context, activation: .leakyRelu(slope: 0.2))
        }
        return x
    }

    /// - Shape: `[N, side, side, channels]` to `[N, 1]`.
    public func callAsFunction(_ images: Tensor, _ context: Context) -> Tensor {
        convolutions[convolutions.count - 1](features(images, context)).flattened
    }
}

extension World {
    /// The side of square images of 4 · 2ᵏ pixels.
    /// - Throws: ``GameError`` that says what to do for other data.
    func side(for game: String) throws(GameError) -> Int {
        guard sample.rank == 3, sample[0] == sample[1], sample[0] >= 8, sample[0].nonzeroBitCount == 1 else {
            throw GameError("\(game) needs square images whose side is 8, 16, 32, 64, …; these samples are \(sample): set size=32")
        }
        return sample[0]
    }
}
