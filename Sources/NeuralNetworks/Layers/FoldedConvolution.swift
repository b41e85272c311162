import Tensors

/// A convolution with the batch norm behind it multiplied into its weights, for inference.
///
/// `weight'[o] = weight[o] · scale[o]`, `bias' = shift + bias · scale`, computed in float64 and rounded once.
public struct FoldedConvolution {
    /// `[out, in / groups, kH, kW]`.
    public let weight: Tensor
    /// `[out]`.
    public let bias: Tensor
    let stride: Extent, padding: Padding, dilation: Extent, groups: Int
    let activation: Activation

    /// Folds `norm` into `convolution`; `activation` follows.
    public init(_ convolution: Convolution2D, _ norm: BatchNorm2D, activation: Activation) {
        (weight, bias) = norm.folded(into: convolution.weight.tensor, convolution.bias?.tensor)
        (stride, padding, dilation, groups) = (convolution.stride, convolution.padding, convolution.dilation, convolution.groups)
        self.activation = activation
    }

    /// `activation(x ∗ weight + bias + residual)`.
    /// - Shape: `[N, H, W, in]` to `[N, H', W', out]`.
    public func callAsFunction(_ x: Tensor, residual: Tensor? = nil) -> Tensor {
        x.convolved(with: weight, bias: bias, residual: residual, stride: stride, padding: padding, dilation: dilation, groups: groups, activation: activation)
    }

    /// The same, written straight into the next channels of a concatenation.
    public func append(_ x: Tensor, to whole: ChannelConcatenation) {
        precondition(dilation == Extent(1) && groups == 1, "a convolution of dilation \(dilation) in \(groups) groups cannot write into a concatenation")
        whole.appendConvolution(of: x, weight, bias: bias, stride: stride, padding: padding, activation: activation)
    }
}

/// A linear map with the batch norm behind it multiplied into its weights, for inference, as ``FoldedConvolution`` is.
public struct FoldedLinearMap {
    /// `[out, in]`.
    public let weight: Tensor
    /// `[out]`.
    public let bias: Tensor
    let activation: Activation

    /// Folds `norm` into `map`; `activation` follows.
    public init(_ map: LinearMap, _ norm: BatchNorm1D, activation: Activation) {
        (weight, bias) = norm.folded(into: map.weight.tensor, map.bias?.tensor)
        self.activation = activation
    }

    /// `activation(x · weightᵀ + bias)`.
    /// - Shape: `[N, in]` to `[N, out]`.
    public func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight, bias: bias, activation: activation) }
}

extension BatchNorm {
    /// The numbers of a layer whose outputs this norm takes, with the norm multiplied in.
    /// - Shape: weight `[out, …]`, bias `[out]`; the same.
    fileprivate func folded(into weight: Tensor, _ own: Tensor?) -> (weight: Tensor, bias: Tensor) {
        let (scale, shift) = affine
        var weights = weight.doubles, bias = shift
        let perOutput = weight.shape.count / weight.shape[0]
        for i in weights.indices { weights[i] *= scale[i / perOutput] }
        if let own = own?.doubles {
            for o in bias.indices { bias[o] += own[o] * scale[o] }
        }
        return (Tensor(weights, shape: weight.shape, type: .float32, on: weight.backend), Tensor(bias, shape: [bias.count], type: .float32, on: weight.backend))
    }
}
