import Archives
import Weights
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The folder of the user's own networks, `NAME.yaml` with the weights beside it, and the way from what a user types to a network.
public struct NetworkStore: Equatable, Sendable {
    /// Where the networks stand.
    public let folder: String

    /// A store in a folder, which comes into being with the first network.
    public init(folder: String) { self.folder = folder }

    /// The user's store: `$GAN_EVAL_HOME/networks` where that variable is set, else `gan-eval/networks` in the system's folder for data
    /// (`~/Library/Application Support` on macOS, `$XDG_DATA_HOME` or `~/.local/share` elsewhere). Not a cache: nobody can make these again.
    public static func standard(environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }) -> NetworkStore {
        func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        if let home = value("GAN_EVAL_HOME") { return NetworkStore(folder: home + "/networks") }
        let home = value("HOME") ?? "."
        #if os(macOS)
        let data = home + "/Library/Application Support"
        #else
        let data = value("XDG_DATA_HOME") ?? home + "/.local/share"
        #endif
        return NetworkStore(folder: data + "/gan-eval/networks")
    }

    /// Whether a text can be a network's name: letters, digits, `-`, `_` and `.`, the first of which is a letter or digit.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.first, first.isLetter || first.isNumber, text.utf8.count <= 100 else { return false }
        return text.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }

    /// Names of the networks in the store, sorted.
    public var names: [String] {
        guard let listing = opendir(folder) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let file = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            if file.hasSuffix(".yaml"), Self.isName(String(file.dropLast(".yaml".count))) { names.append(String(file.dropLast(".yaml".count))) }
        }
        return names.sorted()
    }

    /// Where the description of a network of the store stands, or will.
    public func path(of name: String) -> String { "\(folder)/\(name).yaml" }

    /// Whether a file stands at `path`.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The description that `reference` means: the path of one (with a `/`, or ending in `.yaml` or `.yml`), or the name of a network of the store; nil for neither.
    public func description(_ reference: String) throws -> NetworkDescription? {
        let isPath = reference.contains("/") || reference.hasSuffix(".yaml") || reference.hasSuffix(".yml")
        let path = isPath ? reference : path(of: reference)
        guard isPath || Self.isName(reference) && Self.exists(path) else { return nil }
        return try NetworkDescription(reading: path)
    }

    /// Removes a network of the store: its description, and its weights where they stand in the store's folder and no other network has them.
    /// - Returns: The files that are gone.
    /// - Throws: ``FeatureNetworkError`` where the store has no such network; `ArchiveError` for a file that cannot be removed.
    public func remove(_ name: String) throws -> [String] {
        guard names.contains(name) else { throw FeatureNetworkError.unknownNetwork(name) }
        // A description that cannot be read is removed all the same; whose weights it had, nobody knows.
        let weights = (try? NetworkDescription(reading: path(of: name)))?.weightsPath
        let others = names.filter { $0 != name }.compactMap { (try? NetworkDescription(reading: path(of: $0)))?.weightsPath }
        let files = [path(of: name)] + [weights].compactMap(\.self).filter { $0.hasPrefix(folder + "/") && !others.contains($0) && Self.exists($0) }
        for file in files where unlink(file) != 0 {
            throw ArchiveError(.unwritable, file: file, expected: "a file that can be removed", found: String(cString: strerror(errno)).lowercased())
        }
        return files
    }

    /// A network without its weights, by whatever a user may call it: a name of the catalogue, of the store, or the path of a description.
    /// - Throws: ``FeatureNetworkError``; `ArchiveError` for a description that cannot be read.
    public func network(_ reference: String) throws -> any FeatureNetwork {
        if let known = FeatureNetworkCatalog.make(reference) { return known }
        guard let description = try description(reference) else { throw FeatureNetworkError.unknownNetwork(reference) }
        return try DescribedNetwork(description)
    }
}
