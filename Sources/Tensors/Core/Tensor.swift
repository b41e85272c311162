/// An immutable array of numbers with a shape: what every layer takes and returns.
///
/// A tensor is a small value; its elements are shared. Tensors stay on the thread that made them.
public struct Tensor {
    /// The elements, row-major.
    public let storage: Storage
    /// Extents of the axes.
    public let shape: Shape
    /// Where it comes from; nil for a constant.
    let node: Node?

    /// A constant: a view of `storage` with a shape of the same count.
    public init(_ storage: Storage, _ shape: Shape) { self.init(storage, shape, node: nil) }

    init(_ storage: Storage, _ shape: Shape, node: Node?) {
        precondition(storage.count == shape.count, "\(storage.count) elements do not make the shape \(shape)")
        self.storage = storage
        self.shape = shape
        self.node = node
    }

    /// The same numbers as a variable, with respect to which derivatives can be taken: what is computed from it is recorded.
    public var variable: Tensor { Tensor(storage, shape, node: Node(shape, elementType)) }
    /// The same numbers as a constant: derivatives stop here.
    public var detached: Tensor { Tensor(storage, shape) }
    /// Whether this is a variable or was computed from one.
    public var isRecorded: Bool { node != nil }

    /// Format of the elements.
    public var elementType: ElementType { storage.elementType }
    /// Who computes on it.
    public var backend: any Backend { storage.backend }

    /// Numbers given in row-major order.
    public init<Element: TensorElement>(_ values: [Element], shape: Shape, type: ElementType = Element.elementType, on backend: any Backend) {
        precondition(values.count == shape.count, "\(values.count) values do not make the shape \(shape)")
        self = values.withUnsafeBufferPointer { Tensor(copying: $0, shape: shape, type: type, on: backend) }
    }

    /// Numbers given in row-major order, copied.
    public init<Element: TensorElement>(copying values: UnsafeBufferPointer<Element>, shape: Shape, type: ElementType = Element.elementType, on backend: any Backend) {
        precondition(values.count == shape.count, "\(values.count) values do not make the shape \(shape)")
        let storage = backend.allocate(type, count: shape.count)
        backend.write(values, to: storage)
        self.init(storage, shape)
    }

    /// The same number everywhere.
    public init(repeating value: Double, shape: Shape, type: ElementType = .float32, on backend: any Backend) {
        let storage = backend.allocate(type, count: shape.count)
        backend.fill(storage, with: value)
        self.init(storage, shape)
    }

    /// The elements as float32. Waits for pending work.
    public var floats: [Float] { array() }
    /// The elements as float64. Waits for pending work.
    public var doubles: [Double] { array() }

    /// The only element. Waits for pending work: the marked point of synchronisation.
    public func item() -> Double {
        precondition(shape.count == 1, "a number is asked of \(shape)")
        return doubles[0]
    }

    /// Copies the elements out, converting. Waits for pending work.
    public func read<Element: TensorElement>(into values: UnsafeMutableBufferPointer<Element>) {
        precondition(values.count == shape.count, "room for \(values.count) elements, shape \(shape)")
        backend.read(storage, into: values)
    }

    private func array<Element: TensorElement>() -> [Element] {
        [Element](unsafeUninitializedCapacity: shape.count) { buffer, count in
            count = shape.count
            backend.read(storage, into: UnsafeMutableBufferPointer(rebasing: buffer[..<shape.count]))
        }
    }
}
