struct Reduce: Operation {
    static let name = "reduce"
    let function: ReduceFunction
    let axes: [Int]

    var keeps: Kept { function == .maximum ? [.input(0), .output] : [] }

    func shape(of inputs: [Tensor]) -> Shape {
        precondition(axes.allSatisfy { 0..<inputs[0].shape.rank ~= $0 }, "axes \(axes) of \(inputs[0].shape)")
        return Shape(inputs[0].shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.reduce(function, inputs[0].storage, inputs[0].shape, axes: axes, to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        switch function {
        case .sum: return [gradient.broadcast(to: record.shape(0))]
        case .mean:
            let count = axes.reduce(1) { $0 * record.shape(0)[$1] }
            return [(gradient / Double(count)).broadcast(to: record.shape(0))]
        case .maximum:
            let isLargest = record.input(0).detached.combined(.equal, record.output.detached)
            return [isLargest * (gradient / isLargest.reduced(.sum, axes: axes))]
        }
    }
}

struct Softmax: Operation {
    static let name = "softmax"
    let isLogarithm: Bool
    let keeps: Kept = .output

    func shape(of inputs: [Tensor]) -> Shape {
        precondition(inputs[0].shape.rank > 0, "softmax of a single number")
        return inputs[0].shape
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.softmax(inputs[0].storage, columns: shape[-1], logarithm: isLogarithm, to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        let last = record.shape(0).rank - 1
        let y = record.output
        return isLogarithm
            ? [gradient - y.exponential * gradient.reduced(.sum, axes: [last])]
            : [y * (gradient - (gradient * y).reduced(.sum, axes: [last]))]
    }
}

extension Tensor {
    /// Brings the axes down to extent 1.
    public func reduced(_ function: ReduceFunction, axes: Int...) -> Tensor { reduced(function, axes: axes) }
    /// Brings the axes down to extent 1.
    public func reduced(_ function: ReduceFunction, axes: [Int]) -> Tensor { .applying(Reduce(function: function, axes: axes), to: self) }

    /// Sum of all elements, a tensor of rank 0.
    public var sum: Tensor { reduced(.sum, axes: Array(0..<shape.rank)).reshaped([]) }
    /// Mean of all elements, a tensor of rank 0.
    public var mean: Tensor { reduced(.mean, axes: Array(0..<shape.rank)).reshaped([]) }
    /// Largest of all elements, a tensor of rank 0; ties share the derivative evenly.
    public var largest: Tensor { reduced(.maximum, axes: Array(0..<shape.rank)).reshaped([]) }

    /// Sum of each element of the batch.
    /// - Shape: `[N, …]` to `[N]`.
    public var sumPerSample: Tensor { reduced(.sum, axes: Array(1..<shape.rank)).reshaped([shape[0]]) }

    /// Euclidean norm of each element of the batch; its derivative at 0 is 0.
    /// - Shape: `[N, …]` to `[N]`.
    public var normPerSample: Tensor {
        let squares = squared.sumPerSample
        let isPositive = squares.detached.combined(.greater, constant(0))
        return Tensor.select(isPositive, Tensor.select(isPositive, squares, constant(1)).squareRoot, constant(0))
    }

    /// Mean over height and width.
    /// - Shape: `[N, H, W, C]` to `[N, C]`.
    public var spatialMean: Tensor {
        precondition(shape.rank == 4, "spatial mean of \(shape)")
        return reduced(.mean, axes: 1, 2).reshaped([shape[0], shape[3]])
    }

    /// Sums what broadcasting has repeated: the adjoint of ``broadcast(to:)``.
    public func summed(to target: Shape) -> Tensor {
        guard shape != target else { return self }
        let missing = shape.rank - target.rank
        let axes = (0..<shape.rank).filter { $0 < missing || (target[$0 - missing] == 1 && shape[$0] != 1) }
        return (axes.isEmpty ? self : reduced(.sum, axes: axes)).reshaped(target)
    }

    /// `eˣ / Σ eˣ` over the last axis.
    public var softmax: Tensor { .applying(Softmax(isLogarithm: false), to: self) }
    /// `x − ln Σ eˣ` over the last axis.
    public var logSoftmax: Tensor { .applying(Softmax(isLogarithm: true), to: self) }
}
