import NeuralNetworks
import Tensors

/// Layers in order with taps between them. In training each layer does its own work; at inference everything that can be one pass is: batch norms are folded into the convolution or linear
/// map before them, activations and the sum of a residual block are computed where the numbers are made.
final class LayerChain: ContextualLayer, NamedModules {
    /// A layer, with its name where it has entries, or a tap.
    enum Link {
        case layer(any ContextualLayer, name: String?)
        case tap(String)
    }

    let named: [(name: String, module: any Module)]
    private let links: [Link]
    private let whole: Sequential
    private let convolutions: [FoldCache<FoldedConvolution>], maps: [FoldCache<FoldedLinearMap>]

    init(_ links: [Link]) {
        self.links = links
        var layers: [any ContextualLayer] = [], named: [(String, any Module)] = []
        for case let .layer(layer, name) in links {
            layers.append(layer)
            if let name { named.append((name, layer)) }
        }
        (whole, self.named) = (Sequential(layers), named)
        (convolutions, maps) = (links.map { _ in FoldCache() }, links.map { _ in FoldCache() })
    }

    /// All layers, as training needs them; taps play no part.
    func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor { whole(x, context) }

    /// Inference as far as the deepest wanted tap; the whole chain where none is.
    /// - Parameters:
    ///   - residual: What is added to the last layer's result.
    ///   - closing: What follows the sum.
    func infer(_ x: Tensor, _ taps: inout TapCollector, adding residual: Tensor? = nil, then closing: Activation = .none) -> Tensor {
        let stops = !taps.isComplete
        var x = x, index = 0, isAdded = residual == nil
        while index < links.count, !(stops && taps.isComplete) {
            guard case let .layer(layer, _) = links[index] else {
                if case let .tap(name) = links[index] { taps.visit(name, x) }
                index += 1
                continue
            }
            var last = index, norm: BatchNorm?, activation = Activation.none
            if layer is any WeightedLayer, let (place, next) = following(last, taps), let found = next as? BatchNorm { (last, norm) = (place, found) }
            if layer is any WeightedLayer || layer is ResidualChain, let (place, next) = following(last, taps), let found = next as? any ActivationLayer { (last, activation) = (place, found.activation) }
            let addsHere = !isAdded && activation == .none && following(last, taps) == nil && layer is Convolution2D
            if addsHere { (activation, isAdded) = (closing, true) }
            x = pass(index, layer, norm, activation, adding: addsHere ? residual : nil, x)
            index = last + 1
        }
        guard !isAdded, let residual else { return x }
        let sum = x + residual
        return closing.function.map { sum.applying($0) } ?? sum
    }

    /// The next layer, unless somebody wants to see what goes into it.
    private func following(_ index: Int, _ taps: TapCollector) -> (place: Int, layer: any ContextualLayer)? {
        for place in links.indices where place > index {
            switch links[place] {
            case let .layer(layer, _): return (place, layer)
            case let .tap(name): if taps.wants(name) { return nil }
            }
        }
        return nil
    }

    /// A layer with what is computed along with it.
    private func pass(_ index: Int, _ layer: any ContextualLayer, _ norm: BatchNorm?, _ activation: Activation, adding residual: Tensor?, _ x: Tensor) -> Tensor {
        switch layer {
        case let layer as Convolution2D:
            if let norm = norm as? BatchNorm2D { return convolutions[index].fold(layer, norm, activation: activation)(x, residual: residual) }
            return x.convolved(with: layer.weight.tensor, bias: layer.bias?.tensor, residual: residual, stride: layer.stride, padding: layer.padding, dilation: layer.dilation, groups: layer.groups,
                               activation: activation)
        case let layer as LinearMap:
            // Vectors are few; weights of linear maps stay in float32.
            let x = x.cast(to: .float32)
            if let norm = norm as? BatchNorm1D { return maps[index].fold(layer, norm, activation: activation)(x) }
            return layer(x, .evaluation, activation: activation)
        case let layer as ResidualChain: return layer.infer(x, then: activation)
        default: return layer(x, .evaluation)
        }
    }
}

/// `body(x) + x`, or `body(x) + shortcut(x)`.
final class ResidualChain: ContextualLayer, NamedModules {
    private let body: LayerChain, shortcut: LayerChain?

    init(_ body: LayerChain, shortcut: LayerChain?) { (self.body, self.shortcut) = (body, shortcut) }

    /// Their layers bear the names that they have within the block.
    var named: [(name: String, module: any Module)] { body.named + (shortcut?.named ?? []) }

    func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor { body(x, context["body"]) + (shortcut.map { $0(x, context["shortcut"]) } ?? x) }

    func infer(_ x: Tensor, then activation: Activation) -> Tensor {
        var none = TapCollector([])
        let added = shortcut?.infer(x, &none) ?? x
        return body.infer(x, &none, adding: added, then: activation)
    }
}
