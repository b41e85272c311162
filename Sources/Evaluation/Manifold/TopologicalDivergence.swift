/// MTop-Divergence: how much of the topology of one set the other does not have, as the total length of the loops of its cross-barcode.
///
///     MTop-Div(P, Q) = Σ (closes − opens) over the loops of the Rips complex of P ∪ Q in which all points of Q are at distance 0 of each other
///
/// Where P lies in Q there is nothing: every point of P joins Q at once, and loops that pass through P close at once. The value is MTop-Div(real, generated): loops of real images that generated ones do not fill;
/// `from_fake` is MTop-Div(generated, real). Both are means over random subsets. 0 for equal distributions of infinitely many images; less is better; the unit is that of the features.
/// Source: Barannikov et al. 2021, *Manifold topology divergence: a framework for comparing data manifolds*, NeurIPS, arXiv:2106.04024, algorithm 1.
public struct TopologicalDivergence: Sendable, Hashable {
    /// Images of P in a subset.
    public var size: Int
    /// Images of Q in a subset.
    public var otherSize: Int
    /// Random subsets.
    public var repetitions: Int
    /// Seed of the subsets.
    public var seed: UInt32

    /// Ten subsets of 1000 against 10 000, the paper's sizes, or others.
    public init(size: Int = 1000, otherSize: Int = 10_000, repetitions: Int = 10, seed: UInt32 = 2020) { (self.size, self.otherSize, self.repetitions, self.seed) = (size, otherSize, repetitions, seed) }

    /// The divergence, at least 0, with the standard error that the choice of subsets makes.
    ///
    /// Smaller sets are taken whole, and once where both are, which a warning says: values of other sizes cannot be compared.
    /// - Throws: `dimensionMismatch`; `badOption` for sizes or repetitions below 1; `tooFewImages` for an empty set.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet) throws(EvaluationError) -> MetricResult {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        for (name, value) in [("size", size), ("otherSize", otherSize), ("repetitions", repetitions)] where value < 1 { throw .badOption(name: name, value: "\(value)", expected: "at least 1") }
        for (set, found) in [("real", real.count), ("generated", fake.count)] where found < 1 { throw .tooFewImages(metric: "mtop", set: set, needed: 1, found: found) }
        var generator = MersenneTwister(seed: seed), values: [[Double]] = [[], []]
        for repetition in 0..<repetitions {
            for (way, sets) in [(real, fake), (fake, real)].enumerated() {
                // Whole sets leave nothing to chance.
                if repetition > 0, sets.0.count <= size, sets.1.count <= otherSize { continue }
                let p = sets.0.rows(generator.choice(min(size, sets.0.count), of: sets.0.count)), q = sets.1.rows(generator.choice(min(otherSize, sets.1.count), of: sets.1.count))
                values[way].append(CrossBarcode(p, q).loops.reduce(0) { $0 + Double($1.closes - $1.opens) })
            }
        }
        let n = Double(values[0].count), means = values.map { $0.reduce(0, +) / Double($0.count) }
        let error = n > 1 ? (values[0].reduce(0) { $0 + ($1 - means[0]) * ($1 - means[0]) } / (n * (n - 1))).squareRoot() : nil
        var details = [MetricResult.Detail("from_fake", means[1]), .init("size", Double(min(size, real.count))), .init("other_size", Double(min(otherSize, fake.count))),
                       .init("repetitions", n), .init("repetitions_from_fake", Double(values[1].count))]
        if let error { details.append(.init("error_of_subsets", error)) }
        let isWhole = min(real.count, fake.count) < otherSize
        return MetricResult(metric: "mtop", value: means[0], details: details, realCount: real.count, fakeCount: fake.count,
                            warnings: isWhole ? ["fewer than \(otherSize) images in a set: compare only values of equal numbers of images"] : [])
    }
}

/// MTop-Divergence as `gan-eval evaluate --metrics mtop` reports it.
struct TopologicalDivergenceMetric: Metric {
    let about = MetricDescription(
        "mtop", "MTop-Div", "loops of real images that generated ones do not fill", needs: [.real, .features], better: .smaller, cost: "20·10⁷·(d + 1000)", paper: "Barannikov et al. 2021, arXiv:2106.04024")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try TopologicalDivergence(seed: sets.proto.seed)(real: sets.real(for: name).rows(for: name).features(), fake: sets.fake.rows(for: name).features())
    }
}
