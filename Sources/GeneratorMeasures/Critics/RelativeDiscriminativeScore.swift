import Evaluation
import Games
import Statistics
import Tensors
import Training

/// The normalised relative discriminative score (NRDS): how long one critic takes to tell each of several generated sets from the real one.
///
///     NRDSᵢ = Aᵢ / Σⱼ Aⱼ,   Aᵢ = area under the curve of set i's mean D(y) over epochs
///
/// A fresh critic is trained to tell real samples from those of all n sets together; the outputs of a set that is hard to tell stay high for longer. The scores of n sets have sum 1; 1/n is the
/// score of equals, more is better. They hold for these sets and this critic only. The areas are by the trapezoidal rule, from the epoch in which nothing is learnt yet.
/// Source: Zhang, Song and Qi 2018, *Decoupled learning for conditional adversarial networks*, WACV, arXiv:1801.06790, section 4.
public struct RelativeDiscriminativeScore {
    /// Epochs of training.
    public var epochs = 10
    /// Most steps of an epoch: sets without end need a number.
    public var longestEpoch = 200
    /// Real samples in a step, and as many generated ones of all sets together.
    public var batchSize = 64
    /// Channels behind the first convolution; hidden units for points.
    public var width = 32
    /// Step size of Adam.
    public var rate = 2e-4
    /// Samples of each set whose outputs are averaged.
    public var count = 1000
    /// How often all is repeated with another critic.
    public var repetitions = 3
    /// Where weights and batches come from.
    public var seed: UInt64 = 0
    /// The fraction of repetitions that intervals cover, of critics.
    public var confidence = 0.95
    /// Called with the epochs that are done and how many there will be.
    public var progress: (Int, Int) -> Void = { _, _ in }
    /// Asked between steps.
    public var isCancelled: () -> Bool = { false }

    /// 10 epochs, 3 critics.
    public init() {}

    /// The scores of several generated sets, one for each.
    /// - Throws: `EvaluationError` below two sets, for options out of range and where it is cancelled.
    public func callAsFunction(real: RealSamples, fakes: [RealSamples], on backend: any Backend) throws -> [MetricResult] {
        guard fakes.count >= 2 else { throw EvaluationError.badOption(name: "NRDS", value: "of \(fakes.count) generated set", expected: "at least 2: the score is relative") }
        for (name, value, limit) in [("--epochs", epochs, 10_000), ("--repetitions", repetitions, 1000), ("--width", width, 4096), ("-n", count, 100_000)] where !(1...limit).contains(value) {
            throw EvaluationError.badOption(name: name, value: "\(value)", expected: "a number from 1 to \(limit)")
        }
        guard confidence > 0, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        let runs = try (0..<repetitions).map { try outputs(real, fakes, RandomStream(seed: seed)["nrds"][$0], on: backend, before: $0 * epochs) }
        let scores = runs.map { Self.scores($0) }
        return fakes.indices.map { set in
            let values = scores.map { $0[set] }, n = Double(values.count), mean = values.reduce(0, +) / n
            let error = n > 1 ? (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * (n - 1))).squareRoot() : nil
            let half = error.map { $0 * StudentDistribution.quantile((1 + confidence) / 2, degreesOfFreedom: n - 1) }
            var result = MetricResult(
                metric: "nrds", value: mean, standardError: error, interval: half.map { ConfidenceInterval(lower: mean - $0, upper: mean + $0, confidence: confidence) },
                details: [.init("sets", Double(fakes.count)), .init("epochs", Double(epochs)), .init("repetitions", n)], realCount: real.source.count, fakeCount: fakes[set].source.count)
            result.curves = [.init("output", x: "epoch", y: "mean D", runs[0][set].enumerated().map { SIMD2(Double($0), $1) })]
            return result
        }
    }

    /// The areas under curves of equal length, over their sum.
    public static func scores(_ curves: [[Double]]) -> [Double] {
        let areas = curves.map { curve in zip(curve, curve.dropFirst()).reduce(0) { $0 + ($1.0 + $1.1) / 2 } }, sum = areas.reduce(0, +)
        return areas.map { $0 / sum }
    }

    /// Each set's mean output before training and after every epoch.
    private func outputs(_ real: RealSamples, _ fakes: [RealSamples], _ stream: RandomStream, on backend: any Backend, before done: Int) throws -> [[Double]] {
        let critic = FreshCritic(sample: Shape(real.source.shape), width: width, rate: rate, stream: stream, on: backend)
        let length = min(longestEpoch, max(1, (real.source.count ?? .max) / batchSize)), objective = Objective.minimax
        let judged = try fakes.map { set in
            let number = set.count(upTo: count)
            return try set.batch(set.source.spacedOut(0..<number, of: number), on: backend).samples
        }
        func means() -> [Double] { judged.map { critic.logits($0).sigmoid.mean.item() } }
        func drawn(_ set: RealSamples, _ number: Int, _ stream: RandomStream) throws -> Tensor {
            try set.batch(stream.integers(below: set.source.count ?? 1 << 30, count: number), on: backend).samples
        }
        var curves = [means()]
        for epoch in 0..<epochs {
            for step in 0..<length {
                let stream = stream[epoch][step], x = try drawn(real, batchSize, stream["real"])
                // As evenly from all sets as the batch allows; who gets the rest changes from step to step.
                let parts = try fakes.indices.compactMap { set -> Tensor? in
                    let extra = (set + step) % fakes.count < batchSize % fakes.count ? 1 : 0, number = batchSize / fakes.count + extra
                    return number > 0 ? try drawn(fakes[set], number, stream["set"][set]) : nil
                }
                let y = Tensor.concatenated(parts, axis: 0)
                let loss = critic.step { objective.criticLoss(real: critic.logits(x), fake: critic.logits(y)) }
                guard loss.isFinite else { throw TrainingError.notFinite(step: step, tensor: "the critic's loss") }
                if isCancelled() { throw EvaluationError.cancelled(isKept: false) }
            }
            curves.append(means())
            progress(done + epoch + 1, epochs * repetitions)
        }
        return fakes.indices.map { set in curves.map { $0[set] } }
    }

    /// Everything that decides the numbers beside the sets.
    public func identity(_ sets: [RealSamples]) -> FeatureIdentity {
        FeatureIdentity(["samples": "\(sets.first?.source.shape ?? [])", "sets": sets.map(\.source.name).joined(separator: ", "), "epochs": "\(epochs)", "longest_epoch": "\(longestEpoch)",
                         "batch": "\(batchSize)", "width": "\(width)", "rate": "\(rate)", "repetitions": "\(repetitions)", "seed": "\(seed)", "version": Version.current])
    }
}
