import Archives
import Yams

extension NetworkDescription {
    /// A description in a file.
    /// - Throws: `ArchiveError` for a file that cannot be read; ``FeatureNetworkError/badDescription(file:line:reason:)``.
    public init(reading path: String) throws {
        let bytes = try FileBytes(path)
        try self.init(yaml: String(decoding: bytes.bytes(), as: UTF8.self), file: path)
    }

    /// A description written as YAML.
    /// - Parameter file: for errors, and the place that the weights file is seen from.
    /// - Throws: ``FeatureNetworkError/badDescription(file:line:reason:)`` with the line and what was expected.
    public init(yaml text: String, file: String) throws(FeatureNetworkError) {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw .badDescription(file: file, line: nil, reason: "is no YAML: " + "\(error)".split(whereSeparator: \.isNewline).joined(separator: " "))
        }
        let reader = DescriptionReader(file: file)
        let top = try reader.entries(root, of: "a network", known: ["name", "input", "weights", "sha256", "features", "classes", "classNames", "notes", "layers"])
        let input = try reader.entries(top["input"], of: "'input'", known: ["side", "channels", "mean", "deviation"])
        let channels = try reader.integer(input, "channels", 1...3, usual: 3), side = try reader.integer(input, "side", 1...4096)
        guard channels != 2 else { throw reader.problem("'channels' is 2; expected 1 or 3", input["channels"]) }
        let stem = file.split(separator: "/").last.map { $0.split(separator: ".").first.map(String.init) ?? String($0) } ?? file
        var layers = 0
        self.init(
            name: try reader.text(top, "name") ?? stem, side: side, channels: channels,
            mean: try reader.perChannel(input, "mean", channels, usual: 0), deviation: try reader.perChannel(input, "deviation", channels, usual: 1),
            layers: try reader.layers(top["layers"], count: &layers), features: "", classes: try reader.text(top, "classes"), classNames: try reader.texts(top, "classNames"))
        self.file = file
        guard !self.layers.isEmpty else { throw reader.problem("has no layers", root) }
        guard deviation.allSatisfy({ $0 > 0 }) else { throw reader.problem("'deviation' is \(deviation); expected numbers above 0", input["deviation"]) }
        guard let features = try reader.text(top, "features") else { throw reader.problem("'features' is missing: the tap that is read when none is named", root) }
        self.features = features
        (weights, weightsDigest) = (try reader.text(top, "weights"), try reader.text(top, "sha256"))
        if let notes = top["notes"] { self.notes = try reader.notes(notes) }
        guard !FeatureNetworkCatalog.names.contains(name) else { throw reader.problem("'name' is \(name), which is a network of this package; choose another", top["name"]) }
        guard NetworkStore.isName(name) else { throw reader.problem("'name' is '\(name)'; expected letters, digits, '-', '_' and '.'", top["name"]) }
    }
}

/// Turns nodes of YAML into what a description is made of, or says in one line why not.
struct DescriptionReader {
    let file: String
    /// Anchors can make a short file long.
    static let mostLayers = 2000

    func problem(_ reason: String, _ node: Node? = nil) -> FeatureNetworkError { .badDescription(file: file, line: node?.mark?.line, reason: reason) }

    /// The entries of a mapping.
    func entries(_ node: Node?, of what: String, known: [String]) throws(FeatureNetworkError) -> [String: Node] {
        guard let node, case let .mapping(mapping) = node else { throw problem("\(what) needs 'name: value' entries: " + known.joined(separator: ", "), node) }
        var entries: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, known.contains(name) else {
                throw problem("\(what) has no '\(key.scalar?.string ?? "…")'; " + (known.isEmpty ? "it takes nothing" : "choose from " + known.joined(separator: ", ")), key)
            }
            entries[name] = value
        }
        return entries
    }

    func text(_ entries: [String: Node], _ name: String) throws(FeatureNetworkError) -> String? {
        guard let node = entries[name] else { return nil }
        guard let text = node.scalar?.string, !text.isEmpty else { throw problem("'\(name)' needs a text", node) }
        return text
    }

    func texts(_ entries: [String: Node], _ name: String) throws(FeatureNetworkError) -> [String]? {
        guard let node = entries[name] else { return nil }
        guard case let .sequence(list) = node else { throw problem("'\(name)' needs a list of texts", node) }
        let texts = list.compactMap { $0.scalar?.string }
        guard texts.count == list.count else { throw problem("'\(name)' needs a list of texts", node) }
        return texts
    }

    func notes(_ node: Node) throws(FeatureNetworkError) -> [(name: String, text: String)] {
        guard case let .mapping(mapping) = node else { throw problem("'notes' needs 'name: text' entries", node) }
        var notes: [(String, String)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, let text = value.scalar?.string else { throw problem("'notes' needs 'name: text' entries", key) }
            notes.append((name, text))
        }
        return notes
    }

    func integer(_ entries: [String: Node], _ name: String, _ range: ClosedRange<Int>, usual: Int? = nil) throws(FeatureNetworkError) -> Int {
        guard let node = entries[name] else {
            if let usual { return usual }
            throw problem("'\(name)' is missing; expected a whole number of \(range.lowerBound) to \(range.upperBound)", entries.values.min { ($0.mark?.line ?? 0) < ($1.mark?.line ?? 0) })
        }
        guard let number = node.scalar.flatMap({ Int($0.string) }), range.contains(number) else {
            throw problem("'\(name)' is \(node.scalar?.string ?? "a list"); expected a whole number of \(range.lowerBound) to \(range.upperBound)", node)
        }
        return number
    }

    /// One number for all channels, or a list with one for each.
    func perChannel(_ entries: [String: Node], _ name: String, _ channels: Int, usual: Double) throws(FeatureNetworkError) -> [Double] {
        guard let node = entries[name] else { return [Double](repeating: usual, count: channels) }
        let nodes = if case let .sequence(list) = node { Array(list) } else { [Node](repeating: node, count: channels) }
        let numbers = nodes.compactMap { $0.scalar.flatMap { Double($0.string) } }.filter(\.isFinite)
        guard numbers.count == channels, nodes.count == channels else { throw problem("'\(name)' needs \(channels == 1 ? "1 number" : "\(channels) numbers, or one for all channels")", node) }
        return numbers
    }

    func layers(_ node: Node?, _ name: String = "layers", count: inout Int) throws(FeatureNetworkError) -> [LayerDescription] {
        guard let node, case let .sequence(list) = node else { throw problem("'\(name)' needs a list, one line '- layer' or '- layer: {…}' for each", node) }
        count += list.count
        guard count <= Self.mostLayers else { throw problem("has more than \(Self.mostLayers) layers", node) }
        var layers: [LayerDescription] = []
        for element in list { layers.append(try layer(element, count: &count)) }
        return layers
    }

    private func layer(_ node: Node, count: inout Int) throws(FeatureNetworkError) -> LayerDescription {
        let (key, value): (Node, Node?)
        switch node {
        case .scalar: (key, value) = (node, nil)
        case let .mapping(mapping) where mapping.count == 1:
            guard let only = mapping.first else { throw problem("a layer needs a name", node) }
            (key, value) = (only.key, only.value)
        default: throw problem("a layer is one line, '- layer' or '- layer: {…}'", node)
        }
        guard let kind = key.scalar.flatMap({ LayerDescription.Kind(rawValue: $0.string) }) else {
            throw problem("there is no layer '\(key.scalar?.string ?? "…")'; choose from " + LayerDescription.Kind.allCases.map(\.rawValue).joined(separator: ", "), key)
        }
        let given = try options(kind, key, value)
        var numbers: [String: Double] = [:]
        for option in kind.options {
            if let node = given[option.name] { numbers[option.name] = try number(option, node) }
            guard numbers[option.name] != nil || option.usual != nil || option.name == "stride" else { throw problem("\(kind) needs '\(option.name)'", key) }
        }
        let name = try text(given, "name")
        if kind == .tap && name == nil { throw problem("a tap needs a name: '- tap: NAME'", key) }
        if kind == .residual && given["body"] == nil { throw problem("residual needs 'body'", key) }
        let body = kind == .residual ? try layers(given["body"], "body", count: &count) : []
        let shortcut = try given["shortcut"].map { node throws(FeatureNetworkError) in try layers(node, "shortcut", count: &count) } ?? []
        return LayerDescription(kind, name: name, numbers, body: body, shortcut: shortcut, line: key.mark?.line)
    }

    /// What is said about a layer: entries, or one value for the option that matters most.
    private func options(_ kind: LayerDescription.Kind, _ key: Node, _ value: Node?) throws(FeatureNetworkError) -> [String: Node] {
        guard let value else { return [:] }
        if let scalar = value.scalar {
            if scalar.string.isEmpty { return [:] }
            guard let name = kind.principal ?? (kind.isNamed && kind != .residual ? "name" : nil) else { throw problem("\(kind) takes \(kind.options.isEmpty ? "no value" : "entries in braces")", key) }
            return [name: value]
        }
        let known = (kind.isNamed ? ["name"] : []) + kind.options.map(\.name) + (kind == .residual ? ["body", "shortcut"] : [])
        return try entries(value, of: kind.rawValue, known: known)
    }

    private func number(_ option: LayerDescription.Option, _ node: Node) throws(FeatureNetworkError) -> Double {
        let text = node.scalar?.string ?? "a list"
        switch option.values {
        case let .integer(range): return Double(try integer([option.name: node], option.name, range))
        case let .number(range):
            guard let number = Double(text), range.contains(number) else { throw problem("'\(option.name)' is \(text); expected a number of \(range.lowerBound) to \(range.upperBound)", node) }
            return number
        case .flag:
            guard ["true", "false"].contains(text) else { throw problem("'\(option.name)' is \(text); expected true or false", node) }
            return text == "true" ? 1 : 0
        }
    }
}
