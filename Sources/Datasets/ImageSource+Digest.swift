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
        let digests = Monitor<[Result<ContentDigest, ImageError>?]>(Array(repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: shares) { share in
            var bytes: [UInt8] = []
            // Neighbours at the same time: a compressed array is unpacked from front to back.
            for index in stride(from: share, to: count, by: shares) {
                let result = Result { () throws(ImageError) in
                    try read(index, into: &bytes)
                    return digest(ofContent: bytes)
                }
                digests.update { $0[index] = result }
                if case .failure = result { return }
            }
        }
        var hash = SHA256()
        for digest in digests.update({ $0 }) {
            // A share that failed left the images after its failure out.
            guard let digest else { continue }
            try digest.get().withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        return hash.finalize()
    }
}
