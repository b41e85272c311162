/// A run of bytes that tensors share, as a pickle names it.
struct TorchStorage {
    let elementType: WeightsElementType
    let key: String
    let count: Int
    /// Where a view begins in its storage (old files only), in elements.
    let start: Int
}

/// A tensor as a pickle describes it.
struct TorchTensor {
    let storage: Int
    let start: Int
    let shape: [Int]
    let strides: [Int]
}

extension PickleMachine {
    /// What a name on the allow-list stands for.
    private enum Meaning {
        case dictionary
        case dictionaryWithFactory
        case members(PickleNode.Kind)
        case tensor
        case firstArgument
        case storage(WeightsElementType)
        /// Kept as a name and its arguments.
        case inert
    }

    /// Everything a weights file may name. PyTorch's functions as `torch._utils` and `torch.jit._pickle` define them.
    private static let allowList: [String: Meaning] = {
        var names: [String: Meaning] = [
            "collections.OrderedDict": .dictionary,
            "collections.defaultdict": .dictionaryWithFactory,
            "torch._utils._rebuild_tensor": .tensor,
            "torch._utils._rebuild_tensor_v2": .tensor,
            "torch._utils._rebuild_parameter": .firstArgument,
            "torch._utils._rebuild_parameter_with_state": .firstArgument,
            "torch.jit._pickle.restore_type_tag": .firstArgument,
            "torch.jit._pickle.build_intlist": .firstArgument,
            "torch.jit._pickle.build_doublelist": .firstArgument,
            "torch.jit._pickle.build_boollist": .firstArgument,
            "torch.jit._pickle.build_tensorlist": .firstArgument,
            "torch.Size": .members(.tuple),
            "torch.device": .inert,
            "torch.serialization._get_layout": .inert,
            "argparse.Namespace": .inert,
            "_codecs.encode": .inert,
        ]
        for module in ["builtins", "__builtin__"] {
            names[module + ".set"] = .members(.set)
            names[module + ".frozenset"] = .members(.set)
            for name in ["list", "dict", "int", "float", "bytes", "bytearray", "complex", "slice"] { names[module + "." + name] = .inert }
        }
        let storages: [(String, WeightsElementType)] = [
            ("Float", .float32), ("Double", .float64), ("Half", .float16), ("BFloat16", .bfloat16), ("Long", .int64), ("Int", .int32),
            ("Short", .int16), ("Char", .int8), ("Byte", .uint8), ("Bool", .boolean),
        ]
        for (name, type) in storages {
            names["torch.\(name)Storage"] = .storage(type)
            names["torch.cuda.\(name)Storage"] = .storage(type)
        }
        for type in ["float16", "bfloat16", "float32", "float64", "half", "float", "double", "uint8", "int8", "int16", "int32", "int64", "long", "bool"] {
            names["torch.\(type)"] = .inert
        }
        return names
    }()

    /// A name, if it is on the allow-list.
    func allowed(_ module: String, _ name: String) throws(WeightsError) -> PickleValue {
        let full = module + "." + name
        if Self.allowList[full] != nil || (allowsScriptClasses && module.hasPrefix("__torch__")) { return .global(full) }
        let advice = module.hasPrefix("torch.nn.") ? " (a whole module was saved: save its state_dict() instead)" : ""
        throw error(.refused, expected: "names of weights data only", found: "\(full)\(advice), which this reader never calls")
    }

    /// What a call of an allowed name would make, as data.
    mutating func reduce(_ callable: PickleValue, _ arguments: [PickleValue]) throws(WeightsError) -> PickleValue {
        guard case .global(let name) = callable else { throw misuse("a call of something without a name") }
        switch Self.allowList[name] ?? .inert {
        case .dictionary:
            guard let pairs = arguments.first else { return make(.dictionary, []) }
            var items: [PickleValue] = []
            for pair in try members(pairs) {
                let both = try members(pair)
                guard both.count == 2 else { throw misuse("a pair of \(both.count)") }
                items += both
            }
            return make(.dictionary, items)
        case .dictionaryWithFactory: return make(.dictionary, [])
        case .members(let kind): return make(kind, try arguments.first.map(members) ?? [])
        case .firstArgument:
            guard let first = arguments.first else { throw misuse("\(name) without an argument") }
            return first
        case .tensor: return try tensor(arguments)
        case .storage: throw error(.unsupported, expected: "storages by reference", found: "a call of \(name)")
        case .inert: return make(.object(name), arguments)
        }
    }

    /// `('storage', class, key, device, count[, view])`, where a view is `(key, start, count)` or none.
    mutating func persistent(_ id: [PickleValue]) throws(WeightsError) -> PickleValue {
        guard id.count >= 5, case .string("storage") = id[0], case .global(let name) = id[1], case .storage(let type)? = Self.allowList[name],
            case .string(let key) = id[2], case .int(let count) = id[4], count >= 0
        else { throw misuse("a reference that is no storage") }
        var storage = TorchStorage(elementType: type, key: key, count: count, start: 0)
        if id.count > 5, case .node(let index) = id[5] {
            guard nodes[index].items.count == 3, case .int(let start) = nodes[index].items[1], case .int(let extent) = nodes[index].items[2],
                start >= 0, extent >= 0, start <= count, extent <= count - start
            else { throw misuse("a view outside its storage") }
            storage = TorchStorage(elementType: type, key: key, count: count, start: start)
        }
        storages.append(storage)
        return .storage(storages.count - 1)
    }

    /// `(storage, start, shape, strides, …)`.
    private mutating func tensor(_ arguments: [PickleValue]) throws(WeightsError) -> PickleValue {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .int(let start) = arguments[1] else {
            throw misuse("a tensor without a storage")
        }
        let (offset, overflow) = start.addingReportingOverflow(storages[storage].start)
        guard !overflow else { throw misuse("an offset of \(start)") }
        tensors.append(TorchTensor(storage: storage, start: offset, shape: try integers(arguments[2]), strides: try integers(arguments[3])))
        return .tensor(tensors.count - 1)
    }

    private func members(_ value: PickleValue) throws(WeightsError) -> [PickleValue] {
        guard case .node(let index) = value, nodes[index].kind == .list || nodes[index].kind == .tuple else { throw misuse("something other than a sequence") }
        return nodes[index].items
    }

    private func integers(_ value: PickleValue) throws(WeightsError) -> [Int] {
        var integers: [Int] = []
        let members = try members(value)
        guard members.count <= 64 else { throw misuse("\(members.count) axes") }
        for member in members {
            guard case .int(let integer) = member else { throw misuse("an extent that is no whole number") }
            integers.append(integer)
        }
        return integers
    }
}
