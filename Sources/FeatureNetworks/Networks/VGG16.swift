import NeuralNetworks
import Tensors

/// torchvision's VGG16 without batch norm: LPIPS and precision/recall are defined on it. Source: Simonyan & Zisserman, ICLR 2015.
public final class VGG16: FeatureNetwork {
    let features: [any Layer]
    let classifier: [any Layer] = [
        LinearMap(512 * 7 * 7, 4096), Rectifier(), Identity(), LinearMap(4096, 4096), Rectifier(), Identity(), LinearMap(4096, 1000)]

    /// A network whose weights still have to be loaded.
    public init() {
        var layers: [any Layer] = []
        var channels = 3
        for (width, repeats) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
            for _ in 0..<repeats {
                layers += [Convolution2D(channels, width, kernel: Extent(3), padding: Padding(1)), Rectifier()]
                channels = width
            }
            layers.append(MaxPool2D(kernel: 2, stride: 2))
        }
        features = layers
    }

    /// `vgg16`.
    public var name: String { "vgg16" }
    /// 224 pixels.
    public var inputSide: Int { 224 }
    /// `(x / 255 − mean) / deviation` of ImageNet, as torchvision.
    public var normalisation: Normalisation { .imageNet }
    /// The last hidden layer, rectified: 4096 features.
    public var defaultTap: String { "fc2_relu" }
    /// 1000 class scores.
    public var classTap: String { "logits" }

    /// The five maps of LPIPS, and the classifier's activations.
    public var taps: [FeatureTap] {
        [.map("features.3", 64), .map("features.8", 128), .map("features.15", 256), .map("features.22", 512), .map("features.29", 512),
         .vector("fc1", 4096), .vector("fc1_relu", 4096), .vector("fc2", 4096), .vector("fc2_relu", 4096), .vector("logits", 1000)]
    }

    /// Activations at the wanted taps; computes no further than the deepest of them.
    /// - Shape: x `[N, 224, 224, 3]`, already normalised; results `[N, C]` or `[N, H, W, C]`.
    public func activations(of x: Tensor, at wanted: Set<String>) -> [String: Tensor] {
        var taps = TapCollector(wanted)
        if let map = run(features, named: "features", on: x, &taps) { classify(map, classifier, &taps) }
        return taps.found
    }
}
