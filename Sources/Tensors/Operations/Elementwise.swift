struct Unary: Operation {
    static let name = "unary"
    let function: UnaryFunction

    var keeps: Kept {
        switch function {
        case .relu, .leakyRelu, .exponential, .squareRoot, .sigmoid, .tanh, .reciprocal, .reciprocalSquareRoot: .output
        case .negate, .affine, .normalise, .sign: []
        default: .input(0)
        }
    }

    func shape(of inputs: [Tensor]) -> Shape { inputs[0].shape }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.unary(function, inputs[0].storage, to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] { [derivative(record, gradient)] }

    private func derivative(_ record: Record, _ g: Tensor) -> Tensor? {
        switch function {
        case .relu: g.combined(.gate(slope: 0), record.output)
        case let .leakyRelu(slope): g.combined(.gate(slope: slope), record.output)
        case .relu6: g.combined(.gateBetween(lower: 0, upper: 6, closed: false), record.input(0))
        case let .clamp(lower, upper): g.combined(.gateBetween(lower: lower, upper: upper, closed: true), record.input(0))
        case .negate: -g
        case let .affine(scale, _): g * scale
        case let .normalise(_, scale): g / scale
        case .square: g * record.input(0) * 2
        case .absolute: g * record.input(0).sign
        case .sign: nil
        case .reciprocal: -(g * record.output.squared)
        case .squareRoot: g / (record.output * 2)
        case .reciprocalSquareRoot: g * record.output.raised(to: 3) * -0.5
        case .exponential: g * record.output
        case .logarithm: g / record.input(0)
        case .sine: g * record.input(0).cosine
        case .cosine: -(g * record.input(0).sine)
        case .errorFunction: g * ((-record.input(0).squared).exponential * 1.128379167095512574)
        case .sigmoid: g * (record.output * (1 - record.output))
        case .tanh: g * (1 - record.output.squared)
        case .softplus: g * record.input(0).sigmoid
        case let .power(exponent): exponent == 0 ? nil : g * record.input(0).raised(to: exponent - 1) * exponent
        }
    }
}

struct Binary: Operation {
    static let name = "binary"
    let function: BinaryFunction

    var keeps: Kept {
        switch function {
        case .multiply, .maximum, .minimum: .inputs
        case .divide: [.input(1), .output]
        case .gate, .gateBetween: .input(1)
        case .add, .subtract, .greater, .greaterOrEqual, .equal, .heaviside: []
        }
    }

    func shape(of inputs: [Tensor]) -> Shape {
        if inputs[0].shape == inputs[1].shape { return inputs[0].shape }
        guard let shape = Shape.broadcast(inputs[0].shape, inputs[1].shape) else {
            preconditionFailure("\(function): shapes \(inputs[0].shape) and \(inputs[1].shape) do not broadcast")
        }
        return shape
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        precondition(inputs[0].elementType == inputs[1].elementType, "\(function): \(inputs[0].elementType) and \(inputs[1].elementType)")
        backend.binary(function, inputs[0].storage, inputs[0].shape, inputs[1].storage, inputs[1].shape, to: output, shape)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        func of(_ index: Int, _ make: () -> Tensor) -> Tensor? { record.derivative(index) { make().summed(to: record.shape(index)) } }
        return switch function {
        case .add: [of(0) { gradient }, of(1) { gradient }]
        case .subtract: [of(0) { gradient }, of(1) { -gradient }]
        case .multiply: [of(0) { gradient * record.input(1) }, of(1) { gradient * record.input(0) }]
        case .divide: [of(0) { gradient / record.input(1) }, of(1) { -(gradient * record.output / record.input(1)) }]
        case .maximum: [of(0) { gradient * record.input(0).combined(.heaviside, record.input(1)) }, of(1) { gradient * record.input(1).combined(.heaviside, record.input(0)) }]
        case .minimum: [of(0) { gradient * record.input(1).combined(.heaviside, record.input(0)) }, of(1) { gradient * record.input(0).combined(.heaviside, record.input(1)) }]
        case .gate, .gateBetween: [of(0) { gradient.combined(function, record.input(1)) }, nil]
        case .greater, .greaterOrEqual, .equal, .heaviside: [nil, nil]
        }
    }
}

struct Select: Operation {
    static let name = "select"
    let keeps: Kept = .input(0)

    func elementType(of inputs: [Tensor]) -> ElementType { inputs[1].elementType }

    func shape(of inputs: [Tensor]) -> Shape {
        guard let branches = Shape.broadcast(inputs[1].shape, inputs[2].shape), let shape = Shape.broadcast(inputs[0].shape, branches) else {
            preconditionFailure("select: shapes \(inputs.map(\.shape)) do not broadcast")
        }
        return shape
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        precondition(inputs.allSatisfy { $0.elementType == inputs[1].elementType }, "select: \(inputs.map(\.elementType))")
        backend.select(inputs[0].storage, inputs[0].shape, inputs[1].storage, inputs[1].shape, inputs[2].storage, inputs[2].shape, to: output, shape)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        let (condition, zero) = (record.input(0), gradient.constant(0))
        return [nil,
                record.derivative(1) { Tensor.select(condition, gradient, zero).summed(to: record.shape(1)) },
                record.derivative(2) { Tensor.select(condition, zero, gradient).summed(to: record.shape(2)) }]
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

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] { [gradient.cast(to: record.elementType(0))] }
}
