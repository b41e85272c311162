import Archives
import LinearAlgebra

/// The `.npz` statistics other tools exchange: `mu` `[d]` and `sigma` `[d, d]` (TTUR, pytorch-fid, clean-fid, StudioGAN), and beside them `mu_s`, `sigma_s` for sFID (ADM).
///
/// They say neither how many images they come from nor with which network, so results from them have neither a bias line nor the set's share of the
/// interval, and whether two of them are comparable is the caller's to know.
public struct NumPyStatistics: Sendable {
    /// `mu` and `sigma`.
    public let statistics: FeatureStatistics
    /// `mu_s` and `sigma_s`, where there are any.
    public let spatial: FeatureStatistics?

    /// Statistics at hand, to be written.
    public init(statistics: FeatureStatistics, spatial: FeatureStatistics? = nil) { (self.statistics, self.spatial) = (statistics, spatial) }

    /// Reads a file; any arrays beside (`arr_0` of ADM) are left alone.
    /// - Throws: `archive`, `badShape`, `statisticsNotFinite`.
    public init(reading path: String) throws(EvaluationError) {
        let archive = try withArchive { () throws(ArchiveError) in try NumPyArchive(reading: path) }
        statistics = try Self.read(archive, path, "mu", "sigma")
        spatial = archive.names.contains("mu_s") ? try Self.read(archive, path, "mu_s", "sigma_s") : nil
    }

    /// Whether an archive holds statistics rather than images only.
    public static func areStatistics(_ archive: NumPyArchive) -> Bool { archive.names.contains("mu") && archive.names.contains("sigma") }

    /// Writes the file, which pytorch-fid and clean-fid read; it appears under its name only when complete.
    /// - Throws: `archive`.
    public func write(to path: String) throws(EvaluationError) {
        var arrays = Self.encode(statistics, "mu", "sigma")
        if let spatial { arrays += Self.encode(spatial, "mu_s", "sigma_s") }
        try withArchive { () throws(ArchiveError) in try NumPyArchive.write(arrays, to: path) }
    }

    /// What is no covariance would give a distance all the same. Float32 arithmetic leaves covariances symmetric to about 10⁻⁶ of the deviations.
    private static func expectCovariance(_ sigma: [Double], _ d: Int, _ what: String) throws(EvaluationError) {
        let deviations = (0..<d).map { sigma[$0 * d + $0].squareRoot() }
        if let bad = deviations.firstIndex(where: \.isNaN) { throw .badShape(what: what, expected: "a covariance, whose diagonal is not negative", found: "\(sigma[bad * d + bad]) at [\(bad), \(bad)]") }
        for i in 0..<d {
            for j in 0..<i where abs(sigma[i * d + j] - sigma[j * d + i]) > 1e-4 * deviations[i] * deviations[j] {
                throw .badShape(what: what, expected: "a covariance, which is symmetric", found: "\(sigma[i * d + j]) at [\(i), \(j)] and \(sigma[j * d + i]) at [\(j), \(i)]")
            }
        }
    }

    private static func encode(_ statistics: FeatureStatistics, _ mu: String, _ sigma: String) -> [(name: String, bytes: [UInt8])] {
        let d = statistics.dimension
        return [(mu, NumPyArray.encode(statistics.mean)), (sigma, NumPyArray.encode(statistics.covariance.elements, shape: [d, d]))]
    }

    private static func read(_ archive: NumPyArchive, _ path: String, _ mu: String, _ sigma: String) throws(EvaluationError) -> FeatureStatistics {
        let (mean, covariance) = try withArchive { () throws(ArchiveError) in (try archive.array(mu), try archive.array(sigma)) }
        guard mean.shape.count == 1, let d = mean.shape.first, d >= 1, covariance.shape == [d, d] else {
            throw .badShape(what: path, expected: "\(mu) [d] and \(sigma) [d, d]", found: "\(mean.shape) and \(covariance.shape)")
        }
        let (m, s) = try withArchive { () throws(ArchiveError) in (try mean.read(Double.self), try covariance.read(Double.self)) }
        let statistics = try FeatureStatistics(mean: m, covariance: Matrix(rows: d, columns: d, elements: s), count: nil)
        try expectCovariance(s, d, "\(sigma) of \(path)")
        return statistics
    }
}
