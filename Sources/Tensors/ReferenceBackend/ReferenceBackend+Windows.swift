extension ReferenceBackend {
    /// `activation(input ∗ weight + bias + residual)` by the definition.
    public func convolution(_ input: Storage, _ weight: Storage, bias: Storage?, residual: Storage?, _ geometry: ConvolutionGeometry,
                            activation: Activation, to output: Storage) {
        let g = geometry, x = values(input), w = values(weight), out = g.output
        let b = bias.map(values), r = residual.map(values)
        let inPerGroup = g.inputChannels / g.groups, outPerGroup = g.outputChannels / g.groups
        var y = values(output)
        for n in 0..<g.batch {
            for oy in 0..<out.height {
                for ox in 0..<out.width {
                    let pixel = (n * out.height + oy) * out.width + ox
                    for o in 0..<g.outputChannels {
                        var sum = b?[o] ?? 0
                        let firstChannel = o / outPerGroup * inPerGroup
                        for ky in 0..<g.kernel.height {
                            let iy = oy * g.stride.height - g.padding.top + ky * g.dilation.height
                            guard 0..<g.input.height ~= iy else { continue }
                            for kx in 0..<g.kernel.width {
                                let ix = ox * g.stride.width - g.padding.left + kx * g.dilation.width
                                guard 0..<g.input.width ~= ix else { continue }
                                let source = ((n * g.input.height + iy) * g.input.width + ix) * g.inputChannels + firstChannel
                                for c in 0..<inPerGroup {
                                    sum += x[source + c] * w[((o * inPerGroup + c) * g.kernel.height + ky) * g.kernel.width + kx]
                                }
                            }
                        }
                        if let r { sum += r[pixel * g.outputChannels + o] }
                        y[pixel * g.destinationChannels + g.destinationOffset + o] = sum
                    }
                }
            }
        }
        applyActivation(activation, to: &y, rows: g.batch * out.height * out.width, g.outputChannels, width: g.destinationChannels, offset: g.destinationOffset)
        store(y, output)
    }

    /// Maximum or average over windows by the definition.
    public func pool(_ kind: Pooling, _ input: Storage, _ geometry: PoolingGeometry, to output: Storage) {
        let g = geometry, x = values(input), out = g.output
        var y = values(output)
        for n in 0..<g.batch {
            for oy in 0..<out.height {
                for ox in 0..<out.width {
                    let top = oy * g.stride.height - g.padding.top, left = ox * g.stride.width - g.padding.left
                    let rows = max(top, 0)..<min(top + g.kernel.height, g.input.height)
                    let columns = max(left, 0)..<min(left + g.kernel.width, g.input.width)
                    // A window that ceil mode lets hang over the padded edge is cut there before its area is counted, as PyTorch does.
                    let area = (min(top + g.kernel.height, g.input.height + g.padding.bottom) - top)
                        * (min(left + g.kernel.width, g.input.width + g.padding.right) - left)
                    for c in 0..<g.channels {
                        let window = rows.flatMap { iy in columns.map { ix in x[((n * g.input.height + iy) * g.input.width + ix) * g.channels + c] } }
                        let value = switch kind {
                        case .maximum: window.reduce(-.infinity, max)
                        case let .average(countsPadding): window.reduce(0, +) / Double(countsPadding ? area : window.count)
                        }
                        y[((n * out.height + oy) * out.width + ox) * g.destinationChannels + g.destinationOffset + c] = value
                    }
                }
            }
        }
        store(y, output)
    }

    /// `output[m, n] = activation(Σ_k a[m, k] · b[n, k] + bias[n])`.
    public func linear(_ a: Storage, _ b: Storage, bias: Storage?, rows: Int, inner: Int, columns: Int, activation: Activation, to output: Storage) {
        let (x, w, shift) = (values(a), values(b), bias.map(values))
        var y = [Double](repeating: 0, count: rows * columns)
        for m in 0..<rows {
            for n in 0..<columns {
                y[m * columns + n] = (0..<inner).reduce(shift?[n] ?? 0) { $0 + x[m * inner + $1] * w[n * inner + $1] }
            }
        }
        applyActivation(activation, to: &y, rows: rows, columns, width: columns, offset: 0)
        store(y, output)
    }

    private func applyActivation(_ activation: Activation, to y: inout [Double], rows: Int, _ columns: Int, width: Int, offset: Int) {
        guard let function = activation.function else { return }
        ScalarMath.with(function) { (f: (Double) -> Double) in
            for row in 0..<rows {
                for i in row * width + offset..<row * width + offset + columns { y[i] = f(y[i]) }
            }
        }
    }
}
