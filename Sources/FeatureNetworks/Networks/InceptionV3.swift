import NeuralNetworks
import Tensors

/// Inception-v3 in two variants: the one that FID is defined on, and torchvision's.
///
/// They differ in 1008 against 1000 classes, in whether average pooling counts its padding, and in the last block, where FID's takes a maximum.
/// Source: Szegedy et al., *Rethinking the Inception architecture*, CVPR 2016; weights of 2015-12-05 for FID (Heusel et al. 2017).
public final class InceptionV3: FeatureNetwork {
    /// Which published network the numbers belong to.
    public enum Variant: Sendable {
        /// TensorFlow's network of 2015-12-05 with 1008 outputs.
        case fid
        /// torchvision's `inception_v3` with 1000 outputs.
        case torchvision
    }

    let Conv2d_1a_3x3 = ConvolutionUnit(3, 32, kernel: Extent(3), stride: 2)
    let Conv2d_2a_3x3 = ConvolutionUnit(32, 32, kernel: Extent(3))
    let Conv2d_2b_3x3 = ConvolutionUnit(32, 64, kernel: Extent(3), padding: Padding(1))
    let Conv2d_3b_1x1 = ConvolutionUnit(64, 80)
    let Conv2d_4a_3x3 = ConvolutionUnit(80, 192, kernel: Extent(3))
    let Mixed_5b, Mixed_5c, Mixed_5d: InceptionA
    let Mixed_6a = InceptionB(288)
    let Mixed_6b, Mixed_6c, Mixed_6d, Mixed_6e: InceptionC
    let Mixed_7a = InceptionD()
    let Mixed_7b, Mixed_7c: InceptionE
    let fc: LinearMap
    private let variant: Variant

    /// A network whose weights still have to be loaded.
    public init(_ variant: Variant) {
        self.variant = variant
        let average = Pooling.average(countsPadding: variant == .torchvision)
        Mixed_5b = InceptionA(192, pool: 32, rule: average)
        Mixed_5c = InceptionA(256, pool: 64, rule: average)
        Mixed_5d = InceptionA(288, pool: 64, rule: average)
        Mixed_6b = InceptionC(128, rule: average)
        Mixed_6c = InceptionC(160, rule: average)
        Mixed_6d = InceptionC(160, rule: average)
        Mixed_6e = InceptionC(192, rule: average)
        Mixed_7b = InceptionE(1280, rule: average)
        Mixed_7c = InceptionE(2048, rule: variant == .fid ? .maximum : average)
        fc = LinearMap(2048, variant == .fid ? 1008 : 1000)
    }

    /// `inception-v3` or `inception-v3-torchvision`.
    public var name: String { variant == .fid ? "inception-v3" : "inception-v3-torchvision" }
    /// 299 pixels.
    public var inputSide: Int { 299 }
    /// `(x − 128) / 128` for FID's variant, ImageNet's mean and deviation for torchvision's.
    public var normalisation: Normalisation { variant == .fid ? .uniform(shift: 128, scale: 128) : .imageNet }
    /// The mean over the last block's map: 2048 features.
    public var defaultTap: String { "2048" }
    /// FID's 1008 class scores without the bias, as the Inception Score takes them; torchvision's 1000 with it.
    public var classTap: String { variant == .fid ? "logits_unbiased" : "logits" }

    /// `64`, `192`, `768`, `2048`: means over the map behind the first and second pooling, `Mixed_6e` and the last block; sFID's three; class scores with and without
    /// bias; and each block's map by its own name.
    public var taps: [FeatureTap] {
        let classes = fc.weight.shape[0]
        let spatial: [FeatureTap] = variant == .fid ? Self.spatialTaps.map { .vector($0.name, 2023) } : []
        return spatial + [.vector("64", 64), .vector("192", 192), .vector("768", 768), .vector("2048", 2048), .vector("logits_unbiased", classes), .vector("logits", classes),
                .map("maxpool1", 64), .map("maxpool2", 192), .map("Mixed_5b", 256), .map("Mixed_5c", 288), .map("Mixed_5d", 288), .map("Mixed_6a", 768),
                .map("Mixed_6b", 768), .map("Mixed_6c", 768), .map("Mixed_6d", 768), .map("Mixed_6e", 768), .map("Mixed_7a", 1280),
                .map("Mixed_7b", 2048), .map("Mixed_7c", 2048)]
    }

    /// The taps of sFID (Nash et al. 2021, arXiv:2103.03841): the first seven channels of a 17×17 map, 2023 numbers. The tools take three different maps: `sfid-adm` what guided-diffusion's evaluator calls mixed_6/conv, which is `Mixed_6d`'s 1×1 branch, rows by columns by channels; `sfid-dgm-eval` the output of `Mixed_6e` and
    /// `sfid-pyiqa` that of `Mixed_6a`, both channels first.
    private static let spatialTaps: [(name: String, block: String, channelsFirst: Bool)] = [("sfid-pyiqa", "Mixed_6a", true), ("sfid-adm", "Mixed_6d", false), ("sfid-dgm-eval", "Mixed_6e", true)]

    /// Activations at the wanted taps; computes no further than the deepest of them.
    /// - Shape: x `[N, 299, 299, 3]`, already normalised; results `[N, C]` or `[N, H, W, C]`.
    public func activations(of x: Tensor, at wanted: Set<String>) -> [String: Tensor] {
        var taps = TapCollector(wanted)
        var x = Conv2d_2b_3x3(Conv2d_2a_3x3(Conv2d_1a_3x3(x))).pooled(.maximum, kernel: Extent(3), stride: Extent(2))
        taps.visit("maxpool1", x)
        taps.visit("64", x.cast(to: .float32).spatialMean)
        if taps.isComplete { return taps.found }
        x = Conv2d_4a_3x3(Conv2d_3b_1x1(x)).pooled(.maximum, kernel: Extent(3), stride: Extent(2))
        taps.visit("maxpool2", x)
        taps.visit("192", x.cast(to: .float32).spatialMean)
        let blocks: [(String, any InceptionBlock)] = [
            ("Mixed_5b", Mixed_5b), ("Mixed_5c", Mixed_5c), ("Mixed_5d", Mixed_5d), ("Mixed_6a", Mixed_6a), ("Mixed_6b", Mixed_6b), ("Mixed_6c", Mixed_6c),
            ("Mixed_6d", Mixed_6d), ("Mixed_6e", Mixed_6e), ("Mixed_7a", Mixed_7a), ("Mixed_7b", Mixed_7b), ("Mixed_7c", Mixed_7c)]
        for (name, block) in blocks {
            if taps.isComplete { return taps.found }
            x = block(x)
            taps.visit(name, x)
            for spatial in Self.spatialTaps where variant == .fid && spatial.block == name {
                // The 1×1 branch comes first in its block.
                taps.visit(spatial.name, { () -> Tensor in
                    let seven = x.cast(to: .float32).sliced(axis: 3, 0..<7)
                    return (spatial.channelsFirst ? seven.permuted(0, 3, 1, 2) : seven).flattened
                }())
            }
            if name == "Mixed_6e" { taps.visit("768", x.cast(to: .float32).spatialMean) }
        }
        if taps.isComplete { return taps.found }
        let features = x.cast(to: .float32).spatialMean
        taps.visit("2048", features)
        taps.visit("logits_unbiased", features.linear(fc.weight.tensor))
        taps.visit("logits", fc(features))
        return taps.found
    }
}
