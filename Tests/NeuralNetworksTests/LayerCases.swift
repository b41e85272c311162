import NeuralNetworks
import Tensors
import Testing

/// A module under test and how it is applied.
struct LayerCase: CustomTestStringConvertible, Sendable {
    let name: String
    let make: @Sendable () -> (module: any Module, apply: (Tensor, Context) -> Tensor)
    var testDescription: String { name }

    init(_ name: String, _ make: @escaping @Sendable () -> any ContextualLayer) {
        self.name = name
        self.make = {
            let layer = make()
            return (layer, { layer($0, $1) })
        }
    }

    init(_ name: String, making make: @escaping @Sendable () -> (module: any Module, apply: (Tensor, Context) -> Tensor)) { (self.name, self.make) = (name, make) }

    /// The rows of `Fixtures/layers/make_layers.py`.
    static let all: [LayerCase] = [
        LayerCase("linear") { LinearMap(5, 3) },
        LayerCase("convolution") { Convolution2D(3, 4, kernel: Extent(3, 2), stride: Extent(2, 1), padding: Padding(1)) },
        LayerCase("dilated") { Convolution2D(4, 6, kernel: Extent(2), dilation: Extent(2), groups: 2, bias: false) },
        LayerCase("transposed") { TransposedConvolution2D(3, 4, kernel: 4, stride: 2, padding: 1, bias: false) },
        LayerCase("transposed-groups") { TransposedConvolution2D(4, 6, kernel: Extent(3), stride: Extent(2), padding: Padding(1), outputPadding: Extent(1), groups: 2) },
        LayerCase("transposed-dilated") { TransposedConvolution2D(2, 3, kernel: Extent(3), dilation: Extent(2)) },
        LayerCase("batch-norm-1d") { BatchNorm1D(5) },
        LayerCase("batch-norm-2d") { BatchNorm2D(3) },
        LayerCase("batch-norm-options") { BatchNorm2D(3, eps: 0.8, momentum: 0.3, isAffine: false) },
        LayerCase("batch-norm-leaky") { Sequential(BatchNorm2D(3), LeakyRectifier(0.2)) },
        LayerCase("batch-norm-relu") { Sequential(BatchNorm2D(3), Rectifier()) },
        LayerCase("conditional-norm", making: {
            let norm = ConditionalBatchNorm2D(3, classes: 4)
            return (norm, { norm($0, labels: [2, 0, 3], $1) })
        }),
        LayerCase("layer-norm") { LayerNorm([5]) },
        LayerCase("layer-norm-image") { LayerNorm([3, 4, 5]) },
        LayerCase("instance-norm") { InstanceNorm2D(3) },
        LayerCase("instance-norm-affine") { InstanceNorm2D(3, eps: 1e-3, isAffine: true) },
        LayerCase("group-norm") { GroupNorm(2, 4) },
        LayerCase("pixel-norm") { PixelNorm() },
        LayerCase("spectral-linear") { SpectralNorm(LinearMap(5, 3)) },
        LayerCase("spectral-convolution") { SpectralNorm(Convolution2D(3, 4, kernel: 3, padding: 1)) },
        LayerCase("spectral-transposed") { SpectralNorm(TransposedConvolution2D(3, 2, kernel: 4, stride: 2, padding: 1)) },
        LayerCase("equalized-linear") { EqualizedRate(LinearMap(5, 3), rate: 0.01) },
        LayerCase("equalized-convolution") { EqualizedRate(Convolution2D(3, 4, kernel: 3, padding: 1), gain: 2.0.squareRoot()) },
        LayerCase("minibatch-deviation") { MinibatchStandardDeviation(group: 2, channels: 2) },
        LayerCase("upsample") { Upsample() },
        LayerCase("upsample-bilinear") { Upsample(2, .bilinear) },
        LayerCase("average-pool") { Downsample() },
        LayerCase("flatten") { Sequential(Flatten(), LinearMap(12, 3)) },
        LayerCase("unflatten") { Sequential(LinearMap(3, 12), Unflatten(Extent(2), channels: 3)) },
        LayerCase("attention") { SelfAttention(8) },
        LayerCase("residual") {
            Residual(Sequential(BatchNorm2D(3), Rectifier(), Convolution2D(3, 4, kernel: 3, padding: 1), BatchNorm2D(4), LeakyRectifier(0.2)),
                     shortcut: Convolution2D(3, 4, kernel: 1))
        },
    ]
}
