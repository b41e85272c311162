import Datasets
import Images
import Tensors

/// Samples as pictures.
public enum SampleGrid {
    /// Images side by side, `columns` in a row, two pixels apart.
    /// - Shape: samples `[N, H, W, 1 or 3]`.
    public static func image(_ samples: Tensor, columns: Int? = nil) -> Image {
        let (count, height, width, channels) = (samples.shape[0], samples.shape[1], samples.shape[2], samples.shape[3])
        let columns = columns ?? Int(Double(count).squareRoot().rounded(.up)), rows = (count + columns - 1) / columns, gap = 2
        let (totalWidth, totalHeight) = (columns * (width + gap) + gap, rows * (height + gap) + gap)
        var pixels = [UInt8](repeating: 255, count: totalWidth * totalHeight * channels)
        let bytes = PixelScale.bytes(samples.floats)
        for index in 0..<count {
            let left = gap + index % columns * (width + gap), top = gap + index / columns * (height + gap)
            for row in 0..<height {
                let source = (index * height + row) * width * channels, target = ((top + row) * totalWidth + left) * channels
                pixels.replaceSubrange(target..<target + width * channels, with: bytes[source..<source + width * channels])
            }
        }
        return Image(width: totalWidth, height: totalHeight, channels: channels, pixels: pixels)
    }

    /// Walks as pictures for an animation: each shows all walks at one step, which go there and back.
    /// - Parameter walks: how many there are; their samples stand one walk after another.
    /// - Shape: samples `[walks · steps, H, W, 1 or 3]`.
    public static func frames(_ samples: Tensor, walks: Int) -> [Image] {
        let steps = samples.shape[0] / walks, picture = Array(samples.shape.dimensions.dropFirst())
        let byWalk = samples.reshaped(Shape([walks, steps] + picture))
        let there = (0..<steps).map { image(byWalk.sliced(axis: 1, $0..<$0 + 1).reshaped(Shape([walks] + picture))) }
        // The ends are shown once, so that an animation that begins again does not rest there.
        return there + there.dropFirst().dropLast().reversed()
    }

    /// Points of the plane as dots in a square, real ones grey, generated ones orange.
    /// - Shape: both `[N, 2]`.
    public static func scatter(real: [Float], samples: [Float], side: Int = 400) -> Image {
        let reach = max(real.map { abs($0) }.max() ?? 1, 1e-6) * 1.3
        var pixels = [UInt8](repeating: 255, count: side * side * 3)
        func draw(_ points: [Float], _ colour: [UInt8]) {
            for point in stride(from: 0, to: points.count - 1, by: 2) {
                let x = Int((points[point] / reach + 1) / 2 * Float(side)), y = Int((1 - points[point + 1] / reach) / 2 * Float(side))
                for dy in 0..<2 { for dx in 0..<2 where 0..<side ~= x + dx && 0..<side ~= y + dy {
                    let pixel = ((y + dy) * side + x + dx) * 3
                    pixels.replaceSubrange(pixel..<pixel + 3, with: colour)
                } }
            }
        }
        draw(real, [190, 190, 190])
        draw(samples, [213, 94, 0])
        return Image(width: side, height: side, channels: 3, pixels: pixels)
    }
}
