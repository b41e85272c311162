/// Derivatives of a number with respect to any tensors that it was computed from.
///
/// Only nodes on a path from a target to the output are visited. With `createGraph` the results can be differentiated again, to any order;
/// without it they are constants, and the graph is freed on the way if the caller gives up `output`.
///
/// - Parameters:
///   - output: A tensor of one element, or of any shape when a `seed` is given.
///   - seed: Weight of each element of `output`, of its shape: the result is the vector–Jacobian product `seedᵀ · ∂output/∂target`.
///   - targets: Variables, or results of operations on them.
///   - createGraph: Whether the results are to be differentiated again.
/// - Returns: For each target a tensor of its shape; zeros where the output does not depend on it.
public func gradients(of output: consuming Tensor, seed: Tensor? = nil, withRespectTo targets: [Tensor], createGraph: Bool = false) -> [Tensor] {
    precondition(seed != nil || output.shape.count == 1, "the derivative of \(output.shape) needs a seed: only of one number it is clear")
    precondition(seed == nil || seed?.shape == output.shape, "a seed of \(seed?.shape ?? []) for an output of \(output.shape)")
    let first = seed ?? Tensor(repeating: 1, shape: output.shape, type: output.elementType, on: output.backend)
    var found = [Tensor?](repeating: nil, count: targets.count)
    if let root = output.node {
        var walk = Walk(from: root, to: targets)
        output = output.detached
        walk.run(seed: createGraph ? first : first.detached, createsGraph: createGraph, into: &found)
    }
    return zip(targets, found).map { target, gradient in
        gradient ?? Tensor(repeating: 0, shape: target.shape, type: target.elementType, on: target.backend)
    }
}

/// The nodes between an output and the targets, in an order in which every node comes after its inputs.
private struct Walk {
    private var nodes: [Node?]
    private let isOnPath: [Bool]
    private var targets: [ObjectIdentifier: [Int]] = [:]

    init(from root: Node, to tensors: [Tensor]) {
        var shallowest = Int.max
        for (index, tensor) in tensors.enumerated() {
            guard let node = tensor.node else { preconditionFailure("target \(index) of shape \(tensor.shape) is a constant: derivatives are taken with respect to variables") }
            targets[ObjectIdentifier(node), default: []].append(index)
            shallowest = min(shallowest, node.depth)
        }
        var found = [root], next = 0
        root.slot = 0
        while next < found.count {
            for case let node? in found[next].inputs.lazy.map(\.node) where node.slot < 0 && node.depth >= shallowest {
                node.slot = found.count
                found.append(node)
            }
            next += 1
        }
        found.sort { ($0.depth, $1.slot) < ($1.depth, $0.slot) }
        var isOnPath: [Bool] = []
        isOnPath.reserveCapacity(found.count)
        for (slot, node) in found.enumerated() {
            node.slot = slot
            let leads = node.inputs.contains { input in input.node.map { $0.slot >= 0 && isOnPath[$0.slot] } ?? false }
            isOnPath.append(leads || targets[ObjectIdentifier(node)] != nil)
        }
        (nodes, self.isOnPath) = (found, isOnPath)
    }

    mutating func run(seed: Tensor, createsGraph: Bool, into results: inout [Tensor?]) {
        var pending = [Tensor?](repeating: nil, count: nodes.count)
        pending[nodes.count - 1] = seed
        for slot in nodes.indices.reversed() {
            guard let node = nodes[slot] else { continue }
            nodes[slot] = nil
            defer { node.slot = -1 }
            guard isOnPath[slot], let gradient = pending[slot] else { continue }
            pending[slot] = nil
            for index in targets[ObjectIdentifier(node)] ?? [] { results[index] = gradient }
            guard let operation = node.operation else { continue }
            let needed = node.inputs.map { input in input.node.map { $0.slot >= 0 && isOnPath[$0.slot] } ?? false }
            guard needed.contains(true) else { continue }
            let derivatives = operation.derivatives(Record(node: node, needed: needed, createsGraph: createsGraph), gradient)
            for (index, input) in node.inputs.enumerated() where needed[index] {
                guard let slot = input.node?.slot, let derivative = derivatives[index] else { continue }
                precondition(derivative.shape == input.shape, "\(type(of: operation).name): derivative \(derivative.shape) of input \(index) of shape \(input.shape)")
                pending[slot] = pending[slot].map { $0 + derivative } ?? derivative
            }
        }
    }
}
