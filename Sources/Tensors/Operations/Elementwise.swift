struct Unary: Operation {
    static let name = "unary"
    let function: UnaryFunction

    func shape(of inputs: [Tensor]) -> Shape { inputs[0].shape }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.unary(function, inputs[0].storage, to: output)
    }
}

struct Binary: Operation {
    static let name = "binary"
    let function: BinaryFunction

    func shape(of inputs: [Tensor]) -> Shape {
        guard let shape = Shape.broadcast(inputs[0].shape, inputs[1].shape) else {
            preconditionFailure("\(function): shapes \(inputs[0].shape) and \(inputs[1].shape) do not broadcast")
        }
        return shape
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        precondition(inputs[0].elementType == inputs[1].elementType, "\(function): \(inputs[0].elementType) and \(inputs[1].elementType)")
        backend.binary(function, inputs[0].storage, inputs[0].shape, inputs[1].storage, inputs[1].shape, to: output, shape)
    }
}

struct Cast: Operation {
    static let name = "cast"
    let type: ElementType

    func shape(of inputs: [Tensor]) -> Shape { inputs[0].shape }
    func elementType(of inputs: [Tensor]) -> ElementType { type }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.cast(inputs[0].storage, to: output)
    }
}

extension Tensor {
    /// `f(x)` for each element.
    /// - Shape: any; the result's is the same.
    public func applying(_ function: UnaryFunction) -> Tensor { .applying(Unary(function: function), to: self) }

    /// `max(x, 0)`.
    public var relu: Tensor { applying(.relu) }
    /// `min(max(x, 0), 6)`.
    public var relu6: Tensor { applying(.relu6) }

    /// The same numbers in another format, rounded to nearest, ties to even.
    public func cast(to type: ElementType) -> Tensor { type == elementType ? self : .applying(Cast(type: type), to: self) }

    /// Sum with NumPy broadcasting.
    public static func + (a: Tensor, b: Tensor) -> Tensor { .applying(Binary(function: .add), to: a, b) }
    /// Difference with NumPy broadcasting.
    public static func - (a: Tensor, b: Tensor) -> Tensor { .applying(Binary(function: .subtract), to: a, b) }
    /// Product of elements with NumPy broadcasting.
    public static func * (a: Tensor, b: Tensor) -> Tensor { .applying(Binary(function: .multiply), to: a, b) }
    /// Quotient of elements with NumPy broadcasting.
    public static func / (a: Tensor, b: Tensor) -> Tensor { .applying(Binary(function: .divide), to: a, b) }
}
