import NeuralNetworks
import Tensors

/// From samples to rows of features: what critics, encoders and recognisers have below their last layer.
///
/// For images DCGAN's strided convolutions down to 4 × 4, for rows linear maps; a leaky rectifier behind each of these stages.
public final class Trunk: ContextualLayer {
    /// The convolutions, from the image down; empty for a perceptron.
    public let convolutions: [Convolution2D]
    /// A norm behind every convolution but the first, or none.
    public let norms: [BatchNorm2D]
    /// The linear maps of a perceptron.
    public let layers: [LinearMap]
    /// Number of features.
    public let size: Int

    static let slope = 0.2

    /// A perceptron with these hidden layers.
    public init(inputs: Int, hidden: [Int]) {
        (convolutions, norms) = ([], [])
        layers = zip([inputs] + hidden, hidden).map { LinearMap($0, $1) }
        size = hidden.last ?? inputs
    }

    /// Convolutions for images of `side` (4 · 2ᵏ); `width` channels behind the first one, doubled on the way.
    public init(side: Int, channels: Int, width: Int, normalises: Bool) {
        let widths = [channels] + (0..<side.trailingZeroBitCount - 2).map { width << $0 }
        convolutions = zip(widths, widths.dropFirst()).enumerated().map { index, pair in
            Convolution2D(pair.0, pair.1, kernel: Extent(4), stride: Extent(2), padding: Padding(1), bias: index == 0 || !normalises)
        }
        norms = normalises ? widths.dropFirst(2).map { BatchNorm2D($0) } : []
        layers = []
        size = 16 * widths[widths.count - 1]
    }

    /// Number of stages.
    public var stages: Int { convolutions.count + layers.count }

    /// The features.
    /// - Shape: `[N, …]` to `[N, size]`.
    public func callAsFunction(_ samples: Tensor, _ context: Context) -> Tensor { self(samples, through: 0..<stages, context) }

    /// What some stages make of the samples, or of what the stages before them have made.
    /// - Shape: `[N, …]` to `[N, features of the last of these stages]`, or, between convolutions, `[N, H, W, C]`.
    public func callAsFunction(_ samples: Tensor, through range: Range<Int>, _ context: Context) -> Tensor {
        let activation = Activation.leakyRelu(slope: Self.slope)
        var x = convolutions.isEmpty ? samples.flattened : samples
        for stage in range {
            if stage >= convolutions.count {
                let layer = layers[stage - convolutions.count]
                x = x.linear(layer.weight.tensor, bias: layer.bias?.tensor, activation: activation)
            } else if stage == 0 || norms.isEmpty {
                x = convolutions[stage](x, activation: activation)
            } else {
                x = norms[stage - 1](convolutions[stage](x), context, activation: activation)
            }
        }
        return range.upperBound == stages ? x.flattened : x
    }
}

/// A trunk with a linear map behind it: an encoder, or a critic with one output.
public final class TrunkWithHead: ContextualLayer {
    /// The features.
    public let trunk: Trunk
    /// What is read from them.
    public let head: LinearMap

    /// `outputs` numbers a sample.
    public init(_ trunk: Trunk, outputs: Int) { (self.trunk, head) = (trunk, LinearMap(trunk.size, outputs)) }

    /// - Shape: `[N, …]` to `[N, outputs]`.
    public func callAsFunction(_ samples: Tensor, _ context: Context) -> Tensor { head(trunk(samples, context)) }

    /// - Shape: `[N, …]` to `[N]`, for one output.
    func logits(_ samples: Tensor, _ context: Context) -> Tensor { self(samples, context).reshaped([samples.shape[0]]) }
}
