/// Plain Swift with double accumulation: the oracle of every other backend. Slow, and easy to read.
///
/// Each result is computed in float64 and rounded once to the output's format.
public final class ReferenceBackend: Backend {
    /// `reference`.
    public let name = "reference"
    /// Where its storages take their memory.
    public let pool = MemoryPool()

    /// A backend with its own memory.
    public init() {}

    /// Fresh elements with undefined contents.
    public func allocate(_ type: ElementType, count: Int) -> Storage { Storage(type, count: count, backend: self, pool: pool) }

    /// Copies numbers in, converting to the storage's format.
    public func write<Element: TensorElement>(_ values: UnsafeBufferPointer<Element>, to storage: Storage) { HostMemory.write(values, to: storage) }

    /// Copies numbers out, converting from the storage's format.
    public func read<Element: TensorElement>(_ storage: Storage, into values: UnsafeMutableBufferPointer<Element>) { HostMemory.read(storage, into: values) }

    /// The same number everywhere.
    public func fill(_ output: Storage, with value: Double) { store([Double](repeating: value, count: output.count), output) }

    /// Normal numbers of a stream.
    public func normal(_ stream: RandomStream, mean: Double, deviation: Double, to output: Storage) {
        store(stream.normals(output.count).map { mean + deviation * $0 }, output)
    }

    /// `output[i] = input[i]` in the output's format.
    public func cast(_ input: Storage, to output: Storage) { store(values(input), output) }

    /// `output[i] = f(input[i])`.
    public func unary(_ function: UnaryFunction, _ input: Storage, to output: Storage) {
        ScalarMath.with(function) { f in store(values(input).map(f), output) }
    }

    /// `output[i] = f(a[…], b[…])` with NumPy broadcasting.
    public func binary(_ function: BinaryFunction, _ a: Storage, _ aShape: Shape, _ b: Storage, _ bShape: Shape, to output: Storage, _ shape: Shape) {
        let (x, y) = (values(a), values(b))
        let (i, j) = (Self.broadcastIndices(aShape, to: shape), Self.broadcastIndices(bShape, to: shape))
        ScalarMath.with(function) { f in store((0..<shape.count).map { f(x[i[$0]], y[j[$0]]) }, output) }
    }

    /// Reorders axes.
    public func permute(_ input: Storage, _ shape: Shape, order: [Int], to output: Storage) {
        let x = values(input), strides = shape.strides
        let indices = Self.indices(extents: order.map { shape[$0] }, strides: order.map { strides[$0] })
        store(indices.map { x[$0] }, output)
    }

    /// Reduces axes to extent 1.
    public func reduce(_ function: ReduceFunction, _ input: Storage, _ shape: Shape, axes: [Int], to output: Storage) {
        let x = values(input)
        let kept = Shape(shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
        let target = Self.broadcastIndices(kept, to: shape)
        var result = [Double](repeating: function == .maximum ? -.infinity : 0, count: kept.count)
        for i in x.indices {
            result[target[i]] = function == .maximum ? max(result[target[i]], x[i]) : result[target[i]] + x[i]
        }
        if function == .mean {
            let count = Double(shape.count / max(kept.count, 1))
            result = result.map { $0 / count }
        }
        store(result, output)
    }

    /// Copies `[rows, columns]` to a column offset of wider rows.
    public func copyColumns(_ input: Storage, rows: Int, columns: Int, to output: Storage, width: Int, offset: Int) {
        HostMemory.copyColumns(input, rows: rows, columns: columns, to: output, width: width, offset: offset)
    }

    /// All elements as float64.
    func values(_ storage: Storage) -> [Double] {
        [Double](unsafeUninitializedCapacity: storage.count) { buffer, count in
            HostMemory.read(storage, into: UnsafeMutableBufferPointer(rebasing: buffer[..<storage.count]))
            count = storage.count
        }
    }

    func store(_ values: [Double], _ storage: Storage) { values.withUnsafeBufferPointer { HostMemory.write($0, to: storage) } }

    /// For each element of `target`, in order, the index of the element of `shape` that broadcasting puts there.
    static func broadcastIndices(_ shape: Shape, to target: Shape) -> [Int] {
        let missing = target.rank - shape.rank
        let strides = (0..<target.rank).map { axis -> Int in
            axis < missing || shape[axis - missing] == 1 ? 0 : shape.strides[axis - missing]
        }
        return indices(extents: target.dimensions, strides: strides)
    }

    /// `Σ position[axis] · strides[axis]` for every position in row-major order.
    static func indices(extents: [Int], strides: [Int]) -> [Int] {
        zip(extents, strides).reduce([0]) { bases, axis in
            bases.flatMap { base in (0..<axis.0).map { base + $0 * axis.1 } }
        }
    }
}
