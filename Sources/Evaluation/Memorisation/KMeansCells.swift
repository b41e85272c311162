/// A partition of feature space into the cells of the nearest of some centres, by k-means: Lloyd's iterations from k-means++ seeds (Arthur & Vassilvitskii 2007), the best of several starts.
struct KMeansCells {
    /// - Shape: `[cells, d]`
    private(set) var centres: [[Double]]
    /// Σ over the points of the squared distance to their centre.
    private(set) var inertia: Double

    /// The best partition of some starts.
    /// - Parameter count: At most the number of points.
    init(_ set: FeatureSet, count: Int, restarts: Int = 10, iterations: Int = 300, seed: UInt32 = 2020) {
        precondition(0 < count && count <= set.count, "\(count) cells of \(set.count) points")
        var generator = MersenneTwister(seed: seed)
        let points = (0..<set.count).map { i in set.values[i * set.dimension..<(i + 1) * set.dimension].map(Double.init) }
        var best = Self.start(points, count, iterations, &generator)
        for _ in 1..<max(restarts, 1) {
            let other = Self.start(points, count, iterations, &generator)
            if other.inertia < best.inertia { best = other }
        }
        self = best
    }

    private init(centres: [[Double]], inertia: Double) { (self.centres, self.inertia) = (centres, inertia) }

    /// In which cell each point lies; of equally near centres the first.
    func cells(of set: FeatureSet) -> [Int] {
        (0..<set.count).map { i in Self.nearest(set.values[i * set.dimension..<(i + 1) * set.dimension].map(Double.init), centres).cell }
    }

    private static func start(_ points: [[Double]], _ count: Int, _ iterations: Int, _ generator: inout MersenneTwister) -> KMeansCells {
        var centres = [points[generator.integer(below: points.count)]]
        var distances = points.map { squaredDistance($0, centres[0]) }
        while centres.count < count {
            // The next centre is a point with probability proportional to its squared distance.
            var rest = generator.randomSample() * distances.reduce(0, +), chosen = distances.count - 1
            for (index, distance) in distances.enumerated() {
                rest -= distance
                if rest < 0 {
                    chosen = index
                    break
                }
            }
            centres.append(points[chosen])
            for index in points.indices { distances[index] = min(distances[index], squaredDistance(points[index], points[chosen])) }
        }
        var members = [Int](repeating: -1, count: points.count), inertia = 0.0
        for _ in 0..<iterations {
            inertia = 0
            var changed = false, sums = centres.map { $0.map { _ in 0.0 } }, counts = [Int](repeating: 0, count: count)
            for (index, point) in points.enumerated() {
                let (cell, distance) = nearest(point, centres)
                inertia += distance
                if members[index] != cell { (members[index], changed) = (cell, true) }
                counts[cell] += 1
                for j in point.indices { sums[cell][j] += point[j] }
            }
            guard changed else { break }
            // A cell that lost all its points keeps its centre.
            for cell in centres.indices where counts[cell] > 0 { centres[cell] = sums[cell].map { $0 / Double(counts[cell]) } }
        }
        return KMeansCells(centres: centres, inertia: inertia)
    }

    private static func nearest(_ point: [Double], _ centres: [[Double]]) -> (cell: Int, distance: Double) {
        var best = (cell: 0, distance: Double.infinity)
        for (cell, centre) in centres.enumerated() {
            let distance = squaredDistance(point, centre)
            if distance < best.distance { best = (cell, distance) }
        }
        return best
    }

    private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for j in a.indices { sum += (a[j] - b[j]) * (a[j] - b[j]) }
        return sum
    }
}
