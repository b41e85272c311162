/// Functions of one element. Scalars ride along as numbers.
public enum UnaryFunction: Hashable, Sendable {
    /// `max(x, 0)` and `min(max(x, 0), 6)`.
    case relu, relu6
    /// `x` where positive, `slope · x` elsewhere.
    case leakyRelu(slope: Double)
    /// `−x`, x², |x|, the sign (0 at 0), 1/x, √x and 1/√x, in this order.
    case negate, square, absolute, sign, reciprocal, squareRoot, reciprocalSquareRoot
    /// eˣ, ln x, sin x, cos x and the error function.
    case exponential, logarithm, sine, cosine, errorFunction
    /// `1 / (1 + e⁻ˣ)`, tanh x, and `ln(1 + eˣ)` without overflow.
    case sigmoid, tanh, softplus
    /// xᵖ.
    case power(Double)
    /// `scale · x + shift`, rounded after each step.
    case affine(scale: Double, shift: Double)
    /// `(x − shift) / scale`, rounded after each step: image normalisation as the peers write it.
    case normalise(shift: Double, scale: Double)
    /// `min(max(x, lower), upper)`.
    case clamp(lower: Double, upper: Double)
}

/// Functions of two elements.
public enum BinaryFunction: Hashable, Sendable {
    case add, subtract, multiply, divide, maximum, minimum
    /// 1 where the comparison holds, 0 elsewhere.
    case greater, greaterOrEqual, equal
    /// 1 where a > b, ½ where they are equal, 0 elsewhere: how a maximum divides its derivative, ties evenly.
    case heaviside
    /// `a` where b > 0, `slope · a` elsewhere: the derivative of rectifiers.
    case gate(slope: Double)
    /// `a` where `lower < b < upper`, 0 elsewhere; with `closed` the bounds belong to the interval.
    case gateBetween(lower: Double, upper: Double, closed: Bool)
}

/// Ways to bring an axis down to one element.
public enum ReduceFunction: Hashable, Sendable { case sum, mean, maximum }

/// What a fused operation applies last.
public enum Activation: Hashable, Sendable {
    /// Nothing, `max(x, 0)` or `min(max(x, 0), 6)`.
    case none, relu, relu6
    /// `x` where positive, `slope · x` elsewhere.
    case leakyRelu(slope: Double)

    /// The same function as an elementwise operation; nil when there is nothing to apply.
    public var function: UnaryFunction? {
        switch self {
        case .none: nil
        case .relu: .relu
        case .relu6: .relu6
        case let .leakyRelu(slope): .leakyRelu(slope: slope)
        }
    }
}

/// What a pooling window yields.
public enum Pooling: Hashable, Sendable {
    /// The largest element, the first of equals; padding never wins.
    case maximum
    /// Mean over the window, padding counted as zeros or left out of the divisor.
    case average(countsPadding: Bool)
}
