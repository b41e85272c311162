import FeatureNetworks
import Tensors

/// Learned perceptual image patch similarity: how far two pictures of one size are apart in a network's activations.
///
/// `d(x, y) = Σ_l 1/(H_l W_l) Σ_hw Σ_c w_lc (x̂_lhwc − ŷ_lhwc)²` with activations x̂ of unit length over channels. It is a squared Euclidean distance between ``Embedding``s, which is how it is
/// computed: each picture goes through the network once, however many pairs it stands in. At least 0; less is more alike.
/// Source: Zhang, Isola, Efros, Shechtman and Wang, *The Unreasonable Effectiveness of Deep Features as a Perceptual Metric*, CVPR 2018, equation 1; PyPI `lpips` 0.1.4.
public final class LPIPS {
    /// What an activation is divided by, s² being the sum of squares over channels.
    public enum UnitLength: String, Sendable, CaseIterable {
        /// `s + 1e-10`: the authors' package.
        case lpips
        /// `√(1e-8 + s²)`: torchmetrics; differs where activations are tiny.
        case torchmetrics
    }

    /// The trunk and its weights.
    public let network: LoadedNetwork
    /// The layers and their channels' weights.
    public let head: LPIPSHead
    /// How activations get unit length.
    public let unitLength: UnitLength

    /// LPIPS on a loaded trunk.
    /// - Parameter version: nil takes 0.1 of the authors', and the bundled network's only one.
    /// - Throws: what ``LPIPSHead/init(_:version:)`` throws.
    public init(_ network: LoadedNetwork, version: LPIPSHead.Version? = nil, unitLength: UnitLength = .lpips) throws {
        (self.network, self.unitLength) = (network, unitLength)
        head = try LPIPSHead(network.network.name, version: version)
    }

    /// A picture's weighted activations; the squared distance of two is their LPIPS.
    public struct Embedding: Sendable {
        /// Where one layer lies in `values`.
        struct Layer: Sendable {
            let height, width, channels, start: Int
        }

        let layers: [Layer]
        /// `√(w_c / (H W))` times the activation of unit length, layer after layer, `[H, W, C]` of the channels that count.
        let values: [Float]

        /// The LPIPS of two pictures of one size.
        public func distance(to other: Embedding) -> Double {
            precondition(values.count == other.values.count, "pictures of different sizes")
            return values.withUnsafeBufferPointer { a in other.values.withUnsafeBufferPointer { squaredDistance(a, $0) } }
        }
    }

    /// The embeddings of a batch of pictures.
    /// - Shape: pixels `[N, H, W, 3]`, 0…255, at least ``smallestSide`` high and wide.
    public func embeddings(of pixels: Tensor, workers: Int = 1) -> [Embedding] {
        precondition(pixels.shape.rank == 4 && pixels.shape[3] == 3 && min(pixels.shape[1], pixels.shape[2]) >= smallestSide, "LPIPS of \(pixels.shape)")
        let found = network.network.activations(of: input(pixels).cast(to: network.precision), at: Set(head.layers.map(\.tap)))
        let count = pixels.shape[0]
        var layers: [Embedding.Layer] = [], parts: [[[Float]]] = [], start = 0
        for layer in head.layers {
            guard let map = found[layer.tap] else { preconditionFailure("\(network.network.name) computed no \(layer.tap)") }
            let (height, width, channels) = (map.shape[1], map.shape[2], map.shape[3])
            layers.append(.init(height: height, width: width, channels: layer.channels.count, start: start))
            start += height * width * layer.channels.count
            let floats = map.floats, size = height * width * channels, unitLength = unitLength
            parts.append(concurrentMap(count, workers: workers) { image in
                floats[image * size..<(image + 1) * size].withUnsafeBufferPointer { layer.weighted($0, channels: channels, unitLength) }
            })
        }
        return (0..<count).map { image in
            var values: [Float] = []
            values.reserveCapacity(start)
            for part in parts { values += part[image] }
            return Embedding(layers: layers, values: values)
        }
    }

    /// The distances of pictures, pair by pair.
    /// - Shape: both `[N, H, W, 3]`, 0…255.
    public func distances(_ first: Tensor, _ second: Tensor) -> [Double] {
        precondition(first.shape == second.shape, "LPIPS of \(first.shape) and \(second.shape)")
        return zip(embeddings(of: first), embeddings(of: second)).map { $0.distance(to: $1) }
    }

    /// Pixel values as the trunk wants them.
    private func input(_ pixels: Tensor) -> Tensor {
        if head.trunk == FeatureNetworkCatalog.defaultName { return network.network.normalisation(pixels) }
        let symmetric = pixels.applying(.affine(scale: 1 / 127.5, shift: -1))
        guard head.scalesInput else { return symmetric }
        return (symmetric - Tensor([Float(-0.030), -0.088, -0.188], shape: [3], on: pixels.backend)) / Tensor([Float(0.458), 0.448, 0.450], shape: [3], on: pixels.backend)
    }
}

extension LPIPSHead.Layer {
    /// The weighted activations of one picture at this layer.
    /// - Shape: `[H·W, channels]` to `[H·W, channels that count]`.
    fileprivate func weighted(_ map: UnsafeBufferPointer<Float>, channels all: Int, _ unitLength: LPIPS.UnitLength) -> [Float] {
        let places = map.count / all, kept = channels.count, areaFactor = 1 / Float(places).squareRoot(), isWhole = kept == all
        return [Float](unsafeUninitializedCapacity: places * kept) { output, count in
            channels.withUnsafeBufferPointer { channels in
                factors.withUnsafeBufferPointer { factors in
                    for place in 0..<places {
                        let row = UnsafeBufferPointer(rebasing: map[place * all..<(place + 1) * all])
                        var squares = SIMD16<Float>()
                        for start in stride(from: 0, to: all & ~15, by: 16) {
                            let part = row.loaded16(start)
                            squares += part * part
                        }
                        var square = squares.sum()
                        for channel in all & ~15..<all { square += row[channel] * row[channel] }
                        let length = unitLength == .lpips ? square.squareRoot() + 1e-10 : (1e-8 + square).squareRoot()
                        let scale = areaFactor / length
                        let target = place * kept
                        if isWhole {
                            for k in 0..<kept { output[target + k] = row[k] * scale * factors[k] }
                        } else {
                            for k in 0..<kept { output[target + k] = row[channels[k]] * scale * factors[k] }
                        }
                    }
                }
            }
            count = places * kept
        }
    }
}

extension UnsafeBufferPointer<Float> {
    /// Sixteen neighbours.
    @inline(__always) fileprivate func loaded16(_ start: Int) -> SIMD16<Float> {
        UnsafeRawPointer(baseAddress.unsafelyUnwrapped + start).loadUnaligned(as: SIMD16<Float>.self)
    }
}

/// `Σ (a − b)²`: differences and short sums in float32, their total in float64.
private func squaredDistance(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Double {
    var total = 0.0, start = 0
    let run = 2048
    while start < a.count {
        let end = min(start + run, a.count), vectorEnd = start + ((end - start) & ~15)
        var sums = SIMD16<Float>()
        for i in stride(from: start, to: vectorEnd, by: 16) {
            let difference = a.loaded16(i) - b.loaded16(i)
            sums += difference * difference
        }
        var sum = Double(sums.sum())
        for i in vectorEnd..<end { sum += Double((a[i] - b[i]) * (a[i] - b[i])) }
        total += sum
        start = end
    }
    return total
}
