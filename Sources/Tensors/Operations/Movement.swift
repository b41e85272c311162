struct Reshape: Operation {
    static let name = "reshape"
    let target: Shape

    func shape(of inputs: [Tensor]) -> Shape { target }
    /// Never called: a reshaped tensor shares its storage.
    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) { backend.cast(inputs[0].storage, to: output) }
    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] { [gradient.reshaped(record.shape(0))] }
}

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

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        var inverse = order
        for (position, axis) in order.enumerated() { inverse[axis] = position }
        return [gradient.permuted(inverse)]
    }
}

struct Broadcast: Operation {
    static let name = "broadcast"
    let target: Shape

    func shape(of inputs: [Tensor]) -> Shape {
        precondition(Shape.broadcast(inputs[0].shape, target) == target, "\(inputs[0].shape) does not stretch to \(target)")
        return target
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.broadcast(inputs[0].storage, inputs[0].shape, to: output, shape)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] { [gradient.summed(to: record.shape(0))] }
}

/// A block of the input inside a larger tensor of zeros: padding where it is positive, slicing where it is negative.
struct Pad: Operation {
    static let name = "pad"
    let before: [Int], after: [Int]

    func shape(of inputs: [Tensor]) -> Shape {
        let shape = inputs[0].shape
        precondition(before.count == shape.rank && after.count == shape.rank, "padding \(before), \(after) of \(shape)")
        let result = shape.dimensions.indices.map { before[$0] + shape[$0] + after[$0] }
        precondition(result.allSatisfy { $0 >= 0 }, "padding \(before), \(after) leaves nothing of \(shape)")
        return Shape(result)
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        if zip(before, after).contains(where: { $0 > 0 || $1 > 0 }) { backend.fill(output, with: 0) }
        let source = before.map { max(-$0, 0) }, target = before.map { max($0, 0) }
        let extents = shape.dimensions.indices.map { axis in
            max(inputs[0].shape[axis] - source[axis] - max(-after[axis], 0), 0)
        }
        guard !extents.contains(0) else { return }
        backend.copyBlock(inputs[0].storage, inputs[0].shape, at: source, extents: extents, to: output, shape, at: target)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        [.applying(Pad(before: before.map { -$0 }, after: after.map { -$0 }), to: gradient)]
    }
}

struct Concatenate: Operation {
    static let name = "concatenate"
    let axis: Int

    func shape(of inputs: [Tensor]) -> Shape {
        var dimensions = inputs[0].shape.dimensions
        dimensions[axis] = inputs.reduce(0) { $0 + $1.shape[axis] }
        for input in inputs {
            precondition(input.shape.rank == dimensions.count && dimensions.indices.allSatisfy { $0 == axis || input.shape[$0] == dimensions[$0] },
                         "concatenation of \(inputs.map(\.shape)) along axis \(axis)")
        }
        return Shape(dimensions)
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        let inner = shape.dimensions[axis...].reduce(1, *), outer = shape.dimensions[..<axis].reduce(1, *)
        var offset = 0
        for input in inputs {
            precondition(input.elementType == output.elementType, "concatenation of \(inputs.map(\.elementType))")
            let columns = inner / max(shape[axis], 1) * input.shape[axis]
            backend.copyColumns(input.storage, rows: outer, columns: columns, to: output, width: inner, offset: offset)
            offset += columns
        }
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        var start = 0
        return (0..<record.count).map { index in
            let range = start..<start + record.shape(index)[axis]
            start = range.upperBound
            return record.derivative(index) { gradient.sliced(axis: axis, range) }
        }
    }
}

/// A sparse linear map along one axis.
struct AxisMap: Operation {
    static let name = "axis map"
    let map: SparseMap, transposed: Lazy, axis: Int

    /// The adjoint, made when a derivative first asks for it and shared by all that follow.
    final class Lazy {
        private var made: SparseMap?
        init(_ made: SparseMap? = nil) { self.made = made }
        func map(of other: SparseMap) -> SparseMap {
            if let made { return made }
            let map = other.transposed
            made = map
            return map
        }
    }

    func shape(of inputs: [Tensor]) -> Shape {
        var dimensions = inputs[0].shape.dimensions
        precondition(0..<dimensions.count ~= axis && dimensions[axis] == map.columns, "a map of \(map.columns) along axis \(axis) of \(inputs[0].shape)")
        dimensions[axis] = map.rows
        return Shape(dimensions)
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.axisMap(map, inputs[0].storage, outer: shape.dimensions[..<axis].reduce(1, *), inner: shape.dimensions[(axis + 1)...].reduce(1, *), to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        [.applying(AxisMap(map: transposed.map(of: map), transposed: Lazy(map), axis: axis), to: gradient)]
    }
}
