import Tensors

/// Some samples of one training step.
public struct Minibatch: Sendable {
    /// The number of the batch since training began.
    public let index: Int
    /// How often the whole set has been seen before this batch; 0 for distributions.
    public let epoch: Int
    /// Where each sample stands in the source.
    public let indices: [Int]
    /// `[count] + ` the shape of a sample.
    public let shape: [Int]
    /// The samples, one after another; images in −1…1.
    /// - Shape: `shape`
    public let values: [Float]
    /// The class of each sample, if the source has labels.
    public let labels: [Int]?

    /// A batch from its parts.
    public init(index: Int, epoch: Int, indices: [Int], shape: [Int], values: [Float], labels: [Int]?) {
        precondition(values.count == shape.reduce(1, *) && shape.first == indices.count, "\(values.count) values and \(indices.count) indices in a batch of \(shape)")
        (self.index, self.epoch, self.indices, self.shape, self.values, self.labels) = (index, epoch, indices, shape, values, labels)
    }

    /// The number of samples.
    public var count: Int { indices.count }

    /// The samples as a tensor.
    /// - Shape: `shape`
    public func tensor(on backend: any Backend) -> Tensor { Tensor(values, shape: Shape(shape), on: backend) }
}
