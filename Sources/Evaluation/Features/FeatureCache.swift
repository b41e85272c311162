#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Features and statistics kept for the next run, in files named by the SHA-256 of their identity.
///
/// The identity holds the digests of the images' contents and of the weights, so a changed file, network, weight or protocol has another name and misses. A file
/// is used only if the identity inside it equals the one asked for; a damaged one counts as a miss.
public struct FeatureCache: Sendable {
    /// One file of the cache.
    public struct Entry: Sendable, Equatable {
        /// Its path.
        public let path: String
        /// Its size in bytes.
        public let size: Int
        /// Its identity; nil where the file is damaged.
        public let identity: FeatureIdentity?
    }

    private enum Kind: String { case statistics, features }

    /// The folder of the cache.
    public let folder: String

    /// A cache in `folder`, which is made when something is first kept.
    public init(folder: String) { self.folder = folder }

    /// `$XDG_CACHE_HOME/gan-eval`, or `~/.cache/gan-eval`; nil where neither variable is set.
    public static var userFolder: String? {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }
        return variable("XDG_CACHE_HOME").map { $0 + "/gan-eval" } ?? variable("HOME").map { $0 + "/.cache/gan-eval" }
    }

    /// Where the statistics of an identity are or will be.
    public func statisticsPath(_ identity: FeatureIdentity) -> String { path(identity, .statistics) }

    /// Where the features of an identity are or will be.
    public func featuresPath(_ identity: FeatureIdentity) -> String { path(identity, .features) }

    /// Where the journal of an extraction of an identity's features is or will be.
    public func journalPath(_ identity: FeatureIdentity) -> String { path(identity, .features) + ".partial" }

    /// The statistics of an identity, if kept.
    public func statistics(_ identity: FeatureIdentity) -> StatisticsFile? {
        guard let file = try? StatisticsFile(reading: statisticsPath(identity)), file.identity == identity else { return nil }
        return file
    }

    /// The features of an identity, if kept.
    public func features(_ identity: FeatureIdentity) -> FeaturesFile? {
        guard let file = try? FeaturesFile(reading: featuresPath(identity)), file.identity == identity else { return nil }
        return file
    }

    /// Makes the folder.
    /// - Throws: `system`.
    public func prepare() throws(EvaluationError) {
        var path = folder.hasPrefix("/") ? "/" : ""
        for component in folder.split(separator: "/") {
            path += path.isEmpty || path.hasSuffix("/") ? String(component) : "/" + component
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
                throw .system(path: path, operation: "make the folder", reason: String(cString: strerror(errno)).lowercased())
            }
        }
    }

    /// The files of the cache, by name.
    public func entries() -> [Entry] {
        names().map { name in
            let path = folder + "/" + name
            var status = stat()
            let size = stat(path, &status) == 0 ? Int(status.st_size) : 0
            let identity = (try? HDF5Format.features.open(path).identity) ?? (try? HDF5Format.statistics.open(path).identity)
            return Entry(path: path, size: size, identity: identity)
        }
    }

    /// Deletes every file of the cache, journals included, and returns how many.
    /// - Throws: `system`.
    @discardableResult
    public func clear() throws(EvaluationError) -> Int {
        let names = names()
        for name in names {
            guard unlink(folder + "/" + name) == 0 || errno == ENOENT else {
                throw .system(path: folder + "/" + name, operation: "delete", reason: String(cString: strerror(errno)).lowercased())
            }
        }
        return names.count
    }

    private func path(_ identity: FeatureIdentity, _ kind: Kind) -> String { "\(folder)/\(identity.digest).\(kind.rawValue).h5" }

    /// Only names this cache gives are its files; whatever else lies in the folder is left alone.
    private func names() -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) }
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            if parts.count >= 3, parts[0].count == 64, Kind(rawValue: String(parts[1])) != nil, parts[2] == "h5" { names.append(name) }
        }
        return names.sorted()
    }
}
