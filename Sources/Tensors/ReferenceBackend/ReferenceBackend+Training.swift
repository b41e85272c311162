extension ReferenceBackend {
    /// Statistics and normalised numbers, by the definition.
    public func normalisation(_ input: Storage, weight: Storage, bias: Storage, _ geometry: NormalisationGeometry, mean: Storage, variance: Storage, to output: Storage) {
        let g = geometry, x = values(input), scale = values(weight), shift = values(bias)
        var (means, variances) = ([Double](repeating: 0, count: mean.count), [Double](repeating: 0, count: mean.count)), y = x
        for part in 0..<g.outer {
            for c in 0..<g.channels {
                let places = (0..<g.rows).map { (part * g.rows + $0) * g.channels + c }
                let m = places.reduce(0) { $0 + x[$1] } / Double(g.rows)
                let v = places.reduce(0) { $0 + (x[$1] - m) * (x[$1] - m) } / Double(g.rows)
                (means[part * g.channels + c], variances[part * g.channels + c]) = (m, v)
                for place in places {
                    let value = (x[place] - m) / (v + g.eps).squareRoot() * scale[c] + shift[c]
                    y[place] = value > 0 ? value : g.slope * value
                }
            }
        }
        store(means, mean)
        store(variances, variance)
        store(y, output)
    }

    /// The derivatives of a normalisation, its statistics counted as functions of the input.
    public func normalisationGradient(_ gradient: Storage, input: Storage, output: Storage?, weight: Storage, mean: Storage, variance: Storage,
                                      _ geometry: NormalisationGeometry, toInput: Storage?, weight toWeight: Storage, bias toBias: Storage) {
        let g = geometry, x = values(input), scale = values(weight), means = values(mean), variances = values(variance)
        let y = output.map(values), given = values(gradient)
        let slopes = given.indices.map { place in (y?[place] ?? 1) > 0 ? given[place] : g.slope * given[place] }
        var dx = [Double](repeating: 0, count: x.count)
        var (dWeight, dBias) = ([Double](repeating: 0, count: g.channels), [Double](repeating: 0, count: g.channels))
        for part in 0..<g.outer {
            for c in 0..<g.channels {
                let places = (0..<g.rows).map { (part * g.rows + $0) * g.channels + c }
                let m = means[part * g.channels + c], reciprocal = 1 / (variances[part * g.channels + c] + g.eps).squareRoot()
                let sum = places.reduce(0) { $0 + slopes[$1] }, product = places.reduce(0) { $0 + slopes[$1] * (x[$1] - m) * reciprocal }
                dBias[c] += sum
                dWeight[c] += product
                for place in places {
                    dx[place] = scale[c] * reciprocal * (slopes[place] - sum / Double(g.rows) - (x[place] - m) * reciprocal * product / Double(g.rows))
                }
            }
        }
        if let toInput { store(dx, toInput) }
        store(dWeight, toWeight)
        store(dBias, toBias)
    }

    /// One step of an optimizer.
    public func update(_ rule: UpdateRule, _ parameter: Storage, _ gradient: Storage, _ state: [Storage], to newParameter: Storage, _ newState: [Storage]) {
        let p = values(parameter), g = values(gradient), s = state.map(values)
        var results = [[Double]](repeating: p, count: 1 + s.count)
        rule.with(Double.self) { step in
            for i in p.indices {
                func old(_ slot: Int) -> Double { slot < s.count ? s[slot][i] : 0 }
                var numbers = UpdateRule.State(first: old(0), second: old(1), third: old(2))
                results[0][i] = step(p[i], g[i], &numbers)
                for (slot, number) in zip(s.indices, [numbers.first, numbers.second, numbers.third]) { results[1 + slot][i] = number }
            }
        }
        for (values, storage) in zip(results, [newParameter] + newState) { store(values, storage) }
    }
}
