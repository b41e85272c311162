#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Cross local intrinsic dimensionality: how fast generated images become many around a real one as the distance grows; low where generated images lie among real ones, high where they are elsewhere.
///
///     CrossLID = 1/N · Σᵢ −k / Σⱼ ln(dⱼ(xᵢ)/d_k(xᵢ)),  d₁ ≤ … ≤ d_k the distances of a real image to the k nearest generated ones
///
/// Source: Barua et al. 2019, *Quality evaluation of GANs using cross local intrinsic dimensionality*, arXiv:1905.00643, equations 3 and 4, with k = 100. Their code adds 1e-10 to distances; here
/// a generated image that equals the real one makes the estimate 0, its limit.
public struct CrossLID: Sendable, Hashable {
    /// k.
    public var neighbours: Int

    /// The paper's 100 neighbours, or others.
    public init(neighbours: Int = 100) { self.neighbours = neighbours }

    /// The mean over the real images, at least 0. The interval covers what infinitely many real images would give against these generated ones.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than k generated or 2 real images; `badOption` for k < 2.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    func callAsFunction(_ sets: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        guard neighbours >= 2 else { throw .badOption(name: "neighbours", value: "\(neighbours)", expected: "at least 2") }
        for (name, count, needed) in [("real", sets.count(.real), 2), ("generated", sets.count(.fake), neighbours)] where count < needed {
            throw .tooFewImages(metric: "cross-lid with \(neighbours) neighbours", set: name, needed: needed, found: count)
        }
        let lists = try sets.nearestOfTheOther(.real, neighbours)
        let each = (0..<sets.count(.real)).map { image -> Double in
            let squared = lists.squaredDistances[image * lists.count..<image * lists.count + neighbours], farthest = squared[squared.endIndex - 1]
            guard farthest > 0 else { return 0 }
            // Logarithms of squares are twice those of distances.
            return -2 * Double(neighbours) / squared.reduce(0) { $0 + log($1 / farthest) }
        }
        let known = each.filter(\.isFinite), n = Double(known.count)
        guard known.count > 1 else { throw .tooFewImages(metric: "cross-lid of images with neighbours at different distances", set: "real", needed: 2, found: known.count) }
        let mean = known.reduce(0, +) / n, error = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot()
        var result = MetricResult(metric: "cross-lid", value: mean, details: [.init("neighbours", Double(neighbours))], realCount: sets.count(.real), fakeCount: sets.count(.fake))
        result.addInterval(standardError: error, within: 0 ... .infinity, confidence)
        if known.count < each.count { result.warnings.append("\(each.count - known.count) real images have all neighbours at one distance, which has no dimensionality; they are left out") }
        if sets.count(.fake) < 20 * neighbours { result.warnings.append("\(neighbours) neighbours among \(sets.count(.fake)) generated images are not local; give at least \(20 * neighbours)") }
        return result
    }
}

/// CrossLID as `gan-eval evaluate --metrics cross-lid` reports it.
struct CrossLIDMetric: Metric {
    let about = MetricDescription(
        "cross-lid", "CrossLID", "dimensionality of the generated images around real ones", needs: [.real, .features], better: .smaller, cost: "N²·d", paper: "Barua et al. 2019, arXiv:1905.00643")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try CrossLID()(sets.neighbourhoods(for: name), confidence: sets.confidence) }
}
