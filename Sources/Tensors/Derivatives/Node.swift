/// One application of an operation, or a variable: a vertex of the graph that derivatives walk.
///
/// A node keeps the values that its operation's derivative reads and nothing else, so that what nobody needs is freed during the forward pass.
/// Nodes point backwards only; there are no cycles.
final class Node {
    /// What a node remembers of one input.
    struct Input {
        /// The input's own node; nil for a constant.
        var node: Node?
        let shape: Shape
        let elementType: ElementType
        /// The values, where the derivative reads them.
        var storage: Storage?
    }

    /// Nil for a variable.
    let operation: (any Operation)?
    private(set) var inputs: [Input]
    /// The result, where the derivative reads it.
    let output: Storage?
    let shape: Shape
    let elementType: ElementType
    /// One more than the deepest input: an order in which every node comes after its inputs.
    let depth: Int
    /// Position in the walk that is under way; −1 outside one.
    var slot = -1

    /// A variable.
    init(_ shape: Shape, _ elementType: ElementType) {
        (operation, inputs, output, depth) = (nil, [], nil, 0)
        (self.shape, self.elementType) = (shape, elementType)
    }

    /// `operation` applied to `tensors`.
    init(_ operation: any Operation, _ tensors: [Tensor], output: Storage, _ shape: Shape) {
        let kept = operation.keeps
        self.operation = operation
        inputs = tensors.enumerated().map { index, tensor in
            Input(node: tensor.node, shape: tensor.shape, elementType: tensor.elementType, storage: kept.contains(.input(index)) ? tensor.storage : nil)
        }
        self.output = kept.contains(.output) ? output : nil
        (self.shape, elementType) = (shape, output.elementType)
        depth = 1 + tensors.reduce(0) { max($0, $1.node?.depth ?? 0) }
    }

    /// Releases the inputs one after another: freeing a chain of a million nodes recursively would overflow the stack.
    deinit {
        guard operation != nil else { return }
        var pending: [Node] = []
        releaseInputs(into: &pending)
        while var node = pending.popLast() {
            if isKnownUniquelyReferenced(&node) { node.releaseInputs(into: &pending) }
        }
    }

    private func releaseInputs(into pending: inout [Node]) {
        for index in inputs.indices {
            if let node = inputs[index].node, node.operation != nil { pending.append(node) }
            inputs[index].node = nil
        }
    }
}

/// Values that a derivative reads, and that a graph therefore keeps alive.
public struct Kept: OptionSet, Sendable {
    /// One bit for the output and one for each input.
    public let rawValue: Int
    /// A set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The result.
    public static let output = Kept(rawValue: 1)
    /// Input `index`.
    public static func input(_ index: Int) -> Kept { Kept(rawValue: 2 << index) }
    /// The first two inputs.
    public static let inputs: Kept = [.input(0), .input(1)]
}

/// What an operation's derivative can see of one application of it.
public struct Record {
    let node: Node
    let needed: [Bool]
    let createsGraph: Bool

    /// Whether the derivative with respect to input `index` is asked for.
    public func needs(_ index: Int) -> Bool { needed[index] }
    /// Shape of input `index`.
    public func shape(_ index: Int) -> Shape { node.inputs[index].shape }
    /// Format of input `index`.
    public func elementType(_ index: Int) -> ElementType { node.inputs[index].elementType }
    /// Number of inputs.
    public var count: Int { node.inputs.count }

    /// Input `index`, which the operation must list in `keeps`.
    public func input(_ index: Int) -> Tensor {
        let input = node.inputs[index]
        guard let storage = input.storage else { preconditionFailure("\(name) reads input \(index) and does not keep it") }
        return Tensor(storage, input.shape, node: createsGraph ? input.node : nil)
    }

    /// The result, which the operation must list in `keeps`.
    public var output: Tensor {
        guard let storage = node.output else { preconditionFailure("\(name) reads its output and does not keep it") }
        return Tensor(storage, node.shape, node: createsGraph ? node : nil)
    }

    /// The derivative of one input, made only where it is asked for.
    public func derivative(_ index: Int, _ make: () -> Tensor?) -> Tensor? { needs(index) ? make() : nil }

    private var name: String { node.operation.map { type(of: $0).name } ?? "a variable" }
}
