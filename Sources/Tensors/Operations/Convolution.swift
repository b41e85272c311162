/// What a convolution is made of besides its numbers; shared by the convolution and its two derivatives, which are each other's derivatives.
struct Window: Hashable {
    let stride: Extent, padding: Padding, dilation: Extent, groups: Int

    func geometry(input x: Shape, weight w: Shape) -> ConvolutionGeometry {
        precondition(x.rank == 4 && w.rank == 4 && x[3] == w[1] * groups && w[0] % groups == 0, "convolution of \(x) by \(w) in \(groups) groups")
        return ConvolutionGeometry(
            batch: x[0], input: Extent(x[1], x[2]), inputChannels: x[3], outputChannels: w[0], kernel: Extent(w[2], w[3]),
            stride: stride, padding: padding, dilation: dilation, groups: groups, destinationChannels: w[0])
    }
}

/// `activation(x ∗ weight + bias + residual)`, fused.
struct Convolution: Operation {
    static let name = "convolution"
    let window: Window
    let hasBias: Bool, activation: Activation

    var keeps: Kept { activation == .none ? .inputs : [.input(0), .input(1), .output] }

    func geometry(_ inputs: [Tensor]) -> ConvolutionGeometry { window.geometry(input: inputs[0].shape, weight: inputs[1].shape) }

    func shape(of inputs: [Tensor]) -> Shape {
        let geometry = geometry(inputs), output = geometry.output
        return [geometry.batch, output.height, output.width, geometry.outputChannels]
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        let residual = inputs.count > (hasBias ? 3 : 2) ? inputs.last : nil
        if let residual { precondition(residual.shape == shape, "residual \(residual.shape) added to \(shape)") }
        backend.convolution(inputs[0].storage, inputs[1].storage, bias: hasBias ? inputs[2].storage : nil, residual: residual?.storage,
                            geometry(inputs), activation: activation, to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        let g = activation.gated(gradient, record)
        let (x, w) = (record.shape(0), record.shape(1))
        return [record.derivative(0) { .applying(ConvolutionInputGradient(window: window, input: x), to: g, record.input(1)) },
                record.derivative(1) { .applying(ConvolutionWeightGradient(window: window, weight: w), to: record.input(0), g) }]
            + (2..<record.count).map { index in record.derivative(index) { g.summed(to: record.shape(index)) } }
    }
}

/// The adjoint of a convolution in its input: a transposed convolution.
struct ConvolutionInputGradient: Operation {
    static let name = "transposed convolution"
    let window: Window, input: Shape
    let keeps: Kept = .inputs

    func geometry(_ inputs: [Tensor]) -> ConvolutionGeometry {
        let geometry = window.geometry(input: input, weight: inputs[1].shape), output = geometry.output
        precondition(inputs[0].shape == [geometry.batch, output.height, output.width, geometry.outputChannels],
                     "\(inputs[0].shape) is not what a convolution of \(input) by \(inputs[1].shape) yields")
        return geometry
    }

    func shape(of inputs: [Tensor]) -> Shape { input }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.convolutionInputGradient(inputs[0].storage, inputs[1].storage, geometry(inputs), to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        [record.derivative(0) { .applying(Convolution(window: window, hasBias: false, activation: .none), to: gradient, record.input(1)) },
         record.derivative(1) { .applying(ConvolutionWeightGradient(window: window, weight: record.shape(1)), to: gradient, record.input(0)) }]
    }
}

/// The adjoint of a convolution in its weight.
struct ConvolutionWeightGradient: Operation {
    static let name = "convolution weight gradient"
    let window: Window, weight: Shape
    let keeps: Kept = .inputs

    func shape(of inputs: [Tensor]) -> Shape { weight }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.convolutionWeightGradient(inputs[0].storage, inputs[1].storage, window.geometry(input: inputs[0].shape, weight: weight), to: output)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        [record.derivative(0) { .applying(ConvolutionInputGradient(window: window, input: record.shape(0)), to: record.input(1), gradient) },
         record.derivative(1) { .applying(Convolution(window: window, hasBias: false, activation: .none), to: record.input(0), gradient) }]
    }
}

extension Tensor {
    /// `activation(x ∗ weight + bias + residual)`, cross-correlation as in PyTorch.
    /// - Shape: x `[N, H, W, C]`, weight `[O, C / groups, kH, kW]`, bias `[O]`, residual and result `[N, H', W', O]`.
    public func convolved(with weight: Tensor, bias: Tensor? = nil, residual: Tensor? = nil, stride: Extent = Extent(1), padding: Padding = .zero,
                          dilation: Extent = Extent(1), groups: Int = 1, activation: Activation = .none) -> Tensor {
        let operation = Convolution(window: Window(stride: stride, padding: padding, dilation: dilation, groups: groups), hasBias: bias != nil, activation: activation)
        return switch (bias, residual) {
        case let (bias?, residual?): .applying(operation, to: self, weight, bias, residual)
        case let (bias?, nil): .applying(operation, to: self, weight, bias)
        case let (nil, residual?): .applying(operation, to: self, weight, residual)
        case (nil, nil): .applying(operation, to: self, weight)
        }
    }

    /// The transposed convolution: the adjoint of ``convolved(with:bias:residual:stride:padding:dilation:groups:activation:)`` in its input.
    ///
    /// Its output is `(H − 1) · stride − padding + dilation · (k − 1) + 1 + outputPadding` high, as PyTorch's `ConvTranspose2d`.
    /// - Shape: x `[N, H, W, C]`, weight `[C, O / groups, kH, kW]`, result `[N, H', W', O]`.
    public func transposedConvolved(with weight: Tensor, stride: Extent = Extent(1), padding: Padding = .zero, outputPadding: Extent = Extent(0),
                                    dilation: Extent = Extent(1), groups: Int = 1) -> Tensor {
        precondition(shape.rank == 4 && weight.shape.rank == 4 && weight.shape[0] == shape[3], "transposed convolution of \(shape) by \(weight.shape)")
        let height = (shape[1] - 1) * stride.height - padding.top - padding.bottom + dilation.height * (weight.shape[2] - 1) + 1 + outputPadding.height
        let width = (shape[2] - 1) * stride.width - padding.left - padding.right + dilation.width * (weight.shape[3] - 1) + 1 + outputPadding.width
        let window = Window(stride: stride, padding: padding, dilation: dilation, groups: groups)
        return .applying(ConvolutionInputGradient(window: window, input: [shape[0], height, width, weight.shape[1] * groups]), to: self, weight)
    }
}
