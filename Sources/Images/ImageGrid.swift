/// Pictures side by side on white.
///
/// Each is shown as large as it is, or enlarged by a whole number, so that its pixels stay pixels, or made smaller with its proportions kept where it is larger than a cell.
public struct ImageGrid: Sendable {
    /// Width and height of the place that each picture has.
    public var cell: Int
    /// Pixels between pictures and around them.
    public var gap: Int

    /// A grid with these measures.
    public init(cell: Int = 96, gap: Int = 4) {
        precondition(cell > 0 && gap >= 0, "no picture fits into a cell of \(cell)")
        (self.cell, self.gap) = (cell, gap)
    }

    /// The pictures, row by row, in the colours that they have.
    /// - Parameters:
    ///   - images: At least one.
    ///   - columns: At least one.
    /// - Shape: `[rows·(cell + gap) + gap, columns·(cell + gap) + gap, 3]`
    public func image(_ images: [Image], columns: Int) -> Image {
        precondition(!images.isEmpty && columns > 0, "\(images.count) pictures in \(columns) columns")
        let rows = (images.count + columns - 1) / columns, width = columns * (cell + gap) + gap, height = rows * (cell + gap) + gap
        var pixels = [UInt8](repeating: 255, count: width * height * 3)
        for (index, image) in images.enumerated() {
            let shown = fitted(image)
            let left = gap + index % columns * (cell + gap) + (cell - shown.width) / 2, top = gap + index / columns * (cell + gap) + (cell - shown.height) / 2
            for row in 0..<shown.height {
                let target = ((top + row) * width + left) * 3, source = row * shown.width * 3
                pixels.replaceSubrange(target..<target + shown.width * 3, with: shown.pixels[source..<source + shown.width * 3])
            }
        }
        return Image(width: width, height: height, channels: 3, pixels: pixels)
    }

    /// A picture in colour, no larger than a cell.
    private func fitted(_ image: Image) -> Image {
        let longer = max(image.width, image.height)
        if longer > cell {
            var resizer = Resizer(.pillowBicubicUInt8, width: max(1, image.width * cell / longer), height: max(1, image.height * cell / longer))
            return Image(width: resizer.width, height: resizer.height, channels: 3, pixels: resizer.resize(image).map { UInt8($0) })
        }
        let factor = cell / longer, source = image.rgb
        guard factor > 1 else { return source }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(source.pixels.count * factor * factor)
        for row in 0..<source.height {
            let line = (0..<source.width).flatMap { column in
                let start = (row * source.width + column) * 3
                return repeatElement(source.pixels[start..<start + 3], count: factor).joined()
            }
            for _ in 0..<factor { pixels += line }
        }
        return Image(width: source.width * factor, height: source.height * factor, channels: 3, pixels: pixels)
    }
}
