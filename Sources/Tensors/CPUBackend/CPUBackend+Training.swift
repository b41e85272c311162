extension CPUBackend {
    /// Statistics and normalised numbers in two passes over the input.
    public func normalisation(_ input: Storage, weight: Storage, bias: Storage, _ geometry: NormalisationGeometry, mean: Storage, variance: Storage, to output: Storage) {
        func run<Scalar: BinaryFloatingPoint>(_: Scalar.Type) {
            NormalisationLoops<Scalar>(geometry, openMP).forward(input.as(), weight.as(), bias.as(), mean.as(), variance.as(), output.as())
        }
        switch input.elementType {
        case .float32: run(Float.self)
        case .float64: run(Double.self)
        default: reference.normalisation(input, weight: weight, bias: bias, geometry, mean: mean, variance: variance, to: output)
        }
    }

    /// The derivatives of a normalisation in two passes over the input and the gradient.
    public func normalisationGradient(_ gradient: Storage, input: Storage, output: Storage?, weight: Storage, mean: Storage, variance: Storage,
                                      _ geometry: NormalisationGeometry, toInput: Storage?, weight toWeight: Storage, bias toBias: Storage) {
        func run<Scalar: BinaryFloatingPoint>(_: Scalar.Type) {
            NormalisationLoops<Scalar>(geometry, openMP).backward(gradient.as(), input.as(), output?.as(), weight.as(), mean.as(), variance.as(), toInput?.as(), toWeight.as(), toBias.as())
        }
        switch input.elementType {
        case .float32: run(Float.self)
        case .float64: run(Double.self)
        default:
            reference.normalisationGradient(gradient, input: input, output: output, weight: weight, mean: mean, variance: variance, geometry,
                                            toInput: toInput, weight: toWeight, bias: toBias)
        }
    }

    /// One step of an optimizer in one pass.
    public func update(_ rule: UpdateRule, _ parameter: Storage, _ gradient: Storage, _ state: [Storage], to newParameter: Storage, _ newState: [Storage]) {
        guard parameter.elementType == .float32 else { return reference.update(rule, parameter, gradient, state, to: newParameter, newState) }
        let count = parameter.count, part = 1 << 13, slots = state.count
        let (p, g, next) = (parameter.floats, gradient.floats, newParameter.floats)
        // A rule does not look at state that it lacks: any numbers may stand there.
        let read = (state + [parameter, parameter, parameter]).map(\.floats), write = newState.map(\.floats)
        let (a, b, c) = (read[0], read[1], read[2])
        // A root and two divisions: each number is worth several of a plain loop's.
        openMP.forEach((count + part - 1) / part, elements: 4 * count) { index in
            let end = min((index + 1) * part, count)
            rule.with(SIMD8<Float>.self) { step in
                for i in stride(from: index * part, to: end, by: 8) {
                    let lanes = min(8, end - i)
                    var s = UpdateRule.State(first: load(a, i, lanes), second: load(b, i, lanes), third: load(c, i, lanes))
                    store(step(load(p, i, lanes), load(g, i, lanes), &s), next, i, lanes)
                    if slots > 0 { store(s.first, write[0], i, lanes) }
                    if slots > 1 { store(s.second, write[1], i, lanes) }
                    if slots > 2 { store(s.third, write[2], i, lanes) }
                }
            }
        }
    }
}

@inline(__always)
private func load(_ x: UnsafeMutablePointer<Float>, _ i: Int, _ lanes: Int) -> SIMD8<Float> {
    if lanes == 8 { return UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Float>.self) }
    var value = SIMD8<Float>()
    for lane in 0..<lanes { value[lane] = x[i + lane] }
    return value
}

@inline(__always)
private func store(_ value: SIMD8<Float>, _ x: UnsafeMutablePointer<Float>, _ i: Int, _ lanes: Int) {
    if lanes == 8 { return UnsafeMutableRawPointer(x + i).storeBytes(of: value, as: SIMD8<Float>.self) }
    for lane in 0..<lanes { x[i + lane] = value[lane] }
}

extension Storage {
    var floats: UnsafeMutablePointer<Float> { `as`() }
    fileprivate func `as`<Scalar>() -> UnsafeMutablePointer<Scalar> { address.assumingMemoryBound(to: Scalar.self) }
}
