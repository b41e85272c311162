#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The intrinsic multi-scale distance (IMD, also MSID): how the shapes of two sets differ, at every scale at once, whatever their places and axes. It does not see that one set lies elsewhere.
///
///     10⁶ · max_t e^(−2(t + 1/t)) · |h_X(t) − h_Y(t)|,  h(t) = tr exp(−t·L)/N
///
/// L is the normalised Laplacian of the graph of k nearest neighbours, t from 0.1 to 10. The sets need not have one size, nor one network.
/// Source: Tsitsulin et al. 2020, *The shape of data: intrinsic distance for data distributions*, arXiv:1905.11141, equation 5 and section 4, with k = 5, 256 temperatures, 10 Lanczos steps from
/// 100 normal vectors, and the factor 10⁶ of their code, which gives the same number from the same vectors.
public struct IntrinsicDistance: Sendable, Hashable {
    /// k.
    public var neighbours: Int
    /// Lanczos steps of each vector.
    public var steps: Int
    /// Number of starting vectors.
    public var vectors: Int
    /// Seed of the vectors.
    public var seed: UInt32

    /// The authors' settings, or others.
    public init(neighbours: Int = 5, steps: Int = 10, vectors: Int = 100, seed: UInt32 = 2020) { (self.neighbours, self.steps, self.vectors, self.seed) = (neighbours, steps, vectors, seed) }

    /// The temperatures t, evenly spaced in their logarithm.
    public static let temperatures = (0..<256).map { pow(10, -1 + 2 * Double($0) / 255) }

    /// The distance, at least 0. It has no interval; sets alike differ by chance, less for more images. The curves are h of both sets.
    /// - Throws: `tooFewImages` for a set of no more than k images; `badOption`; `numericalFailure`.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet) throws(EvaluationError) -> MetricResult {
        try check(real.count, fake.count)
        return try distance(NearestNeighbours(in: .memory(real), count: neighbours), NearestNeighbours(in: .memory(fake), count: neighbours), real.count, fake.count)
    }

    func callAsFunction(_ sets: Neighbourhoods) throws(EvaluationError) -> MetricResult {
        try check(sets.count(.real), sets.count(.fake))
        return try distance(sets.nearest(.real, neighbours), sets.nearest(.fake, neighbours), sets.count(.real), sets.count(.fake))
    }

    private func check(_ real: Int, _ fake: Int) throws(EvaluationError) {
        for (name, value) in [("neighbours", neighbours), ("steps", steps), ("vectors", vectors)] where value < 1 { throw .badOption(name: name, value: "\(value)", expected: "at least 1") }
        for (set, count) in [("real", real), ("generated", fake)] where count <= neighbours {
            throw .tooFewImages(metric: "imd with \(neighbours) neighbours", set: set, needed: neighbours + 1, found: count)
        }
    }

    private func distance(_ real: NearestNeighbours, _ fake: NearestNeighbours, _ realCount: Int, _ fakeCount: Int) throws(EvaluationError) -> MetricResult {
        var generator = MersenneTwister(seed: seed), traces: [[Double]] = []
        for lists in [real, fake] {
            let graph = NeighbourGraph(lists, k: neighbours)
            traces.append(try graph.heatTraces(Self.temperatures, steps: steps, startingFrom: (0..<graph.count * vectors).map { _ in generator.standardNormal() }))
        }
        var value = 0.0
        for (index, t) in Self.temperatures.enumerated() { value = max(value, 1e6 * exp(-2 * (t + 1 / t)) * abs(traces[0][index] - traces[1][index])) }
        var result = MetricResult(metric: "imd", value: value, details: [.init("neighbours", Double(neighbours)), .init("vectors", Double(vectors))], realCount: realCount, fakeCount: fakeCount)
        result.curves = zip(["real_heat", "fake_heat"], traces).map { name, trace in .init(name, x: "temperature", y: "trace of the heat kernel", zip(Self.temperatures, trace).map { [$0, $1] }) }
        if min(realCount, fakeCount) < 1000 { result.warnings = ["fewer than 1000 images in a set: graphs of sets alike then differ by chance"] }
        return result
    }
}

/// IMD as `gan-eval evaluate --metrics imd` reports it.
struct IntrinsicDistanceMetric: Metric {
    let about = MetricDescription(
        "imd", "IMD", "difference of the sets' shapes, by the heat on their graphs of neighbours", needs: [.real, .features], better: .smaller, cost: "N²·d", paper: "Tsitsulin et al. 2020, arXiv:1905.11141")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try IntrinsicDistance(seed: sets.proto.seed)(sets.neighbourhoods(for: name))
    }
}
