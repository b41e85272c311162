import Tensors

/// A convolution with the batch norm behind it multiplied into its weights, for inference.
///
/// `weight'[o] = weight[o] · scale[o]`, `bias' = shift + bias · scale`, computed in float64 and rounded once.
public struct FoldedConvolution {
    /// `[out, in / groups, kH, kW]`.
    public let weight: Tensor
    /// `[out]`.
    public let bias: Tensor
    let stride: Extent, padding: Padding, groups: Int
    let activation: Activation

    /// Folds `norm` into `convolution`; `activation` follows.
    public init(_ convolution: Convolution2D, _ norm: BatchNorm2D, activation: Activation) {
        let (scale, shift) = norm.affine
        let source = convolution.weight.tensor
        var weights = source.doubles
        let perOutput = source.shape.count / source.shape[0]
        for i in weights.indices { weights[i] *= scale[i / perOutput] }
        var bias = shift
        if let own = convolution.bias?.tensor.doubles {
            for o in bias.indices { bias[o] += own[o] * scale[o] }
        }
        weight = Tensor(weights, shape: source.shape, type: .float32, on: source.backend)
        self.bias = Tensor(bias, shape: [bias.count], type: .float32, on: source.backend)
        (stride, padding, groups) = (convolution.stride, convolution.padding, convolution.groups)
        self.activation = activation
    }

    /// `activation(x ∗ weight + bias + residual)`.
    /// - Shape: `[N, H, W, in]` to `[N, H', W', out]`.
    public func callAsFunction(_ x: Tensor, residual: Tensor? = nil) -> Tensor {
        x.convolved(with: weight, bias: bias, residual: residual, stride: stride, padding: padding, groups: groups, activation: activation)
    }

    /// The same, written straight into the next channels of a concatenation.
    public func append(_ x: Tensor, to whole: ChannelConcatenation) {
        whole.appendConvolution(of: x, weight, bias: bias, stride: stride, padding: padding, activation: activation)
    }
}
