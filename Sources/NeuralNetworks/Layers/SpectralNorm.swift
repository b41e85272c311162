import Tensors

/// A layer whose weight is divided by its largest singular value: `weight_orig / σ`, `σ = uᵀ · W · v`, PyTorch's `spectral_norm`.
///
/// W is the weight as a matrix `[out, rest]`. Every forward pass of training takes one step of the power iteration first; evaluation takes none.
/// The derivative goes through W in σ, not through u and v. Source: Miyato et al., arXiv:1802.05957.
public final class SpectralNorm: FusingLayer {
    /// b, `[out]`, or nil.
    public let bias: Parameter?
    /// The weight before the division.
    public let weight_orig: Parameter
    /// Estimate of the first left singular vector, `[out]`.
    public let weight_u: Buffer
    /// Estimate of the first right singular vector, `[rest]`.
    public let weight_v: Buffer
    private let eps: Double
    private let outputAxis: Int
    /// The layer behind a closure: its own weight is no entry of this module.
    private let apply: (_ weight: Tensor, _ bias: Tensor?, _ x: Tensor, Activation) -> Tensor

    /// Wraps a linear map, convolution or transposed convolution, whose parameters become this module's.
    public init(_ layer: some WeightedLayer, eps: Double = 1e-12) {
        (bias, weight_orig, outputAxis, self.eps) = (layer.bias, layer.weight, layer.outputAxis, eps)
        apply = { layer.apply($0, $1, to: $2, $3) }
        let shape = layer.weight.shape, rows = shape[layer.outputAxis]
        (weight_u, weight_v) = (Buffer([rows], .own(.unitVector)), Buffer([shape.count / rows], .own(.unitVector)))
    }

    /// Applies the layer with the divided weight.
    public func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor { self(x, context, activation: .none) }
    /// Applies the layer with the divided weight, and `activation` in one pass.
    public func callAsFunction(_ x: Tensor, _ context: Context, activation: Activation) -> Tensor { apply(weight(context), bias?.tensor, x, activation) }

    /// The divided weight; in training the power iteration takes a step.
    public func weight(_ context: Context) -> Tensor {
        let weight = weight_orig.tensor, matrix = self.matrix
        if context.isTraining {
            let w = matrix.detached
            let v = unit(w.product(weight_u.tensor.reshaped([w.shape[0], 1]), transposesSelf: true))
            weight_u.tensor = unit(w.product(v)).reshaped(weight_u.shape)
            weight_v.tensor = v.reshaped(weight_v.shape)
        }
        let (u, v) = (weight_u.tensor.reshaped([weight_u.shape[0], 1]), weight_v.tensor.reshaped([weight_v.shape[0], 1]))
        return weight / (u * matrix.product(v)).sum
    }

    /// The weight as `[out, rest]`.
    private var matrix: Tensor {
        let weight = weight_orig.tensor, order = [outputAxis] + weight.shape.dimensions.indices.filter { $0 != outputAxis }
        return (outputAxis == 0 ? weight : weight.permuted(order)).reshaped([weight_u.shape[0], weight_v.shape[0]])
    }

    private func unit(_ x: Tensor) -> Tensor { x / Tensor.maximum(x.squared.sum.squareRoot, x.constant(eps)) }
}
