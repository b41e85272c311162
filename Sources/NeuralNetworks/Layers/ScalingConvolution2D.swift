import Tensors

/// A convolution behind an upsampling, or before an averaging, of factor 2, as one strided convolution: the same linear map for 4/9 of the multiplications.
///
/// `upsampling`: `conv(nearest(x))` is a transposed convolution with stride 2, and `averaging`: `average(conv(x))` is a convolution with stride 2,
/// whose kernels of k + 1 taps are sums of the k-tap kernel's neighbours. The parameters are those of PyTorch's `Conv2d(in, out, k, padding=k // 2)`.
/// Source: Karras et al., *Progressive growing of GANs*, ICLR 2018, arXiv:1710.10196 (`fused_scale` of its code).
/// - Shape: `[N, H, W, in]` to `[N, 2H, 2W, out]` or `[N, H / 2, W / 2, out]`.
public final class ScalingConvolution2D: WeightedLayer {
    /// What else the convolution does.
    public enum Scaling: Sendable {
        /// Each element is repeated 2 × 2 times before the convolution.
        case upsampling
        /// Each block of 2 × 2 elements is averaged after the convolution.
        case averaging
    }

    /// `[out, in, k, k]`.
    public let weight: Parameter
    /// `[out]`, or nil.
    public let bias: Parameter?
    /// What else the convolution does.
    public let scaling: Scaling
    private let kernel: Int
    /// From the k² taps of a kernel to the (k + 1)² taps of the strided one.
    private let spreading: [Double]

    /// A convolution with an odd kernel, padded to keep the extent, whose weights still have to be given.
    public init(_ input: Int, _ output: Int, kernel: Int = 3, _ scaling: Scaling, bias: Bool = true) {
        precondition(kernel > 0 && kernel % 2 == 1, "kernel \(kernel): padding keeps the extent of odd kernels only")
        weight = Parameter([output, input, kernel, kernel])
        self.bias = bias ? Parameter([output], .bias(fanIn: input * kernel * kernel)) : nil
        (self.scaling, self.kernel) = (scaling, kernel)
        let wide = kernel + 1
        // One axis: tap t of the strided kernel is the sum, or mean, of taps t − 1 and t; an adjoint has its taps in reverse order.
        func share(_ tap: Int, _ wideTap: Int) -> Double {
            switch scaling {
            case .averaging: tap == wideTap || tap == wideTap - 1 ? 0.5 : 0
            case .upsampling: tap == kernel - wideTap || tap == kernel - wideTap - 1 ? 1 : 0
            }
        }
        spreading = (0..<kernel * kernel).flatMap { tap in
            (0..<wide * wide).map { share(tap / kernel, $0 / wide) * share(tap % kernel, $0 % wide) }
        }
    }

    /// The same map with other numbers.
    public func apply(_ weight: Tensor, _ bias: Tensor?, to x: Tensor, _ activation: Activation) -> Tensor {
        let (output, input, taps, wide) = (weight.shape[0], weight.shape[1], kernel * kernel, kernel + 1)
        let spread = Tensor(spreading, shape: [taps, wide * wide], type: weight.elementType, on: weight.backend)
        switch scaling {
        case .averaging:
            let strided = weight.reshaped([output * input, taps]).product(spread).reshaped([output, input, wide, wide])
            return x.convolved(with: strided, bias: bias, stride: Extent(2), padding: Padding(kernel / 2), activation: activation)
        case .upsampling:
            let strided = weight.permuted([1, 0, 2, 3]).reshaped([output * input, taps]).product(spread).reshaped([input, output, wide, wide])
            let y = x.transposedConvolved(with: strided, stride: Extent(2), padding: Padding(kernel / 2))
            let shifted = bias.map { y + $0 } ?? y
            return activation.function.map { shifted.applying($0) } ?? shifted
        }
    }
}
