import Games
import NeuralNetworks
import Tensors
import Testing

/// What holds for every game of the catalogue, on small networks and small images.
@Suite struct EveryGameTests {
    /// The catalogue, and a game with a mapping network in front of its generator.
    static let names = GameCatalog.all.map { $0.name } + [mapped]
    private static let mapped = "dcgan, mapped"
    private let backend = CPUBackend()
    private let stream = RandomStream(seed: 11)

    /// A small version of a game; two channels for two domains, three classes.
    private func make(_ variant: String, weights: String = "weights") throws -> (game: any Game, sample: Shape) {
        let sample: Shape = [8, 8, 2], name = variant == Self.mapped ? "dcgan" : variant
        let known = Set(GameCatalog.settings(of: try GameCatalog.named(name)).map(\.name))
        let small = [("width", "4"), ("networks.width", "4"), ("generator.width", "4"), ("critic.width", "4"), ("latentSize", "6"), ("translator.width", "4"),
                     ("translator.blocks", "2"), ("critic.halvings", "1"), ("pool.size", "3")].filter { known.contains($0.0) }
            + (variant == Self.mapped ? [("generator.mapping", "2")] : [])
        return (try GameCatalog.make(name, small, World(sample: sample, classes: 3, stream: stream[weights], backend: backend)), sample)
    }

    private func turn(_ sample: Shape, _ step: Int = 0, count: Int = 4) -> Turn {
        let own = stream["turn"][step]
        return Turn(real: own["real"].uniform(Shape([count] + sample.dimensions), in: -1..<1, on: backend), labels: (0..<count).map { $0 % 3 }, stream: own, step: step)
    }

    private func samples(of game: any Game, _ sample: Shape, count: Int = 3) -> Tensor {
        var options = SamplingOptions(labels: game is InfoGAN || game is Conditional ? [2, 0, 1] : nil)
        if game is any Translating { options.latents = stream["images"].uniform(Shape([count] + sample.dimensions), in: -1..<1, on: backend).floats }
        return game.samples(count, options, stream["samples"])
    }

    /// Every phase moves every weight of its team, and only finite numbers occur.
    @Test(arguments: names) func everyWeightHasADerivative(name: String) throws {
        let (game, sample) = try make(name)
        for phase in game.phases {
            let parameters = game.team(phase.team).parameters
            for entry in parameters { entry.parameter.tensor = entry.parameter.tensor.variable }
            let losses = game.losses(of: phase, turn(sample))
            #expect(losses.total.shape == [] && losses.total.item().isFinite)
            #expect(losses.curves.allSatisfy { $0.value.item().isFinite && !$0.value.isRecorded })
            for (entry, gradient) in zip(parameters, gradients(of: losses.total, withRespectTo: parameters.map(\.parameter.tensor))) {
                let slope = gradient.absolute.largest.item()
                #expect(slope.isFinite, "\(name), \(phase.name): \(entry.name)")
                // A bias may have none: before a norm, or where a loss is a difference.
                #expect(slope > 0 || entry.name.hasSuffix("bias"), "\(name), \(phase.name): \(entry.name) is not moved")
                entry.parameter.tensor = entry.parameter.tensor.detached
            }
        }
    }

    /// What critics think of data is among their curves.
    @Test(arguments: names) func opinionsAreCurves(name: String) throws {
        let (game, sample) = try make(name)
        guard let game = game as? any CriticGame, let phase = game.phases.first(where: { $0.team == "critic" }) else { return }
        let curves = Set(game.losses(of: phase, turn(sample)).curves.map(\.name))
        for opinion in game.opinions { #expect(curves.isSuperset(of: [opinion.real, opinion.generated]), "\(name): \(opinion), of \(curves.sorted())") }
        #expect(game.opinions.isEmpty == (name == "adversarial-autoencoder") && Set(game.opinions.map(\.domain)).count == game.opinions.count)
    }

    /// Samples are shaped as data, and images stay in range.
    @Test(arguments: names) func samplesAreShapedAsData(name: String) throws {
        let (game, sample) = try make(name), made = samples(of: game, sample)
        #expect(made.shape == Shape([3] + sample.dimensions))
        #expect(made.floats.allSatisfy { abs($0) <= 1 })
        // In evaluation the samples of a batch do not see each other.
        #expect(samples(of: game, sample).floats == made.floats)
    }

    /// Whoever is averaged is enough for samples, reconstructions and translations.
    @Test(arguments: names) func averagedPlayersAreEnough(name: String) throws {
        let ((game, sample), (copy, _)) = (try make(name), try make(name, weights: "other weights"))
        let before = samples(of: copy, sample).floats
        for (player, own) in zip(game.averagedPlayers, copy.averagedPlayers) { try own.module.load(StateDictionary(of: player.module), on: backend) }
        #expect(samples(of: copy, sample).floats == samples(of: game, sample).floats)
        #expect(samples(of: copy, sample).floats != before)
        let images = turn(sample).real
        if let first = game as? any Reconstructing, let second = copy as? any Reconstructing {
            #expect(first.reconstruct(images).shape == images.shape)
            #expect(first.reconstruct(images).floats == second.reconstruct(images).floats)
        }
    }

    /// Players and state are all that the next move depends on.
    @Test(arguments: names) func stateIsComplete(name: String) throws {
        let ((game, sample), (copy, _)) = (try make(name), try make(name, weights: "other weights"))
        for step in 0..<3 { for phase in game.phases { _ = game.losses(of: phase, turn(sample, step)) } }
        for (player, own) in zip(game.teams.flatMap(\.players), copy.teams.flatMap(\.players)) { try own.module.load(StateDictionary(of: player.module), on: backend) }
        try copy.load(game.state, on: backend)
        for phase in game.phases {
            let (own, other) = (game.losses(of: phase, turn(sample, 3)), copy.losses(of: phase, turn(sample, 3)))
            #expect(own.total.item() == other.total.item())
        }
    }

    /// Names are unique, and defaults are among the values that are allowed.
    @Test(arguments: GameCatalog.all.map { $0.name }) func settingsHoldTheirOwnDefaults(name: String) throws {
        let type = try GameCatalog.named(name), settings = GameCatalog.settings(of: type)
        #expect(Set(settings.map(\.name)).count == settings.count)
        for setting in settings {
            #expect(throws: Never.self) { try GameCatalog.resolved(type, [(setting.name, setting.standard)]) }
            #expect(!setting.summary.isEmpty && setting.summary.hasSuffix("."))
            #expect(throws: GameError.self, "\(name): \(setting.name)") { try GameCatalog.resolved(type, [(setting.name, "nothing of the kind")]) }
        }
    }

    /// What a user can ask for and not get is refused in words.
    @Test func impossibleWorldsAreRefused() throws {
        func refusal(_ name: String, _ settings: [(String, String)] = [], sample: Shape = [8, 8, 2], classes: Int = 0) -> String {
            do {
                _ = try GameCatalog.make(name, settings.map { ($0.0, $0.1) }, World(sample: sample, classes: classes, stream: stream, backend: backend))
                return ""
            } catch { return "\(error)" }
        }
        #expect(refusal("conditional").contains("classes"))
        #expect(refusal("cyclegan", sample: [8, 8, 3]).contains("[H, W, 2C]"))
        #expect(refusal("cyclegan").contains("critic.halvings"))
        #expect(refusal("cyclegan", [("critic.halvings", "1"), ("translator.halvings", "4")]).contains("translator.halvings"))
        #expect(refusal("vaegan", [("reconstruction.layer", "9")]).contains("reconstruction.layer"))
        #expect(refusal("adversarial-autoencoder", [("codeSize", "1"), ("prior.kind", "mixture")]).contains("codeSize"))
        #expect(refusal("sngan", sample: [2]).contains("square images"))
        #expect(refusal("infogan", [("networks.kind", "convolutional")], sample: [2]).contains("square images"))
    }

    /// A pool refuses what another game has saved.
    @Test func aPoolOfOtherImagesIsRefused() throws {
        let (game, _) = try make("cyclegan")
        let state = StateDictionary(["poolOfA": .init(shape: [1, 4, 4, 1], values: [Float](repeating: 0, count: 16))])
        #expect(throws: StateMismatch.self) { try game.load(state, on: backend) }
    }
}
