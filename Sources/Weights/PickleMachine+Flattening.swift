extension PickleMachine {
    /// A tensor under its dotted name.
    struct NamedTensor {
        let name: String
        let tensor: TorchTensor
    }

    /// The tensors below a value in the order they stand, under dotted names.
    ///
    /// Keys of dictionaries, attributes of objects and positions in sequences are joined with dots. Where the root dictionary has a dictionary under
    /// `state_dict` or `model_state_dict`, only that one is taken, without the prefix: the rest (optimizer, epoch) is no weights.
    func namedTensors(_ root: PickleValue) throws(WeightsError) -> [NamedTensor] {
        var named: [NamedTensor] = []
        // Depth first with an explicit stack: cycles and shared containers are bounded by depth and count.
        var pending: [(value: PickleValue, name: String, depth: Int)] = [(stateDictionary(root), "", 0)]
        var visits = 0
        while let (value, name, depth) = pending.popLast() {
            visits += 1
            guard visits < 1 << 20, depth < 64 else {
                throw error(.oversized, expected: "a tree of at most \(1 << 20) values and 64 levels", found: "more, or a cycle")
            }
            switch value {
            case .tensor(let index): named.append(NamedTensor(name: name, tensor: tensors[index]))
            case .node(let index):
                for (key, member) in members(nodes[index]).reversed() {
                    pending.append((member, name.isEmpty ? key : name + "." + key, depth + 1))
                }
            default: break
            }
        }
        return named
    }

    private func stateDictionary(_ root: PickleValue) -> PickleValue {
        guard case .node(let index) = root, nodes[index].kind == .dictionary else { return root }
        let members = members(nodes[index])
        for wrapper in ["state_dict", "model_state_dict"] {
            if let (_, inner) = members.last(where: { $0.key == wrapper }), case .node(let index) = inner, nodes[index].kind == .dictionary {
                return inner
            }
        }
        return root
    }

    /// What a container holds, by key, attribute or position.
    private func members(_ node: PickleNode) -> [(key: String, value: PickleValue)] {
        switch node.kind {
        case .dictionary:
            return stride(from: 0, to: node.items.count - 1, by: 2).map { (text(node.items[$0]), node.items[$0 + 1]) }
        case .object:
            // Attributes come as one dictionary, the state.
            guard case .node(let state)? = node.items.last, nodes[state].kind == .dictionary else { return [] }
            return members(nodes[state])
        case .list, .tuple: return node.items.enumerated().map { (String($0), $1) }
        case .set: return []
        }
    }

    private func text(_ key: PickleValue) -> String {
        switch key {
        case .string(let text): text
        case .int(let number): String(number)
        case .bool(let truth): String(truth)
        default: "?"
        }
    }
}
