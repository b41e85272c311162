import Tensors

/// Small pictures of one shape on black, anti-aliased: a circle, a square or a triangle (the class), of random place, size, rotation and,
/// with three channels, colour.
///
/// The three shapes have equal areas, so that the amount of ink does not tell them apart. Values are those of whole bytes.
public struct ShapeImages: SampleSource {
    /// How it is written in a configuration.
    public let name: String
    /// Rows and columns.
    public let size: Int
    /// 1 or 3.
    public let channels: Int

    private let stream: RandomStream

    /// Pictures of `size` × `size`, at least 8, with 1 (white on black) or 3 channels.
    public init(size: Int = 16, channels: Int = 1, name: String = "shapes", stream: RandomStream) {
        precondition(size >= 8 && (channels == 1 || channels == 3), "no pictures of \(size) x \(size) x \(channels)")
        (self.size, self.channels, self.name, self.stream) = (size, channels, name, stream)
    }

    private enum Kind: Int, CaseIterable { case circle, square, triangle }

    /// Endless.
    public var count: Int? { nil }

    /// `[size, size, channels]`
    public var shape: [Int] { [size, size, channels] }

    /// circle, square, triangle
    public var classNames: [String]? { Kind.allCases.map { "\($0)" } }

    /// The shape of a picture.
    public func label(_ index: Int) -> Int? { Picture.kind(stream.block(UInt64(2 * index))).rawValue }

    /// Draws the pictures of some indices.
    /// - Shape: `values` is `[indices.count, size, size, channels]`, in −1…1.
    public func read(_ indices: [Int], into values: UnsafeMutableBufferPointer<Float>) throws(DatasetError) {
        precondition(values.count == indices.count * sampleSize, "\(values.count) values cannot hold \(indices.count) samples of \(sampleSize)")
        let scale = PixelScale.values
        for (place, index) in indices.enumerated() {
            let picture = Picture(stream, index, size: Double(size))
            for row in 0..<size {
                for column in 0..<size {
                    let coverage = min(1, max(0, 0.5 - picture.distance(SIMD2(Double(column) + 0.5, Double(row) + 0.5))))
                    for channel in 0..<channels {
                        let strength = channels == 1 ? 255 : picture.colour[channel]
                        values[((place * size + row) * size + column) * channels + channel] = scale[Int((strength * coverage).rounded())]
                    }
                }
            }
        }
    }

    /// One picture's geometry, in pixels.
    private struct Picture {
        let kind: Kind
        let centre: SIMD2<Double>
        let colour: SIMD3<Double>
        /// The circle's radius, or how far the sides are from the centre.
        let reach: Double
        /// Unit vectors across the sides.
        let normals: [SIMD2<Double>]

        static func kind(_ words: SIMD4<UInt32>) -> Kind { Kind.allCases[Int((UInt64(words.x) * 3) >> 32)] }

        init(_ stream: RandomStream, _ index: Int, size: Double) {
            let words = stream.block(UInt64(2 * index)), colours = stream.block(UInt64(2 * index + 1))
            func uniform(_ word: UInt32) -> Double { Double(word) * 0x1p-32 }
            kind = Self.kind(words)
            // A circle of this radius has the shape's area.
            let radius = size * (0.16 + 0.12 * uniform(words.y))
            let (inner, outer): (Double, Double) = switch kind {
            case .circle: (radius, radius)
            case .square: (radius * 0.8862269254527579, radius * 1.2533141373155001)
            case .triangle: (radius * 0.777560150778107, radius * 1.555120301556214)
            }
            reach = inner
            // Half a pixel of margin: no smooth edge is cut by the picture's.
            let first = outer + 0.5, room = size - 2 * first
            centre = SIMD2(first + room * uniform(words.z), first + room * uniform(words.w))
            let sides = kind == .circle ? 0 : kind == .square ? 4 : 3, turn = uniform(colours.w)
            normals = (0..<sides).map { side in
                let turns = turn + Double(side) / Double(sides)
                let (cosine, sine) = PortableMath.cosineAndSine(turns: turns - turns.rounded(.down))
                return SIMD2(cosine, sine)
            }
            colour = SIMD3(uniform(colours.x), uniform(colours.y), uniform(colours.z)) * 191 + 64
        }

        /// How far a point lies outside the shape; negative inside.
        func distance(_ point: SIMD2<Double>) -> Double {
            let offset = point - centre
            guard kind != .circle else { return (offset * offset).sum().squareRoot() - reach }
            return normals.reduce(-.infinity) { max($0, ($1 * offset).sum() - reach) }
        }
    }
}
