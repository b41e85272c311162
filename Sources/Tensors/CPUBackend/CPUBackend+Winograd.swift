import COneDNN

/// A product of two matrices at each point.
struct PointProduct: Hashable {
    let rows, inner, columns: Int
    var transposesFirst = false, transposesSecond = false
    /// Columns of the second matrix, where the product takes only some of them.
    var width: Int?
    /// Adds to what stands in the result.
    var accumulates = false
}

/// Images that share a workspace.
private struct Block {
    let images, tiles: Int
    /// First elements of the inputs and results.
    let input, output: Int
    let isFirst, isLast: Bool
}

/// The convolution of `WinogradConvolution` and its two derivatives.
extension CPUBackend {
    /// `activation(input ∗ weight + bias)`.
    func convolution(_ input: Storage, _ weight: Storage, bias: Storage?, _ plan: WinogradConvolution, activation: Activation, to output: Storage) {
        let loops = WinogradLoops(plan, openMP), u = evaluated(weight, plan, loops), g = plan.geometry
        eachBlock(plan) { block, v, m in
            loops.evaluateInput(input.floats + block.input, images: block.images, to: v.floats)
            multiply(v, u, PointProduct(rows: block.tiles, inner: plan.phaseChannels, columns: g.outputChannels), to: m)
            loops.results(m.floats, images: block.images, bias: bias?.floats, activation, to: output.floats + block.output)
        }
    }

    /// The adjoint in the input.
    func convolutionInputGradient(_ output: Storage, _ weight: Storage, _ plan: WinogradConvolution, to input: Storage) {
        let loops = WinogradLoops(plan, openMP), u = evaluated(weight, plan, loops), g = plan.geometry
        eachBlock(plan) { block, v, m in
            loops.evaluateResults(output.floats + block.output, images: block.images, to: m.floats)
            multiply(m, u, PointProduct(rows: block.tiles, inner: g.outputChannels, columns: plan.phaseChannels, transposesSecond: true), to: v)
            loops.inputGradient(v.floats, images: block.images, to: input.floats + block.input)
        }
    }

    /// The adjoint in the weight. A single block gives it slice by slice, each brought back to weights while it lies in the cache.
    func convolutionWeightGradient(_ input: Storage, _ output: Storage, _ plan: WinogradConvolution, to weight: Storage) {
        let loops = WinogradLoops(plan, openMP), g = plan.geometry, most = plan.outputsPerSlice, u = planes(rows: plan.phaseChannels, columns: most)
        eachBlock(plan) { block, v, m in
            loops.evaluateInput(input.floats + block.input, images: block.images, to: v.floats)
            loops.evaluateResults(output.floats + block.output, images: block.images, to: m.floats)
            for first in stride(from: 0, to: g.outputChannels, by: most) {
                let outputs = first..<min(first + most, g.outputChannels)
                multiply(v, m, from: first, PointProduct(rows: plan.phaseChannels, inner: block.tiles, columns: outputs.count, transposesFirst: true,
                                                         width: g.outputChannels, accumulates: !block.isFirst), to: u)
                if block.isLast { loops.weightGradient(u.floats, outputs, to: weight.floats) }
            }
        }
    }

    /// The weights at the points, computed once and kept beside them.
    private func evaluated(_ weight: Storage, _ plan: WinogradConvolution, _ loops: WinogradLoops) -> Storage {
        let key = number(of: .evaluated(inputs: plan.geometry.inputChannels, outputs: plan.geometry.outputChannels))
        if let kept = weight.packed[key] { return kept }
        let u = planes(rows: plan.phaseChannels, columns: plan.geometry.outputChannels)
        loops.evaluateWeights(weight.floats, to: u.floats)
        weight.packed[key] = u
        return u
    }

    /// Calls `body` with every block and planes for its inputs and results.
    private func eachBlock(_ plan: WinogradConvolution, _ body: (_ block: Block, _ v: Storage, _ m: Storage) -> Void) {
        let g = plan.geometry, most = plan.imagesPerBlock
        let v = planes(rows: most * plan.tilesPerImage, columns: plan.phaseChannels), m = planes(rows: most * plan.tilesPerImage, columns: g.outputChannels)
        for first in stride(from: 0, to: g.batch, by: most) {
            let images = min(most, g.batch - first)
            body(Block(images: images, tiles: images * plan.tilesPerImage, input: first * g.input.height * g.input.width * g.inputChannels,
                       output: first * g.output.height * g.output.width * g.outputChannels, isFirst: first == 0, isLast: first + images == g.batch), v, m)
        }
    }

    private func planes(rows: Int, columns: Int) -> Storage {
        allocate(.float32, count: WinogradConvolution.points * WinogradConvolution.plane(rows: rows, columns: columns))
    }

    private func multiply(_ a: Storage, _ b: Storage, from column: Int = 0, _ product: PointProduct, to c: Storage) {
        pointProducts.kernel(product) {
            func layout(_ rows: Int, _ columns: Int, width: Int, transposed: Bool) -> OneDNN.Layout {
                OneDNN.Layout([WinogradConvolution.points, rows, columns],
                              strides: [WinogradConvolution.plane(rows: rows, columns: width)] + (transposed ? [1, rows] : [width, 1]), .float32)
            }
            let first = layout(product.rows, product.inner, width: product.inner, transposed: product.transposesFirst)
            let second = layout(product.inner, product.columns, width: product.width ?? product.columns, transposed: product.transposesSecond)
            let target = layout(product.rows, product.columns, width: product.columns, transposed: false)
            var description: dnnl_primitive_desc_t?
            OneDNN.withAttributes(addition: nil, activation: .none, accumulates: product.accumulates) { attributes in
                OneDNN.check(onednn_matmul(&description, engine.engine, first.handle, second.handle, nil, target.handle, attributes), "\(product)")
            }
            guard let description else { preconditionFailure("oneDNN gave no product") }
            return OneDNN.Primitive(description, engine, arguments: [(DNNL_ARG_SRC, first), (DNNL_ARG_WEIGHTS, second), (DNNL_ARG_DST, target)])
        }.run(a.address, b.address + column * MemoryLayout<Float>.stride, c.address)
    }
}
