/// A map of the plane: where each pixel of a result looks for its value.
///
/// Result pixel centre `(x, y)`, in pixels from the top left corner of the image, reads `(a·x + b·y + c, d·x + e·y + f)`.
public struct AffineMap: Hashable, Sendable {
    /// Horizontal source coordinate.
    public var a, b, c: Double
    /// Vertical source coordinate.
    public var d, e, f: Double

    /// A map from its six numbers.
    public init(a: Double, b: Double, c: Double, d: Double, e: Double, f: Double) {
        (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
    }

    /// Leaves every pixel in its place.
    public static let identity = AffineMap(a: 1, b: 0, c: 0, d: 0, e: 1, f: 0)
}

/// Bilinear sampling of each image of a batch at the places that its affine map names; zero outside.
struct Warp: Operation {
    static let name = "affine warp"
    let maps: [AffineMap], output: Extent

    func shape(of inputs: [Tensor]) -> Shape {
        let x = inputs[0].shape
        precondition(x.rank == 4 && x[0] == maps.count, "\(maps.count) affine maps for \(x)")
        return [x[0], output.height, output.width, x[3]]
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.warp(maps, inputs[0].storage, inputs[0].shape, to: output, shape)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        [.applying(WarpAdjoint(maps: maps, input: Extent(record.shape(0)[1], record.shape(0)[2])), to: gradient)]
    }
}

/// The adjoint of a warp: every pixel is dealt out to the four that the warp would have read.
struct WarpAdjoint: Operation {
    static let name = "affine warp adjoint"
    let maps: [AffineMap], input: Extent

    func shape(of inputs: [Tensor]) -> Shape {
        let y = inputs[0].shape
        precondition(y.rank == 4 && y[0] == maps.count, "\(maps.count) affine maps for \(y)")
        return [y[0], input.height, input.width, y[3]]
    }

    func forward(_ inputs: [Tensor], on backend: any Backend, into output: Storage, _ shape: Shape) {
        backend.warpAdjoint(maps, inputs[0].storage, inputs[0].shape, to: output, shape)
    }

    func derivatives(_ record: Record, _ gradient: Tensor) -> [Tensor?] {
        [.applying(Warp(maps: maps, output: Extent(record.shape(0)[1], record.shape(0)[2])), to: gradient)]
    }
}

/// How a picture is brought to another size.
public enum Interpolation: Hashable, Sendable {
    /// The nearest pixel, the lower one at a tie (PyTorch's `nearest`).
    case nearest
    /// Between the two nearest pixels of each axis, pixel centres at halves (PyTorch's `bilinear`, `align_corners=False`).
    case bilinear
}

extension SparseMap {
    /// The resampling of an axis of `count` pixels to `target` pixels.
    public convenience init(_ interpolation: Interpolation, from count: Int, to target: Int) {
        let scale = Double(count) / Double(target)
        self.init(columns: count, rows: (0..<target).map { row in
            switch interpolation {
            case .nearest: return [(min(Int(Double(row) * scale), count - 1), 1)]
            case .bilinear:
                let centre = max((Double(row) + 0.5) * scale - 0.5, 0)
                let low = min(Int(centre), count - 1), fraction = centre - Double(low)
                return low + 1 < count && fraction > 0 ? [(low, 1 - fraction), (low + 1, fraction)] : [(low, 1)]
            }
        })
    }

    /// Insertion of `up − 1` zeros behind each element, padding (cutting, where negative), convolution with `filter`, and every `down`-th element of that.
    ///
    /// Source: `upfirdn2d` of StyleGAN2 (Karras et al., arXiv:1912.04958), one axis.
    public convenience init(count: Int, upsampling up: Int, filter: [Double], downsampling down: Int, padding before: Int, _ after: Int) {
        let length = count * up + before + after
        precondition(length >= filter.count, "a filter of \(filter.count) taps on \(length) elements")
        self.init(columns: count, rows: stride(from: 0, through: length - filter.count, by: down).map { start in
            filter.indices.compactMap { tap in
                let position = start + tap - before
                guard position >= 0, position < count * up, position % up == 0 else { return nil }
                return (position / up, filter[filter.count - 1 - tap])
            }
        })
    }

    /// Mirrors `before` and `after` elements about the first and the last one (PyTorch's `reflect`).
    public convenience init(reflecting count: Int, _ before: Int, _ after: Int) {
        precondition(before < count && after < count, "reflection of \(before) and \(after) in \(count) elements")
        self.init(selecting: (-before..<count + after).map { $0 < 0 ? -$0 : $0 >= count ? 2 * (count - 1) - $0 : $0 }, of: count)
    }
}

extension Tensor {
    /// Brings images to another size.
    /// - Shape: `[N, H, W, C]` to `[N, size.height, size.width, C]`.
    public func resized(to size: Extent, _ interpolation: Interpolation) -> Tensor {
        mapped(SparseMap(interpolation, from: shape[1], to: size.height), axis: 1).mapped(SparseMap(interpolation, from: shape[2], to: size.width), axis: 2)
    }

    /// Enlarges images by a whole factor.
    /// - Shape: `[N, H, W, C]` to `[N, factor · H, factor · W, C]`.
    public func upsampled(_ factor: Int, _ interpolation: Interpolation = .nearest) -> Tensor {
        resized(to: Extent(shape[1] * factor, shape[2] * factor), interpolation)
    }

    /// Averages blocks of `factor × factor` pixels.
    /// - Shape: `[N, H, W, C]` to `[N, H / factor, W / factor, C]`.
    public func downsampled(_ factor: Int) -> Tensor { pooled(.average(countsPadding: true), kernel: Extent(factor), stride: Extent(factor)) }

    /// Upsampling by zeros, a separable filter on both axes, downsampling; its adjoint is another of its kind. The gain is the filter's own.
    /// - Shape: `[N, H, W, C]` to `[N, (H · up + padding − taps) / down + 1, …, C]`.
    public func upFIRDown(_ filter: [Double], up: Int = 1, down: Int = 1, padding: Padding = .zero) -> Tensor {
        mapped(SparseMap(count: shape[1], upsampling: up, filter: filter, downsampling: down, padding: padding.top, padding.bottom), axis: 1)
            .mapped(SparseMap(count: shape[2], upsampling: up, filter: filter, downsampling: down, padding: padding.left, padding.right), axis: 2)
    }

    /// The same with a filter that is no product of two, such as StyleGAN3's radial ones.
    public func upFIRDown(_ filter: [[Double]], up: Int = 1, down: Int = 1, padding: Padding = .zero) -> Tensor {
        let (height, width, channels) = (filter.count, filter[0].count, shape[3])
        let spread = up == 1 ? self : mapped(SparseMap(count: shape[1], upsampling: up, filter: [1], downsampling: 1, padding: 0, 0), axis: 1)
            .mapped(SparseMap(count: shape[2], upsampling: up, filter: [1], downsampling: 1, padding: 0, 0), axis: 2)
        let taps = Array(filter.reversed().flatMap { $0.reversed() })
        let weight = Tensor(taps, shape: [1, 1, height, width], type: elementType, on: backend).broadcast(to: [channels, 1, height, width])
        return spread.padded(padding).convolved(with: weight, stride: Extent(down), groups: channels)
    }

    /// Mirrors images about their outermost pixels.
    public func reflectionPadded(_ padding: Padding) -> Tensor {
        mapped(SparseMap(reflecting: shape[1], padding.top, padding.bottom), axis: 1)
            .mapped(SparseMap(reflecting: shape[2], padding.left, padding.right), axis: 2)
    }

    /// Samples each image bilinearly where its map says; zero outside.
    /// - Shape: `[N, H, W, C]` to `[N, size.height, size.width, C]`.
    public func warped(by maps: [AffineMap], size: Extent? = nil) -> Tensor {
        .applying(Warp(maps: maps, output: size ?? Extent(shape[1], shape[2])), to: self)
    }

    /// Moves blocks of `factor²` channels into space, as PyTorch's `PixelShuffle`: channel `c · factor² + i · factor + j` goes to row i, column j of its block.
    /// - Shape: `[N, H, W, C · factor²]` to `[N, factor · H, factor · W, C]`.
    public func pixelShuffled(_ factor: Int) -> Tensor {
        let (n, h, w, c) = (shape[0], shape[1], shape[2], shape[3] / (factor * factor))
        return reshaped([n, h, w, c, factor, factor]).permuted(0, 1, 4, 2, 5, 3).reshaped([n, h * factor, w * factor, c])
    }
}
