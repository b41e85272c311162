import NeuralNetworks
import Tensors

/// torchvision's AlexNet: the default trunk of LPIPS. Source: Krizhevsky, *One weird trick for parallelizing convolutional neural networks*, 2014.
public final class AlexNet: FeatureNetwork {
    let features: [any Layer] = [
        Convolution2D(3, 64, kernel: Extent(11), stride: Extent(4), padding: Padding(2)), Rectifier(), MaxPool2D(kernel: 3, stride: 2),
        Convolution2D(64, 192, kernel: Extent(5), padding: Padding(2)), Rectifier(), MaxPool2D(kernel: 3, stride: 2),
        Convolution2D(192, 384, kernel: Extent(3), padding: Padding(1)), Rectifier(),
        Convolution2D(384, 256, kernel: Extent(3), padding: Padding(1)), Rectifier(),
        Convolution2D(256, 256, kernel: Extent(3), padding: Padding(1)), Rectifier(), MaxPool2D(kernel: 3, stride: 2)]
    let classifier: [any Layer] = [
        Identity(), LinearMap(256 * 6 * 6, 4096), Rectifier(), Identity(), LinearMap(4096, 4096), Rectifier(), LinearMap(4096, 1000)]

    /// A network whose weights still have to be loaded.
    public init() {}

    /// `alexnet`.
    public var name: String { "alexnet" }
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
        [.map("features.1", 64), .map("features.4", 192), .map("features.7", 384), .map("features.9", 256), .map("features.11", 256),
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
