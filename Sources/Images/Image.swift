/// A decoded picture: 8-bit grey or RGB, rows from the top, channels interleaved.
///
/// A grey file stays grey (`channels == 1`); wherever three channels are wanted the grey value is repeated, which is
/// what Pillow's `convert('RGB')` does.
/// - Shape: `pixels` is `[height, width, channels]`, values 0...255.
public struct Image: Equatable, Sendable {
    /// Number of columns, at least 1.
    public private(set) var width: Int
    /// Number of rows, at least 1.
    public private(set) var height: Int
    /// 1 (grey) or 3 (red, green, blue).
    public private(set) var channels: Int
    /// The values, `[height, width, channels]`.
    public private(set) var pixels: [UInt8]

    /// The largest number of pixels that is decoded: 2 × 178 956 970, where Pillow raises `DecompressionBombError`.
    public static let maximumPixels = 357_913_940

    /// A picture of given values.
    /// - Parameter pixels: `[height, width, channels]`, `channels` being 1 or 3.
    public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && (channels == 1 || channels == 3), "not an image: [\(height), \(width), \(channels)]")
        precondition(pixels.count == width * height * channels,
                     "\(pixels.count) values cannot fill an image of [\(height), \(width), \(channels)]")
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }

    /// The same picture with three channels; a grey one is repeated.
    public var rgb: Image {
        guard channels == 1 else { return self }
        let repeated = [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { buffer, count in
            for (index, value) in pixels.enumerated() {
                buffer[3 * index] = value
                buffer[3 * index + 1] = value
                buffer[3 * index + 2] = value
            }
            count = pixels.count * 3
        }
        return Image(width: width, height: height, channels: 3, pixels: repeated)
    }

    /// Gives the picture a new shape and lets `fill` write all its values, in the old memory where that is large enough.
    /// After an error the values are undefined.
    /// - Shape: `fill` is handed `[height, width, channels]`, `channels` being 1 or 3.
    public mutating func refill<Failure: Error>(
        width: Int, height: Int, channels: Int,
        _ fill: (UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(width > 0 && height > 0 && (channels == 1 || channels == 3), "not an image: [\(height), \(width), \(channels)]")
        let count = width * height * channels
        if pixels.capacity >= count && pixels.capacity <= 4 * count {
            if pixels.count > count { pixels.removeLast(pixels.count - count) }
            if pixels.count < count { pixels.append(contentsOf: repeatElement(0, count: count - pixels.count)) }
        } else {
            // Untouched memory: a header that promises more than the file holds costs nothing.
            pixels = [UInt8](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
        }
        (self.width, self.height, self.channels) = (width, height, channels)
        var failure: Failure?
        pixels.withUnsafeMutableBufferPointer { buffer in
            do throws(Failure) { try fill(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
