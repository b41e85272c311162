/// What computes. A backend works on storage and geometry, knows nothing of derivatives, and is the only code that touches a tensor's memory.
///
/// Shapes are known without reading data and scalars enter as numbers, so that a device backend can queue work; `readFloats` is the synchronisation point.
public protocol Backend: AnyObject {
    /// Name in identities and reports, such as `cpu (oneDNN 2.6.3)`.
    var name: String { get }

    /// Fresh elements with undefined contents.
    func allocate(_ type: ElementType, count: Int) -> Storage
    /// Copies numbers in, converting to the storage's format.
    func write<Element: TensorElement>(_ values: UnsafeBufferPointer<Element>, to storage: Storage)
    /// Copies numbers out, converting from the storage's format. Waits for pending work.
    func read<Element: TensorElement>(_ storage: Storage, into values: UnsafeMutableBufferPointer<Element>)

    /// `output[i] = input[i]` in the output's format.
    func cast(_ input: Storage, to output: Storage)
    /// `output[i] = f(input[i])`.
    func unary(_ function: UnaryFunction, _ input: Storage, to output: Storage)
    /// `output[i] = f(a[…], b[…])` with NumPy broadcasting.
    func binary(_ function: BinaryFunction, _ a: Storage, _ aShape: Shape, _ b: Storage, _ bShape: Shape, to output: Storage, _ shape: Shape)
    /// Reorders axes: `output` axis i is `input` axis `order[i]`.
    func permute(_ input: Storage, _ shape: Shape, order: [Int], to output: Storage)
    /// Reduces the axes in `axes`, each to extent 1.
    func reduce(_ function: ReduceFunction, _ input: Storage, _ shape: Shape, axes: [Int], to output: Storage)
    /// Copies `[rows, channels]` blocks side by side: input i lands at column `offset` of rows that are `width` long.
    func copyColumns(_ input: Storage, rows: Int, columns: Int, to output: Storage, width: Int, offset: Int)
    /// `output = activation(input ∗ weight + bias + residual)`, the output written at a channel offset of a wider tensor if the geometry says so.
    func convolution(_ input: Storage, _ weight: Storage, bias: Storage?, residual: Storage?, _ geometry: ConvolutionGeometry, activation: Activation, to output: Storage)
    /// Maximum or average over windows.
    func pool(_ kind: Pooling, _ input: Storage, _ geometry: PoolingGeometry, to output: Storage)
    /// `output[m, n] = activation(Σ_k a[m, k] · b[n, k] + bias[n])`.
    func linear(_ a: Storage, _ b: Storage, bias: Storage?, rows: Int, inner: Int, columns: Int, activation: Activation, to output: Storage)
}

/// Functions of one element. Scalars ride along as numbers.
public enum UnaryFunction: Hashable, Sendable {
    /// `max(x, 0)`, `min(max(x, 0), 6)`, `−x`, eˣ, ln x, √x, x², |x|, `1 / (1 + e⁻ˣ)`, tanh x, in this order.
    case relu, relu6, negate, exponential, logarithm, squareRoot, square, absolute, sigmoid, tanh
    /// `scale · x + shift`, rounded after each step.
    case affine(scale: Double, shift: Double)
    /// `(x − shift) / scale`, rounded after each step: image normalisation as the peers write it.
    case normalise(shift: Double, scale: Double)
    /// `min(max(x, lower), upper)`.
    case clamp(lower: Double, upper: Double)
}

/// Functions of two elements.
public enum BinaryFunction: Hashable, Sendable { case add, subtract, multiply, divide, maximum, minimum }

/// Ways to bring an axis down to one element.
public enum ReduceFunction: Hashable, Sendable { case sum, mean, maximum }

/// What a fused operation applies last.
public enum Activation: Hashable, Sendable {
    /// Nothing, `max(x, 0)` or `min(max(x, 0), 6)`.
    case none, relu, relu6

    /// The same function as an elementwise operation; nil when there is nothing to apply.
    var function: UnaryFunction? {
        switch self {
        case .none: nil
        case .relu: .relu
        case .relu6: .relu6
        }
    }
}

/// What a pooling window yields.
public enum Pooling: Hashable, Sendable {
    /// The largest element; padding never wins.
    case maximum
    /// Mean over the window, padding counted as zeros or left out of the divisor.
    case average(countsPadding: Bool)
}
