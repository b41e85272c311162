extension Tensor {
    /// The same elements under another shape of the same count; no copy.
    public func reshaped(_ target: Shape) -> Tensor {
        guard target != shape else { return self }
        precondition(target.count == shape.count, "\(shape) cannot be seen as \(target)")
        return .recording(Reshape(target: target), [self], storage, target)
    }

    /// One row for each element of the batch.
    /// - Shape: `[N, …]` to `[N, features]`.
    public var flattened: Tensor { reshaped([shape[0], shape.count / max(shape[0], 1)]) }

    /// Reorders the axes: axis i of the result is axis `order[i]` of this tensor.
    public func permuted(_ order: Int...) -> Tensor { permuted(order) }
    /// Reorders the axes: axis i of the result is axis `order[i]` of this tensor.
    public func permuted(_ order: [Int]) -> Tensor { .applying(Permute(order: order), to: self) }

    /// Repeats elements along missing axes and axes of extent 1 (NumPy's rule).
    public func broadcast(to target: Shape) -> Tensor { shape == target ? self : .applying(Broadcast(target: target), to: self) }

    /// Surrounds the tensor by zeros; negative numbers cut off instead.
    public func padded(before: [Int], after: [Int]) -> Tensor {
        (before + after).allSatisfy { $0 == 0 } ? self : .applying(Pad(before: before, after: after), to: self)
    }

    /// Zeros around images; negative numbers cut off instead.
    /// - Shape: `[N, H, W, C]` to `[N, top + H + bottom, left + W + right, C]`.
    public func padded(_ padding: Padding) -> Tensor {
        padded(before: [0, padding.top, padding.left, 0], after: [0, padding.bottom, padding.right, 0])
    }

    /// A contiguous range along one axis.
    public func sliced(axis: Int, _ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= shape[axis], "\(range) along axis \(axis) of \(shape)")
        var (before, after) = ([Int](repeating: 0, count: shape.rank), [Int](repeating: 0, count: shape.rank))
        (before[axis], after[axis]) = (-range.lowerBound, range.upperBound - shape[axis])
        return padded(before: before, after: after)
    }

    /// Parts of these extents along one axis.
    public func split(axis: Int, _ extents: [Int]) -> [Tensor] {
        precondition(extents.reduce(0, +) == shape[axis], "parts of \(extents) along axis \(axis) of \(shape)")
        var start = 0
        return extents.map { extent in
            defer { start += extent }
            return sliced(axis: axis, start..<start + extent)
        }
    }

    /// Joins tensors along an axis; the last one unless stated otherwise, which for images are the channels.
    public static func concatenated(_ parts: [Tensor], axis: Int = -1) -> Tensor {
        precondition(!parts.isEmpty, "concatenation of nothing")
        return .applying(Concatenate(axis: axis < 0 ? parts[0].shape.rank + axis : axis), to: parts)
    }

    /// Applies a sparse linear map along one axis.
    public func mapped(_ map: SparseMap, axis: Int) -> Tensor { .applying(AxisMap(map: map, transposed: AxisMap.Lazy(), axis: axis), to: self) }

    /// Picks positions along an axis, in this order and as often as they occur; its adjoint adds up.
    public func gathered(_ indices: [Int], axis: Int = 0) -> Tensor { mapped(SparseMap(selecting: indices, of: shape[axis]), axis: axis) }

    /// Adds each position of an axis to position `indices[…]` of an axis of extent `count`: the adjoint of ``gathered(_:axis:)``.
    public func scatterAdded(_ indices: [Int], count: Int, axis: Int = 0) -> Tensor {
        mapped(SparseMap(selecting: indices, of: count).transposed, axis: axis)
    }
}
