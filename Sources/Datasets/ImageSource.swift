import Images

/// An ordered collection of images, whatever it is stored in. Reading is safe from several threads at once; the order
/// never depends on the machine.
public struct ImageSource: Sendable {
    /// The folder or file it was opened from.
    public let path: String
    let store: any ImageStore
    /// Positions in `store`; nil stands for all, in order.
    let order: [Int]?

    init(path: String, store: any ImageStore, order: [Int]? = nil) {
        self.path = path
        self.store = store
        self.order = order
    }

    /// The number of images, at least 1 when just opened.
    public var count: Int { order?.count ?? store.count }

    /// The classes' names, if the source was opened with labels.
    public var classNames: [String]? { store.labels?.classNames }

    /// A short name, unique within the source: a relative path, an archive's entry, an array's index. Pairs images of two
    /// sources.
    public func name(_ index: Int) -> String { store.name(position(index)) }

    /// A name for messages, which says where the image is.
    public func location(_ index: Int) -> String { store.location(position(index)) }

    /// The image's class, a position in `classNames`.
    public func label(_ index: Int) -> Int? { store.labels?.labels[position(index)] }

    /// Reads and decodes one image.
    /// - Throws: `ImageError` naming the file or entry.
    public func decode(_ index: Int) throws(ImageError) -> Image {
        var image = Image(width: 1, height: 1, channels: 1, pixels: [0])
        var bytes: [UInt8] = []
        try read(index, into: &bytes)
        try decode(index, content: bytes, into: &image)
        return image
    }

    /// Replaces `bytes` by an image's content: a file's bytes, or the pixels of an array. Reuses the array's memory.
    /// - Throws: `ImageError` naming the file or entry.
    public func read(_ index: Int, into bytes: inout [UInt8]) throws(ImageError) {
        do throws(ImageError) {
            try store.read(position(index), into: &bytes)
        } catch {
            throw error.naming(location(index))
        }
    }

    /// Turns content that `read` gave into a picture. Reuses `image`'s memory.
    /// - Throws: `ImageError` naming the file or entry.
    public func decode(_ index: Int, content bytes: [UInt8], into image: inout Image) throws(ImageError) {
        do throws(ImageError) {
            try store.decode(bytes, into: &image)
        } catch {
            throw error.naming(location(index))
        }
    }

    /// The first `count` images, or all if there are fewer.
    public func limited(to count: Int) -> ImageSource {
        precondition(count >= 0, "a negative number of images: \(count)")
        guard count < self.count else { return self }
        return ImageSource(path: path, store: store, order: (0..<count).map(position))
    }

    /// All images but the first `count`.
    public func dropping(first count: Int) -> ImageSource {
        precondition(count >= 0, "a negative number of images: \(count)")
        guard count > 0 else { return self }
        return ImageSource(path: path, store: store, order: (min(count, self.count)..<self.count).map(position))
    }

    /// The images at these positions, in this order.
    public func selecting(_ positions: [Int]) -> ImageSource { ImageSource(path: path, store: store, order: positions.map(position)) }

    /// The same images in an order that depends on `seed` and their number only: Fisher–Yates from the last image down,
    /// drawing from SplitMix64 without bias. Shuffle, then limit: a random subset.
    ///
    /// Source: Knuth, TAOCP 2, algorithm 3.4.2P; Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
    /// 2014; Lemire, "Fast random integer generation in an interval", 2019.
    public func shuffled(seed: UInt64) -> ImageSource {
        var positions = (0..<count).map(position)
        var generator = SplitMix64(seed: seed)
        for last in stride(from: positions.count - 1, to: 0, by: -1) {
            positions.swapAt(last, Int(generator.next(below: UInt64(last) + 1)))
        }
        return ImageSource(path: path, store: store, order: positions)
    }

    func position(_ index: Int) -> Int {
        precondition(index >= 0 && index < count, "image \(index) of \(count)")
        return order?[index] ?? index
    }
}
