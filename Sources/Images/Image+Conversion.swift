extension Image {
    /// The same picture with one channel; RGB becomes luma as in Pillow's `convert('L')`:
    /// (19595 R + 38470 G + 7471 B + 32768) / 65536, rounded down (ITU-R 601-2 in fixed point).
    public var grey: Image {
        guard channels == 3 else { return self }
        let luma = [UInt8](unsafeUninitializedCapacity: width * height) { buffer, count in
            for index in 0..<width * height {
                let (red, green, blue) = (UInt32(pixels[3 * index]), UInt32(pixels[3 * index + 1]), UInt32(pixels[3 * index + 2]))
                buffer[index] = UInt8((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16)
            }
            count = width * height
        }
        return Image(width: width, height: height, channels: 1, pixels: luma)
    }

    /// The same picture with 1 (`grey`) or 3 (`rgb`) channels.
    public func converted(toChannels channels: Int) -> Image {
        precondition(channels == 1 || channels == 3, "an image has 1 or 3 channels, not \(channels)")
        return channels == 1 ? grey : rgb
    }

    /// The largest square around the centre; an odd row or column more is cut at the bottom or right.
    public var centredSquare: Image {
        guard width != height else { return self }
        let side = min(width, height), left = (width - side) / 2, top = (height - side) / 2
        var square: [UInt8] = []
        square.reserveCapacity(side * side * channels)
        for row in top..<top + side {
            square += pixels[(row * width + left) * channels..<(row * width + left + side) * channels]
        }
        return Image(width: side, height: side, channels: channels, pixels: square)
    }

    /// The picture mirrored at its diagonal: rows become columns.
    public var transposed: Image {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(self.pixels.count)
        for column in 0..<width {
            for row in 0..<height {
                let start = (row * width + column) * channels
                pixels += self.pixels[start..<start + channels]
            }
        }
        return Image(width: height, height: width, channels: channels, pixels: pixels)
    }
}
