import NeuralNetworks
import Tensors

extension VGG16 {
    /// Activations at the wanted maps with every maximum replaced by a smooth mean of squares, which does not alias: the trunk of DISTS.
    /// Source: Hénaff and Simoncelli, *Geodesics of learned representations*, ICLR 2016; Ding et al., 2020.
    /// - Shape: x `[N, H, W, 3]`, already normalised; results `[N, ⌈H / 2ˢ⌉, ⌈W / 2ˢ⌉, C]` behind s poolings.
    public func squarePooledActivations(of x: Tensor, at wanted: Set<String>) -> [String: Tensor] {
        var taps = TapCollector(wanted)
        _ = run(features.map { $0 is MaxPool2D ? SquarePool() : $0 }, named: "features", on: x, &taps)
        return taps.found
    }
}

/// `√(w ∗ x² + 1e-12)` at every other place, w being the 3 × 3 Hann window of sum 1.
private final class SquarePool: Layer {
    func callAsFunction(_ x: Tensor) -> Tensor {
        let axis = [0.25, 0.5, 0.25], window = axis.flatMap { a in axis.map { a * $0 } }
        let weight = Tensor(window, shape: [1, 1, 3, 3], type: x.elementType, on: x.backend).broadcast(to: [x.shape[3], 1, 3, 3])
        let means = x.squared.convolved(with: weight, stride: Extent(2), padding: Padding(1), groups: x.shape[3])
        return means.applying(.affine(scale: 1, shift: 1e-12)).squareRoot
    }
}
