import NeuralNetworks
import Tensors

/// Makes the layers of a description, knowing the shape between each two.
struct NetworkBuilder {
    /// What one image is at some place of the network.
    enum Activations: Equatable, CustomStringConvertible {
        case map(height: Int, width: Int, channels: Int)
        case vector(Int)

        var description: String {
            switch self {
            case let .map(height, width, channels): "a map of \(height)x\(width)x\(channels)"
            case let .vector(count): "a vector of \(count)"
            }
        }
    }

    let description: NetworkDescription
    /// What comes out of the layers made so far.
    private(set) var shape: Activations
    private(set) var taps: [FeatureTap] = []
    private var names: Set<String> = []

    init(_ description: NetworkDescription) {
        self.description = description
        shape = .map(height: description.side, width: description.side, channels: description.channels)
    }

    /// The layers of the description.
    mutating func chain() throws(FeatureNetworkError) -> LayerChain { try chain(description.layers, within: "", numbered: "", isInner: false) }

    /// - Parameters:
    ///   - prefix: What the names of the entries in the weights file begin with.
    ///   - numbers: What the names of layers without a name begin with.
    private mutating func chain(_ layers: [LayerDescription], within prefix: String, numbered numbers: String, isInner: Bool) throws(FeatureNetworkError) -> LayerChain {
        var links: [LayerChain.Link] = [], number = 0
        for layer in layers {
            let name = layer.name ?? numbers + "\(number)"
            if layer.kind == .tap {
                guard !isInner else { throw problem(layer, "a tap cannot stand inside a residual block") }
                try addTap(layer, name)
                links.append(.tap(name))
                continue
            }
            number += 1
            let made = try make(layer, prefix + name)
            if layer.kind.isNamed, layer.kind != .residual, !names.insert(prefix + name).inserted { throw problem(layer, "a second layer is called '\(prefix + name)'") }
            links.append(.layer(made, name: layer.kind.isNamed ? name : nil))
        }
        return LayerChain(links)
    }

    private mutating func addTap(_ layer: LayerDescription, _ name: String) throws(FeatureNetworkError) {
        guard !taps.contains(where: { $0.name == name }) else { throw problem(layer, "a second tap is called '\(name)'") }
        switch shape {
        case let .map(_, _, channels): taps.append(.map(name, channels))
        case let .vector(count): taps.append(.vector(name, count))
        }
    }

    private mutating func make(_ layer: LayerDescription, _ name: String) throws(FeatureNetworkError) -> any ContextualLayer {
        switch layer.kind {
        case .relu: return Rectifier()
        case .relu6: return BoundedRectifier()
        case .leakyRelu: return LeakyRectifier(layer.numbers["slope"] ?? 0.01)
        case .gelu: return Function.gelu
        case .silu: return Function { $0 * $0.sigmoid }
        case .sigmoid: return Function.sigmoid
        case .tanh: return Function.tanh
        case .dropout: return Dropout(layer.numbers["share"] ?? 0.5)
        case .convolution: return try convolution(layer)
        case .linear:
            guard case let .vector(inputs) = shape else { throw problem(layer, "linear needs a vector, and is given \(shape); put mean or flatten before it") }
            let outputs = layer.integer("out")
            shape = .vector(outputs)
            return LinearMap(inputs, outputs, bias: layer.numbers["bias"] != 0)
        case .batchNorm:
            let eps = layer.numbers["eps"] ?? 1e-5
            switch shape {
            case let .map(_, _, channels): return BatchNorm2D(channels, eps: eps)
            case let .vector(count): return BatchNorm1D(count, eps: eps)
            }
        case .maxPool: return try pooling(layer, .maximum)
        case .averagePool: return try pooling(layer, .average(countsPadding: true))
        case .mean:
            guard case let .map(_, _, channels) = shape else { throw problem(layer, "mean needs a map, and is given \(shape)") }
            shape = .vector(channels)
            return Function { $0.cast(to: .float32).spatialMean }
        case .flatten:
            guard case let .map(height, width, channels) = shape else { throw problem(layer, "flatten needs a map, and is given \(shape)") }
            shape = .vector(height * width * channels)
            return Flatten()
        case .residual: return try residual(layer, name)
        case .tap: preconditionFailure("a tap is no layer")
        }
    }

    private mutating func convolution(_ layer: LayerDescription) throws(FeatureNetworkError) -> Convolution2D {
        let (kernel, stride, padding, dilation) = (layer.integer("kernel"), layer.integer("stride"), layer.integer("padding"), layer.integer("dilation"))
        let channels = try slide(layer, kernel: dilation * (kernel - 1) + 1, stride: stride, padding: padding)
        let (outputs, groups) = (layer.integer("out"), layer.integer("groups"))
        guard channels % groups == 0, outputs % groups == 0 else { throw problem(layer, "\(channels) channels to \(outputs) cannot be parted into \(groups) groups") }
        if case let .map(height, width, _) = shape { shape = .map(height: height, width: width, channels: outputs) }
        return Convolution2D(channels, outputs, kernel: Extent(kernel), stride: Extent(stride), padding: Padding(padding), dilation: Extent(dilation), groups: groups, bias: layer.numbers["bias"] != 0)
    }

    private mutating func pooling(_ layer: LayerDescription, _ kind: Pooling) throws(FeatureNetworkError) -> Function {
        let (kernel, stride, padding) = (layer.integer("kernel"), layer.integer("stride"), layer.integer("padding"))
        guard padding * 2 <= kernel else { throw problem(layer, "a padding of \(padding) is more than half of the kernel, \(kernel)") }
        _ = try slide(layer, kernel: kernel, stride: stride, padding: padding)
        return Function { $0.pooled(kind, kernel: Extent(kernel), stride: Extent(stride), padding: Padding(padding)) }
    }

    /// Moves on to the shape behind a window, and returns the channels.
    private mutating func slide(_ layer: LayerDescription, kernel: Int, stride: Int, padding: Int) throws(FeatureNetworkError) -> Int {
        guard case let .map(height, width, channels) = shape else { throw problem(layer, "\(layer.kind) needs a map, and is given \(shape)") }
        let (rows, columns) = (height + 2 * padding - kernel, width + 2 * padding - kernel)
        guard rows >= 0, columns >= 0 else { throw problem(layer, "a window of \(kernel)x\(kernel) does not fit \(shape) with a padding of \(padding)") }
        shape = .map(height: rows / stride + 1, width: columns / stride + 1, channels: channels)
        return channels
    }

    private mutating func residual(_ layer: LayerDescription, _ name: String) throws(FeatureNetworkError) -> ResidualChain {
        let input = shape
        let body = try chain(layer.body, within: name + ".", numbered: "body.", isInner: true)
        let output = shape
        shape = input
        let shortcut = layer.shortcut.isEmpty ? nil : try chain(layer.shortcut, within: name + ".", numbered: "shortcut.", isInner: true)
        guard shape == output else { throw problem(layer, "the body of a residual block makes \(output), and \(layer.shortcut.isEmpty ? "its input is" : "its shortcut makes") \(shape)") }
        return ResidualChain(body, shortcut: shortcut)
    }

    private func problem(_ layer: LayerDescription, _ reason: String) -> FeatureNetworkError { description.problem(reason, line: layer.line) }
}

/// `min(max(x, 0), 6)`, PyTorch's `ReLU6`.
private final class BoundedRectifier: ActivationLayer {
    var activation: Activation { .relu6 }
}
