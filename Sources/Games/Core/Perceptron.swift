import NeuralNetworks
import Tensors

/// A multilayer perceptron: linear maps with leaky rectifiers between them, on samples seen as rows.
public final class Perceptron: Layer {
    /// `layers.0`, `layers.1`, …: PyTorch's `Linear`s.
    public let layers: [LinearMap]
    private let slope: Double

    /// Maps through these widths; rectifiers of `slope` between them, none behind the last.
    public init(_ widths: [Int], slope: Double = 0.2) {
        layers = zip(widths, widths.dropFirst()).map { LinearMap($0, $1) }
        self.slope = slope
    }

    /// Applies the maps.
    /// - Shape: `[N, …]` to `[N, last width]`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        layers.indices.reduce(x.flattened) { x, index in
            x.linear(layers[index].weight.tensor, bias: layers[index].bias?.tensor,
                     activation: index == layers.count - 1 ? .none : .leakyRelu(slope: slope))
        }
    }
}
