import NeuralNetworks
import Tensors

/// A network that turns images into features, with everything that fixes its numbers but the weights.
public protocol FeatureNetwork: Module {
    /// Name on the command line, such as `inception-v3`.
    var name: String { get }
    /// Height and width of its input.
    var inputSide: Int { get }
    /// How pixel values 0…255 become its input.
    var normalisation: Normalisation { get }
    /// Where features can be read, shallowest first.
    var taps: [FeatureTap] { get }
    /// The tap that is meant when none is named.
    var defaultTap: String { get }
    /// The tap that holds class scores, for the Inception Score; empty for a network without.
    var classTap: String { get }
    /// Channels of its input: 3, or 1 for the luma of ITU-R 601-2.
    var inputChannels: Int { get }
    /// Digest of everything but the weights that decides the numbers, for a network whose name does not say it; nil for those of the catalogue.
    var architectureDigest: String? { get }

    /// Activations at the wanted taps; computes no further than the deepest of them.
    /// - Shape: x `[N, side, side, channels]`, already normalised; results `[N, C]` or `[N, H, W, C]`.
    func activations(of x: Tensor, at wanted: Set<String>) -> [String: Tensor]
}

extension FeatureNetwork {
    /// 3.
    public var inputChannels: Int { 3 }
    /// None.
    public var architectureDigest: String? { nil }
}

/// How pixel values 0…255 become a network's input: `(x − shift) / scale` for each channel, in float32 with a rounding after each step.
public enum Normalisation: Hashable, Sendable {
    /// One shift and scale for all channels, exact where the scale is a power of two.
    case uniform(shift: Double, scale: Double)
    /// `x / 255`, then `2x − 1`: what follows a resize that pytorch-fid does on values 0…1.
    case unitThenSymmetric
    /// `x / 255`, then the ImageNet mean and deviation: torchvision's classifiers.
    case imageNet
    /// `x / 255`, then a mean and deviation for each channel: PyTorch's `ToTensor` and `Normalize`.
    case unit(mean: [Double], deviation: [Double])

    /// Text for identities.
    public var description: String {
        switch self {
        case let .uniform(shift, scale): "(x-\(Int(shift)))/\(Int(scale))"
        case .unitThenSymmetric: "2*(x/255)-1"
        case .imageNet: "(x/255-imagenet_mean)/imagenet_std"
        case let .unit(mean, deviation): "(x/255-\(mean))/\(deviation)"
        }
    }

    /// Applies the normalisation.
    /// - Shape: `[N, H, W, channels]` to the same.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case let .uniform(shift, scale): x.applying(.normalise(shift: shift, scale: scale))
        case .unitThenSymmetric: x.applying(.normalise(shift: 0, scale: 255)).applying(.affine(scale: 2, shift: -1))
        case .imageNet:
            (x.applying(.normalise(shift: 0, scale: 255)) - Tensor([Float(0.485), 0.456, 0.406], shape: [3], on: x.backend))
                / Tensor([Float(0.229), 0.224, 0.225], shape: [3], on: x.backend)
        case let .unit(mean, deviation):
            (x.applying(.normalise(shift: 0, scale: 255)) - Tensor(mean.map { Float($0) }, shape: [mean.count], on: x.backend))
                / Tensor(deviation.map { Float($0) }, shape: [deviation.count], on: x.backend)
        }
    }
}

/// Collects the activations that were asked for while a network runs, and says when it may stop.
struct TapCollector {
    private var wanted: Set<String>
    private(set) var found: [String: Tensor] = [:]

    init(_ wanted: Set<String>) { self.wanted = wanted }

    /// Whether everything asked for has been found.
    var isComplete: Bool { wanted.isEmpty }

    /// Whether `name` is still to be found.
    func wants(_ name: String) -> Bool { wanted.contains(name) }

    /// Keeps `tensor` in float32 if `name` is wanted; computes it only then.
    mutating func visit(_ name: String, _ tensor: @autoclosure () -> Tensor) {
        if wanted.remove(name) != nil { found[name] = tensor().cast(to: .float32) }
    }
}
