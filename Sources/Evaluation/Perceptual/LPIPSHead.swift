import FeatureNetworks
import Weights

/// The linear part of LPIPS: which layers of a trunk are compared, and how much each of their channels counts.
///
/// The trunks of the paper come with the authors' weights, fitted to human judgements (Zhang et al., CVPR 2018; PyPI `lpips` 0.1.4). The bundled network has weights fitted to distortions of known order
/// (`Documentation/Perceptual distances.md`), which no human has judged.
public struct LPIPSHead: Sendable {
    /// Which of the authors' releases.
    public enum Version: String, Sendable, CaseIterable {
        /// The first: the trunk's input is not scaled, which its authors call a bug. The numbers of early papers.
        case v0_0 = "0.0"
        /// The second, which everybody uses.
        case v0_1 = "0.1"
    }

    /// One layer that is compared.
    struct Layer: Sendable {
        /// The trunk's tap.
        let tap: String
        /// The channels that count: those of positive weight.
        let channels: [Int]
        /// The square root of each one's weight.
        let factors: [Float]
    }

    /// The trunk it belongs to.
    public let trunk: String
    /// `0.1`, `0.0`, or `distortions-1` for the bundled network.
    public let version: String
    /// SHA-256 of the file of weights.
    public let digest: String
    /// Whether the trunk's input is `(x / 127.5 − 1 − shift) / scale`; without it, v0.0 takes `x / 127.5 − 1` and the bundled network its own normalisation.
    let scalesInput: Bool
    let layers: [Layer]

    /// The trunks that have a head, the bundled one first, and the taps that are compared.
    static let taps: [(trunk: String, taps: [String], smallestSide: Int)] = [
        ("efficientnet-lite0", ["stem", "stage2", "stage3", "stage5", "stage7"], 32),
        ("alexnet", [1, 4, 7, 9, 11].map { "features.\($0)" }, 31),
        ("vgg16", [3, 8, 15, 22, 29].map { "features.\($0)" }, 16),
        ("squeezenet1_1", [1, 4, 7, 9, 10, 11, 12].map { "features.\($0)" }, 25),
    ]
    /// Names of the trunks.
    public static var trunks: [String] { taps.map(\.trunk) }

    /// The head of a trunk, from the files that travel with the binary.
    /// - Throws: `badOption` for a trunk without a head, or a version that the bundled network's does not have; ``FeatureNetworkError`` where the file is missing; `WeightsError`.
    public init(_ trunk: String, version: Version? = nil) throws {
        guard let taps = Self.taps.first(where: { $0.trunk == trunk })?.taps else {
            throw EvaluationError.badOption(name: "--network", value: trunk, expected: "a network that LPIPS has weights for: " + Self.trunks.joined(separator: ", "))
        }
        let isBundled = trunk == FeatureNetworkCatalog.defaultName
        if isBundled, let version {
            throw EvaluationError.badOption(name: "--lpips-version", value: version.rawValue, expected: "no such option with \(trunk), whose weights are this package's own; choose "
                + Self.trunks.dropFirst().joined(separator: ", "))
        }
        let file = isBundled ? "lpips-\(trunk).safetensors" : "lpips-v\((version ?? .v0_1).rawValue).safetensors"
        guard let path = BundledNetwork.path(of: file) else { throw FeatureNetworkError.bundledFileMissing(file, BundledNetwork.candidates) }
        let weights = try WeightsFile(path)
        var layers: [Layer] = []
        for (index, tap) in taps.enumerated() {
            let values = try weights.array("\(trunk).lin\(index)").floats()
            let channels = values.indices.filter { values[$0] > 0 }
            layers.append(Layer(tap: tap, channels: channels, factors: channels.map { values[$0].squareRoot() }))
        }
        (self.trunk, self.layers, digest) = (trunk, layers, try FileDigest.sha256(path))
        self.version = isBundled ? "distortions-1" : (version ?? .v0_1).rawValue
        scalesInput = self.version == Version.v0_1.rawValue
    }
}
