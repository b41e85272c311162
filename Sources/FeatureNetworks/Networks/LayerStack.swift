import NeuralNetworks
import Tensors

/// Runs layers in order with taps `prefix.0`, `prefix.1`, …, as PyTorch numbers them; a rectifier behind a convolution is fused into it unless the
/// convolution's own output is wanted. Returns nil once every tap has been found.
func run(_ layers: [any Layer], named prefix: String, on x: Tensor, _ taps: inout TapCollector) -> Tensor? {
    var x = x
    var index = 0
    while index < layers.count {
        if taps.isComplete { return nil }
        if let convolution = layers[index] as? Convolution2D, index + 1 < layers.count, layers[index + 1] is Rectifier, !taps.wants("\(prefix).\(index)") {
            x = convolution(x, activation: .relu)
            index += 1
        } else {
            x = layers[index](x)
        }
        taps.visit("\(prefix).\(index)", x)
        index += 1
    }
    return x
}

/// Runs a classifier of linear maps, rectifiers and dropouts with taps `fc1`, `fc1_relu`, `fc2`, `fc2_relu`, …, the last map being `logits`.
/// - Shape: x `[N, H, W, C]`, flattened in PyTorch's channel-first order, which the weights expect.
func classify(_ x: Tensor, _ layers: [any Layer], _ taps: inout TapCollector) {
    var x = x.permuted(0, 3, 1, 2).reshaped([x.shape[0], x.shape.count / x.shape[0]])
    var number = 0
    let last = layers.lastIndex { $0 is LinearMap }
    for (index, layer) in layers.enumerated() {
        if taps.isComplete { return }
        x = layer(x)
        if layer is LinearMap {
            number += 1
            taps.visit(index == last ? "logits" : "fc\(number)", x)
        } else if layer is Rectifier {
            taps.visit("fc\(number)_relu", x)
        }
    }
}
