#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Images
import Tensors

/// What is done to real images, in growing degrees, to see whether a metric notices as its paper says.
public enum Disturbance: String, CaseIterable, Sendable, Hashable {
    /// Gaussian blur of every image; degree: the standard deviation in hundredths of the image's height.
    case blur
    /// Gaussian noise on every value; degree: its standard deviation, of 255.
    case noise
    /// Every image as a JPEG file; degree: 100 − quality.
    case jpeg
    /// Whole classes are missing, images of the others in their place; degree: the share of classes.
    case modeDropping = "mode-dropping"
    /// A share of the images repeats a hundredth of them; degree: the share.
    case modeDuplication = "mode-duplication"
    /// A share of the images are training images; degree: the share.
    case memorisation
    /// Nothing is done to more and more images; degree: their number.
    case sampleSize = "sample-size"

    /// What a degree says, with its unit.
    public var degree: String {
        switch self {
        case .blur: "σ in % of the height"
        case .noise: "σ of 255"
        case .jpeg: "100 − quality"
        case .modeDropping: "share of classes left out"
        case .modeDuplication: "share of repeated images"
        case .memorisation: "share of training images"
        case .sampleSize: "images"
        }
    }

    /// The degrees, from none on; those of `sampleSize` are shares of the images at hand.
    public var degrees: [Double] {
        switch self {
        case .blur: [0, 1, 2, 4, 8]
        case .noise: [0, 8, 16, 32, 64]
        case .jpeg: [0, 25, 50, 75, 90]
        case .modeDropping: [0, 0.1, 0.2, 0.3, 0.4, 0.5]
        case .modeDuplication: [0, 0.1, 0.2, 0.4, 0.6, 0.8]
        // Not all: the distance of a set to itself is no distance.
        case .memorisation: [0, 0.1, 0.25, 0.5, 0.75, 0.9]
        case .sampleSize: [0.0625, 0.125, 0.25, 0.5, 1]
        }
    }

    /// Whether images are changed, rather than others taken.
    public var changesPixels: Bool { [.blur, .noise, .jpeg].contains(self) }

    /// An image disturbed to a degree; itself where images are not changed.
    ///
    /// - Parameter stream: Where noise comes from.
    /// - Throws: `ImageError` for an image too large for JPEG.
    public func disturb(_ image: Image, degree: Double, _ stream: RandomStream) throws(ImageError) -> Image {
        guard degree > 0 else { return image }
        switch self {
        case .blur: return image.blurred(deviation: degree / 100 * Double(image.height))
        case .noise: return image.adding(stream.normals(image.pixels.count).map { $0 * degree })
        case .jpeg:
            let file = try image.jpegData(quality: 100 - Int(degree))
            return try file.withUnsafeBytes { bytes in Result { () throws(ImageError) in try Image(decoding: bytes) } }.get()
        case .modeDropping, .modeDuplication, .memorisation, .sampleSize: return image
        }
    }
}

extension Image {
    /// Filtered with a Gaussian of this standard deviation in pixels, cut off at four of them, edges mirrored: SciPy's `gaussian_filter` along both sides, rounded once at the end.
    func blurred(deviation: Double) -> Image {
        let radius = Int(4 * deviation + 0.5)
        guard radius > 0 else { return self }
        let raw = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }, sum = raw.reduce(0, +), weights = raw.map { $0 / sum }
        // Every line is filtered along its length and laid across; after the second time rows are rows again.
        func filtered(_ values: [Double], lines: Int, length: Int) -> [Double] {
            var result = [Double](repeating: 0, count: values.count)
            for line in 0..<lines {
                for place in 0..<length {
                    for (offset, weight) in weights.enumerated() {
                        let source = Self.mirrored(place + offset - radius, length)
                        for channel in 0..<channels { result[(place * lines + line) * channels + channel] += weight * values[(line * length + source) * channels + channel] }
                    }
                }
            }
            return result
        }
        let values = filtered(filtered(pixels.map(Double.init), lines: height, length: width), lines: width, length: height)
        return Image(width: width, height: height, channels: channels, pixels: values.map(Self.byte))
    }

    /// Each value with a number added.
    /// - Shape: `numbers`: `[height, width, channels]`
    func adding(_ numbers: [Double]) -> Image {
        Image(width: width, height: height, channels: channels, pixels: zip(pixels, numbers).map { Self.byte(Double($0) + $1) })
    }

    /// A position beyond the edge, mirrored at it: −1 is 0, −2 is 1.
    private static func mirrored(_ position: Int, _ length: Int) -> Int {
        let period = 2 * length, place = ((position % period) + period) % period
        return place < length ? place : period - 1 - place
    }

    private static func byte(_ value: Double) -> UInt8 { UInt8(min(max(value.rounded(.toNearestOrEven), 0), 255)) }
}
