#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Precision and recall of distributions (PRD): all pairs of them that a mixture shared by both sets allows, on the shares p of real and q of generated images in common clusters.
///
///     precision(λ) = Σ min(λ·p, q)      recall(λ) = Σ min(p, q/λ)      λ = tan of angles between 0 and π/2
///     F_β = max over λ of (1 + β²)·precision·recall / (β²·precision + recall)
///
/// F8 weighs recall, F1/8 precision. Both are 1 for sets alike.
/// Source: Sajjadi et al. 2018, *Assessing generative models via precision and recall*, arXiv:1806.00035, equation 8 and section 5, with their 20 clusters of the union, 1001 angles and curves averaged
/// over 10 clusterings. They ask for sets of equal size, since the larger rules the clusters; here both weigh the same. Their clusters are found in small batches, these in whole passes.
public struct PrecisionRecallDistribution: Sendable, Hashable {
    /// Number of clusters.
    public var clusters: Int
    /// Number of clusterings that are averaged.
    public var runs: Int
    /// Seed of the clusterings.
    public var seed: UInt32

    /// The paper's settings, or others.
    public init(clusters: Int = 20, runs: Int = 10, seed: UInt32 = 2020) { (self.clusters, self.runs, self.seed) = (clusters, runs, seed) }

    /// The curve of two sets: precision over recall, by growing angle.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer images than clusters; `badOption`.
    public func curve(real: FeatureSet, fake: FeatureSet) throws(EvaluationError) -> [SIMD2<Double>] {
        let sets = try QuantisedSets(real: .memory(real), fake: .memory(fake), .init(clusters: clusters, runs: runs, seed: seed), for: "PRD")
        return Self.curve(sets)
    }

    /// F_β of two sets, in 0…1. There is no interval: the clusters follow the images, and their part in the uncertainty is not known.
    /// - Throws: as `curve`; `badOption` unless β is positive.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, beta: Double = 8) throws(EvaluationError) -> MetricResult {
        guard beta > 0 else { throw .badOption(name: "beta", value: "\(beta)", expected: "a positive number") }
        let sets = try QuantisedSets(real: .memory(real), fake: .memory(fake), .init(clusters: clusters, runs: runs, seed: seed), for: "PRD")
        return Self.result("prd", sets, beta: beta)
    }

    /// Recall and precision at each angle for known shares.
    public static func curve(real p: [Double], fake q: [Double], angles: Int = 1001) -> [SIMD2<Double>] {
        let edge = 1e-10
        return (0..<angles).map { index in
            let slope = tan(edge + Double(index) * ((Double.pi / 2 - edge) - edge) / Double(angles - 1))
            let precision = zip(p, q).reduce(0) { $0 + min(slope * $1.0, $1.1) }
            return [min(precision / slope, 1), min(precision, 1)]
        }
    }

    /// The largest F_β of a curve's pairs.
    public static func score(_ curve: [SIMD2<Double>], beta: Double) -> Double {
        // The authors' guard against 0/0.
        curve.map { (1 + beta * beta) * $0.y * $0.x / (beta * beta * $0.y + $0.x + 1e-10) }.max() ?? 0
    }

    static func curve(_ sets: QuantisedSets) -> [SIMD2<Double>] {
        let curves = sets.runs.map { curve(real: $0.real, fake: $0.fake) }
        return curves[0].indices.map { index in curves.reduce(.zero) { $0 + $1[index] } / Double(curves.count) }
    }

    static func result(_ metric: String, _ sets: QuantisedSets, beta: Double) -> MetricResult {
        let curve = curve(sets)
        let scores = sets.runs.map { score(Self.curve(real: $0.real, fake: $0.fake), beta: beta) }, mean = scores.reduce(0, +) / Double(scores.count)
        let spread = (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scores.count)).squareRoot()
        var result = MetricResult(
            metric: metric, value: score(curve, beta: beta),
            details: [.init("beta", beta), .init("clusters", Double(sets.runs[0].real.count)), .init("runs", Double(sets.runs.count)), .init("std_over_runs", spread)],
            realCount: sets.realCount, fakeCount: sets.fakeCount, warnings: sets.warnings)
        result.curves = [.init("prd", x: "recall", y: "precision", curve)]
        return result
    }
}

/// F8 of PRD as `gan-eval evaluate --metrics prd-f8` reports it.
struct PRDRecallMetric: Metric {
    let about = MetricDescription(
        "prd-f8", "PRD F8", "recall of clusters' shares, by the best mixture", needs: [.real, .features], better: .larger, cost: "N·k·d·rounds", paper: "Sajjadi et al. 2018, arXiv:1806.00035")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { PrecisionRecallDistribution.result(name, try sets.quantised(for: name), beta: 8) }
}

/// F1/8 of PRD as `gan-eval evaluate --metrics prd-f1-8` reports it.
struct PRDPrecisionMetric: Metric {
    let about = MetricDescription(
        "prd-f1-8", "PRD F1/8", "precision of clusters' shares, by the best mixture", needs: [.real, .features], better: .larger, cost: "N·k·d·rounds", paper: "Sajjadi et al. 2018, arXiv:1806.00035")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { PrecisionRecallDistribution.result(name, try sets.quantised(for: name), beta: 1 / 8) }
}
