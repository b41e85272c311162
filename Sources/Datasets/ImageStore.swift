import Images

/// Where images come from: one conforming type per kind of collection. Reading is safe from several threads at once.
///
/// An image is reached in two steps, content first, so that its digest costs no second read.
protocol ImageStore: Sendable {
    /// The number of images.
    var count: Int { get }
    /// The classes, if they were asked for.
    var labels: ClassLabels? { get }
    /// What the content's meaning depends on beside its bytes (an array's shape), empty for files; part of the digest.
    var contentKind: String { get }
    /// A short name, unique within the collection: a relative path, an entry, an index.
    func name(_ index: Int) -> String
    /// A name for error messages that says where the image is.
    func location(_ index: Int) -> String
    /// Replaces `bytes` by an image's content: a file's bytes, or the pixels of an array.
    func read(_ index: Int, into bytes: inout [UInt8]) throws(ImageError)
    /// Turns content into a picture, reusing `image`'s memory.
    func decode(_ bytes: [UInt8], into image: inout Image) throws(ImageError)
}

extension ImageStore {
    var contentKind: String { "" }

    func decode(_ bytes: [UInt8], into image: inout Image) throws(ImageError) {
        var failure: ImageError?
        bytes.withUnsafeBytes { buffer in
            do throws(ImageError) { try image.decode(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
