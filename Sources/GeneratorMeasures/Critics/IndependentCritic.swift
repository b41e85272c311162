import Evaluation
import Games
import Tensors
import Training

/// The earth mover's distance as a critic sees it that was trained for nothing else: on halves of both sets, judged on the other halves.
///
///     value = E f(x) − E f(y)        x real, y generated, neither seen in training;  f minimises E f(y) − E f(x) + λ E (‖∇f‖ − 1)², λ = 10
///
/// About W₁ between the sets in units of −1…1 pixels, from below where the critic is too small or its training too short, from above by the bias of the penalty (a slope of 1 + W₁/2λ on a straight
/// way). `training` is the same on the halves it was trained on: much larger means that the critic learnt samples by heart. 0 and below for sets that it cannot tell apart; less is better.
/// Sources: Arjovsky et al. 2017, arXiv:1701.07875; Gulrajani et al. 2017, arXiv:1704.00028; as a measure: Danihelka et al. 2017, *Comparison of maximum likelihood and GAN-based training of Real
/// NVPs*, arXiv:1705.05263; Borji 2018, arXiv:1802.03446, section 2.9.
public struct IndependentCritic {
    /// Steps of training.
    public var steps = 1000
    /// Samples of each set in a step.
    public var batchSize = 64
    /// Channels behind the first convolution, doubled with every halving of the side; hidden units for points.
    public var width = 32
    /// Step size of Adam.
    public var rate = 1e-3
    /// Samples of each set that are judged.
    public var count = 10_000
    /// Where weights and batches come from.
    public var seed: UInt64 = 0
    /// The fraction of repetitions that the interval covers, of judged samples; another critic is not in it.
    public var confidence = 0.95
    /// Called with the steps that are taken and how many there will be.
    public var progress: (Int, Int) -> Void = { _, _ in }
    /// Asked between steps.
    public var isCancelled: () -> Bool = { false }

    /// 1000 steps of 64 samples from each set.
    public init() {}

    /// The distance of two sets of one shape.
    /// - Throws: `EvaluationError` for options out of range, too few samples and where it is cancelled; `TrainingError` for a critic that leaves the numbers.
    public func callAsFunction(real: RealSamples, fake: RealSamples, on backend: any Backend) throws -> MetricResult {
        for (name, value, limit) in [("--steps", steps, 1_000_000), ("--width", width, 4096), ("-n", count, 1_000_000)] where !(1...limit).contains(value) {
            throw EvaluationError.badOption(name: name, value: "\(value)", expected: "a number from 1 to \(limit)")
        }
        guard confidence > 0, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        let reals = try Halves(real, for: "critic", set: "real"), fakes = try Halves(fake, for: "critic", set: "generated"), stream = RandomStream(seed: seed)["critic"]
        let critic = FreshCritic(sample: Shape(real.source.shape), width: width, rate: rate, stream: stream, on: backend), penalty = GradientPenalty.interpolated()
        var course: [SIMD2<Double>] = []
        for step in 0..<steps {
            let (x, y) = (try reals.draw(batchSize, stream[step]["real"], on: backend).samples, try fakes.draw(batchSize, stream[step]["fake"], on: backend).samples)
            var distance = 0.0
            let loss = critic.step {
                let difference = critic.logits(y).mean - critic.logits(x).mean
                distance = -difference.item()
                return difference + (penalty.penalty(of: critic.logits, real: x, fake: y, stream: stream[step]) ?? difference.constant(0))
            }
            guard loss.isFinite else { throw TrainingError.notFinite(step: step, tensor: "the critic's loss") }
            if step % max(steps / 50, 1) == 0 { course.append(SIMD2(Double(step), distance)) }
            progress(step + 1, steps)
            if isCancelled() { throw EvaluationError.cancelled(isKept: false) }
        }
        let (x, y) = (try reals.judged(count, on: backend).samples, try fakes.judged(count, on: backend).samples)
        let (f, g) = (critic.allLogits(x), critic.allLogits(y)), value = Self.mean(f) - Self.mean(g)
        let seen = try Self.mean(critic.allLogits(reals.draw(x.shape[0], stream["seen"], on: backend).samples)) - Self.mean(critic.allLogits(fakes.draw(y.shape[0], stream["seen"], on: backend).samples))
        let error = (Self.variance(f) + Self.variance(g)).squareRoot()
        var result = MetricResult(
            metric: "critic", value: value, standardError: error, interval: ConfidenceInterval(normal: value, standardError: error, confidence: confidence),
            details: [.init("training", seen), .init("steps", Double(steps)), .init("judged_real", Double(f.count)), .init("judged_fake", Double(g.count))],
            realCount: real.source.count, fakeCount: fake.source.count)
        result.curves = [.init("training", x: "step", y: "distance of a batch", course)]
        return result
    }

    /// Everything that decides the number beside the sets.
    public func identity(_ sets: [RealSamples]) -> FeatureIdentity {
        FeatureIdentity(["samples": "\(sets.first?.source.shape ?? [])", "sets": sets.map(\.source.name).joined(separator: ", "), "steps": "\(steps)", "batch": "\(batchSize)", "width": "\(width)",
                         "rate": "\(rate)", "penalty": "10", "seed": "\(seed)", "version": Version.current])
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// Of the mean.
    private static func variance(_ values: [Double]) -> Double {
        let n = Double(values.count), mean = mean(values)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * max(n - 1, 1))
    }
}
