import Images

/// Some images, resized and side by side, ready for a network.
public struct Batch {
    /// Where each image stands in the source; images that were skipped are missing.
    public let indices: [Int]
    /// The values, row by row; they belong to the loader and hold until its next call of `next()`.
    /// - Shape: `[count, height, width, 3]`, in units of 0...255.
    public let pixels: UnsafeBufferPointer<Float>
    /// The SHA-256 of each image's content, empty unless the loader was asked for it.
    public let digests: [ContentDigest]

    /// The number of images, at least 1.
    public var count: Int { indices.count }
}

/// What a loader does with each image and how it is spread over threads.
public struct LoadingOptions: Sendable {
    /// Columns of each image in the batch.
    public var width: Int
    /// Rows of each image in the batch.
    public var height: Int
    /// How an image becomes that large.
    public var resampler: Resampler
    /// Whether values are clipped to 0...255 after resizing.
    public var clips = false
    /// Images per batch; the last one may hold fewer, and so does one with skipped images.
    public var batchSize = 32
    /// Threads that read, decode and resize.
    public var workers = 2
    /// Batches in memory: the one in use and those being filled.
    public var buffers = 3
    /// Leave out what cannot be read or decoded and go on, instead of throwing.
    public var skipsUnreadable = false
    /// Compute each image's content digest on the way.
    public var computesDigests = false

    /// The defaults around a size and a resampler.
    public init(width: Int, height: Int, resampler: Resampler) {
        self.width = width
        self.height = height
        self.resampler = resampler
    }
}
