import NeuralNetworks
import Tensors

/// Settings of a game that has a critic.
public protocol CriticConfiguration: GameConfiguration {
    /// What the teams play for and what constrains the critic.
    var critic: CriticSettings { get set }
    /// How the critic moves.
    var criticTeam: TeamSettings { get set }
}

/// A game in which the team `critic` tells real from made: it moves first, and what constrains its weights is applied after each of its moves.
public protocol CriticGame: Game where Configuration: CriticConfiguration {
    /// The choices.
    var configuration: Configuration { get }
    /// What its critics say of data, which they could know by heart; empty where they see none.
    var opinions: [OpinionCurves] { get }
}

/// The curves among the losses of the team `critic` that tell what a critic thinks of real and of generated samples, in the mean.
public struct OpinionCurves: Sendable, Hashable {
    /// The domain whose samples it judges, where there are several critics.
    public let domain: String?
    /// Names of the curves.
    public let real, generated: String

    /// Curves of these names.
    public init(domain: String? = nil, real: String = "real logit", generated: String = "critic fake logit") { (self.domain, self.real, self.generated) = (domain, real, generated) }
}

extension CriticGame {
    /// What the teams play for.
    public var objective: Objective { configuration.critic.objective }

    /// One critic's logits.
    public var opinions: [OpinionCurves] { [OpinionCurves()] }

    /// The critic moves first, then the others in their order, each as often as its settings say.
    public var phases: [Phase] { teams.filter { $0.name == "critic" }.map(\.phase) + teams.filter { $0.name != "critic" }.map(\.phase) }

    /// Applies constraints on the critic's weights, such as clipping.
    public func moved(_ phase: Phase) {
        guard phase.team == "critic" else { return }
        for regulariser in configuration.critic.regularisers {
            for (_, parameter) in team("critic").parameters { parameter.tensor = regulariser.constrained(parameter.tensor) }
        }
    }
}

/// What constrains a critic, as a setting.
public struct CriticSettings: Sendable, Hashable {
    /// What the teams play for.
    public var objective: Objective
    /// λ of the gradient penalty; 0 for none.
    public var gradientPenalty: Double
    /// Slope that the gradient penalty pulls towards: 1, or 0.
    public var penaltyTarget: Double
    /// γ of R1, the squared slope at real samples; 0 for none.
    public var r1: Double
    /// γ of R2, the squared slope at generated samples; 0 for none.
    public var r2: Double
    /// Bound of the critic's weights; 0 for none.
    public var clipping: Double

    /// An objective with the regularisers that are named.
    public init(_ objective: Objective = .nonSaturating, gradientPenalty: Double = 0, penaltyTarget: Double = 1, r1: Double = 0, r2: Double = 0, clipping: Double = 0) {
        (self.objective, self.gradientPenalty, self.penaltyTarget) = (objective, gradientPenalty, penaltyTarget)
        (self.r1, self.r2, self.clipping) = (r1, r2, clipping)
    }

    /// The regularisers that are switched on.
    public var regularisers: [any Regulariser] {
        var all: [any Regulariser] = []
        if gradientPenalty > 0 { all.append(GradientPenalty(weight: gradientPenalty, target: penaltyTarget)) }
        if r1 > 0 { all.append(GradientPenalty.r1(gamma: r1)) }
        if r2 > 0 { all.append(GradientPenalty.r2(gamma: r2)) }
        if clipping > 0 { all.append(WeightClipping(limit: clipping)) }
        return all
    }

    /// The fields inside a configuration.
    public static func fields<Root>(_ path: WritableKeyPath<Root, CriticSettings> & Sendable) -> [Field<Root>] {
        [Field<CriticSettings>.choice("objective", \.objective, Objective.all.map { ($0.name, $0) }, named: { $0.name }, "What the teams play for."),
         .number("gradientPenalty", \.gradientPenalty, 0...1e6, "Weight of the penalty on the critic's slope between real and generated samples; 0 for none."),
         .number("penaltyTarget", \.penaltyTarget, 0...1e3, "Slope that the gradient penalty pulls towards."),
         .number("r1", \.r1, 0...1e6, "γ of R1: γ/2 times the squared slope at real samples; 0 for none."),
         .number("r2", \.r2, 0...1e6, "γ of R2: γ/2 times the squared slope at generated samples; 0 for none."),
         .number("clipping", \.clipping, 0...1e3, "Bound of every weight of the critic; 0 for none."),
        ].map { $0.inside("critic", path) }
    }
}

extension Objective {
    /// The logit of a critic who cannot decide, so that `E sign(D(x) − indifference)` is the r_t that ADA keeps at 0.6 (Karras et al. 2020, arXiv:2006.06676); nil for Wasserstein's, which
    /// may add any number to all logits.
    public var indifference: Double? {
        switch self {
        case .minimax, .nonSaturating, .maximumLikelihood, .hinge: 0
        case let .leastSquares(a, b, _): (a + b) / 2
        case .wasserstein: nil
        }
    }
}
