struct Convolution: Operation {
    static let name = "convolution"
    let stride: Extent, padding: Padding, dilation: Extent, groups: Int
    let hasBias: Bool, activation: Activation

    func geometry(_ inputs: [Tensor]) -> ConvolutionGeometry {
        let (x, w) = (inputs[0].shape, inputs[1].shape)
        precondition(x.rank == 4 && w.rank == 4 && x[3] == w[1] * groups && w[0] % groups == 0,
                     "convolution of \(x) by \(w) in \(groups) groups")
        return ConvolutionGeometry(
            batch: x[0], input: Extent(x[1], x[2]), inputChannels: x[3], outputChannels: w[0], kernel: Extent(w[2], w[3]),
            stride: stride, padding: padding, dilation: dilation, groups: groups, destinationChannels: w[0])
    }

    func shape(of inputs: [Tensor]) -> Shape {
        let geometry = geometry(inputs)
        return [geometry.batch, geometry.output.height, geometry.output.width, geometry.outputChannels]
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        let residual = inputs.count > (hasBias ? 3 : 2) ? inputs.last : nil
        if let residual { precondition(residual.shape == shape, "residual \(residual.shape) added to \(shape)") }
        backend.convolution(inputs[0].storage, inputs[1].storage, bias: hasBias ? inputs[2].storage : nil, residual: residual?.storage,
                            geometry(inputs), activation: activation, to: output)
    }
}

struct Pool: Operation {
    static let name = "pool"
    let kind: Pooling, kernel: Extent, stride: Extent, padding: Padding, roundsUp: Bool

    func geometry(_ inputs: [Tensor]) -> PoolingGeometry {
        let x = inputs[0].shape
        precondition(x.rank == 4, "pooling of \(x)")
        return PoolingGeometry(batch: x[0], input: Extent(x[1], x[2]), channels: x[3], kernel: kernel, stride: stride, padding: padding,
                               roundsUp: roundsUp, destinationChannels: x[3])
    }

    func shape(of inputs: [Tensor]) -> Shape {
        let geometry = geometry(inputs)
        return [geometry.batch, geometry.output.height, geometry.output.width, geometry.channels]
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.pool(kind, inputs[0].storage, geometry(inputs), to: output)
    }
}

struct Linear: Operation {
    static let name = "linear"
    let hasBias: Bool, activation: Activation

    func shape(of inputs: [Tensor]) -> Shape {
        let (a, b) = (inputs[0].shape, inputs[1].shape)
        precondition(a.rank == 2 && b.rank == 2 && a[1] == b[1], "linear map of \(a) by \(b)")
        return [a[0], b[0]]
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.linear(inputs[0].storage, inputs[1].storage, bias: hasBias ? inputs[2].storage : nil,
                       rows: shape[0], inner: inputs[0].shape[1], columns: shape[1], activation: activation, to: output)
    }
}

extension Tensor {
    /// `activation(x ∗ weight + bias + residual)`, cross-correlation as in PyTorch.
    /// - Shape: x `[N, H, W, C]`, weight `[O, C / groups, kH, kW]`, bias `[O]`, residual and result `[N, H', W', O]`.
    public func convolved(with weight: Tensor, bias: Tensor? = nil, residual: Tensor? = nil, stride: Extent = Extent(1), padding: Padding = .zero,
                          dilation: Extent = Extent(1), groups: Int = 1, activation: Activation = .none) -> Tensor {
        let operation = Convolution(stride: stride, padding: padding, dilation: dilation, groups: groups, hasBias: bias != nil, activation: activation)
        return switch (bias, residual) {
        case let (bias?, residual?): .applying(operation, to: self, weight, bias, residual)
        case let (bias?, nil): .applying(operation, to: self, weight, bias)
        case let (nil, residual?): .applying(operation, to: self, weight, residual)
        case (nil, nil): .applying(operation, to: self, weight)
        }
    }

    /// Maximum or average over windows.
    /// - Shape: `[N, H, W, C]` to `[N, H', W', C]`.
    public func pooled(_ kind: Pooling, kernel: Extent, stride: Extent, padding: Padding = .zero, roundsUp: Bool = false) -> Tensor {
        .applying(Pool(kind: kind, kernel: kernel, stride: stride, padding: padding, roundsUp: roundsUp), to: self)
    }

    /// `activation(x · weightᵀ + bias)`.
    /// - Shape: x `[N, in]`, weight `[out, in]`, bias `[out]`, result `[N, out]`.
    public func linear(_ weight: Tensor, bias: Tensor? = nil, activation: Activation = .none) -> Tensor {
        let operation = Linear(hasBias: bias != nil, activation: activation)
        return if let bias { .applying(operation, to: self, weight, bias) } else { .applying(operation, to: self, weight) }
    }
}
