extension Resizer {
    /// Horizontal pass, then vertical. Horizontally resized rows live in a ring just large enough for one output row, so that
    /// they stay in the cache whatever the image's height.
    mutating func runHorizontalFirst(
        _ image: borrowing Image, _ horizontal: FilterTable, _ vertical: FilterTable,
        into output: UnsafeMutableBufferPointer<Float>
    ) {
        let (channels, inputWidth, rounds) = (image.channels, image.width, resampler.isQuantized)
        let stride = (width * channels + 3) / 4
        let slots = vertical.taps
        Self.grow(&ring, to: slots * stride)
        Self.grow(&sumRow, to: stride)
        Self.grow(&wideRow, to: Self.wideCount(inputWidth, channels))
        let finish = finisher(channels)

        image.pixels.withUnsafeBufferPointer { pixels in
        wideRow.withUnsafeMutableBufferPointer { wide in
        ring.withUnsafeMutableBufferPointer { ring in
        sumRow.withUnsafeMutableBufferPointer { sum in
            guard let pixels = pixels.baseAddress, let wide = wide.baseAddress, let ring = ring.baseAddress,
                  let sum = sum.baseAddress, let target = output.baseAddress else { return }
            var next = 0
            for y in 0..<height {
                let (start, count) = (vertical.starts[y], vertical.counts[y])
                next = max(next, start)
                while next < start + count {
                    let row = UnsafeMutableRawPointer(ring + next % slots * stride).assumingMemoryBound(to: Float.self)
                    widen(pixels + next * inputWidth * channels, inputWidth, channels, into: wide)
                    filterRow(wide, channels, horizontal, into: row, rounds)
                    next += 1
                }
                vertical.withWeights(y) { combineRows(ring, stride, slots, from: start, $0, into: sum, rounds) }
                finish(UnsafeRawPointer(sum).assumingMemoryBound(to: Float.self), target + y * width * 3)
            }
        }}}}
    }

    /// Vertical pass, then horizontal, one output row at a time.
    mutating func runVerticalFirst(
        _ image: borrowing Image, _ horizontal: FilterTable, _ vertical: FilterTable,
        into output: UnsafeMutableBufferPointer<Float>
    ) {
        let (channels, inputWidth, rounds) = (image.channels, image.width, resampler.isQuantized)
        Self.grow(&ring, to: (inputWidth * channels + 3) / 4)
        Self.grow(&sumRow, to: (width * channels + 3) / 4)
        Self.grow(&wideRow, to: Self.wideCount(inputWidth, channels))
        let finish = finisher(channels)

        image.pixels.withUnsafeBufferPointer { pixels in
        wideRow.withUnsafeMutableBufferPointer { wide in
        ring.withUnsafeMutableBufferPointer { narrow in
        sumRow.withUnsafeMutableBufferPointer { sum in
            guard let pixels = pixels.baseAddress, let wide = wide.baseAddress, let narrow = narrow.baseAddress,
                  let sum = sum.baseAddress, let target = output.baseAddress else { return }
            let row = UnsafeMutableRawPointer(narrow).assumingMemoryBound(to: Float.self)
            let result = UnsafeMutableRawPointer(sum).assumingMemoryBound(to: Float.self)
            let scratch = UnsafeMutableRawPointer(wide).assumingMemoryBound(to: Double.self)
            let stride = inputWidth * channels
            for y in 0..<height {
                let source = pixels + vertical.starts[y] * stride
                vertical.withWeights(y) { combinePixels(source, stride, $0, scratch, into: row, rounds) }
                widen(row, inputWidth, channels, into: wide)
                filterRow(wide, channels, horizontal, into: result, rounds)
                finish(result, target + y * width * 3)
            }
        }}}}
    }

    /// The last step for a row: clipping, and three channels from one.
    func finisher(_ channels: Int) -> (_ row: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) -> Void {
        let (width, clips) = (width, clips)
        return { row, target in
            if channels == 3 {
                target.update(from: row, count: width * 3)
            } else {
                for x in 0..<width {
                    target[3 * x] = row[x]
                    target[3 * x + 1] = row[x]
                    target[3 * x + 2] = row[x]
                }
            }
            if clips { for x in 0..<width * 3 { target[x] = min(max(target[x], 0), 255) } }
        }
    }

    static func grow<Element: SIMD>(_ array: inout [Element], to count: Int) {
        if array.count < count { array = Array(repeating: Element(), count: count) }
    }

    /// Room for a row of doubles, three channels in four lanes.
    private static func wideCount(_ width: Int, _ channels: Int) -> Int { channels == 3 ? width : (width + 3) / 4 }
}

extension FilterTable {
    /// The weights of output `index`.
    func withWeights(_ index: Int, _ body: (UnsafeBufferPointer<Double>) -> Void) {
        weights.withUnsafeBufferPointer { weights in
            body(UnsafeBufferPointer(rebasing: weights[index * stride..<index * stride + counts[index]]))
        }
    }
}

/// A row as doubles: one pixel per vector if it has three channels, else values side by side.
@inline(__always)
func widen<Value>(
    _ source: UnsafePointer<Value>, _ count: Int, _ channels: Int, into wide: UnsafeMutablePointer<SIMD4<Double>>
) where Value: WideningToDouble {
    if channels == 3 {
        for x in 0..<count { wide[x] = SIMD4(source[3 * x].wide, source[3 * x + 1].wide, source[3 * x + 2].wide, 0) }
    } else {
        let wide = UnsafeMutableRawPointer(wide).assumingMemoryBound(to: Double.self)
        for x in 0..<count { wide[x] = source[x].wide }
    }
}

protocol WideningToDouble { var wide: Double { get } }
extension UInt8: WideningToDouble { var wide: Double { Double(self) } }
extension Float: WideningToDouble { var wide: Double { Double(self) } }

/// A widened row through the horizontal filter.
private func filterRow(
    _ wide: UnsafePointer<SIMD4<Double>>, _ channels: Int, _ table: FilterTable, into row: UnsafeMutablePointer<Float>, _ rounds: Bool
) {
    table.starts.withUnsafeBufferPointer { starts in
    table.counts.withUnsafeBufferPointer { counts in
    table.weights.withUnsafeBufferPointer { weights in
        if channels == 3 {
            for x in 0..<starts.count {
                let inputs = wide + starts[x]
                var sum = SIMD4<Double>.zero
                for t in 0..<counts[x] { sum += inputs[t] * weights[x * table.stride + t] }
                if rounds { sum = rounded(sum) }
                row[3 * x] = Float(sum.x)
                row[3 * x + 1] = Float(sum.y)
                row[3 * x + 2] = Float(sum.z)
            }
        } else {
            let wide = UnsafeRawPointer(wide).assumingMemoryBound(to: Double.self)
            for x in 0..<starts.count {
                let inputs = wide + starts[x]
                var sum = 0.0
                for t in 0..<counts[x] { sum += inputs[t] * weights[x * table.stride + t] }
                if rounds { sum = rounded(SIMD4(repeating: sum)).x }
                row[x] = Float(sum)
            }
        }
    }}}
}

/// The vertical filter on horizontally resized rows: `start`, `start + 1`, … of the ring, weighted and summed.
private func combineRows(
    _ ring: UnsafePointer<SIMD4<Float>>, _ stride: Int, _ slots: Int, from start: Int,
    _ weights: UnsafeBufferPointer<Double>, into result: UnsafeMutablePointer<SIMD4<Float>>, _ rounds: Bool
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
        result[x] = SIMD4(Float(sum.x), Float(sum.y), Float(sum.z), Float(sum.w))
    }
}

/// The vertical filter on the image's own rows, `stride` values apart from `source` on.
private func combinePixels(
    _ source: UnsafePointer<UInt8>, _ stride: Int, _ weights: UnsafeBufferPointer<Double>, _ sums: UnsafeMutablePointer<Double>,
    into row: UnsafeMutablePointer<Float>, _ rounds: Bool
) {
    for x in 0..<stride { sums[x] = 0 }
    for (t, weight) in weights.enumerated() {
        let pixels = source + t * stride
        for x in 0..<stride { sums[x] += Double(pixels[x]) * weight }
    }
    if rounds {
        for x in 0..<stride { row[x] = Float(rounded(SIMD4(repeating: sums[x])).x) }
    } else {
        for x in 0..<stride { row[x] = Float(sums[x]) }
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
