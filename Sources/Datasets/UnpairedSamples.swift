import Tensors

/// Two domains side by side: each sample is an image of the first and an image of the second, drawn independently, channels behind one another.
///
/// What translation between domains without pairs learns from. Both draws of sample i depend on the stream and i only; there is a sample for every index.
public struct UnpairedSamples: SampleSource {
    /// `first + second`.
    public let name: String
    /// `[height, width, channels of both]`.
    public let shape: [Int]
    private let first, second: any SampleSource, stream: RandomStream

    /// Pairs of draws from two sources of images.
    /// - Throws: `DatasetError` where their images have different sizes, or are points.
    public init(_ first: any SampleSource, _ second: any SampleSource, stream: RandomStream) throws(DatasetError) {
        name = "\(first.name) + \(second.name)"
        guard first.holdsImages, second.holdsImages, first.shape == second.shape else {
            throw DatasetError(path: name, .unfit("expected images of one size and number of channels in both domains, found \(first.shape) and \(second.shape); set size and channels"))
        }
        (self.first, self.second, self.stream) = (first, second, stream)
        shape = first.shape.dropLast() + [first.shape[2] * 2]
    }

    /// Endless.
    public var count: Int? { nil }
    /// None: a pair has no class.
    public var classNames: [String]? { nil }
    /// None.
    public func label(_ index: Int) -> Int? { nil }

    /// Writes the pairs of some indices.
    public func read(_ indices: [Int], into values: UnsafeMutableBufferPointer<Float>) throws(DatasetError) {
        let a = try first.read(indices.map { draw($0, first, 0) }), b = try second.read(indices.map { draw($0, second, 1) })
        let channels = first.shape[2]
        for pixel in 0..<indices.count * shape[0] * shape[1] {
            for channel in 0..<channels {
                values[pixel * 2 * channels + channel] = a[pixel * channels + channel]
                values[(pixel * 2 + 1) * channels + channel] = b[pixel * channels + channel]
            }
        }
    }

    private func draw(_ index: Int, _ source: any SampleSource, _ lane: Int) -> Int {
        guard let count = source.count else { return index }
        return Int((UInt64(stream.block(UInt64(index))[lane]) * UInt64(count)) >> 32)
    }
}
