/// How the names and layouts of a file become those of a network: rules, applied in order to all arrays.
public struct KeyMapping: Equatable, Sendable {
    /// One step.
    public enum Rule: Equatable, Sendable {
        /// Takes the prefix away where a name has it (`module.` of PyTorch's DataParallel).
        case stripPrefix(String)
        /// Keeps only the arrays under a prefix, without it (`g_ema.` of a GAN's checkpoint).
        case only(String)
        /// Puts a prefix before every name.
        case addPrefix(String)
        /// Replaces whole names; others stay.
        case rename([String: String])
        /// Replaces the last component of names (`gamma` → `weight`); others stay.
        case renameLast([String: String])
        /// Reorders the axes of the arrays of a rank whose last component is given: axis k of the result is axis `axes[k]` of the file's.
        case permute(last: String, axes: [Int])
        /// Adds an array of ones named `…suffix` beside each `…reference`, of its shape, where the file has none.
        case ones(suffix: String, beside: String)
    }

    /// The steps, first to last.
    public var rules: [Rule]

    /// A mapping by steps; none leaves everything as it is.
    public init(_ rules: [Rule] = []) { self.rules = rules }

    /// Names and layouts as they are.
    public static let identity = KeyMapping()

    /// Keras and TensorFlow to PyTorch: kernels HWIO → OIHW, depthwise kernels HWIM → (IM)1HW for multiplier 1, dense IO → OI, and the names of batch norm.
    public static let keras = KeyMapping([
        .permute(last: "kernel", axes: [3, 2, 0, 1]),
        .permute(last: "depthwise_kernel", axes: [2, 3, 0, 1]),
        .permute(last: "kernel", axes: [1, 0]),
        .renameLast([
            "kernel": "weight", "depthwise_kernel": "weight", "gamma": "weight", "beta": "bias", "moving_mean": "running_mean",
            "moving_variance": "running_var",
        ]),
    ])

    /// The arrays under their new names and axes, in the same order.
    /// - Parameter file: for errors.
    /// - Throws: `WeightsError` with reason `mismatched` where two arrays come to the same name.
    public func apply(to arrays: [WeightsArray], file: String) throws(WeightsError) -> [WeightsArray] {
        var mapped = arrays
        for rule in rules { rule.apply(to: &mapped) }
        var origins: [String: Int] = [:]
        for (index, array) in mapped.enumerated() where origins.updateValue(index, forKey: array.name) != nil {
            throw WeightsError(.mismatched, file: file, entry: array.name, expected: "one array that maps to this name", found: "two")
        }
        return mapped
    }
}

extension KeyMapping.Rule {
    fileprivate func apply(to arrays: inout [WeightsArray]) {
        switch self {
        case .stripPrefix(let prefix):
            for index in arrays.indices where arrays[index].name.hasPrefix(prefix) { arrays[index].name.removeFirst(prefix.count) }
        case .only(let prefix):
            arrays.removeAll { !$0.name.hasPrefix(prefix) }
            for index in arrays.indices { arrays[index].name.removeFirst(prefix.count) }
        case .addPrefix(let prefix):
            for index in arrays.indices { arrays[index].name = prefix + arrays[index].name }
        case .rename(let names):
            for index in arrays.indices { arrays[index].name = names[arrays[index].name] ?? arrays[index].name }
        case .renameLast(let names):
            for index in arrays.indices {
                let (parent, last) = Self.split(arrays[index].name)
                if let new = names[last] { arrays[index].name = parent + new }
            }
        case .permute(let last, let axes):
            for index in arrays.indices where arrays[index].shape.count == axes.count && Self.split(arrays[index].name).last == last {
                arrays[index] = arrays[index].permuted(axes)
            }
        case .ones(let suffix, let reference):
            let names = Set(arrays.map(\.name))
            for array in arrays where array.name.hasSuffix(reference) {
                let name = String(array.name.dropLast(reference.count)) + suffix
                if !names.contains(name) {
                    arrays.append(WeightsArray(name: name, shape: array.shape, elementType: .float32, storage: .constant(1)))
                }
            }
        }
    }

    /// A name as its parent with the closing dot, and its last component.
    private static func split(_ name: String) -> (parent: String, last: String) {
        guard let dot = name.lastIndex(of: ".") else { return ("", name) }
        return (String(name[...dot]), String(name[name.index(after: dot)...]))
    }
}
