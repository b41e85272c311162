import NeuralNetworks
import Tensors
import Weights

/// A feature network with its weights, ready to run, and what its numbers depend on.
public final class LoadedNetwork {
    /// The network.
    public let network: any FeatureNetwork
    /// Who computes.
    public let backend: any Backend
    /// Format of the activations: `.float32`, or `.bfloat16` for speed.
    public let precision: ElementType
    /// SHA-256 of the weights file, in hexadecimal; names the formula for generated weights.
    public let weightsDigest: String
    /// Whether the weights are the very file that the network's published numbers are made with.
    public let isPublished: Bool
    /// Where the weights came from, for people.
    public let weightsOrigin: String

    /// A network that already has its weights.
    public init(_ network: any FeatureNetwork, on backend: any Backend, precision: ElementType = .float32, weightsDigest: String, weightsOrigin: String, isPublished: Bool) {
        precondition(precision != .float64, "feature networks run in float32 or bfloat16")
        (self.network, self.backend, self.precision) = (network, backend, precision)
        (self.weightsDigest, self.weightsOrigin, self.isPublished) = (weightsDigest, weightsOrigin, isPublished)
    }

    /// Loads the network called `name`.
    ///
    /// - Parameters:
    ///   - weights: a weights file in any format; nil takes the bundled or installed one.
    ///   - store: where installed files are.
    /// - Throws: ``FeatureNetworkError``; `WeightsError` for a file that cannot be read or does not fit.
    public convenience init(_ name: String, weights: String? = nil, precision: ElementType = .float32, on backend: any Backend, store: WeightsStore = .standard()) throws {
        guard let network = FeatureNetworkCatalog.make(name) else { throw FeatureNetworkError.unknownNetwork(name) }
        let path = try weights ?? Self.defaultWeights(of: name, in: store)
        let file = try WeightsFile(path)
        let expected = network.entries.map { WeightsFile.Expected($0.name, $0.entry.shape.dimensions) }
        let (arrays, report) = try file.match(expected, mapping: Self.mapping(for: file))
        try report.requireComplete()
        let entries = Dictionary(uniqueKeysWithValues: network.entries.map { ($0.name, $0.entry) })
        for array in arrays { entries[array.name]?.tensor = Tensor(try array.floats(), shape: Shape(array.shape), on: backend) }
        let digest = try FileDigest.sha256(path)
        self.init(network, on: backend, precision: precision, weightsDigest: digest, weightsOrigin: path,
                  isPublished: WeightsCatalog.all.contains { $0.publishes(name) && $0.digest.matches(digest) } || (name == FeatureNetworkCatalog.defaultName && digest == Self.bundledDigest))
    }

    /// SHA-256 of the bundled `efficientnet-lite0.h5`; a test compares it with the file.
    public static let bundledDigest = "c16fba0f2567634060352cc290ed491cb6b821e65471b5938c751b8bba51f835"

    /// The features of a batch at the wanted taps, in float32.
    /// - Shape: pixels `[N, side, side, 3]`, 0…255; results `[N, C]` or `[N, H, W, C]`.
    public func features(of pixels: Tensor, normalisation: Normalisation? = nil, at taps: Set<String>) -> [String: Tensor] {
        network.activations(of: (normalisation ?? network.normalisation)(pixels).cast(to: precision), at: taps)
    }

    private static func defaultWeights(of name: String, in store: WeightsStore) throws -> String {
        if name == FeatureNetworkCatalog.defaultName {
            guard let path = BundledNetwork.path(of: "\(name).h5") else { throw FeatureNetworkError.bundledFileMissing("\(name).h5", BundledNetwork.candidates) }
            return path
        }
        let published = try WeightsCatalog.entry(name)
        guard store.isInstalled(published) else { throw FeatureNetworkError.notInstalled(name, store.path(of: published)) }
        return store.path(of: published)
    }

    /// TorchScript's Inception names its layers after TensorFlow's graph; every other known file has PyTorch's names.
    private static func mapping(for file: WeightsFile) -> KeyMapping {
        file["layers.conv.weight"] != nil && file["layers.mixed_10.conv.weight"] != nil ? .styleganInception : .identity
    }
}

extension PublishedWeights {
    /// Whether this entry is the published file of a network; StyleGAN's file holds the same Inception as pytorch-fid's.
    fileprivate func publishes(_ network: String) -> Bool { name == network || name == network + "-stylegan" }
}

/// Why a network cannot be used.
public enum FeatureNetworkError: Error, Equatable, CustomStringConvertible {
    /// No network has this name.
    case unknownNetwork(String)
    /// The network has no such tap.
    case unknownTap(String, network: String, known: [String])
    /// The weights have not been installed; the second value is where they belong.
    case notInstalled(String, String)
    /// A file that should travel with the binary is absent from every folder.
    case bundledFileMissing(String, [String])

    /// One line: what was asked for and what to do.
    public var description: String {
        switch self {
        case let .unknownNetwork(name): "\(name): no such network; choose one of \(FeatureNetworkCatalog.names.joined(separator: ", "))"
        case let .unknownTap(tap, network, known): "\(tap): \(network) has no such tap; choose one of \(known.joined(separator: ", "))"
        case let .notInstalled(name, path):
            "\(name): its weights are not at \(path); run `gan-eval networks install \(name)`, or give a file with --weights"
        case let .bundledFileMissing(file, folders): "\(file): expected in one of \(folders.joined(separator: ", ")), found in none; install gan-eval again or set GAN_EVAL_RESOURCES"
        }
    }
}
