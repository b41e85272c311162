import Tensors

/// A penalty on the slope of the critic: `weight · E (‖∇ₓD(x)‖ − target)²`, the norm taken of each sample by itself, over all of its axes.
///
/// The slope is that of the logit. A critic whose logit of one sample depends on the others, as batch norm makes it, has no slope of its own per sample: do not combine them.
public struct GradientPenalty: Regulariser, Hashable {
    /// Where the slope is taken.
    public enum Place: String, Sendable, CaseIterable {
        /// At `x = ε · real + (1 − ε) · fake` with one ε for each sample, uniform on [0, 1).
        case interpolated
        /// At the real samples.
        case real
        /// At the generated samples.
        case fake
    }

    /// Name in configuration files and logs.
    public let name: String
    /// Factor of the mean.
    public let weight: Double
    /// The norm that is wanted: 1 for a Wasserstein critic, 0 for a flat one.
    public let target: Double
    /// Where the slope is taken.
    public let place: Place
    /// Whether only norms above the target are penalised.
    public let isOneSided: Bool
    /// Steps from one evaluation to the next.
    public let interval: Int

    /// A penalty at `place` towards `target`.
    public init(name: String = "gradient-penalty", weight: Double, target: Double = 1, at place: Place = .interpolated, isOneSided: Bool = false, interval: Int = 1) {
        precondition(weight >= 0 && target >= 0 && interval >= 1, "a gradient penalty of weight \(weight) towards \(target) every \(interval) steps")
        (self.name, self.weight, self.target, self.place, self.isOneSided, self.interval) = (name, weight, target, place, isOneSided, interval)
    }

    /// `weight · E (‖∇D(x̂)‖ − 1)²` between real and fake. Source: Gulrajani et al. 2017, *Improved training of Wasserstein GANs*, equation 3; one-sided: section 4.
    public static func interpolated(weight: Double = 10, target: Double = 1, isOneSided: Bool = false) -> GradientPenalty {
        GradientPenalty(weight: weight, target: target, isOneSided: isOneSided)
    }

    /// `γ/2 · E ‖∇D(x)‖²` at the real samples. Source: Mescheder et al. 2018, *Which training methods for GANs do actually converge?*, equation 9.
    public static func r1(gamma: Double, interval: Int = 1) -> GradientPenalty {
        GradientPenalty(name: "r1", weight: gamma / 2, target: 0, at: .real, interval: interval)
    }

    /// `γ/2 · E ‖∇D(x)‖²` at the generated samples. Source: Mescheder et al. 2018, equation 10.
    public static func r2(gamma: Double, interval: Int = 1) -> GradientPenalty {
        GradientPenalty(name: "r2", weight: gamma / 2, target: 0, at: .fake, interval: interval)
    }

    /// The penalty; both batches are taken as constants.
    public func penalty(of critic: (Tensor) -> Tensor, real: Tensor, fake: Tensor, stream: RandomStream) -> Tensor? {
        let samples = switch place {
        case .real: real
        case .fake: fake
        case .interpolated: Self.mixture(of: real.detached, and: fake.detached, shares: shares(like: real, stream))
        }
        return penalty(of: critic, at: samples)
    }

    /// The penalty at given samples.
    /// - Shape: samples `[N, …]`; the result is one number.
    public func penalty(of critic: (Tensor) -> Tensor, at samples: Tensor) -> Tensor {
        let slope = Self.slope(of: critic, at: samples).flattened
        // Not the square of a root: a flat critic, whose norm is 0, keeps its second derivative.
        guard target > 0 else { return slope.squared.sumPerSample.mean * weight }
        let excess = slope.normPerSample - target
        return (isOneSided ? excess.relu : excess).squared.mean * weight
    }

    /// `∇ₓD(x)` for each sample, which can be differentiated again.
    /// - Shape: that of the samples.
    public static func slope(of critic: (Tensor) -> Tensor, at samples: Tensor) -> Tensor {
        let variable = samples.variable
        let logits = critic(variable)
        precondition(logits.shape.rank > 0 && logits.shape[0] == samples.shape[0], "a critic gave \(logits.shape) for samples of \(samples.shape)")
        return gradients(of: logits.sum, withRespectTo: [variable], createGraph: true)[0]
    }

    /// `share · real + (1 − share) · fake`, one share for each sample.
    /// - Shape: both `[N, …]`, shares `[N]`.
    public static func mixture(of real: Tensor, and fake: Tensor, shares: Tensor) -> Tensor {
        precondition(real.shape == fake.shape && shares.shape == [real.shape[0]], "\(real.shape) and \(fake.shape) mixed by \(shares.shape)")
        let share = shares.reshaped(Shape([real.shape[0]] + [Int](repeating: 1, count: real.shape.rank - 1)))
        return fake + (real - fake) * share
    }

    private func shares(like real: Tensor, _ stream: RandomStream) -> Tensor {
        stream["gradient penalty"].uniform([real.shape[0]], type: real.elementType, on: real.backend)
    }
}
