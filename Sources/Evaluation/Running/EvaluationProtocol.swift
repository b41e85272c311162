import FeatureNetworks
import Images

/// Everything between an image file and a metric's number but the network: decoding is Pillow's in all of them, the rest differs from tool to tool.
///
/// The resampler and the conventions of the metrics hold for any network; `normalisation` belongs to Inception and is used with it alone.
/// Sources: the tools' own code, see `Documentation/Protocols.md`.
public struct EvaluationProtocol: Sendable {
    /// Name on the command line and in identities.
    public let name: String
    /// What it reproduces, in one line.
    public let summary: String
    /// How an image becomes as large as the network's input.
    public let resampler: Resampler
    /// Whether resized values are clipped to 0…255.
    public let clips: Bool
    /// How pixel values enter Inception; nil for the network's own way.
    public let normalisation: Normalisation?
    /// Conventions of the Fréchet distance.
    public private(set) var frechet: FrechetInceptionDistance
    /// Conventions of the kernel distance.
    public private(set) var kernel: KernelInceptionDistance
    /// Conventions of the Inception Score.
    public private(set) var inceptionScore: InceptionScore

    /// Every protocol, the default first.
    public static let all: [EvaluationProtocol] = [
        EvaluationProtocol(name: "default", summary: "clean resize, float64 statistics, N − 1, exact trace, full unbiased KID",
                           resampler: .pillowBicubic, clips: true, normalisation: nil, frechet: .default, kernel: .full, inceptionScore: .default),
        EvaluationProtocol(name: "pytorch-fid", summary: "pytorch-fid: torch bilinear without antialias, float64 mean",
                           resampler: .torchBilinear, clips: false, normalisation: .unitThenSymmetric, frechet: .default, kernel: subsets, inceptionScore: .torchFidelity),
        EvaluationProtocol(name: "torch-fidelity", summary: "torch-fidelity: TensorFlow 1 bilinear, float32 mean, seeded subsets and shuffle",
                           resampler: .tensorflow1Bilinear, clips: false, normalisation: inceptionRange, frechet: .float32Mean, kernel: subsets, inceptionScore: .torchFidelity),
        EvaluationProtocol(name: "clean-fid", summary: "clean-fid, mode clean: Pillow bicubic in float, clipped, float32 mean",
                           resampler: .pillowBicubic, clips: true, normalisation: inceptionRange, frechet: .float32Mean, kernel: .clean, inceptionScore: .original),
        EvaluationProtocol(name: "clean-fid-legacy-pytorch", summary: "clean-fid, mode legacy_pytorch: torch bilinear on 0…255, clipped",
                           resampler: .torchBilinear, clips: true, normalisation: .unitThenSymmetric, frechet: .float32Mean, kernel: .clean, inceptionScore: .original),
        EvaluationProtocol(name: "clean-fid-legacy-tensorflow", summary: "clean-fid, mode legacy_tensorflow: StyleGAN's bilinear, float32 mean",
                           resampler: .styleganBilinear, clips: false, normalisation: inceptionRange, frechet: .float32Mean, kernel: .clean, inceptionScore: .original),
        EvaluationProtocol(name: "stylegan", summary: "StyleGAN 2-ADA and 3: TensorFlow 1 bilinear on a float32 grid, covariance over N",
                           resampler: .styleganBilinear, clips: false, normalisation: inceptionRange, frechet: .population, kernel: .clean, inceptionScore: .original),
        EvaluationProtocol(name: "adm", summary: "guided-diffusion's evaluator: TensorFlow 1 bilinear, float32 mean, IS over chunks of 5000",
                           resampler: .tensorflow1Bilinear, clips: false, normalisation: inceptionRange, frechet: .float32Mean, kernel: subsets, inceptionScore: .adm),
        EvaluationProtocol(name: "ttur", summary: "the original FID and IS code: TensorFlow 1 bilinear, float64 mean, IS in natural order",
                           resampler: .tensorflow1Bilinear, clips: false, normalisation: inceptionRange, frechet: .default, kernel: subsets, inceptionScore: .original),
    ]

    /// The protocol of a name; `legacy-pytorch` and `legacy-tensorflow` are clean-fid's.
    /// - Throws: `badOption` with every name.
    public static func named(_ name: String) throws(EvaluationError) -> EvaluationProtocol {
        if let found = all.first(where: { $0.name == name || $0.name == "clean-fid-" + name }) { return found }
        throw .badOption(name: "--protocol", value: name, expected: "one of " + all.map(\.name).joined(separator: ", "))
    }

    /// The seed that subsets, shuffles and extrapolation start from; 2020 as in torch-fidelity unless another is asked for.
    public private(set) var seed: UInt32 = 2020

    /// The same conventions with another seed. What a protocol does not shuffle stays unshuffled.
    public func seeded(_ seed: UInt32) -> EvaluationProtocol {
        var copy = self
        copy.seed = seed
        copy.frechet.seed = seed
        if case .subsets(var subsets) = copy.kernel.estimator {
            subsets.seed = seed
            copy.kernel.estimator = .subsets(subsets)
        }
        if copy.inceptionScore.shuffleSeed != nil { copy.inceptionScore.shuffleSeed = seed }
        return copy
    }

    /// The normalisation that this protocol applies for a network.
    public func normalisation(for network: any FeatureNetwork) -> Normalisation {
        network.name == "inception-v3" ? normalisation ?? network.normalisation : network.normalisation
    }

    /// Refuses features that were made otherwise than this protocol says: its name beside their number would be wrong. Entries that they lack cannot be checked.
    /// - Throws: `wrongFile`.
    public func expect(_ identity: FeatureIdentity, of path: String) throws(EvaluationError) {
        var wanted = [("resampler", resampler.rawValue), ("clips", String(clips))]
        if identity["network"] == "inception-v3", let normalisation { wanted.append(("normalisation", normalisation.description)) }
        for (key, value) in wanted {
            guard let found = identity[key], found != value else { continue }
            throw .wrongFile(path: path, expected: "features made as the protocol \(name) says (\(key): \(value))", found: "\(found); extract them again under this protocol, or choose theirs")
        }
    }

    /// torch-fidelity's subsets, its first input being the generated set.
    private static let subsets = KernelInceptionDistance(estimator: .subsets(.init(drawsGeneratedFirst: true)), precision: .float32)
    private static let inceptionRange = Normalisation.uniform(shift: 128, scale: 128)
}
