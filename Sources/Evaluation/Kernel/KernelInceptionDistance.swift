import LinearAlgebra
import Statistics

/// The Kernel Inception Distance (Bińkowski et al. 2018): the squared maximum mean discrepancy between two sets of features, estimated without bias, so that
/// equal distributions give zero on average and values slightly below zero are normal.
///
///     MMD² = E k(x, x') + E k(y, y') − 2 E k(x, y)
public struct KernelInceptionDistance: Sendable, Hashable {
    /// k(x, y).
    public enum Kernel: Sendable, Hashable {
        /// (γ⟨x, y⟩ + c)^degree; γ = 1/d where nil.
        case polynomial(degree: Int = 3, gamma: Double? = nil, constant: Double = 1)
        /// exp(−‖x − y‖²/(2σ²)).
        case gaussian(sigma: Double)
    }

    /// Which images are compared.
    public enum Estimator: Sendable, Hashable {
        /// Every image with every other: the U-statistic, whose variance is least.
        case full
        /// The mean over random subsets of equal size, as published by Bińkowski et al.
        case subsets(Subsets)
    }

    /// How random subsets are drawn, by NumPy's legacy `choice(replace=False)`.
    public struct Subsets: Sendable, Hashable {
        /// Number of subsets.
        public var count: Int
        /// Images of either set in a subset.
        public var size: Int
        /// The generator's seed.
        public var seed: UInt32
        /// Whether the generated set's images are drawn before the real set's.
        public var drawsGeneratedFirst: Bool
        /// Whether a set of fewer images shrinks the subsets to its size; otherwise it is an error.
        public var shrinks: Bool

        /// Subsets drawn this way; whether counts and sizes are possible is checked when the distance is applied.
        public init(count: Int = 100, size: Int = 1000, seed: UInt32 = 2020, drawsGeneratedFirst: Bool = false, shrinks: Bool = false) {
            (self.count, self.size, self.seed) = (count, size, seed)
            (self.drawsGeneratedFirst, self.shrinks) = (drawsGeneratedFirst, shrinks)
        }
    }

    /// The precision of the inner products; kernels are evaluated in it and summed in float64 in either case.
    public enum Precision: String, Sendable, Hashable { case float32, float64 }

    /// k(x, y).
    public var kernel: Kernel
    /// Which images are compared.
    public var estimator: Estimator
    /// The precision of the inner products.
    public var precision: Precision

    /// A distance with these conventions; the defaults compare every image with every other in float64.
    public init(kernel: Kernel = .polynomial(), estimator: Estimator = .full, precision: Precision = .float64) {
        (self.kernel, self.estimator, self.precision) = (kernel, estimator, precision)
    }

    /// torch-fidelity: 100 subsets of 1000 with seed 2020, the first set drawn first. Its float32 sums round each subset's value to about 2e-7, which is
    /// not reproduced; the mean agrees to some 3e-8. (Its first input is the generated set by habit, the order of drawing is that of the arguments here.)
    public static let torchFidelity = KernelInceptionDistance(estimator: .subsets(Subsets()), precision: .float32)
    /// clean-fid and StyleGAN: 100 subsets of at most 1000, the generated set drawn first. They leave the seed to chance; here it is fixed.
    public static let clean = KernelInceptionDistance(estimator: .subsets(Subsets(drawsGeneratedFirst: true, shrinks: true)), precision: .float32)
    /// Every image with every other.
    public static let full = KernelInceptionDistance()

    /// The distance.
    ///
    /// The standard error is the jackknife's in closed form, from the row sums and sums of squares of the kernel matrices; where the distributions are alike it
    /// is too large by up to √2. The interval covers the population's MMD²; with every image compared it is moved by the estimate's skewness (`KernelSkewness`), its
    /// width staying as the standard error says.
    ///
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than 4 images in a set or fewer than a subset needs; `badOption`.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(real: .memory(real), fake: .memory(fake), confidence: confidence)
    }

    /// The distance between sets that may be too large to hold: every image with every other takes panels of rows, random subsets take all features into memory.
    /// - Throws: as for features in memory, and what reading throws.
    public func callAsFunction(real: FeatureRows, fake: FeatureRows, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try check(real, fake)
        switch estimator {
        case .full:
            let sums = try KernelSums(real, fake, kernel, precision)
            let components = KernelVariance(sums), variance = components.variance(first: real.count, second: fake.count)
            let ofGenerated = components.varianceOfSecond(first: real.count, second: fake.count).squareRoot()
            let skewness = try KernelSkewness(sums, real, fake, kernel, precision)
            let shift = skewness.shift(variance: variance, z: NormalDistribution.quantile((1 + confidence) / 2))
            return result(real.count, fake.count, sums.unbiasedDiscrepancy, variance.squareRoot(), ofGenerated, shift, confidence, [])
        case .subsets(let subsets):
            return try average(subsets, real.features(), fake.features(), confidence)
        }
    }

    private func average(_ subsets: Subsets, _ real: FeatureSet, _ fake: FeatureSet, _ confidence: Double) throws(EvaluationError) -> MetricResult {
        let size = subsets.shrinks ? min(subsets.size, real.count, fake.count) : subsets.size
        for (set, count) in [("real", real.count), ("generated", fake.count)] where count < size {
            throw .tooFewImages(metric: "KID with subsets of \(size)", set: set, needed: size, found: count)
        }
        var generator = MersenneTwister(seed: subsets.seed)
        var values: [Double] = []
        var variance = KernelVariance.zero
        for _ in 0..<subsets.count {
            let x: ArraySlice<Int>, y: ArraySlice<Int>
            if subsets.drawsGeneratedFirst {
                y = generator.choice(size, of: fake.count)
                x = generator.choice(size, of: real.count)
            } else {
                x = generator.choice(size, of: real.count)
                y = generator.choice(size, of: fake.count)
            }
            let sums = try KernelSums(.memory(real.rows(x)), .memory(fake.rows(y)), kernel, precision)
            values.append(sums.unbiasedDiscrepancy)
            variance.add(KernelVariance(sums), weight: 1 / Double(subsets.count))
        }
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
        // Given the images, subsets are independent draws around the full estimate: the law of total variance adds what averaging leaves of their own.
        let whole = variance.variance(first: real.count, second: fake.count)
        let one = variance.variance(first: size, second: size)
        let error = (whole + max(one - whole, 0) / n).squareRoot()
        let ofGenerated = (variance.varianceOfSecond(first: real.count, second: fake.count) + max(one - whole, 0) / n).squareRoot()
        return result(real.count, fake.count, mean, error, ofGenerated, 0, confidence, [.init("std_over_subsets", spread), .init("subsets", n), .init("subset_size", Double(size))])
    }

    private func result(
        _ realCount: Int, _ fakeCount: Int, _ value: Double, _ error: Double, _ ofGenerated: Double, _ shift: Double, _ confidence: Double, _ details: [MetricResult.Detail]
    ) -> MetricResult {
        var result = MetricResult(metric: "kid", value: value, details: details, realCount: realCount, fakeCount: fakeCount)
        // Cubes and squares of large features leave the range of numbers before the value does.
        guard [value, error, shift].allSatisfy(\.isFinite) else {
            result.warnings.append("the features are too large to tell how sure the value is: no interval")
            return result
        }
        let centred = ConfidenceInterval(normal: value, standardError: error, confidence: confidence)
        result.interval = ConfidenceInterval(lower: centred.lower + shift, upper: centred.upper + shift, confidence: confidence)
        (result.standardError, result.generatedStandardError) = (error, ofGenerated)
        return result
    }

    private func check(_ real: FeatureRows, _ fake: FeatureRows) throws(EvaluationError) {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        for (set, count) in [("real", real.count), ("generated", fake.count)] where count < 4 {
            throw .tooFewImages(metric: "KID", set: set, needed: 4, found: count)
        }
        if case .polynomial(let degree, _, _) = kernel, degree < 1 { throw .badOption(name: "degree", value: "\(degree)", expected: "at least 1") }
        if case .gaussian(let sigma) = kernel, !(sigma > 0) { throw .badOption(name: "sigma", value: "\(sigma)", expected: "a positive number") }
        if case .subsets(let subsets) = estimator {
            guard subsets.count >= 1 else { throw .badOption(name: "subsets", value: "\(subsets.count)", expected: "at least 1") }
            guard subsets.size >= 4 else { throw .badOption(name: "subset size", value: "\(subsets.size)", expected: "at least 4") }
        }
    }
}

/// The kernel distance as `gan-eval kid` reports it.
struct KernelMetric: Metric {
    let about = MetricDescription(
        "kid", "KID", "unbiased squared maximum mean discrepancy of a cubic kernel", needs: [.real, .features], better: .smaller, cost: "N²·d",
        paper: "Bińkowski et al. 2018, arXiv:1801.01401")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try sets.proto.kernel(real: sets.real(for: name).rows(for: name), fake: sets.fake.rows(for: name), confidence: sets.confidence)
    }
}
