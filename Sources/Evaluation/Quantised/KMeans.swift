#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Clusters of one or several sets around centres, each image with its nearest, by Lloyd's iteration (Lloyd 1982) from greedy k-means++ seeds (Arthur and Vassilvitskii 2007). Every set weighs the
/// same, however many images it has. Distances are compared in float64 wherever single precision does not decide, so that the clusters are the same on every machine.
public struct KMeans: Sendable {
    /// The centres.
    public let centres: FeatureSet
    /// For each set the shares of its images in the clusters.
    public let shares: [[Double]]
    /// Σ ‖x − c‖² over all images, each weighted by 1/(sets · images of its set).
    public let inertia: Double

    /// Blocks of distances have this many columns at most, so that a row's distances to all centres lie in one.
    static let largest = 1024

    /// Clusters of the union of sets in memory.
    /// - Throws: `badOption` for fewer than 2 or more than 1024 clusters; `dimensionMismatch`; `tooFewImages` for fewer images than clusters.
    public init(_ sets: [FeatureSet], clusters: Int, seed: UInt32 = 2020) throws(EvaluationError) {
        var generator = MersenneTwister(seed: seed)
        self = try KMeans(sets.map { .memory($0) }, clusters: clusters, generator: &generator, for: "k-means")
    }

    /// Clusters of the sets' union.
    ///
    /// Seeds come from at most max(2000, 20·k) random images; a centre that no image is nearest to stays where it is. It ends where no image changes its cluster, the inertia falls by less than 1e-5 of
    /// itself, or after 100 rounds.
    /// - Throws: `badOption` for k outside 2…1024; `dimensionMismatch`; `tooFewImages` for fewer than k images; what reading throws.
    init(_ sets: [FeatureRows], clusters k: Int, generator: inout MersenneTwister, for metric: String) throws(EvaluationError) {
        guard 2...Self.largest ~= k else { throw .badOption(name: "clusters", value: "\(k)", expected: "2…\(Self.largest)") }
        precondition(!sets.isEmpty, "clusters of no set")
        let dimension = sets[0].dimension, count = sets.reduce(0) { $0 + $1.count }
        for set in sets where set.dimension != dimension { throw .dimensionMismatch(first: dimension, second: set.dimension) }
        guard count >= k else { throw .tooFewImages(metric: "\(metric) with \(k) clusters", set: "first", needed: k, found: count) }
        var norms: [[Double]] = []
        for set in sets { norms.append(try DistanceBlock.norms(set)) }
        let total = norms.reduce(0) { sum, norms in sum + norms.reduce(0) { $0 + $1 * $1 } / Double(norms.count * sets.count) }
        var centres = try Self.seeds(sets, k, &generator), assigned = sets.map { [Int](repeating: -1, count: $0.count) }, inertia = Double.infinity
        for _ in 0..<100 {
            var sums = [Double](repeating: 0, count: k * dimension), weights = [Double](repeating: 0, count: k), moved = false
            for (index, set) in sets.enumerated() {
                let weight = 1 / Double(sets.count * set.count)
                try Self.forEachNearest(set, centres, norms[index]) { image, cluster, features in
                    moved = moved || assigned[index][image] != cluster
                    assigned[index][image] = cluster
                    weights[cluster] += weight
                    sums.withUnsafeMutableBufferPointer { sums in for column in 0..<dimension { sums[cluster * dimension + column] += weight * Double(features[column]) } }
                }
            }
            var rows = centres.values, within = total
            for cluster in 0..<k where weights[cluster] > 0 {
                for column in 0..<dimension {
                    let mean = sums[cluster * dimension + column] / weights[cluster]
                    rows[cluster * dimension + column] = Float(mean)
                    within -= weights[cluster] * mean * mean
                }
            }
            let gain = inertia - within
            inertia = within
            guard moved else { break }
            centres = try FeatureSet(rows, dimension: dimension)
            if gain <= 1e-5 * within { break }
        }
        // The last centres moved once more: what the shares are of must be the clusters around them.
        var shares = sets.map { _ in [Double](repeating: 0, count: k) }
        for (index, set) in sets.enumerated() { shares[index] = try Self.shares(of: set, centres, norms[index]) }
        (self.centres, self.shares, self.inertia) = (centres, shares, inertia)
    }

    /// The shares of another set's images whose nearest centres these are.
    /// - Throws: `dimensionMismatch`; what reading throws.
    func shares(of set: FeatureRows) throws(EvaluationError) -> [Double] {
        guard set.dimension == centres.dimension else { throw .dimensionMismatch(first: centres.dimension, second: set.dimension) }
        return try Self.shares(of: set, centres, DistanceBlock.norms(set))
    }

    private static func shares(of set: FeatureRows, _ centres: FeatureSet, _ norms: [Double]) throws(EvaluationError) -> [Double] {
        var counts = [Double](repeating: 0, count: centres.count)
        try forEachNearest(set, centres, norms) { _, cluster, _ in counts[cluster] += 1 }
        return counts.map { $0 / Double(set.count) }
    }

    /// Gives each image with its nearest centre, the first of equally near ones, and its features.
    private static func forEachNearest(
        _ set: FeatureRows, _ centres: FeatureSet, _ norms: [Double], _ body: (_ image: Int, _ cluster: Int, _ features: UnsafeBufferPointer<Float>) -> Void
    ) throws(EvaluationError) {
        try DistanceBlock.forEach(set, .memory(centres), sameSet: false, norms: norms) { block in
            for row in 0..<block.rows.count {
                var limit = Double.infinity
                for column in 0..<block.columns.count {
                    let upper = block.bounds(row, column).upper
                    if upper < limit { limit = upper }
                }
                var nearest = 0, least = Double.infinity, candidates = 0
                for column in 0..<block.columns.count where !(block.bounds(row, column).lower > limit) {
                    candidates += 1
                    if candidates == 1 { nearest = column } else {
                        if candidates == 2 { least = block.exact(row, nearest) }
                        let distance = block.exact(row, column)
                        if distance < least { (nearest, least) = (column, distance) }
                    }
                }
                body(block.rows.lowerBound + row, nearest, block.features(row))
            }
        }
    }

    /// Greedy k-means++: of some images drawn by their squared distance to the seeds so far, each time the one that lowers the sum of those distances most.
    private static func seeds(_ sets: [FeatureRows], _ k: Int, _ generator: inout MersenneTwister) throws(EvaluationError) -> FeatureSet {
        let sample = try sample(sets, max(2000, 20 * k), &generator), dimension = sample.dimension, trials = 2 + Int(log(Double(k)))
        var chosen = [generator.integer(below: sample.count)]
        return sample.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return sample }
            func distances(to seed: Int) -> [Double] { (0..<sample.count).map { DistanceBlock.squaredDistance(base + $0 * dimension, base + seed * dimension, dimension) } }
            var nearest = distances(to: chosen[0])
            while chosen.count < k {
                let cumulative = nearest.reduce(into: [Double]()) { $0.append(($0.last ?? 0) + $1) }, potential = cumulative[cumulative.count - 1]
                var best: (seed: Int, nearest: [Double], potential: Double)?
                for _ in 0..<trials {
                    let target = generator.randomSample() * potential, seed = min(cumulative.partitioningIndex { $0 > target }, sample.count - 1)
                    let after = zip(nearest, distances(to: seed)).map { min($0, $1) }, left = after.reduce(0, +)
                    if left < best?.potential ?? .infinity { best = (seed, after, left) }
                }
                guard let best else { break }
                chosen.append(best.seed)
                nearest = best.nearest
            }
            return sample.rows(chosen)
        }
    }

    /// Random images, as many of every set.
    private static func sample(_ sets: [FeatureRows], _ limit: Int, _ generator: inout MersenneTwister) throws(EvaluationError) -> FeatureSet {
        var sample = FeatureSet(dimension: sets[0].dimension)
        for set in sets {
            let chosen = generator.choice(min(set.count, limit / sets.count), of: set.count).sorted()
            var next = 0
            for start in stride(from: 0, to: set.count, by: 2048) {
                let end = min(start + 2048, set.count), first = next
                while next < chosen.count, chosen[next] < end { next += 1 }
                let rows = try set.withRows(start..<end) { rows in chosen[first..<next].flatMap { rows[($0 - start) * set.dimension..<($0 - start + 1) * set.dimension] } }
                try sample.append(rows)
            }
        }
        return sample
    }
}
