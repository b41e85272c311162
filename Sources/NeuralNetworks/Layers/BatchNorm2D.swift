import Tensors

/// `y = (x − running_mean) / √(running_var + eps) · weight + bias` for each channel: PyTorch's `BatchNorm2d` at inference.
/// - Shape: `[N, H, W, C]` to the same.
public final class BatchNorm2D: Layer {
    /// γ, `[C]`.
    public let weight: Parameter
    /// β, `[C]`.
    public let bias: Parameter
    /// Mean of the training set, `[C]`.
    public let running_mean: Buffer
    /// Variance of the training set, `[C]`.
    public let running_var: Buffer
    /// Added to the variance.
    public let eps: Double

    /// A normalisation whose numbers still have to be given.
    public init(_ channels: Int, eps: Double = 1e-5) {
        (weight, bias) = (Parameter([channels]), Parameter([channels]))
        (running_mean, running_var) = (Buffer([channels]), Buffer([channels]))
        self.eps = eps
    }

    /// Applies the running statistics.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let (scale, shift) = affine
        let (a, b) = (Tensor(scale, shape: [scale.count], type: x.elementType, on: x.backend), Tensor(shift, shape: [shift.count], type: x.elementType, on: x.backend))
        return x * a + b
    }

    /// The same map as `scale · x + shift`, in float64.
    public var affine: (scale: [Double], shift: [Double]) {
        let mean = running_mean.tensor.doubles, beta = bias.tensor.doubles
        let scale = zip(weight.tensor.doubles, running_var.tensor.doubles).map { $0 / ($1 + eps).squareRoot() }
        let shift = beta.indices.map { beta[$0] - mean[$0] * scale[$0] }
        return (scale, shift)
    }
}
