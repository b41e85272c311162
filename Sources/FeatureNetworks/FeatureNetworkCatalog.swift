/// Every feature network of the package. Adding one is a file in `Networks/` and a line here.
public enum FeatureNetworkCatalog {
    /// Names in the order of `gan-eval networks list`.
    public static let names = ["efficientnet-lite0", "inception-v3", "inception-v3-torchvision", "vgg16", "alexnet", "squeezenet1_1"]
    /// The network that is used when none is named: its weights are bundled.
    public static let defaultName = "efficientnet-lite0"

    /// A network without its weights, or nil for an unknown name.
    public static func make(_ name: String) -> (any FeatureNetwork)? {
        switch name {
        case "efficientnet-lite0": EfficientNetLite0()
        case "inception-v3": InceptionV3(.fid)
        case "inception-v3-torchvision": InceptionV3(.torchvision)
        case "vgg16": VGG16()
        case "alexnet": AlexNet()
        case "squeezenet1_1": SqueezeNet11()
        default: nil
        }
    }
}
