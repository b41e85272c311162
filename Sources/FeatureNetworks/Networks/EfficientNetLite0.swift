import NeuralNetworks
import Tensors

/// EfficientNet-Lite0: the bundled network, small enough to ship and quick on a CPU.
///
/// No squeeze-and-excitation, ReLU6, TensorFlow's SAME padding. Source: Tan & Le, *EfficientNet*, ICML 2019; the Lite family of tensorflow/tpu, 2020.
public final class EfficientNetLite0: FeatureNetwork {
    let _conv_stem = Convolution2D(3, 32, kernel: Extent(3), stride: Extent(2), padding: Padding(top: 0, left: 0, bottom: 1, right: 1), bias: false)
    let _bn0 = BatchNorm2D(32, eps: 1e-3)
    let _blocks: [InvertedResidual]
    let _conv_head = Convolution2D(320, 1280, kernel: Extent(1), bias: false)
    let _bn1 = BatchNorm2D(1280, eps: 1e-3)
    let _fc = LinearMap(1280, 1000)
    private let stem = FoldCache<FoldedConvolution>(), head = FoldCache<FoldedConvolution>()

    /// Kernel, stride, expansion, channels in and out, repeats of each stage.
    private static let stages: [(kernel: Int, stride: Int, expansion: Int, input: Int, output: Int, repeats: Int)] = [
        (3, 1, 1, 32, 16, 1), (3, 2, 6, 16, 24, 2), (5, 2, 6, 24, 40, 2), (3, 2, 6, 40, 80, 3), (5, 1, 6, 80, 112, 3), (5, 2, 6, 112, 192, 4), (3, 1, 6, 192, 320, 1)]

    /// A network whose weights still have to be loaded.
    public init() {
        _blocks = Self.stages.flatMap { stage in
            (0..<stage.repeats).map { i in
                InvertedResidual(i == 0 ? stage.input : stage.output, stage.output, kernel: stage.kernel, stride: i == 0 ? stage.stride : 1, expansion: stage.expansion)
            }
        }
    }

    /// `efficientnet-lite0`.
    public var name: String { "efficientnet-lite0" }
    /// 224 pixels.
    public var inputSide: Int { 224 }
    /// `(x − 127) / 128`, as the Lite family of tensorflow/tpu.
    public var normalisation: Normalisation { .uniform(shift: 127, scale: 128) }
    /// The mean over the head's map: 1280 features.
    public var defaultTap: String { "1280" }
    /// 1000 class scores.
    public var classTap: String { "logits" }

    /// The average behind the head (default), class scores, and the maps behind the stem, each stage and the head.
    public var taps: [FeatureTap] {
        [.vector("1280", 1280), .vector("logits", 1000), .map("stem", 32)] + Self.stages.enumerated().map { .map("stage\($0.offset + 1)", $0.element.output) }
            + [.map("head", 1280)]
    }

    /// Activations at the wanted taps; computes no further than the deepest of them.
    /// - Shape: x `[N, 224, 224, 3]`, already normalised; results `[N, C]` or `[N, H, W, C]`.
    public func activations(of x: Tensor, at wanted: Set<String>) -> [String: Tensor] {
        var taps = TapCollector(wanted)
        var x = stem.fold(_conv_stem, _bn0, activation: .relu6)(x)
        taps.visit("stem", x)
        var block = 0
        for (index, stage) in Self.stages.enumerated() {
            if taps.isComplete { return taps.found }
            for _ in 0..<stage.repeats {
                x = _blocks[block](x)
                block += 1
            }
            taps.visit("stage\(index + 1)", x)
        }
        if taps.isComplete { return taps.found }
        x = head.fold(_conv_head, _bn1, activation: .relu6)(x)
        taps.visit("head", x)
        let features = x.cast(to: .float32).spatialMean
        taps.visit("1280", features)
        taps.visit("logits", _fc(features))
        return taps.found
    }
}

/// MobileNet-v2's block: widen by 1×1, filter each channel, narrow by 1×1, add the input where shapes allow.
final class InvertedResidual: Module {
    let _expand_conv: Convolution2D?
    let _bn0: BatchNorm2D?
    let _depthwise_conv: Convolution2D
    let _bn1: BatchNorm2D
    let _project_conv: Convolution2D
    let _bn2: BatchNorm2D
    private let addsInput: Bool
    private let expand = FoldCache<FoldedConvolution>(), depthwise = FoldCache<FoldedConvolution>(), project = FoldCache<FoldedConvolution>()

    init(_ input: Int, _ output: Int, kernel: Int, stride: Int, expansion: Int) {
        let inner = input * expansion
        // TensorFlow's SAME for even extents: kernel − stride zeros in all, the odd one below and right.
        let total = kernel - stride
        let padding = Padding(top: total / 2, left: total / 2, bottom: total - total / 2, right: total - total / 2)
        _expand_conv = expansion == 1 ? nil : Convolution2D(input, inner, kernel: Extent(1), bias: false)
        _bn0 = expansion == 1 ? nil : BatchNorm2D(inner, eps: 1e-3)
        _depthwise_conv = Convolution2D(inner, inner, kernel: Extent(kernel), stride: Extent(stride), padding: padding, groups: inner, bias: false)
        _bn1 = BatchNorm2D(inner, eps: 1e-3)
        _project_conv = Convolution2D(inner, output, kernel: Extent(1), bias: false)
        _bn2 = BatchNorm2D(output, eps: 1e-3)
        addsInput = stride == 1 && input == output
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        var y = x
        if let _expand_conv, let _bn0 { y = expand.fold(_expand_conv, _bn0, activation: .relu6)(y) }
        y = depthwise.fold(_depthwise_conv, _bn1, activation: .relu6)(y)
        return project.fold(_project_conv, _bn2, activation: .none)(y, residual: addsInput ? x : nil)
    }
}
