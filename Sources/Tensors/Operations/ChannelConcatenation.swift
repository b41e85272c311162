/// Builds `[N, H, W, ΣC]` from parts that write their channels in place, so that no part is copied.
///
/// Inference only: each part is computed straight into its slice of one storage. Tensors that went in are never changed afterwards.
public final class ChannelConcatenation {
    private let shape: Shape
    private let storage: Storage
    private var filled = 0

    /// An empty result of a known shape.
    public init(_ shape: Shape, type: ElementType, on backend: any Backend) {
        precondition(shape.rank == 4, "channel concatenation of \(shape)")
        self.shape = shape
        storage = backend.allocate(type, count: shape.count)
    }

    /// Appends `activation(input ∗ weight + bias)`.
    public func appendConvolution(of input: Tensor, _ weight: Tensor, bias: Tensor?, stride: Extent, padding: Padding, activation: Activation) {
        var geometry = Window(stride: stride, padding: padding, dilation: Extent(1), groups: 1).geometry(input: input.shape, weight: weight.shape)
        claim(geometry.outputChannels, geometry.output, geometry.batch)
        geometry.destinationChannels = shape[3]
        geometry.destinationOffset = filled
        storage.backend.convolution(input.storage, weight.storage, bias: bias?.storage, residual: nil, geometry, activation: activation, to: storage)
        filled += geometry.outputChannels
    }

    /// Appends a pooling of `input`.
    public func appendPooling(of input: Tensor, _ kind: Pooling, kernel: Extent, stride: Extent, padding: Padding) {
        var geometry = PoolingWindow(kind: kind, kernel: kernel, stride: stride, padding: padding, roundsUp: false).geometry(input.shape)
        claim(geometry.channels, geometry.output, geometry.batch)
        geometry.destinationChannels = shape[3]
        geometry.destinationOffset = filled
        storage.backend.pool(kind, input.storage, geometry, to: storage)
        filled += geometry.channels
    }

    /// Appends a finished tensor by copying it.
    public func append(_ part: Tensor) {
        claim(part.shape[3], Extent(part.shape[1], part.shape[2]), part.shape[0])
        storage.backend.copyColumns(part.storage, rows: part.shape.count / part.shape[3], columns: part.shape[3],
                                    to: storage, width: shape[3], offset: filled)
        filled += part.shape[3]
    }

    /// The whole, once every channel has been appended.
    public var tensor: Tensor {
        precondition(filled == shape[3], "\(filled) of \(shape[3]) channels appended")
        return Tensor(storage, shape)
    }

    private func claim(_ channels: Int, _ extent: Extent, _ batch: Int) {
        precondition(batch == shape[0] && extent.height == shape[1] && extent.width == shape[2] && filled + channels <= shape[3],
                     "[\(batch), \(extent.height), \(extent.width), \(channels)] does not fit \(shape) after \(filled) channels")
    }
}
