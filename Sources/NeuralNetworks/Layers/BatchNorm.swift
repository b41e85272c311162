import Tensors

/// `y = (x − mean) / √(variance + eps) · weight + bias` for each channel: PyTorch's batch norm.
///
/// In training the statistics are the batch's, over all axes but the last, and derivatives count their dependence on `x`; the running statistics follow:
/// `running = (1 − momentum) · running + momentum · batch`, with the unbiased variance. At inference they are the running ones.
/// PyTorch's entry `num_batches_tracked` is not kept: loading passes over it, and PyTorch loads a state without it.
/// Source: Ioffe and Szegedy, arXiv:1502.03167.
public class BatchNorm: Layer, FusingLayer {
    /// γ, `[C]`; nil stands for ones.
    public final let weight: Parameter?
    /// β, `[C]`; nil stands for zeros.
    public final let bias: Parameter?
    /// Mean of the training set, `[C]`.
    public final let running_mean: Buffer
    /// Variance of the training set, `[C]`.
    public final let running_var: Buffer
    /// Added to the variance.
    public final let eps: Double
    /// Share of the newest batch in the running statistics.
    public final let momentum: Double

    /// A normalisation whose numbers still have to be given. `isAffine` tells whether it has a weight and a bias.
    public init(_ channels: Int, eps: Double = 1e-5, momentum: Double = 0.1, isAffine: Bool = true) {
        weight = isAffine ? Parameter([channels], .own(.ones)) : nil
        bias = isAffine ? Parameter([channels], .own(.zeros)) : nil
        (running_mean, running_var) = (Buffer([channels], .own(.zeros)), Buffer([channels], .own(.ones)))
        (self.eps, self.momentum) = (eps, momentum)
    }

    /// Ranks that the input may have.
    class var ranks: ClosedRange<Int> { 2...5 }

    /// Applies the running statistics.
    public final func callAsFunction(_ x: Tensor) -> Tensor { self(x, .evaluation, activation: .none) }
    /// Normalises by the batch in training, and by the running statistics otherwise.
    public final func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor { self(x, context, activation: .none) }

    /// The same, with `activation` behind it in the same pass.
    public final func callAsFunction(_ x: Tensor, _ context: Context, activation: Activation) -> Tensor {
        precondition(Self.ranks ~= x.shape.rank && x.shape[-1] == running_mean.shape[0],
                     "\(Self.self) of \(running_mean.shape[0]) channels, rank \(Self.ranks), is given \(x.shape)")
        guard context.isTraining else {
            let y = inference(x)
            return activation.function.map { y.applying($0) } ?? y
        }
        let count = x.shape.count / x.shape[-1]
        precondition(count > 1, "batch norm in training needs more than one value for each channel, and is given \(x.shape)")
        let (y, mean, variance) = x.normalised(weight: weight?.tensor, bias: bias?.tensor, eps: eps, activation: activation)
        running_mean.tensor = running_mean.tensor * (1 - momentum) + mean * momentum
        running_var.tensor = running_var.tensor * (1 - momentum) + variance * (momentum * Double(count) / Double(count - 1))
        return y
    }

    private func inference(_ x: Tensor) -> Tensor {
        if weight?.tensor.isRecorded ?? false || bias?.tensor.isRecorded ?? false {
            let y = (x - running_mean.tensor) * (running_var.tensor + eps).reciprocalSquareRoot
            guard let weight, let bias else { return y }
            return y * weight.tensor + bias.tensor
        }
        let (scale, shift) = affine
        let (a, b) = (Tensor(scale, shape: [scale.count], type: x.elementType, on: x.backend), Tensor(shift, shape: [shift.count], type: x.elementType, on: x.backend))
        return x * a + b
    }

    /// Inference as `scale · x + shift`, in float64.
    public final var affine: (scale: [Double], shift: [Double]) {
        let mean = running_mean.tensor.doubles, variance = running_var.tensor.doubles
        let gamma = weight?.tensor.doubles ?? variance.map { _ in 1 }, beta = bias?.tensor.doubles ?? mean.map { _ in 0 }
        let scale = zip(gamma, variance).map { $0 / ($1 + eps).squareRoot() }
        let shift = beta.indices.map { beta[$0] - mean[$0] * scale[$0] }
        return (scale, shift)
    }
}

/// Batch norm of images: statistics of each channel over all images and places, PyTorch's `BatchNorm2d`.
/// - Shape: `[N, H, W, C]` to the same.
public final class BatchNorm2D: BatchNorm {
    override class var ranks: ClosedRange<Int> { 4...4 }
}

/// Batch norm of vectors: statistics of each feature over the batch, PyTorch's `BatchNorm1d`.
/// - Shape: `[N, C]`, or `[N, L, C]`, to the same.
public final class BatchNorm1D: BatchNorm {
    override class var ranks: ClosedRange<Int> { 2...3 }
}
