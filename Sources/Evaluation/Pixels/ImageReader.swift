import Datasets
import Dispatch
import Images

/// Reads the images of a set, decoding several at once and handing them out in order, with the memory of a few.
struct ImageReader {
    private let images: MetricInput.Images
    private let positions: [Int]

    /// Number of images.
    var count: Int { positions.count }
    /// The size of every image.
    let width: Int, height: Int

    /// Opens the images of a set.
    /// - Parameters:
    ///   - limit: At most this many are read, evenly spaced.
    ///   - metric: Named in errors.
    /// - Throws: `unreadableImage`; `tooFewImages` for an empty set.
    init(_ images: MetricInput.Images, limit: Int = .max, for metric: String, set: String) throws(EvaluationError) {
        let all = images.positions
        guard let first = all.first else { throw .tooFewImages(metric: metric, set: set, needed: 1, found: 0) }
        positions = all.count > limit ? (0..<limit).map { all[$0 * all.count / limit] } : all
        self.images = images
        do throws(ImageError) {
            let image = try images.source.decode(first)
            (width, height) = (image.width, image.height)
        } catch { throw .unreadableImage("\(error)") }
    }

    /// Images decoded together.
    private static let batch = 32

    /// Gives every image's values, 0…255, with its number. Grey is repeated into the three channels.
    /// - Shape: `[height, width, 3]`
    /// - Throws: `unreadableImage`; `wrongSize` for an image that is not as large as the first one of its set.
    func forEach(_ body: (Int, [UInt8]) throws(EvaluationError) -> Void) throws(EvaluationError) {
        for start in stride(from: 0, to: count, by: Self.batch) {
            let range = start..<min(start + Self.batch, count), source = images.source, wanted = Array(positions[range])
            let decoded = inParallel(wanted.count) { index in Result { () throws(ImageError) in try source.decode(wanted[index]) } }
            for (offset, result) in decoded.enumerated() {
                let image: Image
                do throws(ImageError) { image = try result.get() } catch { throw .unreadableImage("\(error)") }
                guard image.width == width, image.height == height else {
                    throw .wrongSize(image: images.source.location(wanted[offset]), expected: "\(width) x \(height)", found: "\(image.width) x \(image.height)")
                }
                try body(start + offset, image.rgb.pixels)
            }
        }
    }

    /// Gives every image's luminance 0.299·R + 0.587·G + 0.114·B in 0…255 (ITU-R BT.601), with its number.
    /// - Shape: `[height, width]`
    /// - Throws: as `forEach`.
    func forEachLuminance(_ body: (Int, [Double]) throws(EvaluationError) -> Void) throws(EvaluationError) {
        let area = width * height
        try forEach { (index: Int, pixels: [UInt8]) throws(EvaluationError) in
            var luminance = [Double](repeating: 0, count: area)
            for place in 0..<area {
                let (red, green, blue) = (Double(pixels[3 * place]), Double(pixels[3 * place + 1]), Double(pixels[3 * place + 2]))
                luminance[place] = 0.299 * red + 0.587 * green + 0.114 * blue
            }
            try body(index, luminance)
        }
    }
}

extension EvaluatedSets {
    /// Readers of the real and the generated images, which must be of one size.
    /// - Throws: `imagesNeeded`, `setNeeded`; `wrongSize` for sets of different sizes; as ``ImageReader``.
    func readers(limit: Int = .max, for metric: String) throws(EvaluationError) -> (real: ImageReader, fake: ImageReader) {
        let real = try ImageReader(self.real(for: metric).images(for: metric), limit: limit, for: metric, set: "real")
        let fake = try ImageReader(self.fake.images(for: metric), limit: limit, for: metric, set: "generated")
        try real.check(fake)
        return (real, fake)
    }
}

extension ImageReader {
    /// Refuses a set of another size.
    func check(_ other: ImageReader) throws(EvaluationError) {
        guard (width, height) == (other.width, other.height) else {
            throw .wrongSize(image: "the first generated image", expected: "\(width) x \(height) as the real ones", found: "\(other.width) x \(other.height)")
        }
    }
}

/// The results of `work` for 0..<count, computed on several threads, in order.
func inParallel<Value: Sendable>(_ count: Int, _ work: @Sendable (Int) -> Value) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
        // Each place is written once, by the iteration of its number, and read only after all of them.
        nonisolated(unsafe) let places = buffer
        DispatchQueue.concurrentPerform(iterations: count) { index in
            guard let base = places.baseAddress else { return }
            (base + index).initialize(to: work(index))
        }
        initialized = count
    }
}
