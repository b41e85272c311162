/// The real and the generated set as shares of common clusters, several times over: what PRD and divergence frontiers are computed from.
struct QuantisedSets {
    /// How often, into how many clusters and from which seed.
    struct Settings: Sendable, Hashable {
        /// k.
        var clusters = 20
        /// Independent clusterings.
        var runs = 10
        /// The generator's seed.
        var seed: UInt32 = 2020
    }

    /// The shares in the clusters of each run.
    let runs: [(real: [Double], fake: [Double])]
    /// Numbers of images.
    let realCount: Int, fakeCount: Int

    /// Clusters the union of both sets.
    /// - Throws: `badOption`, `dimensionMismatch`, `tooFewImages`; what reading throws.
    init(real: FeatureRows, fake: FeatureRows, _ settings: Settings, for metric: String) throws(EvaluationError) {
        guard settings.runs >= 1 else { throw .badOption(name: "runs", value: "\(settings.runs)", expected: "at least 1") }
        for (name, set) in [("real", real), ("generated", fake)] where set.count < settings.clusters {
            throw .tooFewImages(metric: "\(metric) with \(settings.clusters) clusters", set: name, needed: settings.clusters, found: set.count)
        }
        var generator = MersenneTwister(seed: settings.seed), runs: [(real: [Double], fake: [Double])] = []
        for _ in 0..<settings.runs {
            let clusters = try KMeans([real, fake], clusters: settings.clusters, generator: &generator, for: metric)
            runs.append((clusters.shares[0], clusters.shares[1]))
        }
        (self.runs, realCount, fakeCount) = (runs, real.count, fake.count)
    }

    /// What must be said of so few images.
    var warnings: [String] {
        let clusters = runs[0].real.count, least = min(realCount, fakeCount)
        return least < 50 * clusters ? ["\(least) images in \(clusters) clusters: chance alone makes the shares differ; 50 images for each cluster are few"] : []
    }
}

extension EvaluatedSets {
    /// The sets quantised as the papers do, once for all metrics.
    /// - Throws: `setNeeded` without real images; `featuresNeeded` where only statistics are at hand.
    func quantised(for metric: String) throws(EvaluationError) -> QuantisedSets {
        let real = try real(for: metric), settings = QuantisedSets.Settings(seed: proto.seed)
        return try work.value { () throws(EvaluationError) in try QuantisedSets(real: real.rows(for: metric), fake: fake.rows(for: metric), settings, for: metric) }
    }
}
