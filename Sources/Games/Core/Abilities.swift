import NeuralNetworks
import Tensors

/// A game that can make its own version of given samples: one with an encoder.
public protocol Reconstructing: Game {
    /// Each sample through encoder and generator, in evaluation mode.
    /// - Shape: `[N, …]` to the same; images in −1…1.
    func reconstruct(_ samples: Tensor) -> Tensor
}

/// Which way a translation goes.
public enum TranslationDirection: String, Sendable, CaseIterable {
    /// From domain A to domain B.
    case forward
    /// From domain B to domain A.
    case backward
}

/// A game that carries images from one domain to another and back.
public protocol Translating: Game {
    /// Each image in the other domain, in evaluation mode.
    /// - Shape: `[N, H, W, C]` to the same, in −1…1.
    func translate(_ images: Tensor, _ direction: TranslationDirection) -> Tensor
}

/// A game whose samples can be asked for by class: a label of the data, or a code that the game found by itself.
public protocol ClassSampling: Game {
    /// How many classes there are; the labels of ``SamplingOptions`` lie below.
    var sampleClasses: Int { get }
}

/// A game that makes its samples of latents and nothing else: there are ways between any two of them.
///
/// A prior is told by how its latents come from standard normal numbers; between normal numbers there are ways on which every place is as likely as the ends.
public protocol LatentSampling: Game {
    /// How many normal numbers a latent is made of.
    var latentNumbers: Int { get }
    /// Latents as the game draws them.
    /// - Parameter labels: The class of each, for a game that samples by class; a code that stands in the latent takes this value.
    /// - Shape: `[N, latentNumbers]`, standard normal, to `[N, …]`, what `SamplingOptions.latents` takes.
    func latents(from normal: Tensor, labels: [Int]?) -> Tensor
    /// Samples of latents in evaluation mode, which can be differentiated.
    /// - Shape: `[N, …]`, what `latents(from:labels:)` gives, to `[N, …]`; images in −1…1.
    func samples(from latents: Tensor, labels: [Int]?) -> Tensor
}

/// Where ways between samples lead.
public enum LatentSpace: String, Sendable, CaseIterable {
    /// Among latents.
    case z
    /// Among what a mapping network makes of them.
    case w
}

/// A game whose generator can see its latents through a mapping network, as StyleGAN's does: there are ways between what the mapping makes of them, too.
public protocol LatentMapping: LatentSampling {
    /// Whether this one's generator does.
    var hasMapping: Bool { get }
    /// What the mapping network makes of latents: StyleGAN's w.
    /// - Shape: `[N, …]`, what `latents(from:labels:)` gives, to `[N, numbers]`.
    func mapped(_ latents: Tensor, labels: [Int]?) -> Tensor
    /// Samples of what the mapping network made, in evaluation mode.
    /// - Shape: `[N, numbers]` to `[N, …]`; images in −1…1.
    func samples(fromMapped mapped: Tensor, labels: [Int]?) -> Tensor
}

/// A game whose critic judges samples by themselves, and not pairs with codes, codes, or translations.
public protocol SampleJudging: CriticGame {
    /// The critic's logit of each sample.
    /// - Shape: `[N, …]` to `[N]`.
    func judge(_ samples: Tensor, _ labels: [Int]?, _ context: Context) -> Tensor
    /// Whether the critic has to be told the class of each sample.
    var judgesClasses: Bool { get }
}

extension SampleJudging {
    /// It has not.
    public var judgesClasses: Bool { false }
}

extension LatentSampling {
    /// The game, if its generator sees latents through a mapping network.
    public var latentMapping: (any LatentMapping)? { (self as? any LatentMapping).flatMap { $0.hasMapping ? $0 : nil } }
    /// Standard normal latents: the numbers themselves.
    public func latents(from normal: Tensor, labels: [Int]?) -> Tensor { normal }
}

extension Tensor {
    /// Uniform numbers in −1…1 from standard normal ones, in the same order: `2 Φ(x) − 1 = erf(x / √2)`.
    var uniformFromNormal: Tensor { (self * 0.5.squareRoot()).errorFunction }
}
