/// One layer of a described network: what it is, what it is called, and its numbers.
public struct LayerDescription: Sendable {
    /// What a layer does. Adding one is a case here with its options, and a case in `NetworkBuilder`.
    public enum Kind: String, Sendable, CaseIterable {
        case convolution, linear, batchNorm
        case relu, relu6, leakyRelu, gelu, silu, sigmoid, tanh
        case maxPool, averagePool, mean, flatten, dropout
        case residual, tap
    }

    /// A number that a layer takes.
    struct Option: Sendable {
        enum Values: Sendable {
            case integer(ClosedRange<Int>)
            case number(ClosedRange<Double>)
            case flag
        }

        let name: String
        let values: Values
        /// What it is where nothing is said; nil for what must be said, `stride` of a pooling excepted, which then is the kernel.
        let usual: Double?
    }

    /// What it does.
    public let kind: Kind
    /// Its name in the weights file, or of a tap; nil for its place in the list, taps not counted, as PyTorch's `Sequential` has it.
    public let name: String?
    /// Every option with its number; flags are 0 and 1.
    public let numbers: [String: Double]
    /// What a residual block adds to its input.
    public let body: [LayerDescription]
    /// What a residual block's input goes through on the way to the sum; empty for nothing.
    public let shortcut: [LayerDescription]
    /// Where it stands in its file.
    let line: Int?

    /// A layer. What `numbers` leaves out has its usual value.
    public init(_ kind: Kind, name: String? = nil, _ numbers: [String: Double] = [:], body: [LayerDescription] = [], shortcut: [LayerDescription] = []) {
        self.init(kind, name: name, numbers, body: body, shortcut: shortcut, line: nil)
    }

    init(_ kind: Kind, name: String?, _ numbers: [String: Double], body: [LayerDescription], shortcut: [LayerDescription], line: Int?) {
        (self.kind, self.name, self.body, self.shortcut, self.line) = (kind, name, body, shortcut, line)
        var all = numbers
        for option in kind.options { all[option.name] = all[option.name] ?? option.usual ?? numbers["kernel"] }
        self.numbers = all
    }

    /// A whole number among the options.
    func integer(_ name: String) -> Int {
        guard let number = numbers[name] else { preconditionFailure("\(kind) without \(name)") }
        return Int(number)
    }
}

extension LayerDescription.Kind {
    /// What the layer takes besides a name.
    var options: [LayerDescription.Option] {
        func integer(_ name: String, _ range: ClosedRange<Int>, _ usual: Double? = nil) -> LayerDescription.Option { .init(name: name, values: .integer(range), usual: usual) }
        let sizes = 1...65_536, extents = 1...1024, paddings = 0...1024
        return switch self {
        case .convolution:
            [integer("out", sizes), integer("kernel", extents), integer("stride", extents, 1), integer("padding", paddings, 0), integer("dilation", extents, 1), integer("groups", sizes, 1),
             .init(name: "bias", values: .flag, usual: 1)]
        case .linear: [integer("out", sizes), .init(name: "bias", values: .flag, usual: 1)]
        case .batchNorm: [.init(name: "eps", values: .number(0...1), usual: 1e-5)]
        case .leakyRelu: [.init(name: "slope", values: .number(0...1), usual: 0.01)]
        case .maxPool, .averagePool: [integer("kernel", extents), integer("stride", extents), integer("padding", paddings, 0)]
        case .dropout: [.init(name: "share", values: .number(0...0.99), usual: 0.5)]
        case .relu, .relu6, .gelu, .silu, .sigmoid, .tanh, .mean, .flatten, .residual, .tap: []
        }
    }

    /// The option that a value alone, `linear: 10`, stands for; nil where it is the name or nothing.
    var principal: String? {
        switch self {
        case .convolution, .linear: "out"
        case .leakyRelu: "slope"
        case .maxPool, .averagePool: "kernel"
        case .dropout: "share"
        default: nil
        }
    }

    /// Whether it has entries in a weights file, or is a tap, and so may have a name.
    var isNamed: Bool { [.convolution, .linear, .batchNorm, .residual, .tap].contains(self) }
}
