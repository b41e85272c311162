import NeuralNetworks
import Tensors

/// Networks from images to images, and critics of their patches.
public struct TranslatorSettings: Sendable, Hashable {
    /// A family of networks.
    public enum Kind: String, Sendable, CaseIterable {
        /// Johnson's: a wide stem, strided convolutions, residual blocks, and the way back up.
        case residual
        /// Convolutions of the same size with rectifiers between them.
        case plain
        /// Linear maps of all pixels at once, for translators and critics.
        case perceptron
    }

    /// How images grow.
    public enum Upsampling: String, Sendable, CaseIterable {
        /// Nearest neighbours, then a convolution: no checkerboards.
        case resize
        /// Transposed convolutions, as in the paper.
        case transposed
    }

    /// The family.
    public var kind = Kind.residual
    /// Channels of the first convolution, doubled with every halving of the side; hidden units of perceptrons.
    public var width = 16
    /// Halvings of the side.
    public var halvings = 2
    /// Residual blocks; hidden layers of the other families.
    public var blocks = 9
    /// How images grow again.
    public var upsampling = Upsampling.resize
    /// Whether edges are mirrored; zeros otherwise.
    public var reflects = true
    /// Channels of the critics' first convolution.
    public var criticWidth = 16
    /// Strided convolutions of the critics.
    public var criticHalvings = 3
    /// Whether the critics have instance norm.
    public var normalisesCritic = true

    /// Nine residual blocks, small enough for a processor.
    public init() {}

    /// The fields inside a configuration: `translator.width`, `critic.width`.
    public static func fields<Root>(_ path: WritableKeyPath<Root, TranslatorSettings> & Sendable) -> [Field<Root>] {
        [Field<TranslatorSettings>.choice("kind", \.kind, Kind.allCases.map { ($0.rawValue, $0) }, named: { $0.rawValue }, "Family of the translators' networks."),
         .integer("width", \.width, 1...1024, "Channels of the first convolution, doubled with every halving of the side; hidden units of perceptrons."),
         .integer("halvings", \.halvings, 0...6, "Halvings of the side before the residual blocks."),
         .integer("blocks", \.blocks, 0...64, "Residual blocks; hidden layers of the other families."),
         .choice("upsampling", \.upsampling, Upsampling.allCases.map { ($0.rawValue, $0) }, named: { $0.rawValue }, "How images grow again: resized and convolved, or by transposed convolutions."),
         .flag("reflects", \.reflects, "Whether edges are mirrored before a convolution; zeros otherwise."),
        ].map { $0.inside("translator", path) } + [
         Field<TranslatorSettings>.integer("width", \.criticWidth, 1...1024, "Channels of the critics' first convolution; hidden units of perceptrons."),
         .integer("halvings", \.criticHalvings, 0...6, "Strided convolutions of the critics: 3 judge patches of 70 × 70 pixels."),
         .flag("normalises", \.normalisesCritic, "Whether the critics have instance norm."),
        ].map { $0.inside("critic", path) }
    }

    /// Normal numbers of deviation 0.02 with instance norm behind; He's without.
    var initialiser: Initialiser { kind == .residual ? .normal(deviation: 0.02) : .heNormal(slope: Trunk.slope) }

    /// A network from images to images, without numbers.
    /// - Throws: ``GameError`` for images whose sides cannot be halved so often.
    func translator(_ image: Shape) throws(GameError) -> any ContextualLayer {
        switch kind {
        case .residual: return try residualTranslator(image)
        case .perceptron: return PerceptronGenerator([image.count] + [Int](repeating: width, count: blocks), sample: image)
        case .plain:
            let widths = [image[2]] + [Int](repeating: width, count: blocks)
            let hidden = zip(widths, widths.dropFirst()).flatMap { padded(1) + [Convolution2D($0, $1, kernel: 3, padding: edge(1)), LeakyRectifier(Trunk.slope)] }
            return Sequential(hidden + padded(1) + [Convolution2D(widths[blocks], image[2], kernel: 3, padding: edge(1)), Function.tanh])
        }
    }

    /// A network from images to maps of logits, one for each patch; one for each image from perceptrons.
    /// - Throws: ``GameError`` for images too small for so many halvings.
    func critic(_ image: Shape) throws(GameError) -> any ContextualLayer {
        guard kind != .perceptron else { return TrunkWithHead(Trunk(inputs: image.count, hidden: [criticWidth, criticWidth]), outputs: 1) }
        guard min(image[0], image[1]) >> criticHalvings >= 3 else {
            throw GameError("'critic.halvings' is \(criticHalvings): images of \(image[0]) × \(image[1]) leave no patches; set it to fewer")
        }
        var layers: [any ContextualLayer] = [], width = image[2]
        for index in 0...criticHalvings {
            let next = criticWidth << min(index, 3), isNormalised = normalisesCritic && index > 0
            layers.append(Convolution2D(width, next, kernel: 4, stride: index < criticHalvings ? 2 : 1, padding: 1, bias: !isNormalised))
            if isNormalised { layers.append(InstanceNorm2D(next)) }
            layers.append(LeakyRectifier(Trunk.slope))
            width = next
        }
        return Sequential(layers + [Convolution2D(width, 1, kernel: 4, padding: 1)])
    }

    /// Source: Johnson, Alahi, Fei-Fei, *Perceptual losses for real-time style transfer*, ECCV 2016, arXiv:1603.08155.
    private func residualTranslator(_ image: Shape) throws(GameError) -> any ContextualLayer {
        let shrunk = 1 << halvings
        guard image[0] % shrunk == 0, image[1] % shrunk == 0, min(image[0], image[1]) / shrunk >= 2, min(image[0], image[1]) > 3 else {
            throw GameError("'translator.halvings' is \(halvings): images of \(image[0]) × \(image[1]) cannot be halved so often")
        }
        func unit(_ convolution: any WeightedLayer, _ channels: Int) -> [any ContextualLayer] { [convolution, InstanceNorm2D(channels), Rectifier()] }
        var layers: [any ContextualLayer] = padded(3) + unit(Convolution2D(image[2], width, kernel: 7, padding: edge(3), bias: false), width)
        for level in 0..<halvings {
            layers += unit(Convolution2D(width << level, width << (level + 1), kernel: 3, stride: 2, padding: 1, bias: false), width << (level + 1))
        }
        let wide = width << halvings
        func convolution() -> [any ContextualLayer] { padded(1) + [Convolution2D(wide, wide, kernel: 3, padding: edge(1), bias: false), InstanceNorm2D(wide)] }
        layers += (0..<blocks).map { _ in Residual(Sequential(convolution() + [Rectifier()] + convolution())) }
        for level in (0..<halvings).reversed() {
            let (from, to) = (width << (level + 1), width << level)
            switch upsampling {
            case .resize: layers += [Function { $0.upsampled(2) }] + padded(1) + unit(Convolution2D(from, to, kernel: 3, padding: edge(1), bias: false), to)
            case .transposed: layers += unit(TransposedConvolution2D(from, to, kernel: 3, stride: 2, padding: 1, outputPadding: 1, bias: false), to)
            }
        }
        return Sequential(layers + padded(3) + [Convolution2D(width, image[2], kernel: 7, padding: edge(3)), Function.tanh])
    }

    /// Mirrored edges, where they are asked for.
    private func padded(_ count: Int) -> [any ContextualLayer] { reflects ? [Function { $0.reflectionPadded(Padding(count)) }] : [] }
    /// Zeros at the edges, where mirrors are not asked for.
    private func edge(_ count: Int) -> Int { reflects ? 0 : count }
}
