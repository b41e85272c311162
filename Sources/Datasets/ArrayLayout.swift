import Images

/// How images lie in an array of 8-bit values: `[N, H, W, C]`, `[N, C, H, W]` or, grey, `[N, H, W]`.
struct ArrayLayout: Sendable {
    /// The order of an array's axes.
    enum Axes: String, CaseIterable {
        case channelsLast = "NHWC"
        case channelsFirst = "NCHW"
    }

    let count: Int
    let height: Int
    let width: Int
    let channels: Int
    let axes: Axes

    /// Nil unless `shape` has one or three channels where `axes` puts them, and no axis is empty.
    init?(shape: [Int], axes: Axes) {
        guard shape.count == 3 || shape.count == 4, shape.allSatisfy({ $0 > 0 }) else { return nil }
        count = shape[0]
        self.axes = axes
        if shape.count == 3 {
            (height, width, channels) = (shape[1], shape[2], 1)
        } else if axes == .channelsLast {
            (height, width, channels) = (shape[1], shape[2], shape[3])
        } else {
            (channels, height, width) = (shape[1], shape[2], shape[3])
        }
        let (pixels, overflow) = height.multipliedReportingOverflow(by: width)
        guard channels == 1 || channels == 3, !overflow, pixels <= Image.maximumPixels else { return nil }
    }

    /// Part of a digest: the same bytes may make different pictures.
    var contentKind: String { "\(axes.rawValue) \(height) x \(width) x \(channels)\n" }

    /// Turns one image's values into a picture.
    func decode(_ values: [UInt8], into image: inout Image) {
        precondition(values.count == height * width * channels, "\(values.count) values, expected \(height) x \(width) x \(channels)")
        image.refill(width: width, height: height, channels: channels) { pixels in
            guard axes == .channelsFirst && channels > 1 else {
                _ = pixels.update(fromContentsOf: values)
                return
            }
            for channel in 0..<channels {
                let plane = channel * height * width
                for pixel in 0..<height * width { pixels[pixel * channels + channel] = values[plane + pixel] }
            }
        }
    }
}
