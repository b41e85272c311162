import Evaluation
import Games
import Tensors
import Training

/// How much a generator's pictures change along short steps through its latents: smooth, disentangled generators have short paths.
///
///     PPL = E[ d(G(way(a, b; t)), G(way(a, b; t + ε))) / ε² ]      over the values between the 1st and the 99th percentile
///
/// with a perceptual distance d that is a square, as LPIPS is. In z the way is a great circle (``Convention/stylegan``) or a straight line, in w always a straight line; t is uniform on [0, 1)
/// (full) or 0 (end). At least 0; less is smoother. Source: Karras, Laine and Aila, *A style-based generator architecture for generative adversarial networks*, CVPR 2019, section 4.1.
///
/// StyleGAN brings latents to unit length on the way, because its generator does so itself; here the length changes evenly from one end's to the other's, which for its generator is the same.
public struct PerceptualPathLength {
    /// Whose definition. They differ in more than parameters, and so do their numbers.
    ///
    /// | | stylegan | torch-fidelity | torchmetrics |
    /// |---|---|---|---|
    /// | t | uniform | 0 | 0 |
    /// | way in z | great circle | straight | straight |
    /// | pictures | float32 | rounded to 8 bits | float32 |
    /// | size | averaged down to 256 where larger | 64 | 64 |
    /// | upper percentile | rounded up | rounded up | rounded down |
    public enum Convention: String, Sendable, CaseIterable {
        /// StyleGAN, StyleGAN2, StyleGAN2-ADA, StyleGAN3.
        case stylegan
        /// torch-fidelity 0.4. Steps of 1e-4 rarely change an 8-bit picture at all, so that its numbers measure rounding more than paths.
        case torchFidelity = "torch-fidelity"
        /// torchmetrics 1.9.
        case torchmetrics
    }

    /// Where on the way the step is.
    public enum Sampling: String, Sendable, CaseIterable {
        /// Anywhere.
        case full
        /// At its beginning: PPL-end.
        case end
    }

    /// Whose definition.
    public var convention = Convention.stylegan
    /// Where the way is.
    public var space = LatentSpace.z
    /// Where on the way the step is; the convention's when nil.
    public var sampling: Sampling?
    /// How two latents are joined in z; the convention's when nil.
    public var way: LatentWalk.Kind?
    /// ε: which part of the way a step is.
    public var step = 1e-4
    /// Whether pictures are cut to the middle of the face, rows 3/8 to 7/8 and columns 2/8 to 6/8, as StyleGAN does for FFHQ.
    public var crops = false
    /// Side to which pictures are brought before they are compared; the convention's when nil.
    public var side: Int?
    /// Classes that ways are drawn in; all that the game has when nil.
    public var classes: [Int]?
    /// How many steps are measured; the papers take 50 000.
    public var count = 10_000
    /// Where latents come from.
    public var seed: UInt64 = 0
    /// The fraction of repetitions that the interval covers.
    public var confidence = 0.95
    /// Cores that compare pictures.
    public var workers = 1
    /// Called with the steps that are measured and how many there will be.
    public var progress: (Int, Int) -> Void = { _, _ in }
    /// Asked between batches.
    public var isCancelled: () -> Bool = { false }

    /// StyleGAN's, in z, anywhere on the way.
    public init() {}

    /// One way and the place of the step on it.
    public struct Path: Sendable {
        /// Standard normal numbers of both ends.
        public var first, second: [Double]
        /// t.
        public var share: Double
        /// The class, in a game that samples by class.
        public var label: Int?

        /// A path.
        public init(_ first: [Double], _ second: [Double], share: Double, label: Int? = nil) { (self.first, self.second, self.share, self.label) = (first, second, share, label) }
    }

    /// Steps whose pictures are made together, whatever the number of steps.
    static let portion = 16

    /// The perceptual path length of a trained game.
    ///
    /// The interval is of the trimmed mean over the generator's latents.
    /// - Throws: ``TrainingError`` for a run of points, or a game without latents or, for w, without a mapping network; `EvaluationError` for pictures too small for the distance, options out
    ///   of range, and where it is cancelled.
    public func callAsFunction(_ run: TrainedRun, distance: any PairMeasure) throws -> EvaluationReport {
        let trainer = run.trainer
        guard trainer.sampleShape.rank == 3 else { throw run.failure("its samples are points of shape \(trainer.sampleShape), which no perceptual distance compares") }
        guard let game = trainer.averaged as? any LatentSampling, game.latentNumbers > 0 else {
            throw run.failure("\(trainer.configuration.game) makes no samples of latents: there is no path to measure")
        }
        guard space == .z || game.latentMapping != nil else { throw run.failure("this \(trainer.configuration.game) has no mapping network, so there is no w: measure in z") }
        guard (2...10_000_000).contains(count) else { throw EvaluationError.badOption(name: "-n", value: "\(count)", expected: "a number from 2 to 10000000") }
        guard step > 0, step <= 1 else { throw EvaluationError.badOption(name: "--epsilon", value: "\(step)", expected: "a number above 0 and up to 1") }
        guard confidence > 0, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        let stream = RandomStream(seed: seed)["path length"]
        let classes = classes ?? Array(0..<trainer.sampleClasses)
        var values: [Double] = []
        progress(0, count)
        for start in stride(from: 0, to: count, by: Self.portion) {
            let paths = self.paths(stream[start / Self.portion], numbers: game.latentNumbers, classes: classes)
            values += try distances(game, along: paths, distance, on: trainer.backend).prefix(count - start)
            progress(values.count, count)
            if isCancelled() { throw EvaluationError.cancelled(isKept: false) }
        }
        return EvaluationReport(results: [try result(values)], titles: ["PPL (\(space.rawValue), \(place.rawValue); \(distance.title))"],
                                identity: FeatureIdentity(try run.identity().merging(identity(distance, classes)) { own, _ in own }), fakeCount: count)
    }

    /// d/ε² of each path, in order.
    /// - Parameter paths: at most ``portion`` and always as many give the same bits for a path whatever the others.
    /// - Throws: `EvaluationError` for pictures too small for the distance.
    public func distances(_ game: any LatentSampling, along paths: [Path], _ distance: any PairMeasure, on backend: any Backend) throws -> [Double] {
        let form = PictureForm(convention, crops: crops, side: side)
        let samples = samples(game, paths, backend)
        let pictures = try form.pictures(samples, atLeast: distance.smallestSide, for: distance.title)
        let pairs = paths.indices.map { (pictures[$0], pictures[paths.count + $0]) }
        return distance.values(pairs, workers: workers).map { $0 / (step * step) }
    }

    /// Mean and interval of the paths' values.
    /// - Throws: `tooFewImages` below two values.
    public func result(_ values: [Double]) throws(EvaluationError) -> MetricResult {
        let mean = try PercentileMean(values, roundsUp: convention != .torchmetrics)
        return MetricResult(
            metric: "path-length", value: mean.mean, standardError: mean.standardError, interval: mean.interval(confidence),
            details: [.init("std", mean.deviation), .init("lowest_kept", mean.bounds.lowerBound), .init("highest_kept", mean.bounds.upperBound), .init("kept", Double(mean.kept)), .init("epsilon", step)],
            fakeCount: values.count)
    }

    private var place: Sampling { sampling ?? (convention == .stylegan ? .full : .end) }
    private var kind: LatentWalk.Kind { space == .w ? .linear : way ?? (convention == .stylegan ? .spherical : .linear) }

    private func paths(_ stream: RandomStream, numbers: Int, classes: [Int]) -> [Path] {
        let ends = stream["ends"].normals(2 * Self.portion * numbers), labels = stream["classes"].integers(below: max(classes.count, 1), count: Self.portion)
        return (0..<Self.portion).map { index in
            let start = 2 * index * numbers
            return Path(Array(ends[start..<start + numbers]), Array(ends[start + numbers..<start + 2 * numbers]),
                        share: place == .end ? 0 : Double(stream["places"].uniform(index)), label: classes.isEmpty ? nil : classes[labels[index]])
        }
    }

    /// Samples at the beginnings of all steps, then at their ends.
    private func samples(_ game: any LatentSampling, _ paths: [Path], _ backend: any Backend) -> Tensor {
        let labels = paths.contains { $0.label == nil } ? nil : paths.compactMap(\.label) + paths.compactMap(\.label)
        func rows(_ rows: [[Double]]) -> Tensor { Tensor(rows.flatMap { $0.map { Float($0) } }, shape: [rows.count, rows.first?.count ?? 0], on: backend) }
        func steps(_ ends: (Int) -> ([Double], [Double])) -> Tensor {
            rows([0, step].flatMap { further in
                paths.indices.map { index in
                    let (first, second) = ends(index)
                    return LatentWalk.between(first, second, paths[index].share + further, kind)
                }
            })
        }
        if space == .z, kind == .spherical {
            // Through the normal numbers that latents are made of, so that it stays within a uniform prior too.
            return game.samples(from: game.latents(from: steps { (paths[$0].first, paths[$0].second) }, labels: labels), labels: labels)
        }
        let latents = game.latents(from: rows(paths.map(\.first) + paths.map(\.second)), labels: labels)
        let mapping = space == .w ? game.latentMapping : nil
        let joined = mapping?.mapped(latents, labels: labels) ?? latents
        let values = joined.doubles, size = joined.shape.count / joined.shape[0]
        let way = steps { index in (Array(values[index * size..<(index + 1) * size]), Array(values[(paths.count + index) * size..<(paths.count + index + 1) * size])) }
        return mapping?.samples(fromMapped: way, labels: labels) ?? game.samples(from: way, labels: labels)
    }

    private func identity(_ distance: any PairMeasure, _ classes: [Int]) -> [String: String] {
        var identity = distance.identity
        identity["convention"] = convention.rawValue
        identity["space"] = space.rawValue
        identity["sampling"] = place.rawValue
        identity["path"] = kind.rawValue
        identity["epsilon"] = "\(step)"
        identity["crop"] = "\(crops)"
        identity["side"] = side.map(String.init) ?? "convention"
        identity["seed"] = "\(seed)"
        if !classes.isEmpty { identity["classes"] = classes.map(String.init).joined(separator: ",") }
        return identity
    }
}
