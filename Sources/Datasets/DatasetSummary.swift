import Archives
import Crypto
import Dispatch
import Images

/// What a collection holds, for people.
public struct DatasetSummary: Sendable, CustomStringConvertible {
    /// Mean and standard deviation of one channel's values.
    public struct Channel: Sendable, Equatable {
        /// In 0…255.
        public let mean: Double
        /// In 0…255; of the values themselves, divided by their number.
        public let deviation: Double
    }

    /// The number of images.
    public let count: Int
    /// How many images there are of each size, widths before heights, commonest first.
    public let sizes: [(size: String, count: Int)]
    /// One per channel where all images have the same number of channels, otherwise those of all as RGB.
    public let channels: [Channel]
    /// How many images are grey.
    public let greyCount: Int
    /// How many images each class has; nil without labels.
    public let classes: [(name: String, count: Int)]?
    /// SHA-256 over the images' own digests in order, in hexadecimal.
    public let contentDigest: String

    /// Reads and decodes every image.
    /// - Throws: `ImageError` naming the first image that cannot be read.
    public init(_ source: ImageSource) throws(ImageError) {
        count = source.count
        let run = 64, runs = (source.count + run - 1) / run
        let parts = Monitor([Result<Sums, ImageError>?](repeating: nil, count: runs))
        DispatchQueue.concurrentPerform(iterations: runs) { number in
            let part = Result { () throws(ImageError) in
                var sums = Sums()
                for index in number * run..<min((number + 1) * run, source.count) { sums.add(try source.decode(index)) }
                return sums
            }
            parts.update { $0[number] = part }
        }
        var sums = Sums()
        for part in parts.read({ $0 }) { if let part { sums.add(try part.get()) } }
        sizes = sums.sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
        greyCount = sums.grey.images
        channels = greyCount == count ? [sums.grey.channel(0)] : (0..<3).map { (sums.grey.repeated + sums.colour).channel($0) }
        classes = source.classNames.map { names in
            var counts = [Int](repeating: 0, count: names.count)
            for index in 0..<source.count { if let label = source.label(index) { counts[label] += 1 } }
            return zip(names, counts).map { ($0, $1) }
        }
        contentDigest = try source.contentDigest().hexadecimal
    }

    /// Several lines, without an end of line.
    public var description: String {
        let sizes = self.sizes.prefix(5).map { self.sizes.count == 1 ? $0.size : "\($0.size) (\($0.count))" }.joined(separator: ", ")
        let kind = greyCount == count ? "1 (grey)" : greyCount == 0 ? "3 (RGB)" : "3 (RGB, \(greyCount) of them grey)"
        var lines = [
            "images    \(count)", "size      \(sizes)" + (self.sizes.count > 5 ? " and \(self.sizes.count - 5) more sizes" : ""), "channels  \(kind)",
            "mean      " + channels.map { rounded($0.mean / 255) }.joined(separator: " ") + "  of 0…1",
            "deviation " + channels.map { rounded($0.deviation / 255) }.joined(separator: " "),
            "content   SHA-256 \(contentDigest)",
        ]
        lines += classLines(classes)
        return lines.joined(separator: "\n")
    }

    private func rounded(_ value: Double) -> String {
        let digits = String(Int((value * 10000).rounded()))
        return "0." + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

/// Sums over whole numbers, exact in any order.
private struct Sums: Sendable {
    struct Values: Sendable {
        var images = 0
        var pixels = 0
        var sums = SIMD3<Int>()
        var squares = SIMD3<Int>()

        /// Grey as RGB.
        var repeated: Values { Values(images: images, pixels: pixels, sums: SIMD3(repeating: sums[0]), squares: SIMD3(repeating: squares[0])) }

        static func + (a: Values, b: Values) -> Values {
            Values(images: a.images + b.images, pixels: a.pixels + b.pixels, sums: a.sums &+ b.sums, squares: a.squares &+ b.squares)
        }

        func channel(_ index: Int) -> DatasetSummary.Channel {
            let mean = Double(sums[index]) / Double(pixels)
            return DatasetSummary.Channel(mean: mean, deviation: max(0, Double(squares[index]) / Double(pixels) - mean * mean).squareRoot())
        }
    }

    var sizes: [String: Int] = [:]
    var grey = Values()
    var colour = Values()

    mutating func add(_ image: Image) {
        sizes["\(image.width) x \(image.height)", default: 0] += 1
        var (sums, squares) = (SIMD3<Int>(), SIMD3<Int>())
        for start in stride(from: 0, to: image.pixels.count, by: image.channels) {
            for channel in 0..<image.channels {
                let value = Int(image.pixels[start + channel])
                sums[channel] &+= value
                squares[channel] &+= value &* value
            }
        }
        let values = Values(images: 1, pixels: image.width * image.height, sums: sums, squares: squares)
        if image.channels == 1 { grey = grey + values } else { colour = colour + values }
    }

    mutating func add(_ other: Sums) {
        sizes.merge(other.sizes, uniquingKeysWith: +)
        grey = grey + other.grey
        colour = colour + other.colour
    }
}
