/// A way to change an image's size, whose name is its whole identity: equal names give equal numbers.
///
/// The `pillow-…` cases are `Image.resize` on one float ('F' mode) image per channel: not rounded, and not clipped, so a
/// filter with negative lobes overshoots 0...255. Their `…-uint8` twins are `Image.resize` on the 8-bit image itself, which
/// rounds after each pass. Both are Pillow 13's, which runs the vertical pass first on images that lose more than twice as many
/// rows as columns; earlier releases never do, and differ there by a last bit (float) or by what clipping in between leaves.
public enum Resampler: String, CaseIterable, Sendable {
    /// Pillow's `BOX` in float mode: the mean of the covered pixels.
    case pillowBox = "pillow-box"
    /// Pillow's `BILINEAR` in float mode: a triangle, widened when shrinking.
    case pillowBilinear = "pillow-bilinear"
    /// Pillow's `BICUBIC` (a = −0.5) in float mode: clean-fid's resize, before its clipping.
    case pillowBicubic = "pillow-bicubic"
    /// Pillow's `LANCZOS` (three lobes) in float mode.
    case pillowLanczos = "pillow-lanczos"
    /// Pillow's `BOX` on 8-bit values.
    case pillowBoxUInt8 = "pillow-box-uint8"
    /// Pillow's `BILINEAR` on 8-bit values.
    case pillowBilinearUInt8 = "pillow-bilinear-uint8"
    /// Pillow's `BICUBIC` on 8-bit values.
    case pillowBicubicUInt8 = "pillow-bicubic-uint8"
    /// Pillow's `LANCZOS` on 8-bit values.
    case pillowLanczosUInt8 = "pillow-lanczos-uint8"
    /// `torch.nn.functional.interpolate(mode="bilinear", align_corners=False)`: two taps whatever the scale.
    case torchBilinear = "torch-bilinear"
    /// The same with `antialias=True`: Pillow's rule with float32 weights.
    case torchBilinearAntialias = "torch-bilinear-antialias"
    /// TensorFlow 1's `ResizeBilinear(align_corners=False)`: two taps, no half-pixel shift.
    case tensorflow1Bilinear = "tensorflow1-bilinear"
    /// The same rule as StyleGAN's Inception file writes it: torch's `affine_grid` and `grid_sample(mode="bilinear", padding_mode="border")`,
    /// whose float32 positions are not quite TensorFlow's. Equal to torch's CPU kernels bit for bit.
    case styleganBilinear = "stylegan-bilinear"

    /// The filter along one axis.
    func table(from input: Int, to output: Int) -> FilterTable {
        switch self {
        case .pillowBox, .pillowBoxUInt8: pillowTable(from: input, to: output, support: 0.5) { $0 > -0.5 && $0 <= 0.5 ? 1 : 0 }
        case .pillowBilinear, .pillowBilinearUInt8: pillowTable(from: input, to: output, support: 1, triangle)
        case .pillowBicubic, .pillowBicubicUInt8: pillowTable(from: input, to: output, support: 2, cubic)
        case .pillowLanczos, .pillowLanczosUInt8: pillowTable(from: input, to: output, support: 3, lanczos)
        case .torchBilinear: .torchBilinear(from: input, to: output)
        case .torchBilinearAntialias: .antialiased(from: input, to: output, support: Float(1), triangle)
        case .tensorflow1Bilinear: .tensorflow1Bilinear(from: input, to: output)
        case .styleganBilinear: .styleganBilinear(from: input, to: output)
        }
    }

    /// Whether each pass ends with rounding to 0...255.
    var isQuantized: Bool {
        switch self {
        case .pillowBoxUInt8, .pillowBilinearUInt8, .pillowBicubicUInt8, .pillowLanczosUInt8: true
        default: false
        }
    }

    /// Which pass comes first, where it matters to the last bit (and beyond, where 8-bit values are clipped in between).
    func runsVerticallyFirst(from input: (width: Int, height: Int), to output: (width: Int, height: Int)) -> Bool {
        guard rawValue.hasPrefix("pillow-") else { return false }
        // Pillow 13's rule; earlier releases always began horizontally.
        let lost = input.height - output.height
        return lost > 0 && lost > 2 * (input.width - output.width)
    }

    private func pillowTable(from input: Int, to output: Int, support: Double, _ filter: (Double) -> Double) -> FilterTable {
        // Pillow leaves an axis alone whose size does not change; its sinc is not quite zero at the integers.
        guard input != output else { return .identity(input) }
        let table = FilterTable.antialiased(from: input, to: output, support: support, filter)
        return isQuantized ? table.inFixedPoint() : table
    }
}

private func triangle<Number: BinaryFloatingPoint>(_ x: Number) -> Number {
    let x = abs(x)
    return x < 1 ? 1 - x : 0
}

/// Keys (1981), a = −0.5, in Pillow's order of operations.
private func cubic(_ x: Double) -> Double {
    let a = -0.5
    let x = abs(x)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}

private func lanczos(_ x: Double) -> Double {
    func sinc(_ x: Double) -> Double { x == 0 ? 1 : sine(x * .pi) / (x * .pi) }
    return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0
}
