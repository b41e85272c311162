/// Authenticity: the share of generated images that are no copies by this rule: the nearest real image has another real one nearer than the generated one.
///
///     1/M · |{j : ‖yⱼ − xᵢ‖ > r₁(xᵢ)}|, i the real image nearest to yⱼ
///
/// A generator that copies its training images gives 0, one that makes noise 1, sets of one distribution something in between that depends on their dimension: compare it with another real set's.
/// Source: Alaa et al. 2022, arXiv:2102.08921, section 3.3 and equation 11, as AuthPct in Jiralerspong et al.'s `fls` and in dgm-eval. (The authors' own code looks the radii up by the wrong index.) Copies
/// of what the generator was trained on show only where the real images are those; give them as the real set. `gan-eval copies` shows which images they are (`Authenticity`).
public struct AuthenticShare: Sendable, Hashable {
    /// The share.
    public init() {}

    /// The share, in 0…1, with Wilson's interval: it covers what infinitely many generated images would give against these real ones.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than 2 images in a set.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)), confidence: confidence)
    }

    func callAsFunction(_ sets: Neighbourhoods, confidence: Double) throws(EvaluationError) -> MetricResult {
        try sets.check(1, for: "authenticity")
        let radii = try sets.nearest(.real, 1), nearest = try sets.nearestOfTheOther(.fake, 1)
        let authentic = (0..<sets.count(.fake)).count { image in
            let (real, distance) = nearest.nearest(image)
            return distance > radii.nearest(real).squaredDistance
        }
        return MetricResult(share: authentic, of: sets.count(.fake), metric: "authenticity", neighbours: 1, sets, confidence)
    }
}

/// Authenticity as `gan-eval evaluate --metrics authenticity` reports it.
struct AuthenticityMetric: Metric {
    let about = MetricDescription(
        "authenticity", "Authenticity", "share of generated images that are no near-copies of real ones", needs: [.real, .features], better: .asReal, cost: "N²·d",
        paper: "Alaa et al. 2022, arXiv:2102.08921")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try AuthenticShare()(sets.neighbourhoods(for: name), confidence: sets.confidence) }
}
