import Tensors

/// `max(x, 0)`, PyTorch's `ReLU`.
public final class Rectifier: ActivationLayer {
    /// The function.
    public init() {}
    /// ReLU.
    public var activation: Activation { .relu }
}

/// `x` where positive, `slope · x` elsewhere: PyTorch's `LeakyReLU`.
public final class LeakyRectifier: ActivationLayer {
    private let slope: Double
    /// The function with its slope, 0.2 in most of these networks.
    public init(_ slope: Double = 0.2) { self.slope = slope }
    /// Leaky ReLU.
    public var activation: Activation { .leakyRelu(slope: slope) }
}

/// Any function of tensors as a layer without state: `Function { $0.tanh }`.
public final class Function: Layer {
    private let function: (Tensor) -> Tensor
    /// A layer that applies `function`.
    public init(_ function: @escaping (Tensor) -> Tensor) { self.function = function }
    /// Applies it.
    public func callAsFunction(_ x: Tensor) -> Tensor { function(x) }

    /// tanh x.
    public static var tanh: Function { Function { $0.tanh } }
    /// `1 / (1 + e⁻ˣ)`.
    public static var sigmoid: Function { Function { $0.sigmoid } }
    /// `ln(1 + eˣ)`.
    public static var softplus: Function { Function { $0.softplus } }
    /// `x · Φ(x)`, the exact GELU.
    public static var gelu: Function { Function { $0.gelu } }
    /// `eˣ / Σ eˣ` over the last axis.
    public static var softmax: Function { Function { $0.softmax } }
}
