import NeuralNetworks
import Tensors

/// A generator whose codes can be read off its samples: it learns what to call the factors of the data without labels.
///
/// `min_{G,Q} max_D  V(D, G) − λ L_I(G, Q)`, where `L_I = E_{c, x = G(z,c)} ln Q(c|x) + H(c) ≤ I(c; G(z, c))` bounds the mutual information of codes and samples.
/// Three players in two teams: generator and recogniser against the discriminator, whose features the recogniser reads. Categorical codes are uniform, continuous
/// ones uniform in −1…1; for these Q is normal with deviation 1 around the recogniser's guess.
/// Source: Chen et al., *InfoGAN: interpretable representation learning by information maximizing generative adversarial nets*, NeurIPS 2016, arXiv:1606.03657.
public final class InfoGAN: SampleJudging, LatentSampling {
    /// What can be chosen.
    public struct Configuration: CriticConfiguration {
        /// Numbers of a latent vector that mean nothing.
        public var noiseSize = 62
        /// Number of categorical codes.
        public var categoricalCodes = 1
        /// Values of each categorical code.
        public var categories = 10
        /// Number of continuous codes.
        public var continuousCodes = 2
        /// λ of the categorical codes.
        public var weight = 1.0
        /// λ of the continuous codes.
        public var continuousWeight = 0.1
        /// Whether the discriminator's features also learn to tell codes.
        public var trainsFeatures = true
        /// The recogniser's hidden units.
        public var recogniserWidth = 128
        /// The players' networks.
        public var networks = NetworkSettings()
        /// What the teams play for and what constrains the critic.
        public var critic = CriticSettings(.nonSaturating)
        /// How generator and recogniser move.
        public var generator = TeamSettings(learningRate: 1e-3)
        /// How the critic moves.
        public var criticTeam = TeamSettings(learningRate: 2e-4)

        /// The defaults.
        public init() {}

        /// Every field.
        public static let fields: [Field<Configuration>] = [
            .integer("noiseSize", \.noiseSize, 0...4096, "Numbers of a latent vector besides its codes."),
            .integer("codes.categorical", \.categoricalCodes, 1...64, "Number of categorical codes."),
            .integer("codes.categories", \.categories, 2...1000, "Values of each categorical code."),
            .integer("codes.continuous", \.continuousCodes, 0...64, "Number of continuous codes."),
            .number("information.weight", \.weight, 0...1e3, "λ: weight of the bound on the information about categorical codes."),
            .number("information.continuousWeight", \.continuousWeight, 0...1e3, "λ of the continuous codes."),
            .flag("information.trainsFeatures", \.trainsFeatures, "Whether the discriminator's features learn to tell codes, as in the released code, or only to tell real from fake."),
            .integer("recogniser.width", \.recogniserWidth, 1...4096, "Hidden units of the recogniser behind the shared features."),
        ] + NetworkSettings.fields(\.networks) + CriticSettings.fields(\.critic)
            + TeamSettings.fields("generator", \.generator) + TeamSettings.fields("critic", \.criticTeam)

        /// Numbers of all codes together.
        var codeSize: Int { categoricalCodes * categories + continuousCodes }
    }

    /// `infogan`.
    public static let name = "infogan"
    /// One line.
    public static let summary = "codes that can be read off the samples"
    /// The paper.
    public static let source = "Chen et al., InfoGAN: interpretable representation learning by information maximizing GANs, NeurIPS 2016, arXiv:1606.03657"

    /// The choices.
    public let configuration: Configuration
    private let backend: any Backend
    private let generator: any ContextualLayer, recogniser: Perceptron, discriminator: TrunkWithHead

    /// Fresh networks.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) {
        (self.configuration, backend) = (configuration, world.backend)
        let networks = configuration.networks
        generator = try networks.generator(from: configuration.noiseSize + configuration.codeSize, world, game: Self.name)
        discriminator = TrunkWithHead(try networks.trunk(world, game: Self.name), outputs: 1)
        recogniser = Perceptron([discriminator.trunk.size, configuration.recogniserWidth, configuration.codeSize], slope: Trunk.slope)
        generator.initialise(with: networks.generatorInitialiser(world), stream: world.stream["generator"], on: backend)
        discriminator.initialise(with: .heNormal(slope: Trunk.slope), stream: world.stream["discriminator"], on: backend)
        recogniser.initialise(with: .heNormal(slope: Trunk.slope), stream: world.stream["recogniser"], on: backend)
    }

    /// Generator and recogniser against the discriminator.
    public var teams: [Team] {
        [Team("generator", [Player("generator", generator), Player("recogniser", recogniser)], configuration.generator),
         Team("critic", [Player("discriminator", discriminator)], configuration.criticTeam)]
    }

    /// The objective's losses less the bounds.
    public func losses(of phase: Phase, _ turn: Turn) -> Losses {
        let latents = latents(turn.count, turn.stream["latents"])
        func criticise(_ features: Tensor) -> Tensor { discriminator.head(features).reshaped([turn.count]) }
        if phase.team == "generator" {
            let features = discriminator.trunk(generator(latents, turn.context), turn.context["fake"])
            let bounds = bounds(of: recogniser(features), latents), logits = criticise(features)
            return Losses(objective.generatorLoss(fake: logits) - weighted(bounds), [("fake logit", logits.mean)] + curves(bounds))
        }
        let fake = generator(latents, turn.context).detached
        let features = discriminator.trunk(fake, turn.context["fake"]), real = criticise(discriminator.trunk(turn.real, turn.context["real"]))
        let logits = criticise(features)
        var losses = Losses(objective.criticLoss(real: real, fake: logits), [("real logit", real.mean), ("critic fake logit", logits.mean)])
        if configuration.trainsFeatures { losses.total = losses.total - weighted(bounds(of: recogniser(features), latents)) }
        losses.add(configuration.critic.regularisers, at: turn, fake: fake) { discriminator.logits($0, turn.context["penalty"]) }
        return losses
    }

    /// Uniform noise, then one-hot codes, then continuous ones.
    /// - Parameter codes: Values of the first categorical code; random ones when nil.
    /// - Shape: `[count, noise + codes · categories + continuous]`.
    public func latents(_ count: Int, codes: [Int]? = nil, _ stream: RandomStream) -> Tensor {
        let (categories, extra) = (configuration.categories, configuration.categoricalCodes - 1)
        var parts = [stream["noise"].uniform([count, configuration.noiseSize], in: -1..<1, on: backend)]
        let values = [codes ?? stream["code"].integers(below: categories, count: count)] + (0..<extra).map { stream["codes"][$0].integers(below: categories, count: count) }
        parts += values.map { .oneHot($0, categories, on: backend) }
        parts.append(stream["continuous"].uniform([count, configuration.continuousCodes], in: -1..<1, on: backend))
        return .concatenated(parts.filter { $0.shape.count > 0 })
    }

    /// Noise and continuous codes.
    public var latentNumbers: Int { configuration.noiseSize + configuration.continuousCodes }

    /// Uniform noise and continuous codes; the first categorical code is the label, the others are 0.
    public func latents(from normal: Tensor, labels: [Int]?) -> Tensor {
        let count = normal.shape[0], none = [Int](repeating: 0, count: count)
        let codes = [labels ?? none] + [[Int]](repeating: none, count: configuration.categoricalCodes - 1)
        let parts = codes.map { Tensor.oneHot($0, configuration.categories, on: backend) }
        let values = normal.uniformFromNormal, noise = configuration.noiseSize
        let before = noise > 0 ? [values.sliced(axis: 1, 0..<noise)] : [], behind = configuration.continuousCodes > 0 ? [values.sliced(axis: 1, noise..<latentNumbers)] : []
        return .concatenated(before + parts + behind)
    }

    /// Samples from latents, in evaluation mode.
    public func generate(_ latents: Tensor) -> Tensor { generator(latents, .evaluation) }

    /// Samples from latents, in evaluation mode; the codes stand in the latents.
    public func samples(from latents: Tensor, labels: [Int]?) -> Tensor { generate(latents) }

    /// The discriminator's logit of each sample.
    public func judge(_ samples: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor { discriminator.logits(samples, context) }

    /// Log-probabilities of the first categorical code of each sample, in evaluation mode.
    /// - Shape: `[N, …]` to `[N, categories]`.
    public func recognise(_ samples: Tensor) -> Tensor {
        recogniser(discriminator.trunk(samples, .evaluation)).sliced(axis: 1, 0..<configuration.categories).logSoftmax
    }

    /// `L_I` of all categorical codes on fresh samples in evaluation mode, in nats: at most `codes · ln categories`, and never above the information that there is.
    public func information(_ count: Int, _ stream: RandomStream) -> Double {
        let latents = latents(count, stream)
        return bounds(of: recogniser(discriminator.trunk(generate(latents), .evaluation)), latents).categorical.item()
    }

    /// Samples whose first code is the label; random codes without labels.
    public func samples(_ count: Int, _ options: SamplingOptions, _ stream: RandomStream) -> Tensor {
        let width = configuration.noiseSize + configuration.codeSize
        if let given = options.latents { return generate(Tensor(given, shape: [count, width], on: backend)) }
        let fresh = latents(count, codes: options.labels, stream)
        guard options.truncation != 1, configuration.noiseSize > 0 else { return generate(fresh) }
        let parts = fresh.split(axis: 1, [configuration.noiseSize, configuration.codeSize])
        return generate(.concatenated([parts[0] * options.truncation, parts[1]]))
    }

    /// `E ln Q(c|x) + H(c)` of the categorical and of the continuous codes, in nats.
    private func bounds(of guesses: Tensor, _ latents: Tensor) -> (categorical: Tensor, continuous: Tensor?) {
        let (count, categories, codes) = (latents.shape[0], configuration.categories, configuration.categoricalCodes)
        let truth = latents.sliced(axis: 1, configuration.noiseSize..<latents.shape[1])
        let split = codes * categories
        let logits = guesses.sliced(axis: 1, 0..<split).reshaped([count * codes, categories])
        let right = truth.sliced(axis: 1, 0..<split).reshaped([count * codes, categories])
        let categorical = (logits.logSoftmax * right).sum / Double(count) + Double(codes) * PortableMath.logarithm(Double(categories))
        guard configuration.continuousCodes > 0 else { return (categorical, nil) }
        let error = guesses.sliced(axis: 1, split..<guesses.shape[1]) - truth.sliced(axis: 1, split..<truth.shape[1])
        // H of a uniform code of width 2 is ln 2; the normal density's constant is ½ ln 2π.
        let constant = Double(configuration.continuousCodes) * (PortableMath.logarithm(2) - 0.5 * PortableMath.logarithm(2 * Double.pi))
        return (categorical, error.squared.sumPerSample.mean * -0.5 + constant)
    }

    private func weighted(_ bounds: (categorical: Tensor, continuous: Tensor?)) -> Tensor {
        let categorical = bounds.categorical * configuration.weight
        return bounds.continuous.map { categorical + $0 * configuration.continuousWeight } ?? categorical
    }

    private func curves(_ bounds: (categorical: Tensor, continuous: Tensor?)) -> [(name: String, value: Tensor)] {
        [("information", bounds.categorical)] + (bounds.continuous.map { [("continuous information", $0)] } ?? [])
    }
}

extension InfoGAN: ClassSampling {
    /// The values of the first categorical code.
    public var sampleClasses: Int { configuration.categories }
}
