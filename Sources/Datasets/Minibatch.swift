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

    /// The number of samples.
    public var count: Int { indices.count }

    /// The samples as a tensor.
    /// - Shape: `shape`
    public func tensor(on backend: any Backend) -> Tensor { Tensor(values, shape: Shape(shape), on: backend) }
}
