import Dispatch
import Images

/// Reads, decodes and resizes a source's images on threads of its own, ahead of the reader, and hands them out in order.
///
/// Memory is bounded by `buffers` batches and, per worker, one file and one decoded image. Every result depends on the
/// source and the options only: not on the number of workers, not on their timing. Used by one thread.
public final class BatchLoader {
    /// What is loaded.
    public let source: ImageSource
    /// How it is loaded.
    public let options: LoadingOptions
    /// The images left out so far, in order, each with its reason.
    public private(set) var skipped: [ImageError] = []

    private let ring: BatchRing
    private let workers = DispatchGroup()
    private var nextBatch = 0

    /// Starts reading at once.
    public init(_ source: ImageSource, _ options: LoadingOptions) {
        precondition(options.batchSize > 0 && options.workers > 0 && options.buffers > 0, "nothing can be loaded with \(options)")
        self.source = source
        self.options = options
        ring = BatchRing(source, options)
        for worker in 0..<min(options.workers, max(1, source.count)) {
            // A serial queue of its own is a thread of its own: waiting in it starves nobody.
            DispatchQueue(label: "BatchLoader.worker.\(worker)").async(group: workers) { [ring] in ring.work() }
        }
    }

    deinit { stop() }

    /// The next batch, nil after the last one. Ends the life of the batch before.
    /// - Throws: `ImageError` naming the first image, in the source's order, that cannot be read or decoded, unless such
    ///   images are skipped. The loader has stopped then.
    public func next() throws(ImageError) -> Batch? {
        while true {
            if nextBatch > 0 { ring.release(nextBatch - 1) }
            guard nextBatch < ring.batches, let outcome = ring.take(nextBatch) else { return nil }
            nextBatch += 1
            if let failure = outcome.failures.first, !options.skipsUnreadable {
                stop()
                throw failure.error
            }
            skipped += outcome.failures.map(\.error)
            let batch = ring.batch(nextBatch - 1, outcome)
            if batch.count > 0 { return batch }
        }
    }

    /// Ends loading early and waits for the images under way. Later calls of `next()` return nil.
    public func stop() {
        ring.stop()
        workers.wait()
    }
}
