import Tensors

/// What keeps a critic tame: a penalty added to its loss, a constraint on its weights, or both. A value, usable by every game that has a critic.
///
/// A critic is any function of a batch; its result has one logit, or one map of logits, for each sample.
public protocol Regulariser: Sendable {
    /// Name in configuration files and logs, such as `r1`.
    var name: String { get }
    /// Steps of the critic from one evaluation of the penalty to the next, k; a lazy penalty (k > 1) counts k times.
    /// Source: Karras et al. 2020, *Analyzing and improving the image quality of StyleGAN*, appendix B.
    var interval: Int { get }

    /// What is added to the critic's loss, or nil if this regulariser has no penalty.
    ///
    /// - Parameters:
    ///   - critic: From samples `[N, …]` to logits `[N]` or `[N, …]`. Its weights may be variables: the result can be differentiated with respect to them.
    ///   - real: Real samples, `[N, …]`.
    ///   - fake: Generated samples of the same shape.
    ///   - stream: Where random numbers come from; give every step its own.
    /// - Returns: One number.
    func penalty(of critic: (Tensor) -> Tensor, real: Tensor, fake: Tensor, stream: RandomStream) -> Tensor?

    /// A weight of the critic as the constraint wants it, applied to every weight after every step of the critic.
    func constrained(_ weight: Tensor) -> Tensor
}

extension Regulariser {
    /// Every step.
    public var interval: Int { 1 }

    /// No penalty.
    public func penalty(of critic: (Tensor) -> Tensor, real: Tensor, fake: Tensor, stream: RandomStream) -> Tensor? { nil }

    /// No constraint.
    public func constrained(_ weight: Tensor) -> Tensor { weight }

    /// What step number `step` of the critic adds to its loss: k · penalty on every k-th step from step 0 on, nil between.
    public func loss(at step: Int, of critic: (Tensor) -> Tensor, real: Tensor, fake: Tensor, stream: RandomStream) -> Tensor? {
        guard step % interval == 0, let penalty = penalty(of: critic, real: real, fake: fake, stream: stream) else { return nil }
        return interval == 1 ? penalty : penalty * Double(interval)
    }

    /// `k / (k + 1)`, by which a lazy penalty scales the learning rate and into which it raises the optimizer's β, since k + 1 updates stand for k; 1 if it is not lazy.
    public var lazyScale: Double { interval == 1 ? 1 : Double(interval) / Double(interval + 1) }
}
