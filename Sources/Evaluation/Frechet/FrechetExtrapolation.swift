/// The Fréchet distance that infinitely many images would have, by extrapolation (Chong & Forsyth 2020): the expected distance is linear in 1/N to first
/// order, so distances of parts of the sets tell slope and intercept.
///
/// Both sets are shuffled and cut into quarters; the mean distance of the four pairs of quarters lies on the line at k = 4, the distance of the whole sets at k = 1,
/// and FID∞ at k = 0. Disjoint quarters cancel the first-order noise, which the mean shares with the full sets; hence the standard error of the full distance serves
/// for the intercept too. Halves and thirds would add cost and no information: they hold the same images.
///
/// The line holds for N well above d. Below 2d images of a set that is cut, no extrapolation is made: `init` gives nil.
public struct FrechetExtrapolation: Sendable, Equatable {
    /// The intercept, FID∞. It can be negative where the sets are alike.
    public let limit: Double
    /// The slope: by how much the distance at the given numbers of images is expected to exceed the limit.
    public let bias: Double

    /// Extrapolates from `value`, the distance between the whole sets. A set of which only statistics are known is used whole, and its own share of the bias
    /// remains.
    ///
    /// - Parameter seed: of the shuffle.
    /// - Throws: as `FrechetDistance`.
    public init?(
        _ first: FeatureSummary, _ second: FeatureSummary, value: Double, convention: MomentConvention = .unbiased, seed: UInt32 = 2020
    ) throws(EvaluationError) {
        var generator = MersenneTwister(seed: seed)
        let sets = [first, second].map { Parts($0, &generator) }
        guard sets.contains(where: \.canBeCut), sets.allSatisfy(\.isLargeEnough) else { return nil }
        let k = Self.parts
        var sum = 0.0
        for part in 0..<k { sum += try FrechetDistance(sets[0].part(part, of: k), sets[1].part(part, of: k), convention: convention).value }
        bias = (sum / Double(k) - value) / Double(k - 1)
        limit = value - bias
    }

    /// More parts would lean the line farther on numbers of images below that of features, fewer would leave more second-order noise.
    private static let parts = 4
}

/// A set, shuffled, to be cut into parts.
private struct Parts {
    private let summary: FeatureSummary
    private let order: [Int]

    init(_ summary: FeatureSummary, _ generator: inout MersenneTwister) {
        self.summary = summary
        if case .features(let features) = summary { order = generator.permutation(features.count) } else { order = [] }
    }

    var canBeCut: Bool { !order.isEmpty }

    /// Statistics are never cut, so they need not be large.
    var isLargeEnough: Bool { !canBeCut || order.count >= 2 * summary.dimension && order.count >= 8 }

    func part(_ part: Int, of k: Int) -> FeatureSummary {
        guard case .features(let features) = summary else { return summary }
        return .features(features.rows(order[(part * order.count / k)..<((part + 1) * order.count / k)]))
    }
}
