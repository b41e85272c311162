import Images

/// Turns decoded images into bytes of one shape: channels, then a centred square, then the size.
///
/// One per thread: the resizer keeps its filters.
struct ImagePreparation {
    /// `[height, width, channels]` of every result.
    let shape: [Int]
    private let cropsToSquare: Bool, resizes: Bool
    private let isChannelCountOpen: Bool
    private let transposes: Bool
    private var resizer: Resizer
    private var resized: [Float] = []

    /// - Parameter first: the image that decides where the settings leave something open.
    init(_ settings: ImageSettings, first: borrowing Image) {
        let (rows, columns) = settings.transposes ? (first.width, first.height) : (first.height, first.width)
        let (height, width) = (settings.size ?? rows, settings.size ?? columns)
        shape = [height, width, settings.channels ?? first.channels]
        (resizes, cropsToSquare) = (settings.size != nil, settings.size != nil && settings.cropsToSquare)
        transposes = settings.transposes
        isChannelCountOpen = settings.channels == nil
        resizer = Resizer(settings.resampler, width: width, height: height, clips: true)
    }

    /// Numbers per image.
    var size: Int { shape[0] * shape[1] * shape[2] }

    /// Writes the bytes of an image.
    /// - Returns: what does not fit, nil if all does.
    mutating func prepare(_ image: Image, into bytes: UnsafeMutableBufferPointer<UInt8>) -> String? {
        if isChannelCountOpen && image.channels != shape[2] {
            return "expected \(shape[2]) channel\(shape[2] == 1 ? "" : "s") as in the first image, found \(image.channels); choose 1 or 3 channels for all"
        }
        let image = transposes ? image.transposed : image
        if !resizes && (image.height != shape[0] || image.width != shape[1]) {
            return "expected \(shape[1]) x \(shape[0]) as the first image, found \(image.width) x \(image.height); choose a size for all"
        }
        var fitting = image.converted(toChannels: shape[2])
        if cropsToSquare { fitting = fitting.centredSquare }
        if fitting.height == shape[0] && fitting.width == shape[1] {
            _ = bytes.update(fromContentsOf: fitting.pixels)
            return nil
        }
        resized = resizer.resize(fitting)
        // The resizer repeats grey into three channels.
        for pixel in 0..<shape[0] * shape[1] {
            for channel in 0..<shape[2] {
                bytes[pixel * shape[2] + channel] = UInt8(resized[pixel * 3 + channel].rounded())
            }
        }
        return nil
    }
}
