import Statistics

/// The classifier two-sample test with one nearest neighbour: how often the image nearest to one, of all others of both sets, is of its own set.
///
///     accuracy = 1/(N + M) · |{z : nearest other of z is of z's set}|
///
/// 0.5 for as many images of one distribution; 1 for sets that lie apart; below 0.5 where images come in pairs of a real and a generated one, which is what copies do. An equally near image of
/// either set counts half. Source: Lopez-Paz and Oquab 2017, *Revisiting classifier two-sample tests*, arXiv:1610.06545; Xu et al. 2018, arXiv:1806.07755, sections 2 and 3, who show its parts of
/// real and of generated images. A low real part says that generated images surround real ones, a low generated part the reverse: under mode collapse the generated part is high and the real low.
public struct NearestNeighbourTest: Sendable, Hashable {
    /// The test.
    public init() {}

    /// The accuracy, in 0…1.
    ///
    /// Details: its parts, what sets of one distribution give on average, and the test of that: the deviation in standard deviations under random exchange of images between the sets, given who is
    /// whose nearest (Schilling 1986, *Multivariate two-sample tests based on nearest neighbors*), with its two-sided p-value by the normal limit. There is no interval for sets that differ.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than 2 images in a set.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet, confidence: Double = 0.95) throws(EvaluationError) -> MetricResult {
        try self(Neighbourhoods(real: .memory(real), fake: .memory(fake)))
    }

    func callAsFunction(_ neighbourhoods: Neighbourhoods) throws(EvaluationError) -> MetricResult {
        try neighbourhoods.check(1, for: "1nn")
        let n = neighbourhoods.count(.real), m = neighbourhoods.count(.fake)
        var nearest: [Int] = [], parts: [Double] = []
        for (side, own, other) in [(Neighbourhoods.Side.real, 0, n), (.fake, n, 0)] {
            let within = try neighbourhoods.nearest(side, 1), across = try neighbourhoods.nearestOfTheOther(side, 1)
            var hits = 0.0
            for image in 0..<neighbourhoods.count(side) {
                let (friend, stranger) = (within.nearest(image), across.nearest(image))
                if friend.squaredDistance <= stranger.squaredDistance { hits += friend.squaredDistance < stranger.squaredDistance ? 1 : 0.5 }
                nearest.append(friend.squaredDistance < stranger.squaredDistance ? own + friend.index : other + stranger.index)
            }
            parts.append(hits)
        }
        let count = Double(n + m), value = (parts[0] + parts[1]) / count
        let alike = Permutations(nearest: nearest, first: n, second: m), z = (value * count - alike.mean) / alike.variance.squareRoot()
        var result = MetricResult(
            metric: "1nn", value: value,
            details: [.init("real_accuracy", parts[0] / Double(n)), .init("fake_accuracy", parts[1] / Double(m)), .init("accuracy_if_alike", alike.mean / count),
                      .init("z", z), .init("p_value", 2 * NormalDistribution.cumulative(-abs(z)))],
            realCount: n, fakeCount: m)
        if n != m { result.warnings.append("the sets have different sizes; of one distribution they would give \(Number.short(alike.mean / count)) rather than 0.5") }
        if min(n, m) < 100 { result.warnings.append("fewer than 100 images in a set: the p-value is rough") }
        return result
    }

    /// Mean and variance of the number of images whose nearest is of their own set, when images are exchanged at random.
    struct Permutations {
        let mean: Double, variance: Double

        /// - Parameter nearest: For each of the `first + second` images, which is its nearest.
        init(nearest: [Int], first: Int, second: Int) {
            let count = Double(first + second)
            func factors(_ size: Int, _ images: Int) -> Double { (0..<images).reduce(1.0) { product, taken in product * Double(size - taken) } }
            /// The probability that so many given images are all of one set.
            func together(_ images: Int) -> Double { (factors(first, images) + factors(second, images)) / factors(first + second, images) }
            let apart = 2 * factors(first, 2) * factors(second, 2) / factors(first + second, 4)
            let pair = together(2), triple = together(3), twoPairs = together(4) + apart
            let mutual = Double(nearest.indices.count { nearest[nearest[$0]] == $0 })
            var popularity = [Double](repeating: 0, count: nearest.count)
            for image in nearest { popularity[image] += 1 }
            // Ordered pairs of arrows: equal or opposite ones are one pair of images, those that share an image a triple, the rest two pairs.
            let sharing = popularity.reduce(0) { $0 + $1 * ($1 - 1) } + 2 * (count - mutual), disjoint = count * count - count - mutual - sharing
            mean = count * pair
            variance = (count + mutual) * pair + sharing * triple + disjoint * twoPairs - mean * mean
        }
    }
}

/// The one-nearest-neighbour test as `gan-eval evaluate --metrics 1nn` reports it.
struct NearestNeighbourTestMetric: Metric {
    let about = MetricDescription(
        "1nn", "1-NN accuracy", "how often an image's nearest is of its own set, 0.5 for sets alike", needs: [.real, .features], better: .asReal, cost: "N²·d",
        paper: "Lopez-Paz and Oquab 2017, arXiv:1610.06545")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { try NearestNeighbourTest()(sets.neighbourhoods(for: name)) }
}
