import Statistics
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Number of statistically different bins (NDB): real images fall into clusters; a bin differs where the share of generated images in it does, by a two-sided test of two proportions.
///
///     NDB/K = 1/K · |{b : |p_b − q_b| / √(s(1 − s)(1/N + 1/M)) > z}|,  s = (N·p_b + M·q_b)/(N + M)
///
/// Sets of one distribution give the test's level on average, 0.05; more images find more differences, so compare values of equal numbers only.
/// Source: Richardson and Weiss 2018, *On GANs and GMMs*, arXiv:1805.12462, section 2.1, with their K = 100 clusters of the real images. They cluster pixels; here it is the features, all of them.
public struct DifferentBins: Sendable, Hashable {
    /// K.
    public var bins: Int
    /// The test's level.
    public var significance: Double
    /// Seed of the clustering.
    public var seed: UInt32

    /// The paper's settings, or others.
    public init(bins: Int = 100, significance: Double = 0.05, seed: UInt32 = 2020) { (self.bins, self.significance, self.seed) = (bins, significance, seed) }

    /// The share of bins that differ, in 0…1, without an interval. The detail `jsd` is the divergence that the metric `bin-jsd` gives.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer real images than bins; `badOption`.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet) throws(EvaluationError) -> MetricResult { try different(Bins(.memory(real), .memory(fake), self, for: "ndb")) }

    /// How many of the bins differ, for known shares of so many images.
    public func count(real p: [Double], of n: Int, fake q: [Double], of m: Int) -> Int {
        let z = NormalDistribution.quantile(1 - significance / 2), n = Double(n), m = Double(m)
        return zip(p, q).count { p, q in
            let pooled = (n * p + m * q) / (n + m)
            return abs(p - q) > z * (pooled * (1 - pooled) * (1 / n + 1 / m)).squareRoot()
        }
    }

    /// The Jensen–Shannon divergence of shares in nats, 0…ln 2: the mean divergence of both from their mean.
    public static func divergence(_ p: [Double], _ q: [Double]) -> Double {
        max(0, zip(p, q).reduce(0) { sum, pair in
            let middle = (pair.0 + pair.1) / 2
            return [pair.0, pair.1].reduce(sum) { $1 > 0 ? $0 + $1 * log($1 / middle) / 2 : $0 }
        })
    }

    func different(_ bins: Bins) -> MetricResult {
        let count = count(real: bins.real, of: bins.realCount, fake: bins.fake, of: bins.fakeCount)
        return MetricResult(
            metric: "ndb", value: Double(count) / Double(bins.real.count),
            details: [.init("bins", Double(bins.real.count)), .init("different_bins", Double(count)), .init("significance", significance), .init("jsd", Self.divergence(bins.real, bins.fake))],
            realCount: bins.realCount, fakeCount: bins.fakeCount, warnings: bins.warnings)
    }

    func jensenShannon(_ bins: Bins) -> MetricResult {
        MetricResult(metric: "bin-jsd", value: Self.divergence(bins.real, bins.fake), details: [.init("bins", Double(bins.real.count))],
                     realCount: bins.realCount, fakeCount: bins.fakeCount, warnings: bins.warnings)
    }

    /// Shares of both sets in clusters of the real one.
    struct Bins {
        let real: [Double], fake: [Double], realCount: Int, fakeCount: Int

        init(_ real: FeatureRows, _ fake: FeatureRows, _ settings: DifferentBins, for metric: String) throws(EvaluationError) {
            guard 0 < settings.significance, settings.significance < 1 else { throw .badOption(name: "significance", value: "\(settings.significance)", expected: "a number between 0 and 1") }
            guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
            guard fake.count > 0 else { throw .tooFewImages(metric: metric, set: "generated", needed: 1, found: 0) }
            var generator = MersenneTwister(seed: settings.seed)
            let clusters = try KMeans([real], clusters: settings.bins, generator: &generator, for: metric)
            (self.real, self.fake, realCount, fakeCount) = (clusters.shares[0], try clusters.shares(of: fake), real.count, fake.count)
        }

        /// The test's normal limit needs about 10 images in a bin.
        var warnings: [String] {
            let least = min(realCount, fakeCount)
            return least < 10 * real.count ? ["\(least) images in \(real.count) bins: fewer than 10 for each, too few for the test"] : []
        }
    }
}

extension EvaluatedSets {
    /// The bins, once for both metrics.
    func bins(for metric: String) throws(EvaluationError) -> DifferentBins.Bins {
        let real = try real(for: metric)
        return try work.value { () throws(EvaluationError) in try .init(real.rows(for: metric), fake.rows(for: metric), DifferentBins(seed: proto.seed), for: metric) }
    }
}

/// NDB as `gan-eval evaluate --metrics ndb` reports it.
struct DifferentBinsMetric: Metric {
    let about = MetricDescription(
        "ndb", "NDB/K", "share of clusters of real images that hold significantly more or fewer generated ones", needs: [.real, .features], better: .smaller, cost: "N·K·d·rounds",
        paper: "Richardson and Weiss 2018, arXiv:1805.12462")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { DifferentBins().different(try sets.bins(for: name)) }
}

/// The divergence over bins as `gan-eval evaluate --metrics bin-jsd` reports it.
struct BinDivergenceMetric: Metric {
    let about = MetricDescription(
        "bin-jsd", "Bin JSD", "Jensen–Shannon divergence of the sets' shares in clusters of real images", needs: [.real, .features], better: .smaller, cost: "N·K·d·rounds",
        paper: "Richardson and Weiss 2018, arXiv:1805.12462")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { DifferentBins().jensenShannon(try sets.bins(for: name)) }
}
