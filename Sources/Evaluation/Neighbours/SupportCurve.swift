/// How a share grows with the level of a support, against the diagonal that it would follow for two sets of one distribution: the curve behind α-precision and β-recall.
struct SupportCurve {
    /// The level from which on each image counts, ascending, in 0…1; at 1 and beyond it never does.
    private let entries: [Double]

    /// - Parameter entries: In any order.
    init(entries: [Double]) { self.entries = entries.sorted() }

    /// The share of images with an entry below a level.
    func share(_ level: Double) -> Double { Double(entries.partitioningIndex { $0 >= level }) / Double(entries.count) }

    /// 1 − 2·∫|share(α) − α|dα over 0…1, and its standard error where images enter independently of each other, by the integral's derivative with respect to each image (the delta method).
    var integrated: (value: Double, standardError: Double) {
        let n = Double(entries.count)
        // Between two entries the share is constant: the integral of its distance to the diagonal is exact, and so is that of the distance's sign.
        var area = 0.0, signs = 0.0, signAt: [Double] = [], start = 0.0
        for (index, entry) in (entries + [1]).enumerated() {
            let end = min(max(entry, start), 1), share = Double(index) / n, turn = min(max(share, start), end)
            area += ((turn - start) * (2 * share - start - turn) + (end - turn) * (turn + end - 2 * share)) / 2
            signs += (turn - start) - (end - turn)
            if index < entries.count { signAt.append(signs) }
            start = end
        }
        // An image that enters at u adds 1/n from u to 1: its derivative is what the sign integrates to from there.
        let influences = signAt.map { signs - $0 }, mean = influences.reduce(0, +) / n
        let variance = influences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        return (1 - 2 * area, 2 * (variance / n).squareRoot())
    }

    /// The curve at evenly spaced levels.
    func points(_ steps: Int = 30) -> [SIMD2<Double>] { (0..<steps).map { [Double($0) / Double(steps - 1), share(Double($0) / Double(steps - 1))] } }

    /// 1 − 2·Σ|α − share(α)|·Δα over given values of the share at evenly spaced levels from 0 to 1, as the authors' code integrates.
    static func summed(_ shares: [Double]) -> Double {
        let step = 1 / Double(shares.count - 1)
        return 1 - 2 * step * shares.enumerated().reduce(0) { $0 + abs(Double($1.offset) * step - $1.element) }
    }
}

/// Distances from a set's mean.
struct CentreDistances {
    /// ‖x − c‖² for each image.
    let squared: [Double]

    /// Distances already known.
    init(squared: [Double]) { self.squared = squared }

    /// Distances of the images of `set` from the mean of `centre`.
    /// - Throws: what reading the rows throws.
    init(of set: FeatureRows, fromMeanOf centre: FeatureRows) throws(EvaluationError) {
        let dimension = centre.dimension
        var mean = [Double](repeating: 0, count: dimension), squared: [Double] = []
        try centre.forEachBatch { rows in for (index, value) in rows.enumerated() { mean[index % dimension] += Double(value) } }
        for column in mean.indices { mean[column] /= Double(centre.count) }
        squared.reserveCapacity(set.count)
        try set.forEachBatch { rows in
            for start in stride(from: 0, to: rows.count, by: dimension) {
                squared.append((0..<dimension).reduce(0) { sum, column in
                    let difference = Double(rows[start + column]) - mean[column]
                    return sum + difference * difference
                })
            }
        }
        self.squared = squared
    }

    /// For each distance, the share of `others` that is smaller: the level from which on a quantile of them reaches it.
    func levels(among others: CentreDistances) -> [Double] {
        let sorted = others.squared.sorted()
        return squared.map { distance in Double(sorted.partitioningIndex { $0 >= distance }) / Double(sorted.count) }
    }

    /// NumPy's quantiles of the distances, interpolated, at evenly spaced levels from 0 to 1.
    func radii(_ steps: Int) -> [Double] {
        let sorted = squared.map { $0.squareRoot() }.sorted()
        return (0..<steps).map { step in
            let place = Double(step) / Double(steps - 1) * Double(sorted.count - 1), below = min(Int(place), sorted.count - 2)
            return step == steps - 1 ? sorted[sorted.count - 1] : sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
        }
    }
}
