import Dispatch
import Images

/// The images of a collection as training samples: of one size, in −1…1.
///
/// A small set is decoded once when it is opened; of a large one each batch decodes its own images. Both give the same numbers.
public struct ImageSamples: SampleSource {
    /// The collection.
    public let images: ImageSource
    /// How its images become samples.
    public let settings: ImageSettings
    /// `[height, width, channels]`
    public let shape: [Int]
    /// All samples as bytes, where they fit the settings' limit.
    private let memory: [UInt8]?
    private let preparation: ImagePreparation

    /// - Throws: `DatasetError` naming the first image that cannot be read or does not fit; of a large set, only the first image is read here.
    public init(_ images: ImageSource, _ settings: ImageSettings = ImageSettings()) throws(DatasetError) {
        self.images = images
        self.settings = settings
        guard images.count > 0 else { throw DatasetError(path: images.path, .noImages(kind: "selection", otherEntries: 0)) }
        preparation = ImagePreparation(settings, first: try Self.decode(images, 0))
        shape = preparation.shape
        memory = images.count <= settings.memoryLimit / preparation.size ? try Self.decodeAll(images, preparation) : nil
    }

    /// The collection's path.
    public var name: String { images.path }

    /// The number of images.
    public var count: Int? { images.count }

    /// The classes' names, if the collection was opened with labels.
    public var classNames: [String]? { images.classNames }

    /// The class of an image.
    public func label(_ index: Int) -> Int? { images.label(index) }

    /// Writes the images of some indices.
    /// - Shape: `values` is `[indices.count, height, width, channels]`, in −1…1.
    /// - Throws: `DatasetError` naming the first image that cannot be read or does not fit.
    public func read(_ indices: [Int], into values: UnsafeMutableBufferPointer<Float>) throws(DatasetError) {
        let size = preparation.size
        precondition(values.count == indices.count * size, "\(values.count) values cannot hold \(indices.count) samples of \(size)")
        let scale = PixelScale.values
        func write(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) {
            for (offset, byte) in bytes.enumerated() { values[place * size + offset] = scale[Int(byte)] }
        }
        if let memory {
            memory.withUnsafeBufferPointer { memory in
                for (place, index) in indices.enumerated() { write(UnsafeBufferPointer(rebasing: memory[index * size..<(index + 1) * size]), place) }
            }
            return
        }
        var preparation = preparation
        for (place, index) in indices.enumerated() {
            try Self.bytes(images, index, &preparation).withUnsafeBufferPointer { write($0, place) }
        }
    }

    /// One image's bytes.
    /// - Shape: `shape`, in 0…255.
    public func bytes(_ index: Int) throws(DatasetError) -> [UInt8] {
        let size = preparation.size
        if let memory { return Array(memory[index * size..<(index + 1) * size]) }
        var preparation = preparation
        return try Self.bytes(images, index, &preparation)
    }

    private static func decode(_ images: ImageSource, _ index: Int) throws(DatasetError) -> Image {
        do throws(ImageError) {
            return try images.decode(index)
        } catch {
            throw DatasetError(path: images.location(index), error)
        }
    }

    private static func bytes(_ images: ImageSource, _ index: Int, _ preparation: inout ImagePreparation) throws(DatasetError) -> [UInt8] {
        let image = try decode(images, index)
        var problem: String?
        let bytes = [UInt8](unsafeUninitializedCapacity: preparation.size) { buffer, initialized in
            problem = preparation.prepare(image, into: UnsafeMutableBufferPointer(rebasing: buffer[..<preparation.size]))
            initialized = problem == nil ? preparation.size : 0
        }
        if let problem { throw DatasetError(path: images.location(index), .unfit(problem)) }
        return bytes
    }

    /// Every image's bytes, decoded on all cores in runs of neighbours.
    private static func decodeAll(_ images: ImageSource, _ preparation: ImagePreparation) throws(DatasetError) -> [UInt8] {
        let run = 64, runs = (images.count + run - 1) / run
        let parts = Monitor([Result<[UInt8], DatasetError>?](repeating: nil, count: runs))
        DispatchQueue.concurrentPerform(iterations: runs) { number in
            var preparation = preparation
            let part = Result { () throws(DatasetError) in
                var bytes: [UInt8] = []
                for index in number * run..<min((number + 1) * run, images.count) { bytes += try self.bytes(images, index, &preparation) }
                return bytes
            }
            parts.update { $0[number] = part }
        }
        var memory: [UInt8] = []
        memory.reserveCapacity(images.count * preparation.size)
        for part in parts.read({ $0 }) { memory += try part?.get() ?? [] }
        return memory
    }
}
