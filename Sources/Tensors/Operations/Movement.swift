struct Permute: Operation {
    static let name = "permute"
    let order: [Int]

    func shape(of inputs: [Tensor]) -> Shape {
        precondition(order.sorted() == Array(0..<inputs[0].shape.rank), "\(order) does not order the axes of \(inputs[0].shape)")
        return Shape(order.map { inputs[0].shape[$0] })
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.permute(inputs[0].storage, inputs[0].shape, order: order, to: output)
    }
}

struct Reduce: Operation {
    static let name = "reduce"
    let function: ReduceFunction
    let axes: [Int]

    func shape(of inputs: [Tensor]) -> Shape {
        precondition(axes.allSatisfy { 0..<inputs[0].shape.rank ~= $0 }, "axes \(axes) of \(inputs[0].shape)")
        return Shape(inputs[0].shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.reduce(function, inputs[0].storage, inputs[0].shape, axes: axes, to: output)
    }
}

extension Tensor {
    /// Reorders the axes: axis i of the result is axis `order[i]` of this tensor.
    public func permuted(_ order: Int...) -> Tensor { .applying(Permute(order: order), to: self) }

    /// Brings the axes down to extent 1.
    public func reduced(_ function: ReduceFunction, axes: Int...) -> Tensor { .applying(Reduce(function: function, axes: axes), to: self) }

    /// Mean over height and width.
    /// - Shape: `[N, H, W, C]` to `[N, C]`.
    public var spatialMean: Tensor {
        precondition(shape.rank == 4, "spatial mean of \(shape)")
        return reduced(.mean, axes: 1, 2).reshaped([shape[0], shape[3]])
    }
}
