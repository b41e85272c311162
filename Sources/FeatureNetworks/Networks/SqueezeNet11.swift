import NeuralNetworks
import Tensors

/// torchvision's SqueezeNet 1.1: the smallest trunk of LPIPS. Source: Iandola et al., 2016.
public final class SqueezeNet11: FeatureNetwork {
    let features: [any Layer] = [
        Convolution2D(3, 64, kernel: Extent(3), stride: Extent(2)), Rectifier(), MaxPool2D(kernel: 3, stride: 2, roundsUp: true),
        Fire(64, 16, 64), Fire(128, 16, 64), MaxPool2D(kernel: 3, stride: 2, roundsUp: true),
        Fire(128, 32, 128), Fire(256, 32, 128), MaxPool2D(kernel: 3, stride: 2, roundsUp: true),
        Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256)]
    let classifier: [any Layer] = [Identity(), Convolution2D(512, 1000, kernel: Extent(1)), Rectifier()]

    /// A network whose weights still have to be loaded.
    public init() {}

    /// `squeezenet1_1`.
    public var name: String { "squeezenet1_1" }
    /// 224 pixels.
    public var inputSide: Int { 224 }
    /// `(x / 255 − mean) / deviation` of ImageNet, as torchvision.
    public var normalisation: Normalisation { .imageNet }
    /// The mean over the last map: 512 features.
    public var defaultTap: String { "512" }
    /// 1000 class scores.
    public var classTap: String { "logits" }

    /// The seven maps of LPIPS, the mean over the last of them, and class scores.
    public var taps: [FeatureTap] {
        [.map("features.1", 64), .map("features.4", 128), .map("features.7", 256), .map("features.9", 384), .map("features.10", 384),
         .map("features.11", 512), .map("features.12", 512), .vector("512", 512), .vector("logits", 1000)]
    }

    /// Activations at the wanted taps; computes no further than the deepest of them.
    /// - Shape: x `[N, 224, 224, 3]`, already normalised; results `[N, C]` or `[N, H, W, C]`.
    public func activations(of x: Tensor, at wanted: Set<String>) -> [String: Tensor] {
        var taps = TapCollector(wanted)
        guard let map = run(features, named: "features", on: x, &taps) else { return taps.found }
        taps.visit("512", map.cast(to: .float32).spatialMean)
        if let scores = run(classifier, named: "classifier", on: map, &taps) { taps.visit("logits", scores.cast(to: .float32).spatialMean) }
        return taps.found
    }
}

/// SqueezeNet's block: narrow by 1×1, widen by 1×1 and 3×3 side by side.
final class Fire: Layer {
    let squeeze, expand1x1, expand3x3: Convolution2D

    init(_ input: Int, _ squeezed: Int, _ expanded: Int) {
        squeeze = Convolution2D(input, squeezed, kernel: Extent(1))
        expand1x1 = Convolution2D(squeezed, expanded, kernel: Extent(1))
        expand3x3 = Convolution2D(squeezed, expanded, kernel: Extent(3), padding: Padding(1))
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let narrow = squeeze(x, activation: .relu)
        return .concatenated([expand1x1(narrow, activation: .relu), expand3x3(narrow, activation: .relu)])
    }
}
