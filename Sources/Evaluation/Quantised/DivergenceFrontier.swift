#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Information divergence frontiers: how far a distribution between the real p and the generated q must be from either, in Rényi divergences of an order α.
///
///     inclusive   {(D(p ‖ r), D(q ‖ r))},  r ∝ (λ·p^α + (1 − λ)·q^α)^(1/α)            D(p ‖ r) = 1/(α − 1)·ln Σ p^α·r^(1−α)
///     exclusive   {(D(r ‖ p), D(r ‖ q))},  r ∝ (λ·p^(1−α) + (1 − λ)·q^(1−α))^(1/(1−α))
///
/// for λ between 0 and 1. α = 1 gives Kullback and Leibler's divergence with the mixture and the normalised geometric mean; α → ∞ gives PRD (arXiv:1806.00035).
/// Source: Djolonga et al. 2020, *Precision-recall curves using information divergence frontiers*, arXiv:1905.10768, propositions 1 and 2, on the clusters of PRD. The value is the frontier integral
///
///     2·∫₀¹ λ·KL(p ‖ r) + (1 − λ)·KL(q ‖ r) dλ = Σ (p + q)/2 − p·q·ln(p/q)/(p − q),  r = λ·p + (1 − λ)·q
///
/// of Liu et al. 2021, *Divergence frontiers for generative models*, arXiv:2106.07898, definition 1: 0 for equal shares, 1 for clusters that no two sets share.
public struct DivergenceFrontier: Sendable, Hashable {
    /// α of the curves; the value has none.
    public var order: Double
    /// Number of clusters.
    public var clusters: Int
    /// Number of clusterings that are averaged.
    public var runs: Int
    /// Seed of the clusterings.
    public var seed: UInt32

    /// Kullback and Leibler's divergence on PRD's clusters, or others.
    public init(order: Double = 1, clusters: Int = 20, runs: Int = 10, seed: UInt32 = 2020) { (self.order, self.clusters, self.runs, self.seed) = (order, clusters, runs, seed) }

    /// The frontier integral, in 0…1, averaged over the clusterings, with both curves of the first. There is no interval: the shares' own bias, which falls with the number of images, is not told.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer images than clusters; `badOption` for an order that is not positive.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet) throws(EvaluationError) -> MetricResult {
        guard order > 0 else { throw .badOption(name: "order", value: "\(order)", expected: "a positive number") }
        return result(try QuantisedSets(real: .memory(real), fake: .memory(fake), .init(clusters: clusters, runs: runs, seed: seed), for: "divergence-frontier"))
    }

    /// The frontier integral of known shares.
    public static func integral(real p: [Double], fake q: [Double]) -> Double {
        zip(p, q).reduce(0) { sum, pair in
            let (p, q) = pair, ratio = (p - q) / q
            guard p > 0, q > 0 else { return sum + (p + q) / 2 }
            // ln(1 + t)/t, which is 1 − t/2 + t²/3 near 0.
            let slope = abs(ratio) < 1e-5 ? 1 - ratio / 2 + ratio * ratio / 3 : log1p(ratio) / ratio
            return sum + (p + q) / 2 - p * slope
        }
    }

    /// D(p ‖ r), infinite where p reaches beyond r.
    public func divergence(_ p: [Double], from r: [Double]) -> Double {
        let pairs = zip(p, r).filter { $0.0 > 0 }
        if order >= 1, pairs.contains(where: { $0.1 == 0 }) { return .infinity }
        if order == 1 { return max(0, pairs.reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }) }
        return max(0, log(pairs.reduce(0) { $0 + pow($1.0, order) * pow($1.1, 1 - order) }) / (order - 1))
    }

    /// The inclusive frontier at λ = 0.01, 0.02, … 0.99: D(p ‖ r) as x, D(q ‖ r) as y.
    public func inclusive(real p: [Double], fake q: [Double]) -> [SIMD2<Double>] {
        weights.map { weight in
            let r = Self.normalised(zip(p, q).map { pow(weight * pow($0, order) + (1 - weight) * pow($1, order), 1 / order) })
            return [divergence(p, from: r), divergence(q, from: r)]
        }
    }

    /// The exclusive frontier: D(r ‖ p) as x, D(r ‖ q) as y; empty where the sets share no cluster.
    public func exclusive(real p: [Double], fake q: [Double]) -> [SIMD2<Double>] {
        let shared = zip(p, q).contains { $0 > 0 && $1 > 0 }
        return !shared ? [] : weights.map { weight in
            let r = Self.normalised(zip(p, q).map { p, q in
                guard p > 0 || order < 1, q > 0 || order < 1 else { return 0 }
                return order == 1 ? pow(p, weight) * pow(q, 1 - weight) : pow(weight * pow(p, 1 - order) + (1 - weight) * pow(q, 1 - order), 1 / (1 - order))
            })
            return [divergence(r, from: p), divergence(r, from: q)]
        }
    }

    private var weights: [Double] { (1...99).map { Double($0) / 100 } }

    private static func normalised(_ values: [Double]) -> [Double] {
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
    }

    func result(_ sets: QuantisedSets) -> MetricResult {
        let values = sets.runs.map { Self.integral(real: $0.real, fake: $0.fake) }, mean = values.reduce(0, +) / Double(values.count), first = sets.runs[0]
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        var result = MetricResult(
            metric: "divergence-frontier", value: mean,
            details: [.init("order", order), .init("clusters", Double(first.real.count)), .init("runs", Double(sets.runs.count)), .init("std_over_runs", spread)],
            realCount: sets.realCount, fakeCount: sets.fakeCount, warnings: sets.warnings)
        result.curves = [
            .init("inclusive", x: "divergence of real from between", y: "divergence of generated from between", inclusive(real: first.real, fake: first.fake)),
            .init("exclusive", x: "divergence of between from real", y: "divergence of between from generated", exclusive(real: first.real, fake: first.fake)),
        ].filter { !$0.points.isEmpty }
        return result
    }
}

/// The frontier integral as `gan-eval evaluate --metrics divergence-frontier` reports it.
struct DivergenceFrontierMetric: Metric {
    let about = MetricDescription(
        "divergence-frontier", "Divergence frontier integral", "how far what lies between the sets must be from either", needs: [.real, .features], better: .smaller, cost: "N·k·d·rounds",
        paper: "Djolonga et al. 2020, arXiv:1905.10768; Liu et al. 2021, arXiv:2106.07898")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { DivergenceFrontier().result(try sets.quantised(for: name)) }
}
