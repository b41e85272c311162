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

    /// Loads the network called `name`: one of the catalogue, one of the user's own, or the path of a description.
    ///
    /// - Parameters:
    ///   - weights: a weights file in any format; nil takes the bundled or installed one, or the one that the description names.
    ///   - store: where installed files are.
    ///   - networks: where the user's own networks are.
    /// - Throws: ``FeatureNetworkError``; `WeightsError` for a file that cannot be read or does not fit.
    public convenience init(_ name: String, weights: String? = nil, precision: ElementType = .float32, on backend: any Backend, store: WeightsStore = .standard(), networks: NetworkStore = .standard()) throws {
        let network = try networks.network(name), described = (network as? DescribedNetwork)?.description
        if weights == nil, let described { try described.checkWeights() }
        let path = try weights ?? described?.weightsPath ?? Self.defaultWeights(of: name, in: store)
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

    /// Images that go through the network at once: so few that activations stay in the cache from layer to layer.
    ///
    /// On two cores with AVX-512, Inception-v3 does 35 images/s in passes of 4 and 31 in passes of 32; bfloat16 activations are half as large.
    /// Small inputs leave room for more.
    public var passSize: Int { network.inputSide <= 64 ? 32 : precision == .bfloat16 ? 8 : 4 }

    /// The features of a batch at the wanted taps, row after row. Every pass has the same size, the last one being filled up, so that a row does not depend
    /// on the images beside it or on the size of the batch.
    /// - Shape: pixels `[N, side, side, 3]`, 0…255; results `[N, C]` or `[N, H, W, C]`.
    public func features(of pixels: UnsafeBufferPointer<Float>, normalisation: Normalisation? = nil, at taps: Set<String>) -> [String: [Float]] {
        let side = network.inputSide, perImage = side * side * 3
        precondition(pixels.count.isMultiple(of: perImage), "\(pixels.count) values are not whole images of \(side)×\(side)×3")
        let count = pixels.count / perImage
        var results: [String: [Float]] = [:]
        for start in stride(from: 0, to: count, by: passSize) {
            let taken = min(passSize, count - start)
            let images = UnsafeBufferPointer(rebasing: pixels[start * perImage..<(start + taken) * perImage])
            let channels = network.inputChannels, shape: Shape = [passSize, side, side, channels]
            let input: Tensor
            if taken == passSize && channels == 3 {
                input = Tensor(copying: images, shape: shape, on: backend)
            } else {
                let values = channels == 3 ? Array(images) : Self.luma(images)
                input = Tensor(values + [Float](repeating: 0, count: shape.count - values.count), shape: shape, on: backend)
            }
            for (name, activation) in network.activations(of: (normalisation ?? network.normalisation)(input).cast(to: precision), at: taps) {
                results[name, default: []] += activation.floats.prefix(taken * activation.shape.count / passSize)
            }
        }
        return results
    }

    /// `0.299 R + 0.587 G + 0.114 B`, written so that grey stays exactly what it is.
    private static func luma(_ pixels: UnsafeBufferPointer<Float>) -> [Float] {
        (0..<pixels.count / 3).map { pixel in
            let (red, green, blue) = (pixels[3 * pixel], pixels[3 * pixel + 1], pixels[3 * pixel + 2])
            return green + 0.299 * (red - green) + 0.114 * (blue - green)
        }
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
    /// The network has no tap of class scores.
    case noClassScores(network: String)
    /// A description of a network that cannot be.
    case badDescription(file: String, line: Int?, reason: String)
    /// The weights have not been installed; the second value is where they belong.
    case notInstalled(String, String)
    /// A file that should travel with the binary is absent from every folder.
    case bundledFileMissing(String, [String])

    /// One line: what was asked for and what to do.
    public var description: String {
        switch self {
        case let .unknownNetwork(name):
            "\(name): no such network; choose one of \(FeatureNetworkCatalog.names.joined(separator: ", ")), one of your own (gan-eval networks list), or the path of a description that ends in .yaml"
        case let .noClassScores(network): "\(network): the network has no class scores, for its description names no tap that holds them ('classes: TAP')"
        case let .badDescription(file, line, reason): "\(file)\(line.map { ":\($0)" } ?? ""): \(reason)"
        case let .unknownTap(tap, network, known): "\(tap): \(network) has no such tap; choose one of \(known.joined(separator: ", "))"
        case let .notInstalled(name, path):
            "\(name): its weights are not at \(path); run `gan-eval networks install \(name)`, or give a file with --weights"
        case let .bundledFileMissing(file, folders): "\(file): expected in one of \(folders.joined(separator: ", ")), found in none; install gan-eval again or set GAN_EVAL_RESOURCES"
        }
    }
}
