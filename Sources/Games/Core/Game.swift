import NeuralNetworks
import Tensors

/// One who moves in a game: a network under a name.
public struct Player {
    /// `generator`, `discriminator`, `encoder`, …
    public let name: String
    /// The network.
    public let module: any Module

    /// A player.
    public init(_ name: String, _ module: any Module) { (self.name, self.module) = (name, module) }
}

/// Players who move together, with one optimizer and one learning rate: two teams with different ones are the two-time-scale update rule (TTUR).
public struct Team {
    /// `generator`, `critic`, …
    public let name: String
    /// Who belongs to it.
    public let players: [Player]
    /// How its weights follow its gradients.
    public let settings: TeamSettings

    /// A team.
    public init(_ name: String, _ players: [Player], _ settings: TeamSettings) { (self.name, self.players, self.settings) = (name, players, settings) }

    /// Every parameter of the team: `player.layer.weight`.
    public var parameters: [(name: String, parameter: Parameter)] {
        players.flatMap { player in player.module.parameters.map { ("\(player.name).\($0.name)", $0.parameter) } }
    }

    /// The move of this team, under its name, as often in a step as its settings say.
    public var phase: Phase { Phase(name, team: name, repeats: settings.repeats) }
}

/// A move: which team, how often in one step, and in which steps.
public struct Phase: Hashable, Sendable {
    /// Name in logs, and what a game's `losses` tells phases apart by.
    public let name: String
    /// Who moves.
    public let team: String
    /// Moves in one step, each with a fresh batch.
    public let repeats: Int
    /// Every how many steps.
    public let interval: Int

    /// A phase.
    public init(_ name: String, team: String, repeats: Int = 1, interval: Int = 1) {
        (self.name, self.team, self.repeats, self.interval) = (name, team, repeats, interval)
    }
}

/// What one move is computed from.
public struct Turn {
    /// Real data, images in −1…1.
    /// - Shape: `[N, H, W, C]`, or `[N, dimensions]` for toy distributions.
    public let real: Tensor
    /// Class of each, where the data has classes.
    public let labels: [Int]?
    /// Random numbers of this move and no other.
    public let stream: RandomStream
    /// Number of finished steps.
    public let step: Int
    /// What layers are told.
    public let context: Context

    /// A turn.
    public init(real: Tensor, labels: [Int]?, stream: RandomStream, step: Int) {
        (self.real, self.labels, self.stream, self.step) = (real, labels, stream, step)
        context = Context(isTraining: true, stream: stream["layers"])
    }

    /// Number of samples.
    public var count: Int { real.shape[0] }
}

/// What a team wants to become small, and numbers worth a curve.
public struct Losses {
    /// The number that is differentiated, of rank 0.
    public var total: Tensor
    /// Named numbers for the log.
    public var curves: [(name: String, value: Tensor)]

    /// Losses of a move.
    public init(_ total: Tensor, _ curves: [(name: String, value: Tensor)] = []) {
        self.total = total
        self.curves = curves.map { ($0.name, $0.value.detached) }
    }
}

/// What the networks must fit: extents of a sample and the number of classes.
public struct World {
    /// Extents of one sample: `[H, W, C]`, or `[dimensions]`.
    public let sample: Shape
    /// Number of classes; 0 without labels.
    public let classes: Int
    /// Where initial weights come from.
    public let stream: RandomStream
    /// What computes.
    public let backend: any Backend

    /// A world.
    public init(sample: Shape, classes: Int, stream: RandomStream, backend: any Backend) {
        (self.sample, self.classes, self.stream, self.backend) = (sample, classes, stream, backend)
    }
}

/// A game of the article: players in teams, who move in phases, each on its losses.
public protocol Game: AnyObject {
    /// Everything that can be chosen about the game.
    associatedtype Configuration: GameConfiguration
    /// Name on the command line: `wgan-gp`.
    static var name: String { get }
    /// One line for `games list`.
    static var summary: String { get }
    /// The paper: authors, title, venue.
    static var source: String { get }

    /// The defaults of this game.
    static var standard: Configuration { get }
    /// Fresh networks for a world.
    init(_ configuration: Configuration, _ world: World) throws(GameError)
    /// Who plays.
    var teams: [Team] { get }
    /// In which order they move.
    var phases: [Phase] { get }
    /// What the moving team wants to become small.
    func losses(of phase: Phase, _ turn: Turn) -> Losses
    /// Called after the weights of a team have moved: the place of weight clipping.
    func moved(_ phase: Phase)
    /// The team whose weights are averaged for sampling.
    var averagedTeam: String { get }
    /// The players whose weights are averaged: all that sampling and reconstructing need.
    var averagedPlayers: [Player] { get }
    /// Numbers that the game keeps between moves besides its networks: a pool of old samples, an adapted probability.
    var state: StateDictionary { get }
    /// Takes them back.
    /// - Throws: ``StateMismatch`` for numbers of another game.
    func load(_ state: StateDictionary, on backend: any Backend) throws(StateMismatch)
    /// Samples of the generator, as the data is: `[N, H, W, C]` in −1…1, or `[N, dimensions]`.
    func samples(_ count: Int, _ options: SamplingOptions, _ stream: RandomStream) -> Tensor
}

extension Game {
    /// The defaults of the configuration.
    public static var standard: Configuration { Configuration() }
    /// Nothing.
    public func moved(_ phase: Phase) {}
    /// Nothing.
    public var state: StateDictionary { StateDictionary() }
    /// Nothing.
    public func load(_ state: StateDictionary, on backend: any Backend) throws(StateMismatch) {}
    /// `generator`.
    public var averagedTeam: String { "generator" }
    /// The averaged team's.
    public var averagedPlayers: [Player] { team(averagedTeam).players }
    /// The team of that name.
    public func team(_ name: String) -> Team {
        guard let team = teams.first(where: { $0.name == name }) else { preconditionFailure("\(Self.name) has no team \(name)") }
        return team
    }
}

/// What can be asked of a generator besides a number of samples.
public struct SamplingOptions: Sendable {
    /// Class of each sample, where the game knows classes.
    public var labels: [Int]?
    /// ψ: latents are scaled by this, or what a mapping network makes of them is drawn towards its mean; below 1 fidelity grows and diversity shrinks.
    public var truncation = 1.0
    /// Latents to use instead of fresh ones, `[N, latent]`.
    public var latents: [Float]?

    /// Fresh latents, no classes.
    public init(labels: [Int]? = nil, truncation: Double = 1, latents: [Float]? = nil) {
        (self.labels, self.truncation, self.latents) = (labels, truncation, latents)
    }

    /// The latents that are given, or fresh ones, truncated.
    func latents(_ shape: Shape, on backend: any Backend, fresh: () -> Tensor) -> Tensor {
        latents.map { Tensor($0, shape: shape, on: backend) } ?? (truncation == 1 ? fresh() : fresh() * truncation)
    }
}

/// What a user can ask of a game that it cannot do.
public struct GameError: Error, Equatable, CustomStringConvertible {
    /// One line.
    public let description: String
    /// An error that says this.
    public init(_ description: String) { self.description = description }
}
