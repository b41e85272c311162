import Images

/// The batches between the workers, who fill them image by image, and the reader, who takes them in order.
///
/// Batch `b` lives in slot `b % buffers`. A worker may start on it once the reader has released batch `b - buffers`.
// Sendable although unchecked: `pixels` never changes, and each image's share of it is written by the one worker that
// claimed the image, before it reports the image done under the monitor's lock; the reader reads a batch only after all its
// images were reported and before releasing it, and workers write to it only after the release.
final class BatchRing: @unchecked Sendable {
    /// What became of a batch beside its pixels.
    struct Outcome: Sendable {
        var pending: Int
        var failures: [(position: Int, error: ImageError)] = []
        var digests: [(position: Int, digest: ContentDigest)] = []
    }

    private struct State: Sendable {
        var nextImage = 0
        var released = 0
        var stopped = false
        var slots: [Outcome]
    }

    let batches: Int
    private let source: ImageSource
    private let options: LoadingOptions
    private let valuesPerImage: Int
    private let pixels: UnsafeMutableBufferPointer<Float>
    private let state: Monitor<State>

    init(_ source: ImageSource, _ options: LoadingOptions) {
        self.source = source
        self.options = options
        batches = (source.count + options.batchSize - 1) / options.batchSize
        valuesPerImage = options.width * options.height * 3
        let buffers = min(options.buffers, max(1, batches))
        pixels = .allocate(capacity: buffers * options.batchSize * valuesPerImage)
        pixels.initialize(repeating: 0)
        let (count, size) = (source.count, options.batchSize)
        state = Monitor(State(slots: (0..<buffers).map { Outcome(pending: max(0, min(size, count - $0 * size))) }))
    }

    deinit { pixels.deallocate() }

    private var buffers: Int { pixels.count / (options.batchSize * valuesPerImage) }

    /// The reader's side: waits for all images of a batch; nil if the ring was stopped.
    func take(_ batch: Int) -> Outcome? {
        let slot = batch % buffers
        var outcome: Outcome? = state.wait { state -> Outcome?? in
            if state.stopped { return .some(nil) }
            return state.slots[slot].pending == 0 ? .some(state.slots[slot]) : nil
        }
        outcome?.failures.sort { $0.position < $1.position }
        outcome?.digests.sort { $0.position < $1.position }
        return outcome
    }

    /// The images of a taken batch, moved together over the places of those that failed.
    func batch(_ batch: Int, _ outcome: Outcome) -> Batch {
        let first = batch * options.batchSize
        let failed = Set(outcome.failures.map(\.position))
        let indices = (first..<min(first + options.batchSize, source.count)).filter { !failed.contains($0) }
        let memory = slot(batch)
        if !failed.isEmpty, let base = memory.baseAddress {
            for (place, index) in indices.enumerated() where index - first != place {
                (base + place * valuesPerImage).update(from: base + (index - first) * valuesPerImage, count: valuesPerImage)
            }
        }
        return Batch(indices: indices, pixels: UnsafeBufferPointer(rebasing: memory[..<(indices.count * valuesPerImage)]),
                     digests: outcome.digests.map(\.digest))
    }

    /// Gives a batch's memory back to the workers. Releasing twice does nothing.
    func release(_ batch: Int) {
        state.update { state in
            guard state.released == batch else { return }
            state.released = batch + 1
            let first = (batch + buffers) * options.batchSize
            state.slots[batch % buffers] = Outcome(pending: max(0, min(options.batchSize, source.count - first)))
        }
    }

    func stop() { state.update { $0.stopped = true } }

    /// A worker's life: claim the next image, load it, report it; until there is none or the ring is stopped.
    func work() {
        var resizer = Resizer(options.resampler, width: options.width, height: options.height, clips: options.clips)
        var image = Image(width: 1, height: 1, channels: 1, pixels: [0])
        var bytes: [UInt8] = []
        while let position = claim() {
            var failure: ImageError?
            var digest: ContentDigest?
            do throws(ImageError) {
                try source.read(position, into: &bytes)
                try source.decode(position, content: bytes, into: &image)
                resizer.resize(image, into: memory(of: position))
                if options.computesDigests { digest = source.digest(ofContent: bytes) }
            } catch {
                failure = error
            }
            report(position, failure, digest)
        }
    }

    private func claim() -> Int? {
        state.wait { state -> Int?? in
            if state.stopped || state.nextImage >= source.count { return .some(nil) }
            guard state.nextImage / options.batchSize < state.released + buffers else { return nil }
            defer { state.nextImage += 1 }
            return .some(state.nextImage)
        }
    }

    private func report(_ position: Int, _ failure: ImageError?, _ digest: ContentDigest?) {
        state.update { state in
            let slot = position / options.batchSize % buffers
            state.slots[slot].pending -= 1
            if let failure { state.slots[slot].failures.append((position, failure)) }
            if let digest { state.slots[slot].digests.append((position, digest)) }
        }
    }

    private func slot(_ batch: Int) -> UnsafeMutableBufferPointer<Float> {
        let size = options.batchSize * valuesPerImage
        return UnsafeMutableBufferPointer(rebasing: pixels[batch % buffers * size..<(batch % buffers + 1) * size])
    }

    private func memory(of position: Int) -> UnsafeMutableBufferPointer<Float> {
        let batch = slot(position / options.batchSize)
        let place = position % options.batchSize
        return UnsafeMutableBufferPointer(rebasing: batch[place * valuesPerImage..<(place + 1) * valuesPerImage])
    }
}
