#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A separable linear filter along one axis: output `i` = Σ `weights[i, t]` · input[`starts[i]` + t], t < `counts[i]`.
struct FilterTable: Sendable {
    /// The first input of each output; never decreases.
    private(set) var starts: [Int] = []
    /// The number of inputs of each output, at least 1.
    private(set) var counts: [Int] = []
    /// `[output, stride]`.
    private(set) var weights: [Double] = []
    /// Room for one output's weights.
    let stride: Int

    private init(output: Int, stride: Int) {
        self.stride = stride
        starts.reserveCapacity(output)
        counts.reserveCapacity(output)
        weights.reserveCapacity(output * stride)
    }

    /// The largest number of inputs that one output needs.
    var taps: Int { counts.max() ?? 1 }

    private mutating func append(start: Int, weights taps: [Double]) {
        starts.append(start)
        counts.append(taps.count)
        weights.append(contentsOf: taps)
        weights.append(contentsOf: repeatElement(0, count: stride - taps.count))
    }

    /// Every value as it is.
    static func identity(_ size: Int) -> FilterTable {
        var table = FilterTable(output: size, stride: 1)
        for index in 0..<size { table.append(start: index, weights: [1]) }
        return table
    }

    /// The rule of Pillow (double) and of torch's antialiased resize (float): the filter is centred on the output's centre
    /// and stretched by the scale when shrinking; weights are divided by their sum.
    static func antialiased<Number: BinaryFloatingPoint>(
        from input: Int, to output: Int, support: Number, _ filter: (Number) -> Number
    ) -> FilterTable {
        let scale = Number(input) / Number(output)
        let stretch = max(scale, 1)
        let inverse = 1 / stretch
        let support = support * stretch
        var table = FilterTable(output: output, stride: Int(support.rounded(.up)) * 2 + 1)
        for index in 0..<output {
            let centre = (Number(index) + 0.5) * scale
            let start = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), input)
            var taps = (0..<end - start).map { filter((Number($0 + start) - centre + 0.5) * inverse) }
            let sum = taps.reduce(0, +)
            if sum != 0 { taps = taps.map { $0 / sum } }
            table.append(start: start, weights: taps.map { Double($0) })
        }
        return table
    }

    /// torch's `interpolate(mode="bilinear", align_corners=False)`; positions in float32 as there.
    static func torchBilinear(from input: Int, to output: Int) -> FilterTable {
        let scale = Float(input) / Float(output)
        return twoTaps(from: input, to: output) { max(scale * (Float($0) + 0.5) - 0.5, 0) }
    }

    /// TensorFlow 1's `ResizeBilinear`, position = index · in/out in float32.
    static func tensorflow1Bilinear(from input: Int, to output: Int) -> FilterTable {
        let scale = Float(input) / Float(output)
        return twoTaps(from: input, to: output) { Float($0) * scale }
    }

    /// TensorFlow 1's positions as `affine_grid` and `grid_sample` with `align_corners=False` compute them in float32, products and sums fused
    /// as torch's kernels fuse them: −1…1 over the outputs, moved by the difference of half a pixel's sizes, spread over the inputs, kept inside.
    static func styleganBilinear(from input: Int, to output: Int) -> FilterTable {
        let step = 2 / Float(output - 1)
        let shift = Float(1 / Double(input) - 1 / Double(output))
        return twoTaps(from: input, to: output) { index in
            let line: Float = if output == 1 { 0 }
                else if index < output / 2 { Float(-1).addingProduct(step, Float(index)) }
                else { Float(1).addingProduct(-step, Float(output - 1 - index)) }
            let grid = line * Float(output - 1) / Float(output) + shift
            return min(max(Float(-0.5).addingProduct(grid + 1, Float(input) / 2), 0), Float(input - 1))
        }
    }

    private static func twoTaps(from input: Int, to output: Int, position: (Int) -> Float) -> FilterTable {
        var table = FilterTable(output: output, stride: 2)
        for index in 0..<output {
            let position = position(index)
            let start = min(Int(position), input - 1)
            let fraction = Double(position) - Double(start)
            // At the far edge both taps are the last input.
            table.append(start: start, weights: start + 1 < input ? [1 - fraction, fraction] : [1])
        }
        return table
    }

    /// The weights rounded to multiples of 2⁻²², as Pillow's 8-bit passes hold them in integers. All sums of them times
    /// 0...255 are exact in double, whatever the order.
    func inFixedPoint() -> FilterTable {
        let one = Double(1 << 22)
        var table = self
        table.weights = weights.map { ($0 * one + ($0 < 0 ? -0.5 : 0.5)).rounded(.towardZero) / one }
        return table
    }
}

func sine(_ x: Double) -> Double { sin(x) }
