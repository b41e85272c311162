import NeuralNetworks
import Tensors

/// A feature network that a ``NetworkDescription`` describes; entries bear the names that it gives them, PyTorch's.
public final class DescribedNetwork: FeatureNetwork, NamedModules, ContextualLayer {
    /// What it was made of.
    public let description: NetworkDescription
    /// Where features can be read, shallowest first.
    public let taps: [FeatureTap]
    private let layers: LayerChain

    /// A network whose weights still have to be loaded or trained.
    /// - Throws: ``FeatureNetworkError/badDescription(file:line:reason:)`` for layers that do not fit each other, and for `features` and `classes` that name no tap.
    public init(_ description: NetworkDescription) throws(FeatureNetworkError) {
        var builder = NetworkBuilder(description)
        layers = try builder.chain()
        (self.description, taps) = (description, builder.taps)
        for (key, name) in [("features", description.features), ("classes", description.classes)] {
            guard let name else { continue }
            guard let tap = taps.first(where: { $0.name == name }) else {
                throw description.problem("'\(key)' is \(name), which is no tap; " + (taps.isEmpty ? "there are none: put '- tap: \(name)' between the layers" : "choose from \(taps.map(\.name).joined(separator: ", "))"))
            }
            guard !tap.isSpatial else { throw description.problem("'\(key)' is \(name), a map with \(tap.dimension) channels at each position; a vector is needed: put the tap behind mean or flatten") }
            if key == "classes", let names = description.classNames, names.count != tap.dimension {
                throw description.problem("'classNames' has \(names.count) names for the \(tap.dimension) class scores of \(name)")
            }
        }
    }

    /// The description's.
    public var name: String { description.name }
    /// The description's.
    public var inputSide: Int { description.side }
    /// 3, or 1.
    public var inputChannels: Int { description.channels }
    /// `(x / 255 − mean) / deviation`.
    public var normalisation: Normalisation { .unit(mean: description.mean, deviation: description.deviation) }
    /// The description's `features`.
    public var defaultTap: String { description.features }
    /// The description's `classes`; empty for a network without.
    public var classTap: String { description.classes ?? "" }
    /// The description's, without the weights.
    public var architectureDigest: String? { description.digest }
    /// The layers, by name.
    public var named: [(name: String, module: any Module)] { layers.named }

    /// Activations at the wanted taps; computes no further than the deepest of them.
    /// - Shape: x `[N, side, side, channels]`, already normalised; results `[N, C]` or `[N, H, W, C]`.
    public func activations(of x: Tensor, at wanted: Set<String>) -> [String: Tensor] {
        guard !wanted.isEmpty else { return [:] }
        var taps = TapCollector(wanted)
        _ = layers.infer(x, &taps)
        return taps.found
    }

    /// The last layer's result as training needs it: batch norms by the batch, dropouts that drop.
    /// - Shape: `[N, side, side, channels]`, already normalised, to whatever the last layer makes.
    public func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor { layers(x, context) }
}
