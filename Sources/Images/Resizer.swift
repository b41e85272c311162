/// Changes images of any size to one size, ready for a network's batch: a resampler, its cached filters and its memory.
///
/// One per thread. The filters are kept for the input sizes seen last, so a folder of equal images computes them once.
public struct Resizer: Sendable {
    /// How pixels are weighted.
    public let resampler: Resampler
    /// Columns of the result.
    public let width: Int
    /// Rows of the result.
    public let height: Int
    /// Whether results are clipped to 0...255 at the end (clean-fid does).
    public let clips: Bool

    private var horizontalTables: [Int: FilterTable] = [:]
    private var verticalTables: [Int: FilterTable] = [:]
    var wideRow: [SIMD4<Double>] = []
    var ring: [SIMD4<Float>] = []
    var sumRow: [SIMD4<Float>] = []

    /// How many input sizes' filters are kept.
    private static let cachedSizes = 32

    /// A resizer to `width` × `height`.
    public init(_ resampler: Resampler, width: Int, height: Int, clips: Bool = false) {
        precondition(width > 0 && height > 0, "cannot resize to \(width) x \(height)")
        self.resampler = resampler
        self.width = width
        self.height = height
        self.clips = clips
    }

    /// Resizes `image` along one axis, then along the other, summing in double and keeping float32 in between; `stylegan-bilinear` both at once in float32.
    ///
    /// Grey images are repeated into the three channels. Pillow's modes and `stylegan-bilinear` are reproduced bit for bit.
    /// - Parameter output: `height * width * 3` values, overwritten.
    /// - Shape: `output` is `[height, width, 3]`, in units of 0...255.
    public mutating func resize(_ image: borrowing Image, into output: UnsafeMutableBufferPointer<Float>) {
        precondition(output.count == width * height * 3, "\(output.count) values cannot hold [\(height), \(width), 3]")
        let horizontal = Self.table(image.width, to: width, resampler, in: &horizontalTables)
        let vertical = Self.table(image.height, to: height, resampler, in: &verticalTables)
        if resampler == .styleganBilinear {
            runGrid(image.rgb, horizontal, vertical, into: output)
        } else if resampler.runsVerticallyFirst(from: (image.width, image.height), to: (width, height)) {
            runVerticalFirst(image, horizontal, vertical, into: output)
        } else {
            runHorizontalFirst(image, horizontal, vertical, into: output)
        }
    }

    /// Resizes `image` into a new array, `[height, width, 3]`.
    public mutating func resize(_ image: borrowing Image) -> [Float] {
        var result = [Float](repeating: 0, count: width * height * 3)
        result.withUnsafeMutableBufferPointer { resize(image, into: $0) }
        return result
    }

    private static func table(
        _ input: Int, to output: Int, _ resampler: Resampler, in cache: inout [Int: FilterTable]
    ) -> FilterTable {
        if let known = cache[input] { return known }
        if cache.count >= cachedSizes { cache.removeAll() }
        let table = resampler.table(from: input, to: output)
        cache[input] = table
        return table
    }
}
