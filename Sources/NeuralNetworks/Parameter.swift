import Tensors

/// Numbers that a module keeps under a name, of a fixed shape, to be given by an initialiser or a state dictionary.
public class ModuleNumbers {
    /// Shape, in PyTorch's layout.
    public let shape: Shape
    /// How an initialiser treats the numbers.
    public let role: Role
    private var value: Tensor?

    /// Numbers that still have to be given. Without a role, two and more axes make a weight, and anything else begins at zero.
    public init(_ shape: Shape, _ role: Role? = nil) {
        self.shape = shape
        self.role = role ?? (shape.rank >= 2 ? .weight : .own(.zeros))
    }

    /// What numbers are for, as far as their first values depend on it.
    public enum Role: Sendable, Hashable {
        /// Filled as the caller of the initialiser says.
        case weight
        /// The same; normal numbers where the caller asks for PyTorch's own choice.
        case embedding
        /// Zeros; uniform numbers within `±1 / √fanIn` where the caller asks for PyTorch's own choice.
        case bias(fanIn: Int)
        /// Always filled in this way: scales with ones, running statistics.
        case own(Initialiser)
    }

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
