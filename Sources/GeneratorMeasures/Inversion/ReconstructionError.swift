import Evaluation
import Games
import Images
import Statistics
import Tensors
import Training

/// How near a generator can come to real samples: for each the latent is looked for that makes it best.
///
///     value = E min_z ‖G(z) − x‖² / numbers of a sample        x real, in units of −1…1
///
/// A generator that dropped modes cannot make their samples, however good the others are; less is better. The minimum is looked for by L-BFGS through the generator, from several random latents, of
/// which the best counts: an upper bound that more restarts and steps lower. The search goes over the normal numbers that latents are made of, so that it stays within a bounded prior; how far out
/// of the usual it ended is `latent_norm`, the mean of ‖z‖ / √(numbers of z), which is 1 for usual latents; a mapping network sees directions only, so behind one it says nothing.
/// Sources: Xiang and Li 2017, *On the effects of batch and weight normalization in generative adversarial networks*, arXiv:1704.03971, section 3; Metz et al. 2017, *Unrolled generative
/// adversarial networks*, section 3.4 (L-BFGS from several starts); Borji 2018, section 2.21.
public struct ReconstructionError {
    /// Real samples.
    public var count = 64
    /// Random latents from which each search begins anew.
    public var restarts = 3
    /// The most steps of a search.
    public var steps = 100
    /// Where latents come from.
    public var seed: UInt64 = 0
    /// The fraction of repetitions that the interval covers, of real samples.
    public var confidence = 0.95
    /// Called with the samples that are done and how many there are.
    public var progress: (Int, Int) -> Void = { _, _ in }
    /// Asked between evaluations of the generator.
    public var isCancelled: () -> Bool = { false }

    /// 64 samples, 3 starts, 100 steps.
    public init() {}

    /// What was found.
    public struct Found {
        /// The error.
        public let report: EvaluationReport
        /// Real images, each with its best reconstruction to the right; nil for points.
        public let picture: Image?
    }

    /// Searches that are computed together.
    private static let portion = 48

    /// The reconstruction error of a run.
    /// - Throws: `TrainingError` for a game without latents; `EvaluationError` for options out of range and where it is cancelled; what reading samples throws.
    public func callAsFunction(_ run: TrainedRun, real: RealSamples) throws -> Found {
        for (name, value, limit) in [("-n", count, 100_000), ("--restarts", restarts, 1000), ("--steps", steps, 100_000)] where !(1...limit).contains(value) {
            throw EvaluationError.badOption(name: name, value: "\(value)", expected: "a number from 1 to \(limit)")
        }
        guard confidence > 0, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        guard let game = run.trainer.averaged as? any LatentSampling, game.latentNumbers > 0 else {
            throw run.failure("\(run.trainer.configuration.game) makes no samples of latents: there is none to look for")
        }
        let total = real.count(upTo: count), places = real.source.spacedOut(0..<total, of: total), together = max(1, Self.portion / restarts)
        var best: [Reconstruction] = [], shown: [Tensor] = []
        progress(0, total)
        for start in stride(from: 0, to: total, by: together) {
            let (samples, labels) = try real.batch(Array(places[start..<min(start + together, total)]), on: run.trainer.backend)
            let found = try reconstructions(of: samples, labels, by: game, run.trainer, from: RandomStream(seed: seed)["reconstruction"][start])
            if samples.shape.rank == 4, shown.count < 64 {
                for (index, one) in found.enumerated().prefix(32 - shown.count / 2) { shown += [samples.sliced(axis: 0, index..<index + 1), self.sample(of: one, by: game, run.trainer.backend)] }
            }
            best += found
            progress(best.count, total)
        }
        return Found(report: try report(best, game, run, real), picture: shown.isEmpty ? nil : SampleGrid.image(.concatenated(shown, axis: 0), columns: 8))
    }

    /// The best latent of one sample.
    private struct Reconstruction {
        var error: Double
        var normal: [Double]
        var label: Int?
        var isConverged: Bool
    }

    private func sample(of one: Reconstruction, by game: any LatentSampling, _ backend: any Backend) -> Tensor {
        let labels = one.label.map { [$0] }
        return game.samples(from: game.latents(from: Tensor(one.normal.map { Float($0) }, shape: [1, one.normal.count], on: backend), labels: labels), labels: labels)
    }

    /// All searches of some samples side by side: those that want the generator are computed together.
    private func reconstructions(of samples: Tensor, _ labels: [Int]?, by game: any LatentSampling, _ trainer: Trainer, from stream: RandomStream) throws -> [Reconstruction] {
        let size = game.latentNumbers, images = samples.shape[0], classes = trainer.sampleClasses
        // A sample's own class where the game samples by the data's classes; otherwise every restart tries another.
        let ownLabels = classes == trainer.classCount ? labels : nil
        func label(_ image: Int, _ restart: Int) -> Int? { classes == 0 ? nil : ownLabels?[image] ?? (image + restart) % classes }
        let starts = stream.normals(images * restarts * size)
        var limits = LimitedMemorySearch.Limits()
        // The generator is float32: below this nothing but rounding is left.
        (limits.tolerance, limits.steps, limits.trials) = (1e-6, steps, 20)
        var searches = (0..<images * restarts).map { LimitedMemorySearch(from: Array(starts[$0 * size..<($0 + 1) * size]), limits) }
        while true {
            let open = searches.indices.filter { searches[$0].trial != nil }
            guard !open.isEmpty else { break }
            if isCancelled() { throw EvaluationError.cancelled(isKept: false) }
            let normal = Tensor(open.flatMap { (searches[$0].trial ?? []).map { Float($0) } }, shape: [open.count, size], on: trainer.backend).variable
            let chosen = classes == 0 ? nil : open.map { label($0 / restarts, $0 % restarts) ?? 0 }
            let made = game.samples(from: game.latents(from: normal, labels: chosen), labels: chosen), wanted = samples.gathered(open.map { $0 / restarts })
            let errors = (made - wanted).squared.sumPerSample / Double(trainer.sampleShape.count)
            let slopes = gradients(of: errors.sum, withRespectTo: [normal])[0].doubles, values = errors.doubles
            for (row, index) in open.enumerated() { searches[index].receive(values[row], Array(slopes[row * size..<(row + 1) * size])) }
        }
        return (0..<images).map { image in
            let own = image * restarts..<(image + 1) * restarts
            let index = own.reduce(own.lowerBound) { searches[$1].value < searches[$0].value ? $1 : $0 }
            return Reconstruction(error: searches[index].value, normal: searches[index].point, label: label(image, index - own.lowerBound), isConverged: searches[index].isConverged)
        }
    }

    private func report(_ best: [Reconstruction], _ game: any LatentSampling, _ run: TrainedRun, _ real: RealSamples) throws -> EvaluationReport {
        let n = Double(best.count), errors = best.map(\.error), mean = errors.reduce(0, +) / n
        let error = n > 1 ? (errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * (n - 1))).squareRoot() : nil
        let half = error.map { $0 * StudentDistribution.quantile((1 + confidence) / 2, degreesOfFreedom: n - 1) }
        let norms = best.map { ($0.normal.reduce(0) { $0 + $1 * $1 } / Double(game.latentNumbers)).squareRoot() }
        var warnings: [String] = []
        let isByClass = run.trainer.sampleClasses > 0 && (run.trainer.sampleClasses != run.trainer.classCount || real.source.classNames == nil)
        if isByClass, restarts < run.trainer.sampleClasses {
            warnings.append("every start tries another of the generator's \(run.trainer.sampleClasses) classes: with --restarts \(run.trainer.sampleClasses) a sample is looked for in all")
        }
        let result = MetricResult(
            metric: "reconstruction-error", value: mean, standardError: error, interval: half.map { ConfidenceInterval(lower: max(0, mean - $0), upper: mean + $0, confidence: confidence) },
            details: [.init("mean_squared_norm", mean * Double(run.trainer.sampleShape.count)), .init("lowest", errors.min() ?? 0), .init("highest", errors.max() ?? 0),
                      .init("latent_norm", norms.reduce(0, +) / n), .init("converged", Double(best.count { $0.isConverged }) / n), .init("restarts", Double(restarts))],
            realCount: best.count, warnings: warnings)
        let identity = try run.identity().merging(["restarts": "\(restarts)", "search_steps": "\(steps)", "seed": "\(seed)", "data_sha256": try real.source.digest()]) { own, _ in own }
        return EvaluationReport(results: [result], titles: ["Reconstruction error"], identity: FeatureIdentity(identity), realCount: best.count, warnings: real.warning.map { [$0] } ?? [])
    }
}
