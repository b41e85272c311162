import Archives
import NeuralNetworks
import Weights
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension NetworkDescription {
    /// The description as YAML that reads back to the same network.
    public var yaml: String {
        var text = "name: \(Self.quoted(name))\ninput: {side: \(side), channels: \(channels), mean: \(mean), deviation: \(deviation)}\n"
        for (key, value) in [("weights", weights), ("sha256", weightsDigest), ("features", features), ("classes", classes)] {
            if let value { text += "\(key): \(Self.quoted(value))\n" }
        }
        if let classNames { text += "classNames: [\(classNames.map(Self.quoted).joined(separator: ", "))]\n" }
        if !notes.isEmpty { text += "notes:\n" + notes.map { "  \(Self.quoted($0.name)): \(Self.quoted($0.text))\n" }.joined() }
        return text + "layers:\n" + Self.lines(layers, indent: "  ")
    }

    /// Writes the weights beside `path` and then the description to it, so that a crash leaves the network that was there before or the new one.
    ///
    /// The weights' file name holds the first digits of their digest: one that an older description still names is not overwritten, and removed when that description has gone.
    /// - Parameter state: an entry for every parameter and buffer.
    /// - Returns: the description as it was written.
    /// - Throws: `WeightsError` or `ArchiveError` for what cannot be written.
    @discardableResult
    public func write(_ state: StateDictionary, to path: String) throws -> NetworkDescription {
        let slash = path.lastIndex(of: "/"), folder = slash.map { String(path[...$0]) } ?? "", file = slash.map { String(path[path.index(after: $0)...]) } ?? path
        if slash != nil, folder != "/" { try Folder.make(String(folder.dropLast())) }
        let stem = file.hasSuffix(".yaml") ? String(file.dropLast(".yaml".count)) : file
        let partial = "\(folder)\(stem).partial-\(getpid()).safetensors"
        defer { unlink(partial) }
        try WeightsFile.write(state.arrays, to: partial)
        var written = self
        let digest = try FileDigest.sha256(partial), weights = "\(stem)-\(digest.prefix(12)).safetensors"
        (written.weights, written.weightsDigest, written.file) = (weights, digest, path)
        guard rename(partial, folder + weights) == 0 else {
            throw ArchiveError(.unwritable, file: folder + weights, expected: "to move \(partial) here", found: String(cString: strerror(errno)))
        }
        let old = try? NetworkDescription(reading: path)
        try AtomicFile.write(Array(written.yaml.utf8), to: path)
        if let old = old?.weights, old != weights, old.hasPrefix(stem + "-"), old.hasSuffix(".safetensors"), !old.contains("/") { unlink(folder + old) }
        return written
    }

    private static func lines(_ layers: [LayerDescription], indent: String) -> String {
        layers.map { layer in
            var entries = layer.name.map { ["name: \(quoted($0))"] } ?? []
            for option in layer.kind.options {
                guard let number = layer.numbers[option.name], number != option.usual else { continue }
                switch option.values {
                case .integer: entries.append("\(option.name): \(Int(number))")
                case .number: entries.append("\(option.name): \(number)")
                case .flag: entries.append("\(option.name): \(number != 0)")
                }
            }
            if layer.kind == .tap { return "\(indent)- tap: \(quoted(layer.name ?? ""))\n" }
            guard layer.kind == .residual else { return "\(indent)- \(layer.kind.rawValue)" + (entries.isEmpty ? "" : ": {\(entries.joined(separator: ", "))}") + "\n" }
            let inner = indent + "    "
            var text = "\(indent)- residual:\n" + entries.map { "\(inner)\($0)\n" }.joined() + "\(inner)body:\n" + lines(layer.body, indent: inner + "  ")
            if !layer.shortcut.isEmpty { text += "\(inner)shortcut:\n" + lines(layer.shortcut, indent: inner + "  ") }
            return text
        }.joined()
    }

    /// A text in single quotes, which YAML takes as it is; one with characters that cannot stand there in double quotes.
    private static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            return "\"" + text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F || "\"\\".unicodeScalars.contains($0) ? "\\U" + hexadecimal($0.value) : String($0) }.joined() + "\""
        }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
