extension ReferenceBackend {
    /// The adjoint of a convolution in its input, by the definition.
    public func convolutionInputGradient(_ output: Storage, _ weight: Storage, _ geometry: ConvolutionGeometry, to input: Storage) {
        let g = values(output), w = values(weight)
        var x = [Double](repeating: 0, count: input.count)
        Self.forEachProduct(geometry) { i, k, o in x[i] += w[k] * g[o] }
        store(x, input)
    }

    /// The adjoint of a convolution in its weight, by the definition.
    public func convolutionWeightGradient(_ input: Storage, _ output: Storage, _ geometry: ConvolutionGeometry, to weight: Storage) {
        let x = values(input), g = values(output)
        var w = [Double](repeating: 0, count: weight.count)
        Self.forEachProduct(geometry) { i, k, o in w[k] += x[i] * g[o] }
        store(w, weight)
    }

    /// Every triple of elements of the input, the weight and the output that a convolution brings together.
    private static func forEachProduct(_ g: ConvolutionGeometry, _ body: (Int, Int, Int) -> Void) {
        let out = g.output, inPerGroup = g.inputChannels / g.groups, outPerGroup = g.outputChannels / g.groups
        for n in 0..<g.batch {
            for oy in 0..<out.height {
                for ox in 0..<out.width {
                    for ky in 0..<g.kernel.height {
                        let iy = oy * g.stride.height - g.padding.top + ky * g.dilation.height
                        guard 0..<g.input.height ~= iy else { continue }
                        for kx in 0..<g.kernel.width {
                            let ix = ox * g.stride.width - g.padding.left + kx * g.dilation.width
                            guard 0..<g.input.width ~= ix else { continue }
                            let pixel = ((n * g.input.height + iy) * g.input.width + ix) * g.inputChannels
                            let result = ((n * out.height + oy) * out.width + ox) * g.outputChannels
                            for o in 0..<g.outputChannels {
                                for c in 0..<inPerGroup {
                                    body(pixel + o / outPerGroup * inPerGroup + c, ((o * inPerGroup + c) * g.kernel.height + ky) * g.kernel.width + kx, result + o)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Spreads the derivative of a pooling over its windows.
    public func poolGradient(_ kind: Pooling, _ input: Storage?, _ gradient: Storage, _ geometry: PoolingGeometry, to output: Storage) {
        let g = values(gradient)
        var result = [Double](repeating: 0, count: output.count)
        switch (kind, input) {
        case (.maximum, let input?):
            Self.forEachMaximum(values(input), geometry) { place, window in result[place] += g[window] }
        case (.maximum, nil): preconditionFailure("the derivative of a maximum needs its input")
        case let (.average(countsPadding), _):
            Self.forEachWindow(geometry) { places, window, area in
                let share = g[window] / Double(countsPadding ? area : places.count)
                for place in places { result[place] += share }
            }
        }
        store(result, output)
    }

    /// Picks the elements at the places of the first maxima.
    public func poolGather(_ input: Storage, _ values: Storage, _ geometry: PoolingGeometry, to output: Storage) {
        let x = self.values(values)
        var result = [Double](repeating: 0, count: output.count)
        Self.forEachMaximum(self.values(input), geometry) { place, window in result[window] = x[place] }
        store(result, output)
    }

    private static func forEachMaximum(_ x: [Double], _ geometry: PoolingGeometry, _ body: (Int, Int) -> Void) {
        forEachWindow(geometry) { places, window, _ in
            guard var best = places.first else { return }
            for place in places where x[place] > x[best] { best = place }
            body(best, window)
        }
    }

    /// For each element of the output: the elements of the input under its window, its own position, and the window's area with padding.
    private static func forEachWindow(_ g: PoolingGeometry, _ body: ([Int], Int, Int) -> Void) {
        let out = g.output
        for n in 0..<g.batch {
            for oy in 0..<out.height {
                for ox in 0..<out.width {
                    let top = oy * g.stride.height - g.padding.top, left = ox * g.stride.width - g.padding.left
                    let rows = max(top, 0)..<min(top + g.kernel.height, g.input.height), columns = max(left, 0)..<min(left + g.kernel.width, g.input.width)
                    let area = (min(top + g.kernel.height, g.input.height + g.padding.bottom) - top)
                        * (min(left + g.kernel.width, g.input.width + g.padding.right) - left)
                    for c in 0..<g.channels {
                        let places = rows.flatMap { iy in columns.map { ix in ((n * g.input.height + iy) * g.input.width + ix) * g.channels + c } }
                        body(places, ((n * out.height + oy) * out.width + ox) * g.channels + c, area)
                    }
                }
            }
        }
    }

    /// Matrix products by the definition.
    public func product(_ a: Storage, _ b: Storage, _ geometry: ProductGeometry, to output: Storage) {
        let g = geometry, x = values(a), y = values(b)
        var z = [Double](repeating: 0, count: g.batch * g.rows * g.columns)
        let (rowA, innerA) = g.transposesA ? (1, g.rows) : (g.inner, 1)
        let (innerB, columnB) = g.transposesB ? (1, g.inner) : (g.columns, 1)
        for n in 0..<g.batch {
            let (fromA, fromB) = (n * g.rows * g.inner, n * g.inner * g.columns)
            for i in 0..<g.rows {
                for j in 0..<g.columns {
                    var sum = 0.0
                    for k in 0..<g.inner { sum += x[fromA + i * rowA + k * innerA] * y[fromB + k * innerB + j * columnB] }
                    z[(n * g.rows + i) * g.columns + j] = sum
                }
            }
        }
        store(z, output)
    }
}
