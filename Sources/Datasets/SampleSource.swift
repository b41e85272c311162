/// Where training samples come from: decoded images, arrays in memory, or a distribution that is drawn from on the fly.
///
/// Reading is safe from several threads at once, and a sample depends on its index only: that is what makes a batch a function
/// of its number.
public protocol SampleSource: Sendable {
    /// What it is called in messages and reports: a path, or a distribution's specification.
    var name: String { get }
    /// The number of samples, nil for a distribution, which has one for every index.
    var count: Int? { get }
    /// The extents of one sample: `[height, width, channels]` of an image, `[dimension]` of a point.
    var shape: [Int] { get }
    /// The names of the classes, nil without labels.
    var classNames: [String]? { get }
    /// The class of a sample, a position in `classNames`; nil without labels.
    func label(_ index: Int) -> Int?
    /// Writes the samples of some indices one after another.
    /// - Shape: `values` is `[indices.count] + shape`; images lie in −1…1.
    /// - Throws: `DatasetError` naming the first sample that cannot be read.
    func read(_ indices: [Int], into values: UnsafeMutableBufferPointer<Float>) throws(DatasetError)
}

extension SampleSource {
    /// Numbers per sample.
    public var sampleSize: Int { shape.reduce(1, *) }

    /// Whether samples are pictures and not points.
    public var holdsImages: Bool { shape.count == 3 }

    /// The samples of some indices in a new array.
    public func read(_ indices: [Int]) throws(DatasetError) -> [Float] {
        var values = [Float](repeating: 0, count: indices.count * sampleSize)
        var failure: DatasetError?
        values.withUnsafeMutableBufferPointer { buffer in
            do throws(DatasetError) { try read(indices, into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return values
    }
}

/// What a pixel's byte is as an input of a network: x / 127.5 − 1, which maps 0…255 onto −1…1.
public enum PixelScale {
    /// The 256 values.
    static let values: [Float] = (0..<256).map { Float($0) / 127.5 - 1 }

    /// The way back, rounded to nearest; what lies outside −1…1 is clipped.
    public static func bytes(_ values: [Float]) -> [UInt8] { values.map { UInt8(max(0, min(255, (($0 + 1) * 127.5).rounded()))) } }
}
