import Tensors

/// Numbers that training changes: weights and biases.
public final class Parameter {
    /// Shape, in PyTorch's layout.
    public let shape: Shape
    private var value: Tensor?

    /// A parameter that still has to be given its numbers, by an initialiser or a state dictionary.
    public init(_ shape: Shape) { self.shape = shape }

    /// The numbers; setting them checks the shape. Reading before they were given is a programming error.
    public var tensor: Tensor {
        get {
            guard let value else { preconditionFailure("a parameter of shape \(shape) was never given numbers") }
            return value
        }
        set {
            precondition(newValue.shape == shape, "a parameter of shape \(shape) was given \(newValue.shape)")
            value = newValue
        }
    }

    /// Whether it has numbers.
    public var isSet: Bool { value != nil }
}

/// Numbers that a module keeps but training does not change by gradient: running statistics.
public final class Buffer {
    /// Shape, in PyTorch's layout.
    public let shape: Shape
    private var value: Tensor?

    /// A buffer that still has to be given its numbers.
    public init(_ shape: Shape) { self.shape = shape }

    /// The numbers; setting them checks the shape. Reading before they were given is a programming error.
    public var tensor: Tensor {
        get {
            guard let value else { preconditionFailure("a buffer of shape \(shape) was never given numbers") }
            return value
        }
        set {
            precondition(newValue.shape == shape, "a buffer of shape \(shape) was given \(newValue.shape)")
            value = newValue
        }
    }

    /// Whether it has numbers.
    public var isSet: Bool { value != nil }
}
