import Archives
import Crypto

/// Everything that features or statistics depend on: network, weights, resampler, normalisation, protocol, the images themselves. Files carry it, caches are
/// keyed by it, and numbers of different identities are never compared silently.
public struct FeatureIdentity: Sendable, Hashable {
    /// What decides, by name.
    public var entries: [String: String]

    /// An identity with these entries.
    public init(_ entries: [String: String] = [:]) { self.entries = entries }

    /// The entry of this name.
    public subscript(name: String) -> String? {
        get { entries[name] }
        set { entries[name] = newValue }
    }

    /// SHA-256, in hexadecimal, of the entries in the order of their names; each name and value is preceded by its length, so that no two identities share a
    /// text.
    public var digest: String {
        var hash = SHA256()
        for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
            for text in [name, value] {
                let bytes = Array(text.utf8)
                withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
                hash.update(data: bytes)
            }
        }
        return hash.finalize().hexadecimal
    }

    /// The names whose entries differ, in order.
    public func differences(from other: FeatureIdentity) -> [String] {
        Set(entries.keys).union(other.entries.keys).filter { entries[$0] != other.entries[$0] }.sorted()
    }
}
