import Tensors

/// What a critic and a generator play for: a loss for each, both functions of the critic's logits.
///
/// The critic yields a logit s; where a probability is meant it is that of being real, `D = σ(s) = P(real)`. Below, r are the logits of real samples,
/// f those of generated ones, E the mean over the batch, and `sp(x) = ln(1 + eˣ)`. Both losses are minimised.
///
/// | objective | critic | generator |
/// |---|---|---|
/// | minimax | `E sp(−r) + E sp(f)` | `−E sp(f) = E ln(1 − D)` |
/// | non-saturating | the same | `E sp(−f) = −E ln D` |
/// | maximum likelihood | the same | `−E exp(f) = −E D / (1 − D)` |
/// | hinge | `E max(1 − r, 0) + E max(1 + f, 0)` | `−E f` |
/// | least squares | `½ E (r − b)² + ½ E (f − a)²` | `½ E (f − c)²` |
/// | Wasserstein | `E f − E r` | `−E f` |
public enum Objective: Hashable, Sendable {
    /// The value function of the two-player game itself; its generator's derivative vanishes where the critic wins.
    /// At the best critic it is `2 JSD(p‖q) − 2 ln 2`. Source: Goodfellow et al. 2014, equation 1.
    case minimax
    /// The generator maximises the log-probability of being taken for real instead. Source: Goodfellow et al. 2014, section 3.
    case nonSaturating
    /// At the best critic the generator's derivative is that of the likelihood, `∇KL(p‖q)`.
    ///
    /// The loss grows as eᶠ, so one sample with a large logit would drown a batch in float32: logits are cut off at `logitClip`, and samples beyond it
    /// have no derivative. 8 suits float32; nil keeps the formula exact. Source: Goodfellow 2014, *On distinguishability criteria for estimating generative models*.
    case maximumLikelihood(logitClip: Double? = nil)
    /// At the best critic its loss is `2 − 2 TV(p, q)`. Source: Lim and Ye 2017, *Geometric GAN*; Miyato et al. 2018.
    case hinge
    /// Squares towards the labels a (fake), b (real) and c (what the generator wants). With b − c = 1 and b − a = 2 it is Pearson's `χ²(p + q ‖ 2q)` over 2.
    /// Source: Mao et al. 2017, *Least squares generative adversarial networks*, equations 2 and 9.
    case leastSquares(a: Double = 0, b: Double = 1, c: Double = 1)
    /// The difference of means, meant for critics that some regulariser keeps Lipschitz. Source: Arjovsky et al. 2017, *Wasserstein GAN*, equation 2.
    case wasserstein

    /// One of each kind, with its usual constants.
    public static let all: [Objective] = [.minimax, .nonSaturating, .maximumLikelihood(logitClip: 8), .hinge, .leastSquares(), .wasserstein]

    /// The objective of this name with its usual constants; nil when there is none.
    public init?(name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// Name in configuration files: `minimax`, `non-saturating`, `maximum-likelihood`, `hinge`, `least-squares`, `wasserstein`.
    public var name: String {
        switch self {
        case .minimax: "minimax"
        case .nonSaturating: "non-saturating"
        case .maximumLikelihood: "maximum-likelihood"
        case .hinge: "hinge"
        case .leastSquares: "least-squares"
        case .wasserstein: "wasserstein"
        }
    }

    /// What the critic minimises.
    /// - Shape: logits of any shape, usually `[N]`, `[N, 1]` or, for patches, `[N, H, W, 1]`; the result is one number.
    public func criticLoss(real: Tensor, fake: Tensor) -> Tensor { realTerms(real).mean + fakeTerms(fake).mean }

    /// What the generator minimises.
    /// - Shape: logits of any shape; the result is one number.
    public func generatorLoss(fake: Tensor) -> Tensor { generatorTerms(fake).mean }

    /// What a team minimises that makes both sides: the fakes, and something that the critic sees beside the reals, such as BiGAN's codes.
    ///
    /// Exchanging the labels and reflecting the logits leaves every critic's loss as it is, so a real sample counts as a fake with the reflected logit.
    public func generatorLoss(real: Tensor, fake: Tensor) -> Tensor { generatorTerms(fake).mean + generatorTerms(reflected(real)).mean }

    /// The critic's loss of each real sample, before the mean.
    public func realTerms(_ logits: Tensor) -> Tensor {
        switch self {
        case .minimax, .nonSaturating, .maximumLikelihood: (-logits).softplus
        case .hinge: (1 - logits).relu
        case let .leastSquares(_, b, _): (logits - b).squared * 0.5
        case .wasserstein: -logits
        }
    }

    /// The critic's loss of each generated sample, before the mean.
    public func fakeTerms(_ logits: Tensor) -> Tensor {
        switch self {
        case .minimax, .nonSaturating, .maximumLikelihood: logits.softplus
        case .hinge: (1 + logits).relu
        case let .leastSquares(a, _, _): (logits - a).squared * 0.5
        case .wasserstein: logits
        }
    }

    /// The generator's loss of each generated sample, before the mean.
    public func generatorTerms(_ logits: Tensor) -> Tensor {
        switch self {
        case .minimax: -logits.softplus
        case .nonSaturating: (-logits).softplus
        case let .maximumLikelihood(clip): -(clip.map { logits.clamped(-.infinity, $0) } ?? logits).exponential
        case .hinge, .wasserstein: -logits
        case let .leastSquares(_, _, c): (logits - c).squared * 0.5
        }
    }

    /// The logit that says of the exchanged labels what `logits` says of the labels: −s, or a + b − s where the labels are the numbers a and b.
    public func reflected(_ logits: Tensor) -> Tensor {
        if case let .leastSquares(a, b, _) = self { (a + b) - logits } else { -logits }
    }
}
