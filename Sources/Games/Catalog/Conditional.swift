import NeuralNetworks
import Tensors

/// Samples of a class that is asked for: both players are told the label.
///
/// `min_G max_D  E ln D(x|y) + E ln(1 − D(G(z|y)|y))`, here with any ``Objective``. The generator sees a learned vector of the class beside the latent; the critic's
/// logit is `ψ(h) + ⟨e_y, h⟩` with the features h of the sample and a learned vector e_y, the form that the optimal critic has for classes with a common variance.
/// Sources: Mirza, Osindero, *Conditional generative adversarial nets*, arXiv:1411.1784; Miyato, Koyama, *cGANs with projection discriminator*, ICLR 2018, arXiv:1802.05637.
public final class Conditional: AdversarialGame {
    /// What can be chosen.
    public struct Configuration: AdversarialConfiguration {
        /// Length of a latent vector.
        public var latentSize = 64
        /// Length of the generator's vector of a class.
        public var embeddingSize = 32
        /// The players' networks.
        public var networks = NetworkSettings()
        /// What the teams play for and what constrains the critic.
        public var critic = CriticSettings(.hinge, r1: 0.1)
        /// How the generator moves.
        public var generator = TeamSettings(learningRate: 2e-4)
        /// How the critic moves.
        public var criticTeam = TeamSettings(learningRate: 2e-4)

        /// The defaults.
        public init() {}

        /// Every field.
        public static let fields: [Field<Configuration>] = [
            .integer("embeddingSize", \.embeddingSize, 1...4096, "Length of the generator's vector of a class."),
        ] + NetworkSettings.fields(\.networks) + sharedFields
    }

    /// `conditional`.
    public static let name = "conditional"
    /// One line.
    public static let summary = "samples of a class that is asked for"
    /// The papers.
    public static let source = "Mirza, Osindero, Conditional generative adversarial nets, arXiv:1411.1784; Miyato, Koyama, cGANs with projection discriminator, ICLR 2018, arXiv:1802.05637"

    /// The networks.
    public var generator: any Module { maker }
    /// The networks.
    public var critic: any Module { judge }
    /// The choices.
    public let configuration: Configuration
    /// What computes.
    public let backend: any Backend
    private let classes: Int
    private let maker: ClassGenerator, judge: ProjectionCritic

    /// Fresh networks.
    /// - Throws: ``GameError`` for data without classes.
    public init(_ configuration: Configuration, _ world: World) throws(GameError) {
        guard world.classes > 0 else { throw GameError("\(Self.name) needs data with classes: add labels to it, or play another game") }
        let (networks, size) = (configuration.networks, configuration.embeddingSize)
        (self.configuration, backend, classes) = (configuration, world.backend, world.classes)
        maker = ClassGenerator(Embedding(world.classes, size), try networks.generator(from: configuration.latentSize + size, world, game: Self.name))
        judge = ProjectionCritic(try networks.trunk(world, game: Self.name), classes: world.classes)
        maker.initialise(with: networks.generatorInitialiser(world), stream: world.stream["generator"], on: backend) { _, role in
            // As long as a one-hot vector: a class as loud as the latent beside it drowns the latent, and every class collapses to one sample.
            role == .embedding ? .normal(deviation: 1 / Double(size).squareRoot()) : nil
        }
        judge.initialise(with: .heNormal(slope: Trunk.slope), stream: world.stream["critic"], on: backend) { _, role in
            // As Miyato and Koyama: with normal(1) thousands of features would decide by the class alone, and every class collapses to one sample.
            role == .embedding ? .xavierUniform() : nil
        }
    }

    /// Samples of the classes; of random ones without labels.
    public func generate(_ latents: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor {
        maker(latents, labels ?? context.stream["labels"].integers(below: classes, count: latents.shape[0]), context)
    }

    /// One logit a sample, for its class.
    public func criticise(_ samples: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor {
        guard let labels else { preconditionFailure("\(Self.name) was given samples without classes") }
        return judge(samples, labels, context)
    }
}

/// A generator with a learned vector of the class beside the latent.
final class ClassGenerator: Module {
    let embedding: Embedding
    let network: any ContextualLayer

    init(_ embedding: Embedding, _ network: any ContextualLayer) { (self.embedding, self.network) = (embedding, network) }

    func callAsFunction(_ latents: Tensor, _ labels: [Int], _ context: Context) -> Tensor {
        network(.concatenated([latents, embedding(labels)]), context)
    }
}

/// `ψ(h) + ⟨e_y, h⟩`.
final class ProjectionCritic: Module {
    let trunk: Trunk
    let head: LinearMap
    let embedding: Embedding

    init(_ trunk: Trunk, classes: Int) { (self.trunk, head, embedding) = (trunk, LinearMap(trunk.size, 1), Embedding(classes, trunk.size)) }

    func callAsFunction(_ samples: Tensor, _ labels: [Int], _ context: Context) -> Tensor {
        let features = trunk(samples, context)
        return head(features).reshaped([samples.shape[0]]) + (features * embedding(labels)).sumPerSample
    }
}

extension Conditional: ClassSampling {
    /// The data's.
    public var sampleClasses: Int { classes }
    /// It has: its logit is for a class.
    public var judgesClasses: Bool { true }
}
