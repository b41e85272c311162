/// Realism: how near each generated image is to a real one, against how near that one's own neighbours are.
///
///     R(y) = maxᵢ rₖ(xᵢ) / ‖y − xᵢ‖
///
/// over the half of the real images with the smaller radii rₖ, the distances to their k-th nearest others; wide balls in thinly populated places would vouch for anything. At least 1: within some ball.
/// Source: Kynkäänniemi et al. 2019, arXiv:1904.06991, section 5 and equation 3, with k = 3. Their code takes every radius and squares of distances instead.
public struct RealismScore: Sendable, Hashable {
    /// k.
    public var neighbours: Int

    /// The paper's three neighbours, or others.
    public init(neighbours: Int = 3) { self.neighbours = neighbours }

    /// The score of each generated image, in order; infinite for one whose features are a kept real image's.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for a set of no more than k images.
    public func scores(real: FeatureSet, fake: FeatureSet) throws(EvaluationError) -> [Double] {
        try scores(Neighbourhoods(real: .memory(real), fake: .memory(fake)))
    }

    /// The mean over the generated images that are not a real one, at least 0.
    ///
    /// The interval covers what infinitely many generated images would give against these real ones. The curve `realism` has the score's quantiles.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for a set of no more than k images, or where every generated image is a real one.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    private func scores(_ neighbourhoods: Neighbourhoods) throws(EvaluationError) -> [Double] {
        try neighbourhoods.check(neighbours, for: "realism")
        let radii = try neighbourhoods.nearest(.real, neighbours).squaredRadii(neighbours), widest = radii.sorted()[(radii.count - 1) / 2]
        var best = [Double](repeating: 0, count: neighbourhoods.count(.fake))
        try DistanceBlock.forEach(neighbourhoods.set(.real), neighbourhoods.set(.fake), sameSet: false) { block in
            best.withUnsafeMutableBufferPointer { best in
                for row in 0..<block.rows.count {
                    let radius = radii[block.rows.lowerBound + row]
                    guard radius <= widest else { continue }
                    for column in 0..<block.columns.count {
                        let j = block.columns.lowerBound + column, lower = block.bounds(row, column).lower
                        if lower > 0, radius <= best[j] * lower { continue }
                        let distance = block.exact(row, column)
                        best[j] = max(best[j], distance > 0 ? radius / distance : .infinity)
                    }
                }
            }
        }
        return best.map { $0.squareRoot() }
    }

    func callAsFunction(_ neighbourhoods: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        let all = try scores(neighbourhoods).sorted(), finite = all.filter(\.isFinite), n = Double(finite.count)
        guard finite.count > 1 else { throw .tooFewImages(metric: "realism of images that are no real ones", set: "generated", needed: 2, found: finite.count) }
        let mean = finite.reduce(0, +) / n, error = (finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot()
        let copies = all.count - finite.count
        var result = MetricResult(
            metric: "realism", value: mean,
            details: [.init("neighbours", Double(neighbours)), .init("median", finite[(finite.count - 1) / 2]), .init("share_at_least_1", Double(all.count { $0 >= 1 }) / Double(all.count))],
            realCount: neighbourhoods.count(.real), fakeCount: neighbourhoods.count(.fake))
        result.curves = [.init("realism", x: "share of generated images", y: "realism at most", (0...100).map { [Double($0) / 100, finite[$0 * (finite.count - 1) / 100]] })]
        if copies > 0 { result.warnings = ["\(copies) generated images have the features of a real one; their realism is infinite and not in the mean"] }
        result.addInterval(standardError: error, within: 0 ... .infinity, confidence)
        return result
    }
}

/// Realism as `gan-eval evaluate --metrics realism` reports it.
struct RealismMetric: Metric {
    let about = MetricDescription(
        "realism", "Realism", "how near generated images are to real ones, 1 for as near as neighbours", needs: [.real, .features], better: .larger, cost: "N²·d",
        paper: "Kynkäänniemi et al. 2019, arXiv:1904.06991", usualFeatures: (network: "vgg16", tap: "fc2_relu"))

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try RealismScore()(sets.neighbourhoods(for: name), confidence: sets.confidence)
    }
}
