import COneDNN
import COpenBLAS

struct GradientKey: Hashable { let geometry: ConvolutionGeometry, ofWeight: Bool, type: ElementType }
struct ProductKey: Hashable { let geometry: ProductGeometry, types: FactorTypes }

extension CPUBackend {
    /// The adjoint of a convolution in its input.
    public func convolutionInputGradient(_ output: Storage, _ weight: Storage, _ geometry: ConvolutionGeometry, to input: Storage) {
        guard input.elementType == .float32 else { return reference.convolutionInputGradient(output, weight, geometry, to: input) }
        if let plan = WinogradConvolution(geometry) { return convolutionInputGradient(output, weight, plan, to: input) }
        let kernel = gradientKernel(geometry, ofWeight: false)
        kernel.run(output.address, packed(weight, for: kernel).address, input.address)
    }

    /// The adjoint of a convolution in its weight.
    public func convolutionWeightGradient(_ input: Storage, _ output: Storage, _ geometry: ConvolutionGeometry, to weight: Storage) {
        guard weight.elementType == .float32 else { return reference.convolutionWeightGradient(input, output, geometry, to: weight) }
        if let plan = WinogradConvolution(geometry) { return convolutionWeightGradient(input, output, plan, to: weight) }
        let kernel = gradientKernel(geometry, ofWeight: true)
        guard let (stored, chosen) = kernel.packing else { return kernel.run(input.address, output.address, weight.address) }
        let blocked = allocate(.float32, count: (chosen.bytes + 3) / 4)
        kernel.run(input.address, output.address, blocked.address)
        copying(chosen, stored).run(blocked.address, weight.address)
    }

    private func gradientKernel(_ geometry: ConvolutionGeometry, ofWeight: Bool) -> OneDNN.Primitive {
        convolutionGradients.kernel(GradientKey(geometry: geometry, ofWeight: ofWeight, type: .float32)) {
            let g = geometry, out = g.output
            let source = Self.activations(g.batch, g.input, g.inputChannels, .float32), target = Self.activations(g.batch, out, g.outputChannels, .float32)
            let perGroup = [g.outputChannels / g.groups, g.inputChannels / g.groups, g.kernel.height, g.kernel.width]
            let extents = g.groups == 1 ? perGroup : [g.groups] + perGroup
            let stored = OneDNN.Layout(extents, strides: Shape(extents).strides, .float32), any = OneDNN.Layout(any: extents, .float32)
            let after = g.trailingPadding
            var description: dnnl_primitive_desc_t?
            OneDNN.check(onednn_convolution_backward(
                ofWeight ? 1 : 0, &description, engine.engine, dnnl_convolution_direct, source.handle, any.handle, target.handle,
                g.stride.pair, [Int64(g.dilation.height - 1), Int64(g.dilation.width - 1)], [Int64(g.padding.top), Int64(g.padding.left)],
                after.pair), "the derivative of convolution \(g)")
            withExtendedLifetime(any) {}
            guard let description else { preconditionFailure("oneDNN gave no derivative of a convolution") }
            let chosen = OneDNN.Layout(chosenBy: description, ofWeight ? dnnl_query_diff_weights_md : dnnl_query_weights_md)
            let arguments = ofWeight
                ? [(DNNL_ARG_SRC, source), (DNNL_ARG_DIFF_DST, target), (DNNL_ARG_DIFF_WEIGHTS, chosen)]
                : [(DNNL_ARG_DIFF_DST, target), (DNNL_ARG_WEIGHTS, chosen), (DNNL_ARG_DIFF_SRC, source)]
            return OneDNN.Primitive(description, engine, arguments: arguments, weights: (stored, chosen))
        }
    }

    /// A batch of matrix products.
    public func product(_ a: Storage, _ b: Storage, _ geometry: ProductGeometry, to output: Storage) {
        let g = geometry
        switch a.elementType {
        case .float64:
            let (x, y, z) = (a.elements(as: Double.self), b.elements(as: Double.self), output.elements(as: Double.self))
            for n in 0..<g.batch {
                cblas_dgemm(CblasRowMajor, g.transposesA ? CblasTrans : CblasNoTrans, g.transposesB ? CblasTrans : CblasNoTrans,
                            Int32(g.rows), Int32(g.columns), Int32(g.inner), 1, x.baseAddress.map { $0 + n * g.rows * g.inner }, Int32(g.transposesA ? g.rows : g.inner),
                            y.baseAddress.map { $0 + n * g.inner * g.columns }, Int32(g.transposesB ? g.inner : g.columns), 0,
                            z.baseAddress.map { $0 + n * g.rows * g.columns }, Int32(g.columns))
            }
        case .float32, .bfloat16:
            let kernel = products.kernel(ProductKey(geometry: g, types: FactorTypes(a, b, output))) {
                let source = OneDNN.Layout([g.batch, g.rows, g.inner], strides: [g.rows * g.inner] + (g.transposesA ? [1, g.rows] : [g.inner, 1]), a.elementType)
                let weight = OneDNN.Layout([g.batch, g.inner, g.columns], strides: [g.inner * g.columns] + (g.transposesB ? [1, g.inner] : [g.columns, 1]), b.elementType)
                let target = OneDNN.Layout([g.batch, g.rows, g.columns], strides: [g.rows * g.columns, g.columns, 1], output.elementType)
                var description: dnnl_primitive_desc_t?
                OneDNN.check(onednn_matmul(&description, engine.engine, source.handle, weight.handle, nil, target.handle, nil), "product \(g)")
                guard let description else { preconditionFailure("oneDNN gave no product") }
                return OneDNN.Primitive(description, engine, arguments: [(DNNL_ARG_SRC, source), (DNNL_ARG_WEIGHTS, weight), (DNNL_ARG_DST, target)])
            }
            kernel.run(a.address, b.address, output.address)
        }
    }
}
