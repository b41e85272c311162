import LinearAlgebra

/// Sliced Wasserstein distances in feature space: what it costs to move one set's projections on a random direction onto the other's, on average over directions.
///
///     SW₂² = E_θ ∫₀¹ (Q_X(u) − Q_Y(u))² du      SW₁ = E_θ ∫₀¹ |Q_X(u) − Q_Y(u)| du      MIND = 3d · SW₂²
///
/// Q are the quantile functions of ⟨x, θ⟩ and ⟨y, θ⟩, θ is uniform on the unit sphere; for sets of one size the integrals are means over sorted projections.
/// Sources: Bonneel et al. 2015, *Sliced and Radon Wasserstein barycenters of measures*; MIND as torch-fidelity computes it: 1000 directions, and 3d. Where sizes differ it draws as many
/// of the larger set as the smaller has; here all images count, through the quantile functions. Directions are NumPy's normal numbers, not torch's.
public struct SlicedWasserstein: Sendable, Hashable {
    /// Which power of the difference is averaged, and how it is reported.
    public enum Form: String, Sendable, Hashable {
        /// 3d·SW₂².
        case mind
        /// SW₁.
        case first = "sw1"
        /// SW₂, the square root of the mean over directions.
        case second = "sw2"
    }

    /// Which.
    public var form: Form
    /// Number of directions.
    public var directions: Int
    /// Seed of the directions.
    public var seed: UInt32

    /// A distance over 1000 directions, or others.
    public init(_ form: Form, directions: Int = 1000, seed: UInt32 = 2020) { (self.form, self.directions, self.seed) = (form, directions, seed) }

    /// The distance, at least 0, with memory for the projections on 128 directions. It is positive for sets alike too, by a little that falls with the number of images; there is no interval. The
    /// detail `error_of_directions` is the standard error that the choice of directions alone makes.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer than 2 images in a set; `badOption` for fewer than 2 directions; what reading throws.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet) throws(EvaluationError) -> MetricResult { try self(SlicedDistances(.memory(real), .memory(fake), directions, seed, for: form.rawValue)) }

    func callAsFunction(_ distances: SlicedDistances) -> MetricResult {
        let each = form == .first ? distances.first : distances.second, n = Double(each.count), mean = each.reduce(0, +) / n
        let error = (each.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot()
        let (value, scale): (Double, Double)
        switch form {
        case .first: (value, scale) = (mean, 1)
        case .second: (value, scale) = (mean.squareRoot(), mean > 0 ? 0.5 / mean.squareRoot() : 0)
        case .mind: (value, scale) = (3 * Double(distances.dimension) * mean, 3 * Double(distances.dimension))
        }
        var result = MetricResult(metric: form.rawValue, value: value, details: [.init("directions", n), .init("error_of_directions", scale * error)],
                                  realCount: distances.realCount, fakeCount: distances.fakeCount)
        if min(distances.realCount, distances.fakeCount) < 1000 { result.warnings = ["fewer than 1000 images in a set: the distance of sets alike is then not small against those of good generators"] }
        return result
    }
}

/// Distances of two sets' projections on each of some random directions.
struct SlicedDistances {
    /// ∫|Q_X − Q_Y| and ∫(Q_X − Q_Y)² for each direction.
    let first: [Double], second: [Double]
    let dimension: Int, realCount: Int, fakeCount: Int

    /// Directions whose projections are held at a time.
    private static let slice = 128

    init(_ real: FeatureRows, _ fake: FeatureRows, _ count: Int, _ seed: UInt32, for metric: String) throws(EvaluationError) {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        for (set, rows) in [("real", real), ("generated", fake)] where rows.count < 2 { throw .tooFewImages(metric: metric, set: set, needed: 2, found: rows.count) }
        guard count >= 2 else { throw .badOption(name: "directions", value: "\(count)", expected: "at least 2") }
        var generator = MersenneTwister(seed: seed), first: [Double] = [], second: [Double] = []
        for start in stride(from: 0, to: count, by: Self.slice) {
            var directions: [Double] = []
            for _ in start..<min(start + Self.slice, count) {
                let normals = (0..<real.dimension).map { _ in generator.standardNormal() }, norm = normals.reduce(0) { $0 + $1 * $1 }.squareRoot()
                directions += normals.map { $0 / norm }
            }
            let x = try Self.sortedProjections(real, directions), y = try Self.sortedProjections(fake, directions)
            for (x, y) in zip(x, y) {
                let distance = Self.distance(x, y)
                first.append(distance.first)
                second.append(distance.second)
            }
        }
        (self.first, self.second, dimension, realCount, fakeCount) = (first, second, real.dimension, real.count, fake.count)
    }

    /// ⟨x, θ⟩ of all images, in ascending order, for each direction.
    private static func sortedProjections(_ set: FeatureRows, _ directions: [Double]) throws(EvaluationError) -> [[Double]] {
        let width = directions.count / set.dimension
        var projections = (0..<width).map { _ in [Double]() }
        for index in projections.indices { projections[index].reserveCapacity(set.count) }
        try set.forEachBatch { rows in
            let height = rows.count / set.dimension, batch = rows.map(Double.init)
            var products = [Double](repeating: 0, count: width * height)
            directions.withUnsafeBufferPointer { directions in
                batch.withUnsafeBufferPointer { batch in
                    products.withUnsafeMutableBufferPointer { multiplyByTransposed(directions, batch, into: $0, m: width, n: height, k: set.dimension) }
                }
            }
            for index in projections.indices { projections[index] += products[index * height..<(index + 1) * height] }
        }
        for index in projections.indices { projections[index].sort() }
        return projections
    }

    /// The integrals of the difference of two quantile functions, which are steps at multiples of 1/n and 1/m.
    private static func distance(_ x: [Double], _ y: [Double]) -> (first: Double, second: Double) {
        let (n, m) = (x.count, y.count)
        var i = 0, j = 0, first = 0.0, second = 0.0, position = 0
        // In units of 1/(n·m), so that the ends of steps are whole numbers.
        while i < n, j < m {
            let end = min((i + 1) * m, (j + 1) * n), width = Double(end - position), difference = x[i] - y[j]
            first += width * abs(difference)
            second += width * difference * difference
            position = end
            if end == (i + 1) * m { i += 1 }
            if end == (j + 1) * n { j += 1 }
        }
        return (first / (Double(n) * Double(m)), second / (Double(n) * Double(m)))
    }
}

extension EvaluatedSets {
    /// The distances over 1000 directions, once for all metrics.
    func slices(for metric: String) throws(EvaluationError) -> SlicedDistances {
        let real = try real(for: metric)
        return try work.value { () throws(EvaluationError) in try SlicedDistances(real.rows(for: metric), fake.rows(for: metric), 1000, proto.seed, for: metric) }
    }
}

/// Sliced distances as `gan-eval evaluate --metrics mind,sw1,sw2` reports them.
struct SlicedMetric: Metric {
    let form: SlicedWasserstein.Form

    var about: MetricDescription {
        let (title, summary, paper) = switch form {
        case .mind: ("MIND", "3d times the mean squared distance of sorted projections", "torch-fidelity; Bonneel et al. 2015")
        case .first: ("SW1", "mean cost of moving projections on random directions", "Bonneel et al. 2015")
        case .second: ("SW2", "root of the mean squared cost of moving projections on random directions", "Bonneel et al. 2015")
        }
        return MetricDescription(form.rawValue, title, summary, needs: [.real, .features], better: .smaller, cost: "1000·N·(d + log N)", paper: paper)
    }

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult { SlicedWasserstein(form)(try sets.slices(for: name)) }
}
