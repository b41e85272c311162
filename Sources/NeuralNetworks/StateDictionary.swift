import Tensors

/// Named numbers of a module, on the host: what is loaded from and saved to files.
public struct StateDictionary {
    /// One entry: a shape in PyTorch's layout and its numbers in row-major order.
    public struct Entry: Sendable, Equatable {
        /// Shape, in PyTorch's layout.
        public let shape: Shape
        /// The numbers, row-major.
        public let values: [Float]

        /// `values.count` must be the shape's.
        public init(shape: Shape, values: [Float]) {
            precondition(values.count == shape.count, "\(values.count) values do not make the shape \(shape)")
            self.shape = shape
            self.values = values
        }
    }

    /// Entries by dotted name.
    public var entries: [String: Entry]

    /// A dictionary of these entries.
    public init(_ entries: [String: Entry] = [:]) { self.entries = entries }

    /// Arrays as files hold them.
    public init(_ arrays: [String: (shape: [Int], values: [Float])]) {
        self.init(arrays.mapValues { Entry(shape: Shape($0.shape), values: $0.values) })
    }

    /// The entries as files hold them.
    public var arrays: [String: (shape: [Int], values: [Float])] { entries.mapValues { ($0.shape.dimensions, $0.values) } }

    /// Everything that `module` holds.
    public init(of module: any Module) {
        entries = Dictionary(uniqueKeysWithValues: module.entries.map { ($0.name, Entry(shape: $0.entry.shape, values: $0.entry.tensor.floats)) })
    }
}

/// What a module wanted and a state dictionary had.
public struct StateMismatch: Error, Equatable, CustomStringConvertible {
    /// Names that the module has and the dictionary lacks.
    public var missing: [String] = []
    /// Names that the dictionary has and the module lacks.
    public var unexpected: [String] = []
    /// Names that both have, in different shapes.
    public var misshapen: [(name: String, expected: Shape, found: Shape)] = []

    /// Nothing.
    public init() {}

    /// Every difference of names and shapes, sorted by name. Counters of batches (`num_batches_tracked`) are nobody's.
    public init(wanted: [String: Shape], found state: StateDictionary) {
        missing = wanted.keys.filter { state.entries[$0] == nil }.sorted()
        unexpected = state.entries.keys.filter { wanted[$0] == nil && !Self.isCounter($0) }.sorted()
        for (name, shape) in wanted.sorted(by: { $0.key < $1.key }) {
            if let found = state.entries[name], found.shape != shape { misshapen.append((name, shape, found.shape)) }
        }
    }

    /// PyTorch's batch norms count their batches under this name and use the number only where the momentum is unset, which ours do not offer.
    private static func isCounter(_ name: String) -> Bool { name == "num_batches_tracked" || name.hasSuffix(".num_batches_tracked") }

    /// Whether everything matched.
    public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

    /// One line with the first few names of each kind.
    public var description: String {
        var parts: [String] = []
        if !missing.isEmpty { parts.append("\(missing.count) missing (\(Self.list(missing)))") }
        if !unexpected.isEmpty { parts.append("\(unexpected.count) unexpected (\(Self.list(unexpected)))") }
        if !misshapen.isEmpty {
            parts.append("\(misshapen.count) misshapen (\(Self.list(misshapen.map { "\($0.name): expected \($0.expected), found \($0.found)" })))")
        }
        return parts.joined(separator: "; ")
    }

    /// Same names and shapes in the same order.
    public static func == (a: StateMismatch, b: StateMismatch) -> Bool { a.description == b.description && a.missing == b.missing && a.unexpected == b.unexpected }

    private static func list(_ names: [String]) -> String { names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "") }
}

extension Module {
    /// Gives every entry its numbers from `state`; changes nothing when a name or shape does not match.
    /// - Throws: ``StateMismatch`` with every difference.
    public func load(_ state: StateDictionary, on backend: any Backend) throws(StateMismatch) {
        let mismatch = mismatch(with: state)
        guard mismatch.isEmpty else { throw mismatch }
        for (name, entry) in entries {
            if let found = state.entries[name] { entry.tensor = Tensor(found.values, shape: found.shape, on: backend) }
        }
    }

    /// Every difference of names and shapes, sorted by name. Counters of batches (`num_batches_tracked`) are nobody's.
    public func mismatch(with state: StateDictionary) -> StateMismatch {
        StateMismatch(wanted: Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.entry.shape) }), found: state)
    }
}
