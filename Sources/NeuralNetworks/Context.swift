import Tensors

/// What a forward pass needs to know besides its input: whether it is part of training, and where random numbers come from.
///
/// There is no global mode: a layer that behaves differently in training (batch norm, dropout, spectral norm) is told so in every call.
/// A module that calls layers which draw random numbers gives each of them its own named part, `dropout(x, context["dropout"])`, since equal streams
/// give equal numbers; ``Sequential`` does so by index.
public struct Context: Sendable {
    /// Whether statistics come from the batch, dropouts drop, and buffers follow.
    public var isTraining: Bool
    /// Where this call's random numbers come from.
    public var stream: RandomStream

    /// A context from its parts.
    public init(isTraining: Bool, stream: RandomStream) { (self.isTraining, self.stream) = (isTraining, stream) }

    /// A forward pass of training. Give every step its own stream, such as `stream["dropout"][step]`.
    public static func training(_ stream: RandomStream) -> Context { Context(isTraining: true, stream: stream) }
    /// A forward pass of a finished network, in which nothing is random.
    public static let evaluation = Context(isTraining: false, stream: RandomStream(seed: 0))

    /// The same mode with the random numbers of a named part.
    public subscript(_ name: String) -> Context { Context(isTraining: isTraining, stream: stream[name]) }
    /// The same mode with the random numbers of a numbered part.
    public subscript(_ number: Int) -> Context { Context(isTraining: isTraining, stream: stream[number]) }
}

/// A module from one tensor to one tensor that may behave differently in training.
public protocol ContextualLayer: Module {
    /// Applies the layer.
    func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor
}

/// A layer that can apply a rectifier in the pass that computes its result.
public protocol FusingLayer: ContextualLayer {
    /// Whether `activation` can be fused.
    func canFuse(_ activation: Activation) -> Bool
    /// Applies the layer and then `activation`.
    func callAsFunction(_ x: Tensor, _ context: Context, activation: Activation) -> Tensor
}

extension FusingLayer {
    /// Nothing, ReLU and leaky ReLU; their derivatives are told by the sign of the result.
    public func canFuse(_ activation: Activation) -> Bool { if case let .leakyRelu(slope) = activation { slope >= 0 } else { activation != .relu6 } }
}

/// A layer without state that is one of the functions which other layers can fuse.
public protocol ActivationLayer: Layer {
    /// The function.
    var activation: Activation { get }
}

extension ActivationLayer {
    /// Applies the function by itself.
    public func callAsFunction(_ x: Tensor) -> Tensor { activation.function.map { x.applying($0) } ?? x }
}
