extension Tensor {
    /// `f(x)` for each element.
    /// - Shape: any; the result's is the same.
    public func applying(_ function: UnaryFunction) -> Tensor { .applying(Unary(function: function), to: self) }

    /// `f(x, y)` for each element, with NumPy broadcasting.
    public func combined(_ function: BinaryFunction, _ other: Tensor) -> Tensor { .applying(Binary(function: function), to: self, other) }

    /// A constant of one element in this tensor's format, to be broadcast against it.
    public func constant(_ value: Double) -> Tensor { Tensor(repeating: value, shape: [], type: elementType, on: backend) }

    /// The same numbers in another format, rounded to nearest, ties to even.
    public func cast(to type: ElementType) -> Tensor { type == elementType ? self : .applying(Cast(type: type), to: self) }

    /// `a` where `condition` is not zero, `b` elsewhere, with NumPy broadcasting; what is not chosen has no influence on the value, not even through infinities.
    ///
    /// The derivative of what is not chosen is 0 times that branch's own, which is not a number where that is infinite: a branch that is singular there needs an argument chosen likewise,
    /// `select(c, select(c, x, 1).logarithm, 0)`, as in ``normPerSample``.
    public static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor { .applying(Select(), to: condition, a, b) }

    /// `max(x, 0)`.
    public var relu: Tensor { applying(.relu) }
    /// `min(max(x, 0), 6)`.
    public var relu6: Tensor { applying(.relu6) }
    /// `x` where positive, `slope · x` elsewhere.
    public func leakyRelu(_ slope: Double = 0.2) -> Tensor { applying(.leakyRelu(slope: slope)) }
    /// x².
    public var squared: Tensor { applying(.square) }
    /// |x|; its derivative at 0 is 0.
    public var absolute: Tensor { applying(.absolute) }
    /// −1, 0 or 1; its derivative is 0.
    public var sign: Tensor { applying(.sign) }
    /// 1/x.
    public var reciprocal: Tensor { applying(.reciprocal) }
    /// √x; its derivative at 0 is infinite.
    public var squareRoot: Tensor { applying(.squareRoot) }
    /// 1/√x.
    public var reciprocalSquareRoot: Tensor { applying(.reciprocalSquareRoot) }
    /// eˣ.
    public var exponential: Tensor { applying(.exponential) }
    /// ln x.
    public var logarithm: Tensor { applying(.logarithm) }
    /// sin x, x in radians.
    public var sine: Tensor { applying(.sine) }
    /// cos x, x in radians.
    public var cosine: Tensor { applying(.cosine) }
    /// `2/√π ∫₀ˣ e^(−t²) dt`.
    public var errorFunction: Tensor { applying(.errorFunction) }
    /// `1 / (1 + e⁻ˣ)`.
    public var sigmoid: Tensor { applying(.sigmoid) }
    /// tanh x.
    public var tanh: Tensor { applying(.tanh) }
    /// `ln(1 + eˣ)`, finite wherever x is.
    public var softplus: Tensor { applying(.softplus) }
    /// xᵖ.
    public func raised(to power: Double) -> Tensor { applying(.power(power)) }
    /// `min(max(x, lower), upper)`; the derivative is 1 on the bounds.
    public func clamped(_ lower: Double, _ upper: Double) -> Tensor { applying(.clamp(lower: lower, upper: upper)) }
    /// `x · Φ(x)` with the normal distribution function: the exact GELU.
    public var gelu: Tensor { self * ((self * 0.707106781186547524).errorFunction + 1) * 0.5 }

    /// Sum with NumPy broadcasting.
    public static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(.add, b) }
    /// Difference with NumPy broadcasting.
    public static func - (a: Tensor, b: Tensor) -> Tensor { a.combined(.subtract, b) }
    /// Product of elements with NumPy broadcasting.
    public static func * (a: Tensor, b: Tensor) -> Tensor { a.combined(.multiply, b) }
    /// Quotient of elements with NumPy broadcasting.
    public static func / (a: Tensor, b: Tensor) -> Tensor { a.combined(.divide, b) }
    /// The larger of two elements; at a tie each has half of the derivative.
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { a.combined(.maximum, b) }
    /// The smaller of two elements; at a tie each has half of the derivative.
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { a.combined(.minimum, b) }

    /// −x.
    public static prefix func - (a: Tensor) -> Tensor { a.applying(.negate) }
    /// x + b.
    public static func + (a: Tensor, b: Double) -> Tensor { a.applying(.affine(scale: 1, shift: b)) }
    /// a + x.
    public static func + (a: Double, b: Tensor) -> Tensor { b + a }
    /// x − b.
    public static func - (a: Tensor, b: Double) -> Tensor { a + -b }
    /// a − x.
    public static func - (a: Double, b: Tensor) -> Tensor { b.applying(.affine(scale: -1, shift: a)) }
    /// b · x.
    public static func * (a: Tensor, b: Double) -> Tensor { a.applying(.affine(scale: b, shift: 0)) }
    /// a · x.
    public static func * (a: Double, b: Tensor) -> Tensor { b * a }
    /// x / b.
    public static func / (a: Tensor, b: Double) -> Tensor { a.applying(.normalise(shift: 0, scale: b)) }
}
