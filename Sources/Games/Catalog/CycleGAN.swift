import NeuralNetworks
import Tensors

/// Two domains without pairs: a translator each way, and there and back must be home.
///
/// `E (D_B(F(a)) − 1)² + E (D_A(G(b)) − 1)² + λ [E |G(F(a)) − a| + E |F(G(b)) − b|] + λ_id [E |F(b) − b| + E |G(a) − a|]` for the translators F: A → B and G: B → A,
/// `½ E (D(x) − 1)² + ½ E D(x̃)²` for each critic, whose fakes x̃ come from a pool of old and new translations. Four players in two teams.
/// What the cycle alone leaves open, any permutation of what is in the images, the locality of convolutions decides: perceptrons translate one thing into another.
///
/// Samples hold both domains, drawn independently: the first half of the channels is an image of A, the second half one of B.
/// Source: Zhu et al., *Unpaired image-to-image translation using cycle-consistent adversarial networks*, ICCV 2017, arXiv:1703.10593.
public final class CycleGAN: CriticGame, Translating {
    /// What can be chosen.
    public struct Configuration: CriticConfiguration {
        /// The players' networks.
        public var networks = TranslatorSettings()
        /// Weight of the critics.
        public var adversarialWeight = 2.0
        /// λ.
        public var cycleWeight = 10.0
        /// λ_id.
        public var identityWeight = 5.0
        /// Old translations that each critic keeps.
        public var poolSize = 50
        /// What the teams play for and what constrains the critics.
        public var critic = CriticSettings(.leastSquares())
        /// How the translators move.
        public var generator = TeamSettings(learningRate: 2e-4)
        /// How the critics move.
        public var criticTeam = TeamSettings(learningRate: 2e-4)

        /// The defaults.
        public init() {}

        /// Every field.
        public static let fields: [Field<Configuration>] = [
            .number("adversarial.weight", \.adversarialWeight, 0...1e6, "The translators' weight of the critics; 2 makes the paper's squares of this package's halves."),
            .number("cycle.weight", \.cycleWeight, 0...1e6, "λ: weight of the way there and back."),
            .number("identity.weight", \.identityWeight, 0...1e6, "Weight of leaving images alone that are of the target domain already."),
            .integer("pool.size", \.poolSize, 0...100_000, "Old translations that each critic keeps: half of what it sees are of these; 0 for none."),
        ] + TranslatorSettings.fields(\.networks) + CriticSettings.fields(\.critic)
            + TeamSettings.fields("generator", \.generator) + TeamSettings.fields("critic", \.criticTeam)
    }

    /// `cyclegan`.
    public static let name = "cyclegan"
    /// One line.
    public static let summary = "translation between two domains without pairs"
    /// The paper.
    public static let source = "Zhu et al., Unpaired image-to-image translation using cycle-consistent adversarial networks, ICCV 2017, arXiv:1703.10593"

    /// The choices.
    public let configuration: Configuration
    private let backend: any Backend, sample: Shape
    private let forward, backward, criticOfA, criticOfB: any ContextualLayer
    private var poolOfA, poolOfB: SamplePool

    /// Fresh networks.
    /// - Throws: ``GameError`` for samples that are no two images, or images that the networks cannot take.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) {
        guard world.sample.rank == 3, world.sample[2] % 2 == 0 else {
            throw GameError("\(Self.name) needs images of two domains, --data \"A + B\", which make samples [H, W, 2C]; these are \(world.sample)")
        }
        (self.configuration, backend, sample) = (configuration, world.backend, world.sample)
        let (networks, image) = (configuration.networks, Shape([world.sample[0], world.sample[1], world.sample[2] / 2]))
        (forward, backward) = (try networks.translator(image), try networks.translator(image))
        (criticOfA, criticOfB) = (try networks.critic(image), try networks.critic(image))
        (poolOfA, poolOfB) = (SamplePool(capacity: configuration.poolSize), SamplePool(capacity: configuration.poolSize))
        for (name, network) in [("forward", forward), ("backward", backward), ("criticOfA", criticOfA), ("criticOfB", criticOfB)] {
            network.initialise(with: networks.initialiser, stream: world.stream[name], on: backend)
        }
    }

    /// Both translators against both critics.
    public var teams: [Team] {
        [Team("generator", [Player("forward", forward), Player("backward", backward)], configuration.generator),
         Team("critic", [Player("criticOfA", criticOfA), Player("criticOfB", criticOfB)], configuration.criticTeam)]
    }

    /// The translators move first: the critics then see their newest work in the pool.
    public var phases: [Phase] { teams.map(\.phase) }

    /// One critic a domain.
    public var opinions: [OpinionCurves] { ["a", "b"].map { OpinionCurves(domain: $0.uppercased(), real: "real \($0)", generated: "fake \($0)") } }

    /// The losses of the moving team.
    public func losses(of phase: Phase, _ turn: Turn) -> Losses {
        let (a, b) = domains(turn.real)
        let (toB, toA) = (forward(a, turn.context["a"]), backward(b, turn.context["b"]))
        return phase.team == "generator" ? translatorLosses(a, b, toA: toA, toB: toB, turn) : criticLosses(a, b, toA: toA.detached, toB: toB.detached, turn)
    }

    /// The pools.
    public var state: StateDictionary { StateDictionary(["poolOfA": poolOfA.entry, "poolOfB": poolOfB.entry].compactMapValues { $0 }) }

    /// Takes the pools back.
    public func load(_ state: StateDictionary, on backend: any Backend) throws(StateMismatch) {
        let image = Shape([sample[0], sample[1], sample[2] / 2])
        poolOfA = try SamplePool(capacity: configuration.poolSize, "poolOfA", of: state, image, on: backend)
        poolOfB = try SamplePool(capacity: configuration.poolSize, "poolOfB", of: state, image, on: backend)
    }

    /// Each image in the other domain.
    public func translate(_ images: Tensor, _ direction: TranslationDirection) -> Tensor { (direction == .forward ? forward : backward)(images, .evaluation) }

    /// Translations both ways, put together as the data is: what B became in A, then what A became in B.
    ///
    /// A translator starts from images: `options.latents` holds as many samples `[H, W, 2C]` as are asked for.
    public func samples(_ count: Int, _ options: SamplingOptions, _ stream: RandomStream) -> Tensor {
        guard let given = options.latents else { preconditionFailure("\(Self.name) makes samples of samples: give them as latents") }
        let (a, b) = domains(Tensor(given, shape: Shape([count] + sample.dimensions), on: backend))
        return .concatenated([translate(b, .backward), translate(a, .forward)])
    }

    private func domains(_ samples: Tensor) -> (a: Tensor, b: Tensor) {
        let channels = sample[2] / 2, parts = samples.split(axis: 3, [channels, channels])
        return (parts[0], parts[1])
    }

    private func translatorLosses(_ a: Tensor, _ b: Tensor, toA: Tensor, toB: Tensor, _ turn: Turn) -> Losses {
        let deception = objective.generatorLoss(fake: criticOfB(toB, turn.context["criticOfB"])) + objective.generatorLoss(fake: criticOfA(toA, turn.context["criticOfA"]))
        let cycle = (backward(toB, turn.context["home a"]) - a).absolute.mean + (forward(toA, turn.context["home b"]) - b).absolute.mean
        var losses = Losses(deception * configuration.adversarialWeight + cycle * configuration.cycleWeight, [("cycle", cycle)])
        if configuration.identityWeight > 0 {
            let identity = (forward(b, turn.context["same b"]) - b).absolute.mean + (backward(a, turn.context["same a"]) - a).absolute.mean
            losses.total = losses.total + identity * configuration.identityWeight
            losses.curves.append(("identity", identity.detached))
        }
        return losses
    }

    private func criticLosses(_ a: Tensor, _ b: Tensor, toA: Tensor, toB: Tensor, _ turn: Turn) -> Losses {
        var losses = Losses(a.constant(0))
        let fakes = [poolOfA.exchange(toA, turn.stream["poolOfA"]), poolOfB.exchange(toB, turn.stream["poolOfB"])]
        for (index, (name, critic, real)) in [("a", criticOfA, a), ("b", criticOfB, b)].enumerated() {
            let own = critic(real, turn.context["real \(name)"]), other = critic(fakes[index], turn.context["fake \(name)"])
            losses.total = losses.total + objective.criticLoss(real: own, fake: other)
            losses.curves += [("real \(name)", own.mean.detached), ("fake \(name)", other.mean.detached)]
            losses.add(configuration.critic.regularisers, at: turn, real: real, fake: fakes[index], prefix: "\(name) ") { critic($0, turn.context["penalty \(name)"]) }
        }
        return losses
    }
}
