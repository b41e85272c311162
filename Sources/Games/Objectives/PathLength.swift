import Tensors

/// Steps of the same length in the latent space shall change the image by the same amount: `weight · E (‖Jᵀy‖ − a)²`.
///
/// J is the generator's Jacobian, y an image of normal numbers divided by √(H·W), and a the running mean of the lengths, which the game keeps.
/// As in the authors' code, the derivative passes through this step's share of the mean, too. Source: Karras et al. 2020, section 3.2, equation 4.
public struct PathLength: Hashable, Sendable {
    /// Factor of the mean.
    public let weight: Double
    /// Share of this step in the running mean.
    public let decay: Double

    /// The authors' constants.
    public init(weight: Double = 2, decay: Double = 0.01) { (self.weight, self.decay) = (weight, decay) }

    /// The penalty and the new running mean.
    ///
    /// - Parameters:
    ///   - images: What the generator made of `latents`, `[N, H, W, C]`.
    ///   - latents: Variables, `[N, dimensions]` or, one code for each layer, `[N, layers, dimensions]`.
    ///   - noise: Standard normal numbers in the images' shape.
    ///   - mean: The running mean so far, one number; 0 at first.
    /// - Returns: One number to add to the generator's loss, and the mean to keep, a constant.
    public func penalty(images: Tensor, latents: Tensor, noise: Tensor, mean: Tensor) -> (loss: Tensor, mean: Tensor) {
        let lengths = Self.lengths(images: images, latents: latents, noise: noise)
        let moved = mean.detached * (1 - decay) + lengths.mean * decay
        return ((lengths - moved).squared.mean * weight, moved.detached)
    }

    /// `‖Jᵀy‖` of each sample: the square root of the mean over layers of the squared length of each layer's part.
    /// - Shape: `[N]`.
    public static func lengths(images: Tensor, latents: Tensor, noise: Tensor) -> Tensor {
        precondition(images.shape.rank == 4 && noise.shape == images.shape, "path lengths of images \(images.shape) and noise \(noise.shape)")
        let projected = (images * (noise / Double(images.shape[1] * images.shape[2]).squareRoot())).sum
        let slope = gradients(of: projected, withRespectTo: [latents], createGraph: true)[0]
        let layers = latents.shape.rank == 3 ? latents.shape[1] : 1
        return slope.flattened.normPerSample / Double(layers).squareRoot()
    }
}
