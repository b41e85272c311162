import FeatureNetworks
import Tensors
import Weights

/// Deep image structure and texture similarity: pictures whose textures resemble each other are near, even where their pixels do not match.
///
/// `d(x, y) = 1 − Σ_kc (α_kc l(x_kc, y_kc) + β_kc s(x_kc, y_kc))` over the picture's own channels and five layers of VGG16 with smooth pooling, `l = (2 μ_x μ_y + c) / (μ_x² + μ_y² + c)`,
/// `s = (2 σ_xy + c) / (σ_x² + σ_y² + c)` with means and covariances over the map, c = 1e-6, Σ (α + β) = 1. 0…1 in practice; less is more alike. Its authors shrink pictures to 256 pixels on
/// their shorter side first.
/// Source: Ding, Ma, Wang and Simoncelli, *Image quality assessment: unifying structure and texture similarity*, IEEE TPAMI 2020; PyPI `DISTS_pytorch` 0.1.
public final class DISTS {
    /// The trunk's taps; the picture itself comes before them.
    private static let taps = [3, 8, 15, 22, 29].map { "features.\($0)" }
    /// Channels of the picture and of the taps.
    private static let channels = [3, 64, 128, 256, 512, 512]

    private let network: LoadedNetwork
    private let trunk: VGG16
    private let weights: Weights
    private let digest: String

    /// α and β of every channel, divided by the sum of all.
    struct Weights: Sendable {
        let luminance, structure: [Double]
    }

    /// DISTS on a loaded VGG16.
    /// - Throws: `badOption` for another network; ``FeatureNetworkError`` where the file of weights is missing; `WeightsError`.
    public init(_ network: LoadedNetwork) throws {
        guard let trunk = network.network as? VGG16 else {
            throw EvaluationError.badOption(name: "--network", value: network.network.name, expected: "vgg16, the only network that DISTS has weights for")
        }
        let file = "dists.safetensors"
        guard let path = BundledNetwork.path(of: file) else { throw FeatureNetworkError.bundledFileMissing(file, BundledNetwork.candidates) }
        let stored = try WeightsFile(path)
        let (alpha, beta) = (try stored.array("vgg16.alpha").doubles(), try stored.array("vgg16.beta").doubles())
        let sum = alpha.reduce(0, +) + beta.reduce(0, +)
        weights = Weights(luminance: alpha.map { $0 / sum }, structure: beta.map { $0 / sum })
        (self.network, self.trunk, digest) = (network, trunk, try FileDigest.sha256(path))
    }

    /// A picture's maps less their means, and the means and variances of their channels.
    public struct Prepared: Sendable {
        /// `[H·W, C]` of the picture and each layer, the channels' means taken away.
        let maps: [[Float]]
        /// Of all channels, one after the other.
        let means, variances: [Double]
        let weights: Weights
    }

    /// One map less its channels' means.
    private static func centred(_ map: ArraySlice<Float>, channels: Int) -> (map: [Float], means: [Double], variances: [Double]) {
        let places = map.count / channels
        var means = [Double](repeating: 0, count: channels), variances = means
        var centred = Array(map)
        for start in stride(from: 0, to: centred.count, by: channels) {
            for c in 0..<channels { means[c] += Double(centred[start + c]) }
        }
        for c in 0..<channels { means[c] /= Double(places) }
        for start in stride(from: 0, to: centred.count, by: channels) {
            for c in 0..<channels {
                // Squared as it is kept, so that a picture's covariance with itself is its variance.
                let difference = Float(Double(centred[start + c]) - means[c])
                variances[c] += Double(difference) * Double(difference)
                centred[start + c] = difference
            }
        }
        return (centred, means, variances.map { $0 / Double(places) })
    }
}

extension DISTS: PairMeasure {
    /// `dists`.
    public var name: String { "dists" }
    /// `DISTS`, or with a note on other weights of the trunk.
    public var title: String { network.isPublished ? "DISTS" : "DISTS (unpublished weights)" }
    /// Less is more alike.
    public var isBetterLarger: Bool { false }
    /// Where the last layer still has a place for each of the first's sixteen.
    public var smallestSide: Int { 16 }
    /// Trunk and weights.
    public var identity: [String: String] { ["dists_trunk_sha256": network.weightsDigest, "dists_weights_sha256": digest, "arithmetic": network.backend.name] }

    /// Runs the trunk on one picture after the other.
    public func prepare(_ pictures: [Picture], workers: Int) -> [Prepared] {
        pictures.map { picture in
            let unit = Tensor(picture.pixels, shape: [1, picture.height, picture.width, 3], on: network.backend)
            let found = trunk.squarePooledActivations(of: trunk.normalisation(unit), at: Set(Self.taps))
            let layers = [picture.pixels.map { $0 / 255 }] + Self.taps.map { tap -> [Float] in
                guard let map = found[tap] else { preconditionFailure("vgg16 computed no \(tap)") }
                return map.floats
            }
            let parts = concurrentMap(layers.count, workers: workers) { Self.centred(layers[$0][...], channels: Self.channels[$0]) }
            return Prepared(maps: parts.map(\.map), means: parts.flatMap(\.means), variances: parts.flatMap(\.variances), weights: weights)
        }
    }

    /// Their distance.
    public static func compare(_ a: Prepared, _ b: Prepared) -> Double {
        var covariances: [Double] = []
        for (layer, channels) in channels.enumerated() {
            let (x, y) = (a.maps[layer], b.maps[layer])
            precondition(x.count == y.count, "pictures of different sizes")
            var sums = [Double](repeating: 0, count: channels)
            for start in stride(from: 0, to: x.count, by: channels) {
                for c in 0..<channels { sums[c] += Double(x[start + c]) * Double(y[start + c]) }
            }
            covariances += sums.map { $0 * Double(channels) / Double(x.count) }
        }
        var similarity = 0.0
        for c in covariances.indices {
            let (x, y) = (a.means[c], b.means[c])
            similarity += a.weights.luminance[c] * (2 * x * y + 1e-6) / (x * x + y * y + 1e-6)
            similarity += a.weights.structure[c] * (2 * covariances[c] + 1e-6) / (a.variances[c] + b.variances[c] + 1e-6)
        }
        return 1 - similarity
    }

    /// Four bytes for each activation.
    public static func byteCount(_ prepared: Prepared) -> Int { prepared.maps.reduce(0) { $0 + $1.count } * MemoryLayout<Float>.stride }
}
