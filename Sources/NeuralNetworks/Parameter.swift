import Tensors

/// Numbers that a module keeps under a name, of a fixed shape, to be given by an initialiser or a state dictionary.
public class ModuleNumbers {
    /// Shape, in PyTorch's layout.
    public let shape: Shape
    private var value: Tensor?

    /// Numbers that still have to be given.
    public init(_ shape: Shape) { self.shape = shape }

    /// The numbers; setting them checks the shape. Reading before they were given is a programming error.
    public final var tensor: Tensor {
        get {
            guard let value else { preconditionFailure("a \(type(of: self)) of shape \(shape) was never given numbers") }
            return value
        }
        set {
            precondition(newValue.shape == shape, "a \(type(of: self)) of shape \(shape) was given \(newValue.shape)")
            value = newValue
        }
    }

    /// Whether the numbers have been given.
    public final var isSet: Bool { value != nil }
}

/// Numbers that training changes: weights and biases.
public final class Parameter: ModuleNumbers {}

/// Numbers that a module keeps but training does not change by gradient: running statistics.
public final class Buffer: ModuleNumbers {}
