import Tensors

/// Every weight of the critic is brought back to `[−limit, limit]` after each of its steps, which bounds its Lipschitz constant, crudely.
///
/// An m × l matrix so clipped has ‖W‖₂ ≤ limit · √(m·l). Source: Arjovsky et al. 2017, *Wasserstein GAN*, algorithm 1.
public struct WeightClipping: Regulariser, Hashable {
    /// `weight-clipping`.
    public let name = "weight-clipping"
    /// Largest magnitude of a weight.
    public let limit: Double

    /// Clipping at `limit`, which is positive; the paper's is 0.01.
    public init(limit: Double = 0.01) {
        precondition(limit > 0, "weights clipped at \(limit)")
        self.limit = limit
    }

    /// `min(max(w, −limit), limit)`.
    public func constrained(_ weight: Tensor) -> Tensor { weight.clamped(-limit, limit) }
}
