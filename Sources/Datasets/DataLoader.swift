import Dispatch
import Tensors

/// Batches of training samples by number, made ahead of the reader on other threads.
///
/// Batch `b` is a function of the source, the settings, the stream and `b`: there is no position to save, so a run resumed at step s
/// sees what an uninterrupted one would have seen. A finite source is seen once per epoch, in an order that depends on the stream and the
/// epoch only; what does not fill the last batch of an epoch is left out of that epoch. A distribution goes on without end.
public final class DataLoader: Sendable {
    /// What is loaded.
    public let source: any SampleSource
    /// How it is loaded.
    public let settings: LoaderSettings

    private let maker: BatchMaker
    private let queue: BatchQueue?
    private let workers = DispatchGroup()

    /// A loader whose orders and flips are drawn from `stream`.
    /// - Throws: `DatasetError` where the source cannot fill one batch, or points are to be flipped or moved.
    public init(_ source: any SampleSource, _ settings: LoaderSettings, stream: RandomStream) throws(DatasetError) {
        precondition(settings.batchSize > 0 && settings.prefetch >= 0 && settings.workers > 0, "nothing can be loaded with \(settings)")
        if let count = source.count, count < settings.batchSize {
            throw DatasetError(path: source.name, .unfit("expected at least one batch of \(settings.batchSize) samples, found \(count); choose a smaller batch"))
        }
        if settings.flips && !source.holdsImages {
            throw DatasetError(path: source.name, .unfit("expected images to flip, found points of shape \(source.shape); turn flips off"))
        }
        if settings.shift > 0 && !source.holdsImages {
            throw DatasetError(path: source.name, .unfit("expected images to move, found points of shape \(source.shape); set shift to 0"))
        }
        self.source = source
        self.settings = settings
        maker = BatchMaker(source, settings, stream)
        queue = settings.prefetch > 0 ? BatchQueue(maker, ahead: settings.prefetch) : nil
        guard let queue else { return }
        for worker in 0..<min(settings.workers, settings.prefetch) {
            // A serial queue of its own is a thread of its own: waiting in it starves nobody.
            DispatchQueue(label: "DataLoader.worker.\(worker)").async(group: workers) { queue.work() }
        }
    }

    deinit {
        queue?.stop()
        workers.wait()
    }

    /// Whole batches per epoch; nil for a distribution.
    public var batchesPerEpoch: Int? { maker.batchesPerEpoch }

    /// Any batch. Asked for in order, batches come from those made ahead.
    /// - Throws: `DatasetError` naming the first sample of the batch that cannot be read.
    public func batch(at index: Int) throws(DatasetError) -> Minibatch {
        precondition(index >= 0, "batch \(index)")
        guard let queue else { return try maker.batch(at: index) }
        return try queue.take(index).get()
    }
}
