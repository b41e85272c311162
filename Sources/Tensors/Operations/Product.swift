/// `activation(x · weightᵀ + bias)`, fused.
struct Linear: Operation {
    static let name = "linear"
    let hasBias: Bool, activation: Activation

    var keeps: Kept { activation == .none ? .inputs : [.input(0), .input(1), .output] }

    func shape(of inputs: [Tensor]) -> Shape {
        let (a, b) = (inputs[0].shape, inputs[1].shape)
        precondition(a.rank == 2 && b.rank == 2 && a[1] == b[1], "linear map of \(a) by \(b)")
        return [a[0], b[0]]
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.linear(inputs[0].storage, inputs[1].storage, bias: hasBias ? inputs[2].storage : nil,
                       rows: shape[0], inner: inputs[0].shape[1], columns: shape[1], activation: activation, to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        let g = activation.gated(gradient, record)
        return [record.derivative(0) { g.product(record.input(1)) },
                record.derivative(1) { g.product(record.input(0), transposesSelf: true) }]
            + (hasBias ? [record.derivative(2) { g.summed(to: record.shape(2)) }] : [])
    }
}

extension Activation {
    /// The derivative before the activation, from the one behind it and the kept output.
    func gated(_ gradient: Tensor, _ record: Record) -> Tensor {
        switch self {
        case .none: gradient
        case .relu: gradient.combined(.gate(slope: 0), record.output)
        case .relu6: gradient.combined(.gateBetween(lower: 0, upper: 6, closed: false), record.output)
        case let .leakyRelu(slope): gradient.combined(.gate(slope: slope), record.output)
        }
    }
}

/// A batch of matrix products, either side transposed on the fly.
struct Product: Operation {
    static let name = "product"
    let transposesA: Bool, transposesB: Bool
    let keeps: Kept = .inputs

    func geometry(_ inputs: [Tensor]) -> ProductGeometry {
        let (a, b) = (inputs[0].shape, inputs[1].shape)
        let rank = a.rank
        precondition(rank >= 2 && b.rank == rank && a.dimensions.dropLast(2) == b.dimensions.dropLast(2), "product of \(a) and \(b)")
        let (rows, inner) = transposesA ? (a[-1], a[-2]) : (a[-2], a[-1])
        let (length, columns) = transposesB ? (b[-1], b[-2]) : (b[-2], b[-1])
        precondition(inner == length, "product of \(a)\(transposesA ? "ᵀ" : "") and \(b)\(transposesB ? "ᵀ" : "")")
        return ProductGeometry(batch: a.dimensions.dropLast(2).reduce(1, *), rows: rows, inner: inner, columns: columns,
                               transposesA: transposesA, transposesB: transposesB)
    }

    func shape(of inputs: [Tensor]) -> Shape {
        let geometry = geometry(inputs)
        return Shape(inputs[0].shape.dimensions.dropLast(2) + [geometry.rows, geometry.columns])
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        precondition(inputs[0].elementType == inputs[1].elementType, "product of \(inputs[0].elementType) and \(inputs[1].elementType)")
        backend.product(inputs[0].storage, inputs[1].storage, geometry(inputs), to: output)
    }

    func derivatives(_ record: Record, _ g: Tensor) -> [Tensor?] {
        [record.derivative(0) {
            transposesA ? record.input(1).product(g, transposesSelf: transposesB, transposesOther: true)
                : g.product(record.input(1), transposesOther: !transposesB)
        }, record.derivative(1) {
            transposesB ? g.product(record.input(0), transposesSelf: true, transposesOther: transposesA)
                : record.input(0).product(g, transposesSelf: !transposesA)
        }]
    }
}

extension Tensor {
    /// `activation(x · weightᵀ + bias)`.
    /// - Shape: x `[N, in]`, weight `[out, in]`, bias `[out]`, result `[N, out]`.
    public func linear(_ weight: Tensor, bias: Tensor? = nil, activation: Activation = .none) -> Tensor {
        let operation = Linear(hasBias: bias != nil, activation: activation)
        return if let bias { .applying(operation, to: self, weight, bias) } else { .applying(operation, to: self, weight) }
    }

    /// The matrix product of the last two axes, for each position of the axes before them; either side may be transposed on the fly.
    /// - Shape: `[…, rows, inner]` and `[…, inner, columns]` to `[…, rows, columns]`.
    public func product(_ other: Tensor, transposesSelf: Bool = false, transposesOther: Bool = false) -> Tensor {
        .applying(Product(transposesA: transposesSelf, transposesB: transposesOther), to: self, other)
    }
}
