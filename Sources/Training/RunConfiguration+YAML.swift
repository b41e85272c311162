import Archives
import Games
import Yams

extension RunConfiguration {
    /// A configuration in a file.
    public init(reading path: String) throws {
        let bytes = try FileBytes(path)
        try self.init(yaml: String(decoding: bytes.bytes(0..<bytes.count), as: UTF8.self), file: path)
    }

    /// A configuration written as YAML: keys with dots or nested, the settings of the game among those of the run.
    /// - Throws: ``TrainingError`` with the file's name, the line, and the nearest valid name or the allowed values.
    public init(yaml text: String, file: String) throws(TrainingError) {
        self.init()
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch { throw .configuration(file: file, line: nil, reason: Self.oneLine("\(error)")) }
        guard let root else { return }
        guard case .mapping = root else { throw .configuration(file: file, line: root.mark?.line, reason: "expected 'name: value' lines") }
        var entries: [(name: String, value: String, line: Int?)] = []
        try Self.flatten(root, prefix: "", file: file, into: &entries)
        // The game decides which other names there are.
        for entry in entries.filter({ $0.name == "game" }) + entries.filter({ $0.name != "game" }) {
            do throws(GameError) { try change(entry.name, to: entry.value) } catch {
                throw .configuration(file: file, line: entry.line, reason: error.description)
            }
        }
    }

    /// Every field and every setting of the game with its value, as YAML that reads back to the same configuration.
    public func yaml() throws(GameError) -> String {
        let all = try self.all()
        return all.map { name, value in "\(name): \(Self.quoted(value))\n" }.joined()
    }

    /// Every field and every setting of the game with its value.
    public func all() throws(GameError) -> [(name: String, value: String)] {
        let own = Self.fields.map { ($0.name, $0.value(of: self)) }
        return try own + GameCatalog.resolved(GameCatalog.named(game), settings)
    }

    private static func flatten(_ node: Node, prefix: String, file: String, into entries: inout [(name: String, value: String, line: Int?)]) throws(TrainingError) {
        guard case let .mapping(mapping) = node else { return }
        for (key, value) in mapping {
            guard let name = key.scalar?.string else { throw .configuration(file: file, line: key.mark?.line, reason: "a name must be text") }
            let full = prefix.isEmpty ? name : prefix + "." + name
            switch value {
            case .mapping: try flatten(value, prefix: full, file: file, into: &entries)
            case let .scalar(scalar): entries.append((full, scalar.string, key.mark?.line))
            default: throw .configuration(file: file, line: value.mark?.line, reason: "'\(full)' needs one value")
            }
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./,".contains($0)) }
        return isPlain ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private static func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}
