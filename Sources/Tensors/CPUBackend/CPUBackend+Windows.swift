import COneDNN

/// What a compiled convolution or product depends on.
struct WindowKey: Hashable {
    let geometry: ConvolutionGeometry
    let types: FactorTypes
    let hasBias: Bool, addsResidual: Bool
    let activation: Activation
}

struct PoolKey: Hashable { let kind: Pooling, geometry: PoolingGeometry, type: ElementType }
struct LinearKey: Hashable { let rows, inner, columns: Int, types: FactorTypes, hasBias: Bool, activation: Activation }

extension CPUBackend {
    /// `activation(input ∗ weight + bias + residual)` by oneDNN's direct convolution on `[N, H, W, C]`.
    public func convolution(_ input: Storage, _ weight: Storage, bias: Storage?, residual: Storage?, _ geometry: ConvolutionGeometry,
                            activation: Activation, to output: Storage) {
        guard input.elementType != .float64 else {
            return reference.convolution(input, weight, bias: bias, residual: residual, geometry, activation: activation, to: output)
        }
        if geometry.destinationChannels != geometry.outputChannels {
            var whole = geometry
            (whole.destinationChannels, whole.destinationOffset) = (geometry.outputChannels, 0)
            return appending(rows: geometry.batch * geometry.output.height * geometry.output.width, columns: geometry.outputChannels, output,
                             width: geometry.destinationChannels, offset: geometry.destinationOffset) {
                convolution(input, weight, bias: bias, residual: residual, whole, activation: activation, to: $0)
            }
        }
        let g = geometry
        observesConvolution?(ConvolutionCall(
            geometry: g, inputType: input.elementType, outputType: output.elementType, addsResidual: residual != nil, weight: weight, bias: bias, activation: activation))
        if residual == nil, [input, weight, output].allSatisfy({ $0.elementType == .float32 }), let plan = WinogradConvolution(g) {
            return convolution(input, weight, bias: bias, plan, activation: activation, to: output)
        }
        let key = WindowKey(geometry: g, types: FactorTypes(input, weight, output),
                            hasBias: bias != nil, addsResidual: residual != nil, activation: activation)
        let kernel = convolutions.kernel(key) { compile(g, input.elementType, weight.elementType, output.elementType, bias != nil, residual != nil, activation) }
        let weights = packed(weight, for: kernel)
        var addition = residual
        if let residual, OneDNN.accumulatesResidual {
            output.address.copyMemory(from: residual.address, byteCount: residual.count * residual.elementType.size)
            addition = nil
        }
        switch (bias, addition) {
        case let (bias?, residual?): kernel.run(input.address, weights.address, output.address, bias.address, residual.address)
        case let (bias?, nil): kernel.run(input.address, weights.address, output.address, bias.address)
        case let (nil, residual?): kernel.run(input.address, weights.address, output.address, residual.address)
        case (nil, nil): kernel.run(input.address, weights.address, output.address)
        }
    }

    private func compile(_ g: ConvolutionGeometry, _ inputType: ElementType, _ weightType: ElementType, _ outputType: ElementType,
                         _ hasBias: Bool, _ addsResidual: Bool, _ activation: Activation) -> OneDNN.Primitive {
        let out = g.output
        let source = Self.activations(g.batch, g.input, g.inputChannels, inputType)
        let target = Self.activations(g.batch, out, g.outputChannels, outputType)
        let addition = addsResidual ? Self.activations(g.batch, out, g.outputChannels, outputType) : nil
        let perGroup = [g.outputChannels / g.groups, g.inputChannels / g.groups, g.kernel.height, g.kernel.width]
        let extents = g.groups == 1 ? perGroup : [g.groups] + perGroup
        let stored = OneDNN.Layout(extents, strides: Shape(extents).strides, weightType)
        let bias = hasBias ? OneDNN.Layout([g.outputChannels], strides: [1], .float32) : nil
        let after = g.trailingPadding
        var description: dnnl_primitive_desc_t?
        let chosen = OneDNN.Layout(any: extents, inputType)
        OneDNN.withAttributes(addition: addition, activation: activation) { attributes in
            OneDNN.check(onednn_convolution_forward(
                &description, engine.engine, dnnl_convolution_direct, source.handle, chosen.handle, bias?.handle,
                target.handle, g.stride.pair, [Int64(g.dilation.height - 1), Int64(g.dilation.width - 1)],
                [Int64(g.padding.top), Int64(g.padding.left)], after.pair, attributes), "convolution \(g)")
        }
        withExtendedLifetime(chosen) {}
        guard let description else { preconditionFailure("oneDNN gave no convolution") }
        let wanted = OneDNN.Layout(chosenBy: description, dnnl_query_weights_md)
        var arguments = [(DNNL_ARG_SRC, source), (DNNL_ARG_WEIGHTS, wanted), (DNNL_ARG_DST, target)]
        if let bias { arguments.append((DNNL_ARG_BIAS, bias)) }
        if let addition, !OneDNN.accumulatesResidual { arguments.append((onednn_arg_post_op(0), addition)) }
        return OneDNN.Primitive(description, engine, arguments: arguments, weights: (stored, wanted))
    }

    /// Maximum or average over windows.
    public func pool(_ kind: Pooling, _ input: Storage, _ geometry: PoolingGeometry, to output: Storage) {
        if geometry.destinationChannels != geometry.channels {
            var whole = geometry
            (whole.destinationChannels, whole.destinationOffset) = (geometry.channels, 0)
            return appending(rows: geometry.batch * geometry.output.height * geometry.output.width, columns: geometry.channels, output,
                             width: geometry.destinationChannels, offset: geometry.destinationOffset) { pool(kind, input, whole, to: $0) }
        }
        let g = geometry
        // oneDNN counts a window that hangs over the padded edge in full; PyTorch cuts it first.
        guard input.elementType != .float64, !(g.roundsUp && kind == .average(countsPadding: true)) else {
            return reference.pool(kind, input, geometry, to: output)
        }
        let kernel = poolings.kernel(PoolKey(kind: kind, geometry: g, type: input.elementType)) {
            let out = g.output
            let source = Self.activations(g.batch, g.input, g.channels, input.elementType)
            let target = Self.activations(g.batch, out, g.channels, output.elementType)
            let after = Extent((out.height - 1) * g.stride.height + g.kernel.height - g.input.height - g.padding.top,
                               (out.width - 1) * g.stride.width + g.kernel.width - g.input.width - g.padding.left)
            let algorithm = switch kind {
            case .maximum: dnnl_pooling_max
            case let .average(countsPadding): countsPadding ? dnnl_pooling_avg_include_padding : dnnl_pooling_avg_exclude_padding
            }
            var description: dnnl_primitive_desc_t?
            OneDNN.check(onednn_pooling_forward(&description, engine.engine, algorithm, source.handle, target.handle, g.stride.pair, g.kernel.pair,
                                                [Int64(g.padding.top), Int64(g.padding.left)], after.pair, nil), "pooling \(g)")
            guard let description else { preconditionFailure("oneDNN gave no pooling") }
            return OneDNN.Primitive(description, engine, arguments: [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, target)])
        }
        kernel.run(input.address, output.address)
    }

    /// `output[m, n] = activation(Σ_k a[m, k] · b[n, k] + bias[n])`.
    public func linear(_ a: Storage, _ b: Storage, bias: Storage?, rows: Int, inner: Int, columns: Int, activation: Activation, to output: Storage) {
        guard a.elementType != .float64 else {
            return reference.linear(a, b, bias: bias, rows: rows, inner: inner, columns: columns, activation: activation, to: output)
        }
        let key = LinearKey(rows: rows, inner: inner, columns: columns, types: FactorTypes(a, b, output),
                            hasBias: bias != nil, activation: activation)
        let kernel = linears.kernel(key) {
            let source = OneDNN.Layout([rows, inner], strides: [inner, 1], a.elementType)
            let target = OneDNN.Layout([rows, columns], strides: [columns, 1], output.elementType)
            let shift = bias.map { _ in OneDNN.Layout([1, columns], strides: [columns, 1], .float32) }
            var description: dnnl_primitive_desc_t?
            let chosen = OneDNN.Layout(any: [inner, columns], a.elementType)
            OneDNN.withAttributes(addition: nil, activation: activation) { attributes in
                OneDNN.check(onednn_matmul(&description, engine.engine, source.handle, chosen.handle,
                                           shift?.handle, target.handle, attributes), "product \(key)")
            }
            withExtendedLifetime(chosen) {}
            guard let description else { preconditionFailure("oneDNN gave no product") }
            let wanted = OneDNN.Layout(chosenBy: description, dnnl_query_weights_md)
            let stored = OneDNN.Layout([inner, columns], strides: [1, inner], b.elementType)
            var arguments = [(DNNL_ARG_SRC, source), (DNNL_ARG_WEIGHTS, wanted), (DNNL_ARG_DST, target)]
            if let shift { arguments.append((DNNL_ARG_BIAS, shift)) }
            return OneDNN.Primitive(description, engine, arguments: arguments, weights: (stored, wanted))
        }
        let weights = packed(b, for: kernel)
        if let bias {
            kernel.run(a.address, weights.address, output.address, bias.address)
        } else {
            kernel.run(a.address, weights.address, output.address)
        }
    }

    /// Computes into memory of its own and copies that to its columns while it is still in the cache: oneDNN's fast kernels refuse strided destinations.
    private func appending(rows: Int, columns: Int, _ output: Storage, width: Int, offset: Int, _ compute: (Storage) -> Void) {
        let part = allocate(output.elementType, count: rows * columns)
        compute(part)
        copyColumns(part, rows: rows, columns: columns, to: output, width: width, offset: offset)
    }

    /// oneDNN speaks `[N, C, H, W]`; the strides say that channels lie innermost.
    static func activations(_ batch: Int, _ extent: Extent, _ channels: Int, _ type: ElementType) -> OneDNN.Layout {
        OneDNN.Layout([batch, channels, extent.height, extent.width],
                      strides: [extent.height * extent.width * channels, 1, extent.width * channels, channels], type)
    }
}

extension Extent {
    var pair: [Int64] { [Int64(height), Int64(width)] }
}

extension ConvolutionGeometry {
    /// The trailing padding that makes the output exactly this large; negative when a stride skips the last rows.
    var trailingPadding: Extent {
        Extent((output.height - 1) * stride.height + dilation.height * (kernel.height - 1) + 1 - input.height - padding.top,
               (output.width - 1) * stride.width + dilation.width * (kernel.width - 1) + 1 - input.width - padding.left)
    }
}
