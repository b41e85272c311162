import FeatureNetworks

extension NetworkDescription {
    /// A small convolutional classifier: stages of two 3 × 3 convolutions, each with batch norm and rectifier, halved between them until 8 × 8 or fewer are left; the mean over those is the
    /// features, and one linear map behind it the class scores.
    ///
    /// The plan of VGG (Simonyan and Zisserman, arXiv:1409.1556) with batch norm (arXiv:1502.03167) and the global mean in place of its classifier (Lin et al., arXiv:1312.4400).
    /// - Parameter width: channels of the first stage; twice and then four times as many in the following ones.
    static func classifier(named name: String, side: Int, channels: Int, width: Int, classNames: [String]) -> NetworkDescription {
        var layers: [LayerDescription] = [], extent = side, stage = 0, outputs = width
        while true {
            outputs = width << min(stage, 2)
            for number in 1...2 {
                layers += [
                    LayerDescription(.convolution, name: "stage\(stage + 1).conv\(number)", ["out": Double(outputs), "kernel": 3, "padding": 1, "bias": 0]),
                    LayerDescription(.batchNorm, name: "stage\(stage + 1).norm\(number)"), LayerDescription(.relu),
                ]
            }
            stage += 1
            guard extent > 8 || stage < 2 else { break }
            layers.append(LayerDescription(.maxPool, ["kernel": 2]))
            extent /= 2
        }
        let half = [Double](repeating: 0.5, count: channels)
        layers += [LayerDescription(.mean), LayerDescription(.tap, name: "\(outputs)"), LayerDescription(.linear, name: "scores", ["out": Double(classNames.count)]), LayerDescription(.tap, name: "logits")]
        return NetworkDescription(name: name, side: side, channels: channels, mean: half, deviation: half, layers: layers, features: "\(outputs)", classes: "logits", classNames: classNames)
    }
}
