extension Resizer {
    /// Both axes at once, as torch's `grid_sample` does on the CPU: a pixel's four weights are products in float32, and its four terms are added
    /// one after another with a single rounding each (fused multiply-adds).
    /// - Parameter image: Three channels.
    mutating func runGrid(
        _ image: borrowing Image, _ horizontal: FilterTable, _ vertical: FilterTable, into output: UnsafeMutableBufferPointer<Float>
    ) {
        let inputWidth = image.width
        Self.grow(&wideRow, to: 2 * inputWidth)
        Self.grow(&sumRow, to: (width * 3 + 3) / 4)
        let finish = finisher(3)

        image.pixels.withUnsafeBufferPointer { pixels in
        wideRow.withUnsafeMutableBufferPointer { wide in
        sumRow.withUnsafeMutableBufferPointer { sum in
            guard let pixels = pixels.baseAddress, let upper = wide.baseAddress, let sum = sum.baseAddress, let target = output.baseAddress else { return }
            let lower = upper + inputWidth
            let row = UnsafeMutableRawPointer(sum).assumingMemoryBound(to: Float.self)
            var widened = -1
            for y in 0..<height {
                let start = vertical.starts[y]
                let end = start + vertical.counts[y] - 1
                if start != widened {
                    widen(pixels + start * inputWidth * 3, inputWidth, 3, into: upper)
                    widen(pixels + end * inputWidth * 3, inputWidth, 3, into: lower)
                    widened = start
                }
                sampleRow(upper, lower, horizontal, vertical.pair(y), into: row)
                finish(row, target + y * width * 3)
            }
        }}}
    }
}

extension FilterTable {
    /// The two weights of output `index` in float32; the second is 0 at the far edge.
    @inline(__always)
    fileprivate func pair(_ index: Int) -> (Float, Float) { (Float(weights[index * stride]), Float(weights[index * stride + 1])) }
}

/// One output row between two input rows.
private func sampleRow(
    _ upper: UnsafePointer<SIMD4<Double>>, _ lower: UnsafePointer<SIMD4<Double>>, _ table: FilterTable, _ vertical: (Float, Float),
    into row: UnsafeMutablePointer<Float>
) {
    for x in 0..<table.starts.count {
        let (left, right) = table.pair(x)
        let first = table.starts[x], last = first + table.counts[x] - 1
        var sum = toFloat(upper[first] * Double(vertical.0 * left))
        sum = toFloat(upper[last] * Double(vertical.0 * right) + sum)
        sum = toFloat(lower[first] * Double(vertical.1 * left) + sum)
        sum = toFloat(lower[last] * Double(vertical.1 * right) + sum)
        row[3 * x] = Float(sum.x)
        row[3 * x + 1] = Float(sum.y)
        row[3 * x + 2] = Float(sum.z)
    }
}

/// Rounds to float32, kept in double: 0…255 times a float32 is exact there, so that a product and a sum cost one rounding, as a fused multiply-add does,
/// without the call that one costs on a plain x86-64.
@inline(__always)
private func toFloat(_ value: SIMD4<Double>) -> SIMD4<Double> {
    SIMD4(Double(Float(value.x)), Double(Float(value.y)), Double(Float(value.z)), 0)
}
