/// One row of the operation table: a short value that knows its result's shape, how a backend computes it, and its derivative.
///
/// Every tensor function of this package is one of these applied through `Tensor.applying`, which is therefore the single place where the
/// graph of derivatives is recorded. A derivative is written in the same public tensor functions, hence derivatives of every order.
public protocol Operation {
    /// Name in messages and graphs.
    static var name: String { get }
    /// Values that `derivatives` reads; nothing unless stated otherwise.
    var keeps: Kept { get }
    /// Shape of the result; a `precondition` with the shapes in its text where the inputs do not fit.
    func shape(of inputs: [Tensor]) -> Shape
    /// Format of the result; the first input's unless stated otherwise.
    func elementType(of inputs: [Tensor]) -> ElementType
    /// Fills `output`.
    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape)
    /// For each input `Σ gradient · ∂output/∂input`, of the input's shape; nil where it is zero everywhere or `record` does not need it.
    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?]
}

extension Operation {
    /// The first input's format.
    public func elementType(of inputs: [Tensor]) -> ElementType { inputs[0].elementType }
    /// Nothing.
    public var keeps: Kept { [] }
}

extension Tensor {
    /// Applies an operation of the table.
    public static func applying(_ operation: some Operation, to inputs: Tensor...) -> Tensor { applying(operation, to: inputs) }

    /// Applies an operation of the table to any number of inputs, and records it when one of them is recorded.
    public static func applying(_ operation: some Operation, to inputs: [Tensor]) -> Tensor {
        let backend = inputs[0].backend
        for input in inputs.dropFirst() {
            precondition(input.backend === backend, "inputs of different backends: \(backend.name) and \(input.backend.name)")
        }
        let shape = operation.shape(of: inputs)
        let output = backend.allocate(operation.elementType(of: inputs), count: shape.count)
        operation.forward(inputs, on: backend, into: output, shape)
        return recording(operation, inputs, output, shape)
    }

    /// `output` as the result of `operation`.
    static func recording(_ operation: some Operation, _ inputs: [Tensor], _ output: Storage, _ shape: Shape) -> Tensor {
        let isRecorded = inputs.contains { $0.node != nil }
        return Tensor(output, shape, node: isRecorded ? Node(operation, inputs, output: output, shape) : nil)
    }
}
