import Tensors

/// Layers one after another, PyTorch's `Sequential`: entries are named by index, `0.weight`.
///
/// A rectifier behind a layer that can fuse it is computed in that layer's pass. Each layer gets its own part of the random stream.
public final class Sequential: ContextualLayer, ModuleSequence {
    /// The layers, in order.
    public let layers: [any ContextualLayer]
    /// The layers, as modules.
    public var modules: [any Module] { layers }

    /// Layers in order.
    public init(_ layers: [any ContextualLayer]) { self.layers = layers }
    /// Layers in order.
    public convenience init(_ layers: any ContextualLayer...) { self.init(layers) }

    /// Applies the layers.
    public func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor { self(x, context, layers.indices) }

    /// Applies some of the layers, the context's parts being numbered as in the whole.
    /// - Parameter range: Which of the layers; all of them, or those up to a feature that somebody wants to see.
    public func callAsFunction(_ x: Tensor, _ context: Context, _ range: Range<Int>) -> Tensor {
        var x = x, index = range.lowerBound
        while index < range.upperBound {
            let next = index + 1 < range.upperBound ? layers[index + 1] as? any ActivationLayer : nil
            if let next, let layer = layers[index] as? any FusingLayer, layer.canFuse(next.activation) {
                x = layer(x, context[index], activation: next.activation)
                index += 2
            } else {
                x = layers[index](x, context[index])
                index += 1
            }
        }
        return x
    }
}

/// `x + body(x)`, or `shortcut(x) + body(x)`.
public final class Residual: ContextualLayer {
    /// What is added to the input.
    public let body: any ContextualLayer
    /// What the input goes through instead of nothing.
    public let shortcut: (any ContextualLayer)?

    /// A residual block.
    public init(_ body: any ContextualLayer, shortcut: (any ContextualLayer)? = nil) { (self.body, self.shortcut) = (body, shortcut) }

    /// Applies both ways and adds.
    public func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor {
        (shortcut.map { $0(x, context["shortcut"]) } ?? x) + body(x, context["body"])
    }
}
