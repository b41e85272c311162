/// The geometry score: how the holes of two sets differ, by how long so many loops are there while a complex on random landmarks grows. It does not see where the sets lie.
///
///     Σᵢ (MRLT_X(i) − MRLT_Y(i))²,  MRLT(i) the mean share of 0…α_max over which i loops are open
///
/// Source: Khrulkov and Oseledets 2018, *Geometry score: a method for comparing generative adversarial networks*, arXiv:1802.02664, algorithms 1 and 2, with 64 landmarks (drawn with repetition), γ = N/(128·5000),
/// α_max = γ times the largest distance, 1000 repetitions and i < 100, as their code, which gives the same number from the same landmarks. Of more than 5000 images as many are taken, evenly spaced.
public struct GeometryScore: Sendable, Hashable {
    /// Landmarks of a repetition.
    public var landmarks: Int
    /// Repetitions for each set.
    public var repetitions: Int
    /// Seed of the landmarks.
    public var seed: UInt32

    /// The paper's settings, or others.
    public init(landmarks: Int = 64, repetitions: Int = 1000, seed: UInt32 = 2020) { (self.landmarks, self.repetitions, self.seed) = (landmarks, repetitions, seed) }

    /// How many numbers of loops are told apart.
    private static let loops = 100
    /// Images of a set at most: distances between all are held, 100 MB.
    private static let limit = 5000

    /// The score, at least 0. It has no interval; the curves are MRLT of both sets.
    /// - Throws: `dimensionMismatch`; `tooFewImages` for fewer images than landmarks; `badOption` for landmarks outside 3…64 or no repetitions.
    public func callAsFunction(real: FeatureSet, fake: FeatureSet) throws(EvaluationError) -> MetricResult { try self(real: .memory(real), fake: .memory(fake)) }

    func callAsFunction(real: FeatureRows, fake: FeatureRows) throws(EvaluationError) -> MetricResult {
        guard real.dimension == fake.dimension else { throw .dimensionMismatch(first: real.dimension, second: fake.dimension) }
        guard 3...64 ~= landmarks else { throw .badOption(name: "landmarks", value: "\(landmarks)", expected: "3…64") }
        guard repetitions >= 1 else { throw .badOption(name: "repetitions", value: "\(repetitions)", expected: "at least 1") }
        for (set, rows) in [("real", real), ("generated", fake)] where rows.count < landmarks {
            throw .tooFewImages(metric: "geometry-score with \(landmarks) landmarks", set: set, needed: landmarks, found: rows.count)
        }
        var generator = MersenneTwister(seed: seed), times: [[Double]] = []
        for set in [real, fake] { times.append(try livingTimes(set.evenlySpaced(Self.limit).features, &generator)) }
        let value = zip(times[0], times[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        var result = MetricResult(metric: "geometry-score", value: value, details: [.init("landmarks", Double(landmarks)), .init("repetitions", Double(repetitions))], realCount: real.count, fakeCount: fake.count)
        result.curves = zip(["real_loops", "fake_loops"], times).map { name, times in .init(name, x: "loops", y: "mean relative living time", times.enumerated().map { [Double($0.offset), $0.element] }) }
        if min(real.count, fake.count) < 1000 { result.warnings = ["fewer than 1000 images in a set: the complex barely grows, and loops are chance"] }
        return result
    }

    /// The mean over repetitions of the shares of time that so many loops are open.
    private func livingTimes(_ set: FeatureSet, _ generator: inout MersenneTwister) throws(EvaluationError) -> [Double] {
        let count = set.count, distances = try DistanceBlock.all(.memory(set), .memory(set)).map { $0.squareRoot() }, gamma = Float(count) / (128 * 5000)
        var mean = [Double](repeating: 0, count: Self.loops), row = [Float](repeating: 0, count: landmarks)
        for _ in 0..<repetitions {
            let chosen = (0..<landmarks).map { _ in generator.integer(below: count) }
            var largest: Float = 0
            for landmark in chosen { for witness in 0..<count { largest = max(largest, distances[landmark * count + witness]) } }
            var complex = WitnessComplex(landmarks: landmarks, limit: gamma * largest)
            for witness in 0..<count {
                for (index, landmark) in chosen.enumerated() { row[index] = distances[landmark * count + witness] }
                row.withUnsafeBufferPointer { complex.add($0) }
            }
            // Images that are all the same have no loops at any time.
            guard largest > 0 else { mean[0] += 1 / Double(repetitions); continue }
            let end = Double(gamma * largest), loops = complex.loops()
            let changes = (loops.flatMap { [($0.opens, 1), ($0.closes, -1)] } + [(gamma * largest, 0)]).sorted { $0.0 < $1.0 }
            var open = 0, at = 0.0
            for (time, change) in changes {
                if open < Self.loops { mean[open] += (Double(time) - at) / end / Double(repetitions) }
                (open, at) = (open + change, Double(time))
            }
        }
        return mean
    }
}

/// The geometry score as `gan-eval evaluate --metrics geometry-score` reports it.
struct GeometryScoreMetric: Metric {
    let about = MetricDescription(
        "geometry-score", "Geometry score", "difference of the sets' holes", needs: [.real, .features], better: .smaller, cost: "N²·d + 1000·N·64", paper: "Khrulkov and Oseledets 2018, arXiv:1802.02664")

    func evaluate(_ sets: EvaluatedSets) throws(EvaluationError) -> MetricResult {
        try GeometryScore(seed: sets.proto.seed)(real: sets.real(for: name).rows(for: name), fake: sets.fake.rows(for: name))
    }
}
