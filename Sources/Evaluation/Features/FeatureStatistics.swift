import LinearAlgebra

/// How a mean and a covariance are taken from features: the choices in which the published tools differ.
public struct MomentConvention: Sendable, Hashable {
    /// The arithmetic of the mean.
    public enum MeanPrecision: String, Sendable, Hashable {
        /// Summed and divided in float64.
        case float64
        /// Summed row after row and divided in float32, as NumPy's `mean(axis=0)` of a contiguous float32 array does.
        case float32
    }

    /// What is subtracted from the number of images in the covariance's divisor: 1 (unbiased) or 0 (population).
    public var degreesOfFreedomRemoved: Int
    /// The arithmetic of the mean. The covariance is taken in float64 about the float64 mean in either case, as NumPy's `cov` does.
    public var meanPrecision: MeanPrecision

    /// A convention; `degreesOfFreedomRemoved` is 0 or 1.
    public init(degreesOfFreedomRemoved: Int, meanPrecision: MeanPrecision = .float64) {
        precondition(degreesOfFreedomRemoved == 0 || degreesOfFreedomRemoved == 1, "a covariance divides by N or by N − 1")
        (self.degreesOfFreedomRemoved, self.meanPrecision) = (degreesOfFreedomRemoved, meanPrecision)
    }

    /// Divisor N − 1, float64 mean: pytorch-fid, TTUR, and this package's default.
    public static let unbiased = MomentConvention(degreesOfFreedomRemoved: 1)
    /// Divisor N − 1, float32 mean: clean-fid, torch-fidelity, the ADM evaluator.
    public static let unbiasedFloat32Mean = MomentConvention(degreesOfFreedomRemoved: 1, meanPrecision: .float32)
    /// Divisor N, float64 mean: StyleGAN2-ADA, StyleGAN3.
    public static let population = MomentConvention(degreesOfFreedomRemoved: 0)
}

/// The Gaussian that stands for a set of images in the Fréchet distance.
public struct FeatureStatistics: Sendable, Equatable {
    /// µ.
    /// - Shape: `[d]`
    public let mean: [Double]
    /// Σ, symmetric.
    /// - Shape: `[d, d]`
    public let covariance: Matrix
    /// How many images they come from; nil where a file does not say, as in the `.npz` statistics of other tools. Without it there is neither a bias line
    /// nor an interval.
    public let count: Int?
    /// Features per image, d.
    public var dimension: Int { mean.count }

    /// Statistics already at hand.
    ///
    /// - Throws: `badShape` where the covariance is not d×d; `statisticsNotFinite` where an element is NaN or infinite.
    public init(mean: [Double], covariance: Matrix, count: Int?) throws(EvaluationError) {
        guard covariance.rows == mean.count, covariance.columns == mean.count, !mean.isEmpty else {
            throw .badShape(what: "statistics", expected: "a mean of d and a covariance of d×d numbers", found: "\(mean.count) and \(covariance.rows)×\(covariance.columns)")
        }
        if let bad = mean.firstIndex(where: { !$0.isFinite }) { throw .statisticsNotFinite(part: "mean", index: bad) }
        if let bad = covariance.elements.firstIndex(where: { !$0.isFinite }) { throw .statisticsNotFinite(part: "covariance", index: bad) }
        (self.mean, self.covariance, self.count) = (mean, covariance, count)
    }
}
