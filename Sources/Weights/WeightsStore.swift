import Archives

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The folder of installed weights. A file stands there under its name only after its size and digest were found right.
public struct WeightsStore: Equatable, Sendable {
    /// How patient downloads are.
    public struct Options: Equatable, Sendable {
        /// Attempts per address; each goes on where the last one ended.
        public var attempts = 3
        /// Seconds to wait for a connection.
        public var connectTimeout = 30
        /// Seconds without data (less than 1000 bytes/s) after which an attempt has failed.
        public var stallTimeout = 30

        /// 3 attempts, 30 s for a connection, 30 s without data.
        public init() {}
    }

    /// Where the files stand.
    public let folder: String
    /// How patient downloads are.
    public var options = Options()

    /// A store in a folder, which comes into being with the first installation.
    public init(folder: String) { self.folder = folder }

    /// The user's store: `$GAN_EVAL_HOME/weights` where that variable is set, else `gan-eval/weights` in the system's folder for caches
    /// (`~/Library/Caches` on macOS, `$XDG_CACHE_HOME` or `~/.cache` elsewhere).
    public static func standard(environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }) -> WeightsStore {
        func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        if let home = value("GAN_EVAL_HOME") { return WeightsStore(folder: home + "/weights") }
        let home = value("HOME") ?? "."
        #if os(macOS)
        let caches = home + "/Library/Caches"
        #else
        let caches = value("XDG_CACHE_HOME") ?? home + "/.cache"
        #endif
        return WeightsStore(folder: caches + "/gan-eval/weights")
    }

    /// Where a published file stands once installed.
    public func path(of weights: PublishedWeights) -> String { folder + "/" + weights.file }

    /// Whether a file stands there; `verify` tells whether it is the right one.
    public func isInstalled(_ weights: PublishedWeights) -> Bool { access(path(of: weights), R_OK) == 0 }

    /// Compares an installed file with what is published.
    /// - Returns: its whole SHA-256.
    /// - Throws: `WeightsError`: `missing` with what to do, or `wrongDigest` with both digests; the file stays for inspection.
    @discardableResult
    public func verify(_ weights: PublishedWeights) throws(WeightsError) -> String {
        guard isInstalled(weights) else {
            throw WeightsError(
                .missing, file: path(of: weights), expected: "the weights of \(weights.name)",
                found: "none: run 'gan-eval networks install \(weights.name)'")
        }
        return try Self.check(path(of: weights), weights)
    }

    /// Makes sure that a published file is installed and right, downloading it where it is not.
    /// - Parameter progress: called with the bytes that are here and the bytes in all, where known.
    /// - Returns: the file's path.
    /// - Throws: `WeightsError`: `unavailable` with what to do by hand, `wrongDigest` (the download is deleted), `unwritable`.
    @discardableResult
    public func install(_ weights: PublishedWeights, progress: (Int, Int?) -> Void = { _, _ in }) throws(WeightsError) -> String {
        let path = path(of: weights)
        if isInstalled(weights), (try? Self.check(path, weights)) != nil { return path }
        try makeFolder()
        let partial = try PartialFile(for: path)
        var problem: WeightsError?
        for url in weights.urls {
            do throws(WeightsError) {
                try download(weights, url, partial, progress)
                do throws(WeightsError) { try Self.check(partial.path, weights, url: url) } catch {
                    partial.discard()
                    throw error
                }
                try partial.publish(as: path)
                return path
            } catch {
                // Only another address can help with these; everything else is final.
                guard error.reason == .unavailable || error.reason == .wrongDigest else { throw error }
                problem = problem ?? error
            }
        }
        throw byHand(weights, problem)
    }

    /// Installs a file that was brought here by other means.
    /// - Throws: `WeightsError` with reason `wrongDigest` where it is not the published one.
    @discardableResult
    public func importFile(_ source: String, as weights: PublishedWeights) throws(WeightsError) -> String {
        try Self.check(source, weights)
        try makeFolder()
        let path = path(of: weights)
        try WeightsError.archives { () throws(ArchiveError) in try AtomicFile.copy(source, to: path) }
        return path
    }

    private func download(_ weights: PublishedWeights, _ url: String, _ partial: PartialFile, _ progress: (Int, Int?) -> Void) throws(WeightsError) {
        let isWhole: Bool = if case .sha256 = weights.digest { true } else { false }
        let download = Download(url: url, partial: partial, expectedBytes: weights.bytes, trustsDigest: isWhole, options: options)
        for attempt in 1...max(1, options.attempts) {
            do throws(Download.Failure) { return try download.run(progress: progress) } catch {
                if attempt >= options.attempts || !error.isTransient { throw error.error }
                sleep(UInt32(attempt))
            }
        }
    }

    @discardableResult
    private static func check(_ path: String, _ weights: PublishedWeights, url: String? = nil) throws(WeightsError) -> String {
        let size = try WeightsError.archives { () throws(ArchiveError) in try FileBytes(path).count }
        if let bytes = weights.bytes, size != bytes {
            throw WeightsError(.wrongDigest, file: url ?? path, expected: "\(bytes) bytes", found: "\(size)")
        }
        let digest = try FileDigest.sha256(path)
        guard weights.digest.matches(digest) else {
            throw WeightsError(
                .wrongDigest, file: url ?? path, expected: "\(weights.digest)", found: "\(digest)" + (url == nil ? "" : "; the download was deleted"))
        }
        return digest
    }

    private func byHand(_ weights: PublishedWeights, _ problem: WeightsError?) -> WeightsError {
        var error = problem ?? WeightsError(.unavailable, file: weights.file, expected: "an address", found: "none")
        error.found += ". By hand: download \(weights.urls.first ?? weights.file) elsewhere, then 'gan-eval networks import \(weights.name) FILE'"
        return error
    }

    private func makeFolder() throws(WeightsError) {
        var path = folder.hasPrefix("/") ? "" : "."
        for component in folder.split(separator: "/") {
            path += "/" + component
            if mkdir(path, 0o755) != 0, errno != EEXIST {
                throw WeightsError(.unwritable, file: path, expected: "a folder for weights", found: PartialFile.systemMessage())
            }
        }
    }
}
