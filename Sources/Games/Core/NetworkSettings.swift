import NeuralNetworks
import Tensors

/// Which networks a game builds and how large they are; shared by the games whose players all come from the same two families.
public struct NetworkSettings: Sendable, Hashable {
    /// A family of networks.
    public enum Kind: String, Sendable, CaseIterable {
        /// Convolutions for images, perceptrons for points.
        case automatic
        /// Linear maps with leaky rectifiers between them.
        case perceptron
        /// DCGAN's strided convolutions; for square images whose side is a power of two.
        case convolutional
    }

    /// The family.
    public var kind: Kind
    /// Channels next to the image, doubled with every halving of the side; hidden units of perceptrons.
    public var width: Int
    /// Hidden layers of perceptrons.
    public var depth: Int
    /// Whether convolutional critics and encoders have batch norm.
    public var normalises: Bool

    /// Networks of this family and size.
    public init(_ kind: Kind = .automatic, width: Int = 64, depth: Int = 2, normalises: Bool = false) {
        (self.kind, self.width, self.depth, self.normalises) = (kind, width, depth, normalises)
    }

    /// The fields inside a configuration: `networks.width`.
    public static func fields<Root>(_ path: WritableKeyPath<Root, NetworkSettings> & Sendable) -> [Field<Root>] {
        [Field<NetworkSettings>.choice("kind", \.kind, Kind.allCases.map { ($0.rawValue, $0) }, named: { $0.rawValue }, "Family of all players' networks; automatic: convolutions for images, perceptrons for points."),
         .integer("width", \.width, 1...4096, "Channels next to the image, doubled with every halving of the side; hidden units of perceptrons."),
         .integer("depth", \.depth, 0...32, "Hidden layers of perceptrons."),
         .flag("normalises", \.normalises, "Whether convolutional critics and encoders have batch norm, which gradient penalties forbid."),
        ].map { $0.inside("networks", path) }
    }

    /// A network from rows to samples, without numbers.
    /// - Shape: `[N, inputs]` to `[N] + world.sample`; images in −1…1.
    /// - Throws: ``GameError`` for samples that the family cannot make.
    func generator(from inputs: Int, _ world: World, game: String) throws(GameError) -> any ContextualLayer {
        guard isConvolutional(world) else { return PerceptronGenerator([inputs] + hidden, sample: world.sample) }
        return ConvolutionalGenerator(latentSize: inputs, side: try world.side(for: game), channels: world.sample[2], width: width)
    }

    /// A network from samples to rows of features, without numbers.
    /// - Throws: ``GameError`` for samples that the family cannot take.
    func trunk(_ world: World, game: String) throws(GameError) -> Trunk {
        guard isConvolutional(world) else { return Trunk(inputs: world.sample.count, hidden: hidden) }
        return Trunk(side: try world.side(for: game), channels: world.sample[2], width: width, normalises: normalises)
    }

    /// First numbers of a generator: DCGAN's behind batch norm, He's for perceptrons.
    func generatorInitialiser(_ world: World) -> Initialiser { isConvolutional(world) ? .normal(deviation: 0.02) : .heNormal(slope: Trunk.slope) }

    /// Widths of a perceptron's hidden layers.
    var hidden: [Int] { [Int](repeating: width, count: depth) }

    private func isConvolutional(_ world: World) -> Bool { kind == .convolutional || (kind == .automatic && world.sample.rank == 3) }
}

/// A perceptron from rows to samples.
public final class PerceptronGenerator: Layer {
    /// The maps.
    public let perceptron: Perceptron
    private let sample: Shape

    /// Through these widths to samples of a shape.
    public init(_ widths: [Int], sample: Shape) {
        perceptron = Perceptron(widths + [sample.count], slope: Trunk.slope)
        self.sample = sample
    }

    /// Images end in tanh, points do not.
    /// - Shape: `[N, first width]` to `[N] + sample`.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let flat = perceptron(x)
        return (sample.rank == 3 ? flat.tanh : flat).reshaped(Shape([x.shape[0]] + sample.dimensions))
    }
}
