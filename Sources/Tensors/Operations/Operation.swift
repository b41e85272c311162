/// One row of the operation table: a short value that knows its result's shape and how a backend computes it.
///
/// Every tensor function of this package is one of these applied through `Tensor.applying`, which is therefore the single place where a
/// graph of derivatives hooks in: an operation's derivative is written in the same public tensor functions.
public protocol Operation {
    /// Name in messages and graphs.
    static var name: String { get }
    /// Shape of the result; a `precondition` with the shapes in its text where the inputs do not fit.
    func shape(of inputs: [Tensor]) -> Shape
    /// Format of the result; the first input's unless stated otherwise.
    func elementType(of inputs: [Tensor]) -> ElementType
    /// Fills `output`.
    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape)
}

extension Operation {
    /// The first input's format.
    public func elementType(of inputs: [Tensor]) -> ElementType { inputs[0].elementType }
}

extension Tensor {
    /// Applies an operation of the table.
    public static func applying(_ operation: some Operation, to inputs: Tensor...) -> Tensor {
        let backend = inputs[0].backend
        for input in inputs.dropFirst() {
            precondition(input.backend === backend, "inputs of different backends: \(backend.name) and \(input.backend.name)")
        }
        let shape = operation.shape(of: inputs)
        let output = backend.allocate(operation.elementType(of: inputs), count: shape.count)
        operation.forward(inputs, on: backend, into: output, shape)
        return Tensor(output, shape)
    }

    /// The same elements under another shape of the same count; no copy.
    public func reshaped(_ shape: Shape) -> Tensor { Tensor(storage, shape) }
}
