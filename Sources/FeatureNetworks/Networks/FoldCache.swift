import NeuralNetworks
import Tensors

/// Keeps what was folded from some numbers until one of them is replaced, or another activation is to follow.
final class FoldCache<Folded> {
    /// Held, not only named: the address of a storage that is gone may be another's.
    private var sources: [Storage] = []
    private var kept: (folded: Folded, activation: Activation)?

    func fold(_ numbers: [Tensor?], _ activation: Activation, make: () -> Folded) -> Folded {
        let current = numbers.compactMap { $0?.storage }
        if let kept, kept.activation == activation, sources.elementsEqual(current, by: ===) { return kept.folded }
        let fresh = make()
        (kept, sources) = ((fresh, activation), current)
        return fresh
    }
}

extension FoldCache<FoldedConvolution> {
    func fold(_ convolution: Convolution2D, _ norm: BatchNorm2D, activation: Activation) -> FoldedConvolution {
        fold([convolution.weight.tensor, convolution.bias?.tensor] + norm.numbers, activation) { FoldedConvolution(convolution, norm, activation: activation) }
    }
}

extension FoldCache<FoldedLinearMap> {
    func fold(_ map: LinearMap, _ norm: BatchNorm1D, activation: Activation) -> FoldedLinearMap {
        fold([map.weight.tensor, map.bias?.tensor] + norm.numbers, activation) { FoldedLinearMap(map, norm, activation: activation) }
    }
}

extension BatchNorm {
    /// Everything that it computes with.
    fileprivate var numbers: [Tensor?] { [weight?.tensor, bias?.tensor, running_mean.tensor, running_var.tensor] }
}
