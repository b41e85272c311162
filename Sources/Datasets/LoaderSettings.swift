import Images

/// How samples become batches: part of a run's configuration.
public struct LoaderSettings: Hashable, Sendable {
    /// Samples per batch.
    public var batchSize: Int
    /// Whether each epoch has an order of its own; otherwise all have the source's.
    public var shuffles = true
    /// Whether each image is mirrored left to right with probability ½, drawn anew each time it is seen.
    public var flips = false
    /// Each image is moved by up to so many pixels along both axes, drawn anew each time it is seen; the pixels at its border are repeated.
    public var shift = 0
    /// Batches that are made ahead of the reader; 0 makes each when it is asked for.
    public var prefetch = 2
    /// Threads that make batches ahead; they call no compute kernels.
    public var workers = 1

    /// The defaults around a batch size.
    public init(batchSize: Int = 64) { self.batchSize = batchSize }
}

/// How images of a collection become samples of one size.
public struct ImageSettings: Hashable, Sendable {
    /// Rows and columns: each image is cropped to a square around its centre, unless ``cropsToSquare`` is off, and resized. Nil leaves images as they are, which must then
    /// all be of one size.
    public var size: Int?
    /// 1 (grey by ITU-R 601-2 luma) or 3 (grey is repeated). Nil leaves images as they are, which must then all have the same.
    public var channels: Int?
    /// Whether images keep their proportions, and lose what is outside a square; otherwise they are stretched, as metrics do.
    public var cropsToSquare = true
    /// Whether rows and columns change places first: EMNIST's files hold each image transposed.
    public var transposes = false
    /// How an image is resized; the result is rounded to whole numbers. Images that already fit are not touched.
    public var resampler = Resampler.pillowLanczosUInt8
    /// Sets of at most so many bytes (one per value) are decoded once and kept in memory.
    public var memoryLimit = 512 << 20

    /// Images as they are, or of a size.
    public init(size: Int? = nil, channels: Int? = nil) {
        self.size = size
        self.channels = channels
    }
}
