/// Samples in memory.
public struct ArraySamples: SampleSource {
    /// What the array is called in messages.
    public let name: String
    /// The extents of one sample.
    public let shape: [Int]
    /// The names of the classes, nil without labels.
    public let classNames: [String]?
    /// The samples, one after another.
    public let values: [Float]
    private let labels: [Int]?

    /// - Parameters:
    ///   - values: `[count] + shape`; images in −1…1.
    ///   - labels: one class 0, 1, 2, … per sample.
    public init(_ values: [Float], shape: [Int], labels: [Int]? = nil, name: String = "array") {
        let size = shape.reduce(1, *)
        precondition(size > 0 && values.count % size == 0, "\(values.count) values are no samples of shape \(shape)")
        precondition(labels.map { $0.count == values.count / size && $0.allSatisfy { $0 >= 0 } } ?? true, "one class from 0 on per sample")
        (self.values, self.shape, self.labels, self.name) = (values, shape, labels, name)
        classNames = labels.map { (0..<($0.max() ?? -1) + 1).map(String.init) }
    }

    /// The number of samples.
    public var count: Int? { values.count / sampleSize }

    /// The class of a sample.
    public func label(_ index: Int) -> Int? { labels?[index] }

    /// Writes the samples of some indices.
    public func read(_ indices: [Int], into target: UnsafeMutableBufferPointer<Float>) throws(DatasetError) {
        let size = sampleSize
        precondition(target.count == indices.count * size, "\(target.count) values cannot hold \(indices.count) samples of \(size)")
        for (place, index) in indices.enumerated() {
            _ = UnsafeMutableBufferPointer(rebasing: target[place * size..<(place + 1) * size]).update(fromContentsOf: values[index * size..<(index + 1) * size])
        }
    }
}
