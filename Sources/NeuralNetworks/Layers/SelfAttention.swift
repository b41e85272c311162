import Tensors

/// Lets every place of an image look at all others: `x + γ · o(softmax(θ(x) · φ(x)ᵀ) · g(x))`.
///
/// θ and φ have an eighth of the channels, g half of them; φ and g are pooled 2 × 2; γ begins at 0, where the block is the identity.
/// Entries are named as in BigGAN. Source: Zhang et al., arXiv:1805.08318, as released (the paper's text differs).
/// - Shape: `[N, H, W, C]` to the same; H and W even, C a multiple of 8.
public final class SelfAttention: ContextualLayer {
    /// What asks, `C → C / 8`.
    public let theta: any ContextualLayer
    /// What is asked, `C → C / 8`.
    public let phi: any ContextualLayer
    /// What answers, `C → C / 2`.
    public let g: any ContextualLayer
    /// Back to the input's channels, `C / 2 → C`.
    public let o: any ContextualLayer
    /// γ, a single number.
    public let gamma: Parameter

    /// A block of 1 × 1 convolutions without bias, spectrally normalised unless stated otherwise.
    public init(_ channels: Int, isSpectral: Bool = true, eps: Double = 1e-12) {
        precondition(channels % 8 == 0, "self-attention of \(channels) channels: a multiple of 8 is needed")
        func convolution(_ input: Int, _ output: Int) -> any ContextualLayer {
            let layer = Convolution2D(input, output, kernel: 1, bias: false)
            return isSpectral ? SpectralNorm(layer, eps: eps) : layer
        }
        (theta, phi) = (convolution(channels, channels / 8), convolution(channels, channels / 8))
        (g, o) = (convolution(channels, channels / 2), convolution(channels / 2, channels))
        gamma = Parameter([], .own(.zeros))
    }

    /// Applies the block.
    public func callAsFunction(_ x: Tensor, _ context: Context) -> Tensor {
        let s = x.shape, weights = attention(x, context)
        let answers = g(x, context["g"]).pooled(.maximum, kernel: Extent(2), stride: Extent(2)).reshaped([s[0], s[1] * s[2] / 4, s[3] / 2])
        return x + gamma.tensor * o(weights.product(answers).reshaped([s[0], s[1], s[2], s[3] / 2]), context["o"])
    }

    /// How much each place attends to each pooled place; rows sum to 1.
    /// - Shape: `[N, H · W, H · W / 4]`.
    public func attention(_ x: Tensor, _ context: Context) -> Tensor {
        let s = x.shape
        precondition(s.rank == 4 && s[1] % 2 == 0 && s[2] % 2 == 0, "self-attention of \(s): even height and width are needed")
        let queries = theta(x, context["theta"]).reshaped([s[0], s[1] * s[2], s[3] / 8])
        let keys = phi(x, context["phi"]).pooled(.maximum, kernel: Extent(2), stride: Extent(2)).reshaped([s[0], s[1] * s[2] / 4, s[3] / 8])
        return queries.product(keys, transposesOther: true).softmax
    }
}
