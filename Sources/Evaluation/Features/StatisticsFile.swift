import HDF5
import LinearAlgebra

/// Moments in an HDF5 file, with the identity of what they are moments of.
///
/// - `mean` `[d]` float64; `co_moment` `[d, d]` float64, Σ(x−µ)(x−µ)ᵀ, which divided by N − 1 or N is the covariance; `float32_sum` `[d]`, Σx row after row in float32,
///   for protocols with float32 means.
/// - attributes `format`, `format_version`, `count`; the group `identity` holds the identity's entries as attributes.
public struct StatisticsFile: Sendable {
    /// What the moments depend on.
    public let identity: FeatureIdentity
    /// The moments.
    public let moments: Moments

    /// Moments at hand with what they depend on, to be written.
    public init(identity: FeatureIdentity, moments: Moments) { (self.identity, self.moments) = (identity, moments) }

    /// Reads a file.
    /// - Throws: `hdf5`, `wrongFile`, `badShape`, `statisticsNotFinite`.
    public init(reading path: String) throws(EvaluationError) {
        let (file, identity) = try HDF5Format.statistics.open(path)
        let parts = try withHDF5 { () throws(HDF5Error) in
            (
                count: try file.root.attributes.require("count").integer ?? 0, mean: try file.root.dataset("mean").read(Double.self),
                coMoment: try file.root.dataset("co_moment").read(Double.self), sum: try file.root.dataset("float32_sum").read(Float.self)
            )
        }
        let d = parts.mean.count
        guard parts.count >= 1, d >= 1, parts.coMoment.count == d * d, parts.sum.count == d else {
            throw .badShape(
                what: path, expected: "a positive count, d means, d×d co-moments and d sums",
                found: "\(parts.count), \(d), \(parts.coMoment.count) and \(parts.sum.count)")
        }
        let coMoment = Matrix(rows: d, columns: d, elements: parts.coMoment)
        // The initialiser checks that every element is finite.
        _ = try FeatureStatistics(mean: parts.mean, covariance: coMoment, count: parts.count)
        moments = Moments(count: parts.count, mean: parts.mean, coMoment: coMoment, float32Sum: parts.sum)
        self.identity = identity
    }

    /// Writes the file; it appears under its name only when complete and synced.
    /// - Throws: `hdf5`.
    public func write(to path: String) throws(EvaluationError) {
        let stored = moments.stored
        try withHDF5 { () throws(HDF5Error) in
            let file = try HDF5File(creating: path)
            try HDF5Format.statistics.write(identity, to: file.root)
            try file.root.attributes.set("count", .integer(moments.count))
            try file.root.write(stored.mean, as: "mean")
            try file.root.write(stored.coMoment.elements, shape: [moments.dimension, moments.dimension], as: "co_moment")
            try file.root.write(stored.float32Sum, as: "float32_sum")
            try file.commit()
        }
    }
}
