extension Resizer {
    /// Both passes. Horizontally resized rows live in a ring just large enough for one output row, so that they stay in the
    /// cache whatever the image's height.
    mutating func run(
        _ image: borrowing Image, _ horizontal: FilterTable, _ vertical: FilterTable,
        into output: UnsafeMutableBufferPointer<Float>
    ) {
        let channels = image.channels
        let inputWidth = image.width
        let stride = (width * channels + 3) / 4
        let slots = vertical.taps
        Self.grow(&ring, to: slots * stride)
        Self.grow(&resultRow, to: stride)
        Self.grow(&wideRow, to: channels == 3 ? inputWidth : (inputWidth + 3) / 4)
        let (rounds, clips, width) = (resampler.isQuantized, clips, width)

        image.pixels.withUnsafeBufferPointer { pixels in
        wideRow.withUnsafeMutableBufferPointer { wide in
        ring.withUnsafeMutableBufferPointer { ring in
        resultRow.withUnsafeMutableBufferPointer { result in
            guard let pixels = pixels.baseAddress, let wide = wide.baseAddress, let ring = ring.baseAddress,
                  let result = result.baseAddress, var target = output.baseAddress else { return }
            var next = 0
            for y in 0..<vertical.starts.count {
                let start = vertical.starts[y]
                let count = vertical.counts[y]
                next = max(next, start)
                while next < start + count {
                    let source = pixels + next * inputWidth * channels
                    let row = UnsafeMutableRawPointer(ring + next % slots * stride).assumingMemoryBound(to: Float.self)
                    if channels == 3 {
                        shrinkColour(source, inputWidth, horizontal, wide, row, rounds)
                    } else {
                        let wide = UnsafeMutableRawPointer(wide).assumingMemoryBound(to: Double.self)
                        shrinkGrey(source, inputWidth, horizontal, wide, row, rounds)
                    }
                    next += 1
                }
                vertical.weights.withUnsafeBufferPointer { weights in
                    let weights = UnsafeBufferPointer(rebasing: weights[y * vertical.stride..<y * vertical.stride + count])
                    combineRows(ring, stride, slots, from: start, weights, into: result, rounds, clips)
                }
                let values = UnsafeRawPointer(result).assumingMemoryBound(to: Float.self)
                if channels == 3 {
                    target.update(from: values, count: width * 3)
                } else {
                    for x in 0..<width {
                        target[3 * x] = values[x]
                        target[3 * x + 1] = values[x]
                        target[3 * x + 2] = values[x]
                    }
                }
                target += width * 3
            }
        }}}}
    }

    private static func grow<Element: SIMD>(_ array: inout [Element], to count: Int) {
        if array.count < count { array = Array(repeating: Element(), count: count) }
    }
}

/// One row of three channels through the horizontal filter; the fourth lane is idle.
private func shrinkColour(
    _ source: UnsafePointer<UInt8>, _ count: Int, _ table: FilterTable, _ wide: UnsafeMutablePointer<SIMD4<Double>>,
    _ row: UnsafeMutablePointer<Float>, _ rounds: Bool
) {
    for x in 0..<count {
        wide[x] = SIMD4(Double(source[3 * x]), Double(source[3 * x + 1]), Double(source[3 * x + 2]), 0)
    }
    table.starts.withUnsafeBufferPointer { starts in
    table.counts.withUnsafeBufferPointer { counts in
    table.weights.withUnsafeBufferPointer { weights in
        for x in 0..<starts.count {
            let inputs = wide + starts[x]
            var sum = SIMD4<Double>.zero
            for t in 0..<counts[x] { sum += inputs[t] * weights[x * table.stride + t] }
            if rounds { sum = rounded(sum) }
            row[3 * x] = Float(sum.x)
            row[3 * x + 1] = Float(sum.y)
            row[3 * x + 2] = Float(sum.z)
        }
    }}}
}

/// One row of one channel through the horizontal filter.
private func shrinkGrey(
    _ source: UnsafePointer<UInt8>, _ count: Int, _ table: FilterTable, _ wide: UnsafeMutablePointer<Double>,
    _ row: UnsafeMutablePointer<Float>, _ rounds: Bool
) {
    for x in 0..<count { wide[x] = Double(source[x]) }
    table.starts.withUnsafeBufferPointer { starts in
    table.counts.withUnsafeBufferPointer { counts in
    table.weights.withUnsafeBufferPointer { weights in
        for x in 0..<starts.count {
            let inputs = wide + starts[x]
            var sum = 0.0
            for t in 0..<counts[x] { sum += inputs[t] * weights[x * table.stride + t] }
            if rounds { sum = rounded(SIMD4(repeating: sum)).x }
            row[x] = Float(sum)
        }
    }}}
}

/// The vertical filter: rows `start`, `start + 1`, … of the ring, weighted and summed.
private func combineRows(
    _ ring: UnsafeMutablePointer<SIMD4<Float>>, _ stride: Int, _ slots: Int, from start: Int,
    _ weights: UnsafeBufferPointer<Double>, into result: UnsafeMutablePointer<SIMD4<Float>>, _ rounds: Bool, _ clips: Bool
) {
    let firstSlot = start % slots
    for x in 0..<stride {
        var sum = SIMD4<Double>.zero
        var slot = firstSlot
        for weight in weights {
            let values = ring[slot * stride + x]
            sum += SIMD4(Double(values.x), Double(values.y), Double(values.z), Double(values.w)) * weight
            slot = slot + 1 == slots ? 0 : slot + 1
        }
        if rounds { sum = rounded(sum) }
        var values = SIMD4(Float(sum.x), Float(sum.y), Float(sum.z), Float(sum.w))
        if clips { values = values.clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255)) }
        result[x] = values
    }
}

/// ⌊x + ½⌋ limited to 0...255, without the call that rounding costs on a plain x86-64.
@inline(__always)
private func rounded(_ value: SIMD4<Double>) -> SIMD4<Double> {
    // Adding 2⁵² leaves no room for a fraction: the sum is rounded to an integer, to even at the half.
    let magic = SIMD4<Double>(repeating: 4_503_599_627_370_496)
    let shifted = (value + 0.5).clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255))
    let nearest = (shifted + magic) - magic
    return nearest.replacing(with: nearest - 1, where: nearest .> shifted)
}
