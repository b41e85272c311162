import Crypto
import Dispatch
import Images

/// The SHA-256 of an image's content.
public typealias ContentDigest = SHA256Digest

extension ImageSource {
    /// The SHA-256 of one image's content: of a file's bytes, or of an array's shape and pixels; names play no part.
    /// - Throws: `ImageError` naming the file or entry.
    public func contentDigest(_ index: Int) throws(ImageError) -> ContentDigest {
        var bytes: [UInt8] = []
        try read(index, into: &bytes)
        return digest(ofContent: bytes)
    }

    /// The digest of content that `read` gave.
    func digest(ofContent bytes: [UInt8]) -> ContentDigest {
        var hash = SHA256()
        if !store.contentKind.isEmpty { hash.update(data: Array(store.contentKind.utf8)) }
        hash.update(data: bytes)
        return hash.finalize()
    }

    /// The SHA-256 over all images' digests in order: two sources with equal digests hold the same images in the same
    /// order, whatever they are called and wherever they lie.
    /// - Parameter workers: threads that read and hash.
    /// - Throws: `ImageError` naming the first image that cannot be read.
    public func contentDigest(workers: Int = 2) throws(ImageError) -> ContentDigest {
        let shares = max(1, min(workers, count))
        let parts = Monitor<[Result<[ContentDigest], ImageError>?]>(Array(repeating: nil, count: shares))
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            let part = digests(count * share / shares..<count * (share + 1) / shares)
            parts.update { $0[share] = part }
        }
        var hash = SHA256()
        for part in parts.update({ $0 }) {
            guard let part else { continue }
            for digest in try part.get() { digest.withUnsafeBytes { hash.update(bufferPointer: $0) } }
        }
        return hash.finalize()
    }

    private func digests(_ indices: Range<Int>) -> Result<[ContentDigest], ImageError> {
        var bytes: [UInt8] = []
        var digests: [ContentDigest] = []
        digests.reserveCapacity(indices.count)
        for index in indices {
            do throws(ImageError) {
                try read(index, into: &bytes)
            } catch {
                return .failure(error)
            }
            digests.append(digest(ofContent: bytes))
        }
        return .success(digests)
    }
}
