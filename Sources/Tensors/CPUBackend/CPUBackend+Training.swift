extension CPUBackend {
    /// Statistics and normalised numbers in two passes over the input.
    public func normalisation(_ input: Storage, weight: Storage, bias: Storage, _ geometry: NormalisationGeometry, mean: Storage, variance: Storage, to output: Storage) {
        guard input.elementType == .float32 else {
            return reference.normalisation(input, weight: weight, bias: bias, geometry, mean: mean, variance: variance, to: output)
        }
        NormalisationLoops(geometry, openMP).forward(input.floats, weight.floats, bias.floats, mean.floats, variance.floats, output.floats)
    }

    /// The derivatives of a normalisation in two passes over the input and the gradient.
    public func normalisationGradient(_ gradient: Storage, input: Storage, output: Storage?, weight: Storage, mean: Storage, variance: Storage,
                                      _ geometry: NormalisationGeometry, toInput: Storage?, weight toWeight: Storage, bias toBias: Storage) {
        guard input.elementType == .float32 else {
            return reference.normalisationGradient(gradient, input: input, output: output, weight: weight, mean: mean, variance: variance, geometry,
                                                   toInput: toInput, weight: toWeight, bias: toBias)
        }
        NormalisationLoops(geometry, openMP).backward(gradient.floats, input.floats, output?.floats, weight.floats, mean.floats, variance.floats,
                                                      toInput?.floats, toWeight.floats, toBias.floats)
    }

    /// One step of an optimizer in one pass.
    public func update(_ rule: UpdateRule, _ parameter: Storage, _ gradient: Storage, _ state: [Storage], to newParameter: Storage, _ newState: [Storage]) {
        guard parameter.elementType == .float32 else { return reference.update(rule, parameter, gradient, state, to: newParameter, newState) }
        let (p, g, next) = (parameter.floats, gradient.floats, newParameter.floats)
        let read = state.map(\.floats), write = newState.map(\.floats), count = parameter.count, part = 1 << 13
        openMP.forEach((count + part - 1) / part, elements: count) { index in
            let range = index * part..<min((index + 1) * part, count)
            rule.with(Float.self) { step in
                var s = UpdateRule.State<Float>()
                switch read.count {
                case 0: for i in range { next[i] = step(p[i], g[i], &s) }
                case 1:
                    let (a, x) = (read[0], write[0])
                    for i in range {
                        s.first = a[i]
                        next[i] = step(p[i], g[i], &s)
                        x[i] = s.first
                    }
                case 2:
                    let (a, b, x, y) = (read[0], read[1], write[0], write[1])
                    for i in range {
                        (s.first, s.second) = (a[i], b[i])
                        next[i] = step(p[i], g[i], &s)
                        (x[i], y[i]) = (s.first, s.second)
                    }
                default:
                    let (a, b, c, x, y, z) = (read[0], read[1], read[2], write[0], write[1], write[2])
                    for i in range {
                        (s.first, s.second, s.third) = (a[i], b[i], c[i])
                        next[i] = step(p[i], g[i], &s)
                        (x[i], y[i], z[i]) = (s.first, s.second, s.third)
                    }
                }
            }
        }
    }
}

extension Storage {
    fileprivate var floats: UnsafeMutablePointer<Float> { address.assumingMemoryBound(to: Float.self) }
}
