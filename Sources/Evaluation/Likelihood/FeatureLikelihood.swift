#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Feature likelihood divergence (FLD) and score (FLS): how likely images that a generator has not seen are under Gaussians around its images, whose widths were fitted to what it was trained on. A
/// Gaussian around a copy of a training image shrinks to a point and helps no unseen image: so memorisation is punished beside lack of fidelity and of variety.
///
///     FLD = 100 · (NLL_generated − NLL_training)          FLS = 100 · exp(−2 · (NLL_generated − NLL_training))
///
/// NLL is the mean over unseen real images of −ln p/d (`FeatureMixture`); for NLL_training the Gaussians stand around one half of the training set and are fitted to the other.
/// Source: Jiralerspong et al. 2023, *Feature likelihood divergence*, arXiv:2302.04440, equations 3 to 5, with the settings of `fld` (features standardised by the unseen images, start at the
/// nearest image, Adam at 0.5, at most 50 rounds of batches of 10 000, a Gaussian around the mean for what lies far) and, for FLS, those of dgm-eval (standardised by all sets, 100 rounds at 0.5
/// and from the 50th on at 0.05, start at σ = 1). Sets are drawn down to 10 000 images (a training set to 20 000 for its halves) at random, by the command from 20 000 evenly spaced, for FLS all to one size; `fld` keeps larger training sets, which would need more memory than is allowed here.
public struct FeatureLikelihood: Sendable, Hashable {
    /// Which.
    public enum Form: String, Sendable, Hashable {
        /// The divergence; smaller is better, about 0 for generators as good as the training set.
        case fld
        /// The score; larger is better, about 100 for generators as good as the training set.
        case fls
    }

    /// Which.
    public var form: Form
    /// Most images of a set.
    public var limit: Int
    /// Seed of the halves of the training set and of random subsets.
    public var seed: UInt32

    /// The authors' settings, or others.
    public init(_ form: Form = .fld, limit: Int = 10_000, seed: UInt32 = 2020) { (self.form, self.limit, self.seed) = (form, limit, seed) }

    /// The divergence or score.
    ///
    /// Details: both likelihoods. The interval covers what infinitely many unseen images would give for this generated and this training set.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than 4 images in a set; `badOption` for a limit below 4.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, training: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        for set in [fake, training] where set.dimension != real.dimension { throw .dimensionMismatch(first: real.dimension, second: set.dimension) }
        for (name, set) in [("real", real), ("generated", fake), ("training", training)] where set.count < 4 { throw .tooFewImages(metric: form.rawValue, set: name, needed: 4, found: set.count) }
        guard limit >= 4 else { throw .badOption(name: "limit", value: "\(limit)", expected: "at least 4") }
        var generator = MersenneTwister(seed: seed)
        let size = form == .fld ? limit : min(limit, real.count, fake.count, training.count / 2)
        func drawn(_ set: FeatureSet, _ count: Int) -> FeatureSet { count < set.count ? set.rows(generator.choice(count, of: set.count)) : set }
        let generated = drawn(fake, size), unseen = drawn(real, size), trained = training.rows(generator.permutation(training.count).prefix(2 * limit))
        let half = form == .fld ? min(size, trained.count / 2) : size
        let scale = form == .fld ? Standardisation([unseen]) : Standardisation([trained.rows(0..<2 * half), unseen, generated])
        let test = try scale(unseen), fakes = try scale(generated), one = try scale(trained.rows(0..<half)), other = try scale(trained.rows(half..<(form == .fld ? trained.count : 2 * half)))
        let seen = form == .fld ? try scale(trained.rows(0..<min(limit, trained.count))) : one
        let ofFakes = try FeatureMixture(around: fakes, fittedTo: seen, fitting), ofHalf = try FeatureMixture(around: form == .fld ? one : other, fittedTo: form == .fld ? other : one, fitting)
        let (a, b) = (try ofFakes.negativeLogLikelihoods(test), try ofHalf.negativeLogLikelihoods(test)), n = Double(a.count)
        let differences = zip(a, b).map { $0 - $1 }, mean = differences.reduce(0, +) / n
        let error = (differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot()
        func reported(_ difference: Double) -> Double { form == .fld ? 100 * difference : 100 * exp(-2 * difference) }
        let normal = ConfidenceInterval(normal: mean, standardError: error, confidence: confidence), ends = [reported(normal.lower), reported(normal.upper)].sorted()
        var result = MetricResult(
            metric: form.rawValue, value: reported(mean), standardError: form == .fld ? 100 * error : 2 * reported(mean) * error,
            interval: ConfidenceInterval(lower: ends[0], upper: ends[1], confidence: confidence),
            details: [.init("nll", a.reduce(0, +) / n), .init("training_nll", b.reduce(0, +) / n), .init("training_images", Double(training.count))], realCount: real.count, fakeCount: fake.count)
        if min(test.count, fakes.count, half) < 1000 { result.warnings = ["fewer than 1000 images in a set or half of the training set: the widths follow single images"] }
        if form == .fld, mean > 10 { result.warnings.append("unseen images are all but impossible: the generated images are most likely copies of the training set") }
        return result
    }

    private var fitting: FeatureMixture.Fitting {
        switch form {
        case .fld: .init(rounds: 50, batch: 10_000, rate: { _ in 0.5 }, limits: -40...40, startsAtNearest: true, hasOrigin: true)
        case .fls: .init(rounds: 100, batch: 1 << 30, rate: { $0 < 50 ? 0.5 : 0.05 }, limits: -100...20, startsAtNearest: false, hasOrigin: false)
        }
    }
}

/// Features less their mean, divided by their standard deviation with N − 1; a feature that is the same in all images is only shifted.
private struct Standardisation {
    private let mean: [Double], deviation: [Double]

    init(_ sets: [FeatureSet]) {
        let dimension = sets[0].dimension, count = Double(sets.reduce(0) { $0 + $1.count })
        var mean = [Double](repeating: 0, count: dimension), squares = mean
        for set in sets { for (index, value) in set.values.enumerated() { mean[index % dimension] += Double(value) / count } }
        for set in sets {
            for (index, value) in set.values.enumerated() {
                let difference = Double(value) - mean[index % dimension]
                squares[index % dimension] += difference * difference / (count - 1)
            }
        }
        (self.mean, deviation) = (mean, squares.map { $0 > 0 ? $0.squareRoot() : 1 })
    }

    func callAsFunction(_ set: FeatureSet) throws(EvaluationError) -> FeatureSet {
        let dimension = set.dimension
        return try FeatureSet(set.values.enumerated().map { Float((Double($0.element) - mean[$0.offset % dimension]) / deviation[$0.offset % dimension]) }, dimension: dimension)
    }
}

/// FLD and FLS as `gan-eval evaluate --metrics fld,fls` reports them.
struct FeatureLikelihoodMetric: Metric {
    let form: FeatureLikelihood.Form

    var about: MetricDescription {
        MetricDescription(
            form.rawValue, form == .fld ? "FLD" : "FLS", form == .fld ? "how unlikely unseen images are under Gaussians around generated ones" : "FLD's likelihood as a score, 100 for the training set",
            needs: [.real, .features, .training], better: form == .fld ? .smaller : .larger, cost: "N²·(d + 50)", paper: "Jiralerspong et al. 2023, arXiv:2302.04440",
            usualFeatures: form == .fld ? (network: "dinov2-vit-b14", tap: "cls") : (network: "inception-v3", tap: "2048"))
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        // What is drawn from; all of a large file need not be held.
        func features(_ input: MetricInput) throws(EvaluationError) -> FeatureSet { try input.rows(for: name).evenlySpaced(20_000).features }
        return try FeatureLikelihood(form, seed: sets.proto.seed)(
            real: features(sets.real(for: name)), fake: features(sets.fake), training: features(sets.training(for: name)), confidence: sets.confidence)
    }
}
