/// The loops of a normalisation in float32 or float64.
///
/// Rows are dealt out in parts whose number depends on the shape only, and their sums are added in order: the same bits from any number of threads.
/// Within a part, up to 64 rows are summed in the elements' own type before they join a float64 sum.
struct NormalisationLoops<Scalar: BinaryFloatingPoint> {
    private let g: NormalisationGeometry, openMP: OpenMP
    private let rowsPerPart: Int, partsPerOuter: Int
    private let block = 64

    init(_ geometry: NormalisationGeometry, _ openMP: OpenMP) {
        (g, self.openMP) = (geometry, openMP)
        rowsPerPart = max(block, (1 << 14) / max(geometry.channels, 1) / block * block)
        partsPerOuter = (geometry.rows + rowsPerPart - 1) / rowsPerPart
    }

    func forward(_ x: UnsafeMutablePointer<Scalar>, _ weight: UnsafeMutablePointer<Scalar>, _ bias: UnsafeMutablePointer<Scalar>,
                 _ mean: UnsafeMutablePointer<Scalar>, _ variance: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>) {
        let channels = g.channels, slope = Scalar(g.slope), rectifies = g.slope != 1
        // Deviations are summed from a value near the mean, or their squares would lose their digits where the mean is far from 0.
        sampleMeans(x, into: mean)
        let sums = sums { part, rows, first, second in
            let centre = mean + part * channels
            for row in rows {
                let x = x + (part * g.rows + row) * channels
                for c in 0..<channels {
                    let d = x[c] - centre[c]
                    first[c] += d
                    second[c] += d * d
                }
            }
        }
        let rows = Double(g.rows), count = g.outer * channels
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(count, 1)) { scales in
            for i in 0..<count {
                let shift = sums[i] / rows, spread = max(sums[count + i] / rows - shift * shift, 0)
                mean[i] += Scalar(shift)
                variance[i] = Scalar(spread)
                scales[i] = Scalar(Double(weight[i % channels]) / (spread + g.eps).squareRoot())
            }
            guard let scales = scales.baseAddress else { return }
            eachPart { part, rows in
                let centre = mean + part * channels, scale = scales + part * channels
                for row in rows {
                    let place = (part * g.rows + row) * channels
                    let x = x + place, y = y + place
                    if rectifies {
                        for c in 0..<channels {
                            let value = (x[c] - centre[c]) * scale[c] + bias[c]
                            y[c] = value > 0 ? value : slope * value
                        }
                    } else {
                        for c in 0..<channels { y[c] = (x[c] - centre[c]) * scale[c] + bias[c] }
                    }
                }
            }
        }
    }

    func backward(_ gradient: UnsafeMutablePointer<Scalar>, _ x: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>?,
                  _ weight: UnsafeMutablePointer<Scalar>, _ mean: UnsafeMutablePointer<Scalar>, _ variance: UnsafeMutablePointer<Scalar>,
                  _ toInput: UnsafeMutablePointer<Scalar>?, _ toWeight: UnsafeMutablePointer<Scalar>, _ toBias: UnsafeMutablePointer<Scalar>) {
        let channels = g.channels, slope = Scalar(g.slope)
        let sums = sums { part, rows, first, second in
            let centre = mean + part * channels
            for row in rows {
                let place = (part * g.rows + row) * channels
                let x = x + place, gradient = gradient + place
                if let y {
                    let y = y + place
                    for c in 0..<channels {
                        let value = y[c] > 0 ? gradient[c] : slope * gradient[c]
                        first[c] += value
                        second[c] += value * (x[c] - centre[c])
                    }
                } else {
                    for c in 0..<channels {
                        first[c] += gradient[c]
                        second[c] += gradient[c] * (x[c] - centre[c])
                    }
                }
            }
        }
        let count = g.outer * channels, rows = Double(g.rows)
        toWeight.update(repeating: 0, count: channels)
        toBias.update(repeating: 0, count: channels)
        // dx = scale · gradient + slope · (x − mean) + offset, with numbers of each channel.
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(3 * count, 1)) { numbers in
            for c in 0..<channels {
                var (weightSum, biasSum) = (0.0, 0.0)
                for i in stride(from: c, to: count, by: channels) {
                    let reciprocal = 1 / (Double(variance[i]) + g.eps).squareRoot()
                    weightSum += sums[count + i] * reciprocal
                    biasSum += sums[i]
                    let scale = Double(weight[c]) * reciprocal
                    numbers[i] = Scalar(scale)
                    numbers[count + i] = Scalar(-scale * reciprocal * reciprocal * sums[count + i] / rows)
                    numbers[2 * count + i] = Scalar(-scale * sums[i] / rows)
                }
                (toWeight[c], toBias[c]) = (Scalar(weightSum), Scalar(biasSum))
            }
            guard let toInput, let numbers = numbers.baseAddress else { return }
            eachPart { part, rows in
                let at = part * channels
                let (centre, scale, tilt, offset) = (mean + at, numbers + at, numbers + count + at, numbers + 2 * count + at)
                for row in rows {
                    let place = (part * g.rows + row) * channels
                    let (x, gradient, dx) = (x + place, gradient + place, toInput + place)
                    if let y {
                        let y = y + place
                        for c in 0..<channels {
                            let value = y[c] > 0 ? gradient[c] : slope * gradient[c]
                            dx[c] = scale[c] * value + (tilt[c] * (x[c] - centre[c]) + offset[c])
                        }
                    } else {
                        for c in 0..<channels { dx[c] = scale[c] * gradient[c] + (tilt[c] * (x[c] - centre[c]) + offset[c]) }
                    }
                }
            }
        }
    }

    /// The mean of at most 64 rows that lie evenly over each part.
    private func sampleMeans(_ x: UnsafeMutablePointer<Scalar>, into mean: UnsafeMutablePointer<Scalar>) {
        let count = min(g.rows, block)
        for part in 0..<g.outer {
            let mean = mean + part * g.channels
            mean.update(repeating: 0, count: g.channels)
            for sample in 0..<count {
                let x = x + (part * g.rows + sample * g.rows / count) * g.channels
                for c in 0..<g.channels { mean[c] += x[c] }
            }
            for c in 0..<g.channels { mean[c] /= Scalar(count) }
        }
    }

    private func eachPart(_ body: (_ outer: Int, _ rows: Range<Int>) -> Void) {
        openMP.forEach(g.outer * partsPerOuter, elements: g.outer * g.rows * g.channels) { index in
            let (outer, part) = (index / partsPerOuter, index % partsPerOuter)
            body(outer, part * rowsPerPart..<min((part + 1) * rowsPerPart, g.rows))
        }
    }

    /// Two sums for each channel of each outer element, `[2, outer, channels]`. `add` adds at most 64 rows to two sums of the elements' type.
    private func sums(_ add: (_ outer: Int, _ rows: Range<Int>, _ first: UnsafeMutablePointer<Scalar>, _ second: UnsafeMutablePointer<Scalar>) -> Void) -> [Double] {
        let channels = g.channels, parts = g.outer * partsPerOuter, count = g.outer * channels
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(parts * 2 * channels, 1)) { partial in
            partial.initialize(repeating: 0)
            guard let base = partial.baseAddress else { return [] }
            openMP.forEach(parts, elements: count * g.rows) { index in
                let (outer, part) = (index / partsPerOuter, index % partsPerOuter)
                let total = base + index * 2 * channels
                withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * channels) { sums in
                    guard let sums = sums.baseAddress else { return }
                    for start in stride(from: part * rowsPerPart, to: min((part + 1) * rowsPerPart, g.rows), by: block) {
                        sums.update(repeating: 0, count: 2 * channels)
                        add(outer, start..<min(start + block, (part + 1) * rowsPerPart, g.rows), sums, sums + channels)
                        for c in 0..<2 * channels { total[c] += Double(sums[c]) }
                    }
                }
            }
            var result = [Double](repeating: 0, count: 2 * count)
            for index in 0..<parts {
                let outer = index / partsPerOuter
                for c in 0..<channels {
                    result[outer * channels + c] += base[index * 2 * channels + c]
                    result[count + outer * channels + c] += base[index * 2 * channels + channels + c]
                }
            }
            return result
        }
    }
}
