import Evaluation
import LinearAlgebra
import Testing

@Suite struct FrechetUncertaintyTests {
    /// Regimes: both sets larger than d, both smaller, one of each, and a column of zeros in both.
    static let regimes: [(first: Int, second: Int, dimension: Int, flat: Bool)] = [
        (60, 50, 7, false), (9, 12, 20, false), (9, 80, 14, false), (80, 9, 14, false), (60, 50, 7, true),
    ]

    private func sets(_ index: Int) throws -> (FeatureSet, FeatureSet) {
        let r = Self.regimes[index]
        func flatten(_ values: [Float]) -> [Float] { r.flat ? values.enumerated().map { $0.offset % r.dimension == 2 ? 0.25 : $0.element } : values }
        return (
            try FeatureSet(flatten(SyntheticFeatures.rows(seed: 21, count: r.first, dimension: r.dimension, offset: 0.5)), dimension: r.dimension),
            try FeatureSet(flatten(SyntheticFeatures.rows(seed: 22, count: r.second, dimension: r.dimension, offset: 0.6, spread: 1.3)), dimension: r.dimension)
        )
    }

    /// The distance with image `index` of the first set repeated: its derivative by the image's weight is the influence.
    private func weighted(_ a: FeatureSet, _ weights: [Double], _ b: FeatureSet) throws -> Double {
        let d = a.dimension, total = weights.reduce(0, +)
        var mean = [Double](repeating: 0, count: d)
        for i in 0..<a.count { for j in 0..<d { mean[j] += weights[i] * Double(a.values[i * d + j]) / total } }
        var rows = Matrix(rows: a.count, columns: d)
        for i in 0..<a.count { for j in 0..<d { rows[i, j] = (Double(a.values[i * d + j]) - mean[j]) * (weights[i] / total).squareRoot() } }
        // Population covariance: what the influence with factor one differentiates.
        var other = Matrix(rows: b.count, columns: d)
        let statistics = try Moments(b).statistics(.population)
        for i in 0..<b.count { for j in 0..<d { other[i, j] = (Double(b.values[i * d + j]) - statistics.mean[j]) / Double(b.count).squareRoot() } }
        let trace = try Matrix.product(rows, other, transposingSecond: true).nuclearNorm()
        let squares = rows.elements.reduce(0) { $0 + $1 * $1 } + other.elements.reduce(0) { $0 + $1 * $1 }
        return zip(mean, statistics.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } + squares - 2 * trace
    }

    /// ψᵢ equals N·∂d²/∂wᵢ up to the common constant, by central differences of the exact distance.
    @Test(arguments: regimes.indices) func influenceIsTheDerivativeByAnImagesWeight(index: Int) throws {
        let (a, b) = try sets(index)
        let uncertainty = try FrechetUncertainty(.features(a), .features(b), convention: .population)
        for (set, other, influence) in [(a, b, uncertainty.influenceOfFirst(a.values)), (b, a, uncertainty.influenceOfSecond(b.values))] {
            let mean = influence.reduce(0, +) / Double(set.count)
            let scale = influence.map { abs($0 - mean) }.max() ?? 0
            for i in stride(from: 0, to: set.count, by: 3) {
                let step = 1e-4
                var up = [Double](repeating: 1, count: set.count), down = up
                up[i] += step
                down[i] -= step
                let derivative = try (weighted(set, up, other) - weighted(set, down, other)) / (2 * step) * Double(set.count)
                #expect(abs(derivative - (influence[i] - mean)) < 1e-4 * scale)
            }
        }
    }

    /// Leaving one image out changes the distance by −ψᵢ/(N−1) to first order; over all images the two jackknives agree.
    @Test func agreesWithLeavingOneOut() throws {
        let a = SyntheticFeatures.features(seed: 23, count: 400, dimension: 6), b = SyntheticFeatures.features(seed: 24, count: 300, dimension: 6, offset: 0.1, spread: 1.2)
        var uncertainty = try FrechetUncertainty(.features(a), .features(b))
        uncertainty.addFirst(a.values)
        uncertainty.addSecond(b.values)
        var variance = 0.0
        for (set, isFirst) in [(a, true), (b, false)] {
            let n = Double(set.count)
            let values = try (0..<set.count).map { left in
                let rest = set.rows((0..<set.count).filter { $0 != left })
                return try FrechetDistance(isFirst ? rest : a, isFirst ? b : rest).value
            }
            let mean = values.reduce(0, +) / n
            variance += (n - 1) / n * values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        #expect(abs(try #require(uncertainty.standardError) / variance.squareRoot() - 1) < 0.03)
    }

    @Test func agreesWithTheBootstrap() throws {
        let a = SyntheticFeatures.features(seed: 25, count: 300, dimension: 5), b = SyntheticFeatures.features(seed: 26, count: 350, dimension: 5, offset: 0.15, spread: 1.2)
        var uncertainty = try FrechetUncertainty(.features(a), .features(b))
        uncertainty.addFirst(a.values)
        uncertainty.addSecond(b.values)
        var generator = MersenneTwister(seed: 1)
        let values = try (0..<600).map { _ in
            let x = a.rows((0..<a.count).map { _ in generator.integer(below: a.count) }), y = b.rows((0..<b.count).map { _ in generator.integer(below: b.count) })
            return try FrechetDistance(x, y).value
        }
        let mean = values.reduce(0, +) / 600
        let bootstrap = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 599).squareRoot()
        // 600 replicates know their standard deviation to 3 %; the bootstrap adds second-order terms the linear estimate leaves out.
        #expect(abs(try #require(uncertainty.standardError) / bootstrap - 1) < 0.12)
    }

    @Test func batchesAndOrderDoNotMatter() throws {
        let (a, b) = try sets(0)
        var whole = try FrechetUncertainty(.features(a), .features(b)), batched = whole
        whole.addFirst(a.values)
        whole.addSecond(b.values)
        for i in (0..<a.count).reversed() { batched.addFirst(a.rows([i]).values) }
        for i in 0..<b.count { batched.addSecond(b.rows([i]).values) }
        #expect(abs(try #require(whole.standardError) - #require(batched.standardError)) < 1e-12)
    }

    @Test func statisticsGiveTheSameMapsAsFeatures() throws {
        let (a, b) = try sets(0)
        let fromFeatures = try FrechetUncertainty(.features(a), .features(b))
        let fromStatistics = try FrechetUncertainty(.statistics(Moments(a).statistics()), .statistics(Moments(b).statistics()))
        #expect(fromFeatures.influenceOfFirst(a.values) == fromStatistics.influenceOfFirst(a.values))
        #expect(fromStatistics.standardError == nil)
    }
}

@Suite struct FrechetInceptionDistanceTests {
    private let real = SyntheticFeatures.features(seed: 31, count: 200, dimension: 8)
    private let fake = SyntheticFeatures.features(seed: 32, count: 240, dimension: 8, offset: 0.1)

    @Test func carriesIntervalBiasAndLimit() throws {
        let result = try FrechetInceptionDistance.default(real: .features(real), fake: .features(fake))
        #expect(result.value == (try FrechetDistance(real, fake)).value)
        let interval = try #require(result.interval), error = try #require(result.standardError)
        #expect(abs((interval.upper - interval.lower) / (2 * 1.959963984540054 * error) - 1) < 1e-12)
        let bias = try #require(result[detail: "bias"]), limit = try #require(result[detail: "fid_infinity"])
        #expect(bias > 0 && limit < result.value && abs(limit + bias - result.value) < 0.2 * bias)
        #expect(result.warnings.isEmpty)
        let wide = try FrechetInceptionDistance.default(real: .features(real), fake: .features(fake), confidence: 0.99)
        #expect(try #require(wide.interval).upper > interval.upper)
    }

    @Test func statisticsCountAsFixed() throws {
        let statistics = FeatureSummary.statistics(try Moments(real).statistics())
        let mixed = try FrechetInceptionDistance.default(real: statistics, fake: .features(fake))
        let both = try FrechetInceptionDistance.default(real: .features(real), fake: .features(fake))
        #expect(try #require(mixed.standardError) < #require(both.standardError))
        #expect(mixed.warnings.count == 1)
        let none = try FrechetInceptionDistance.default(real: statistics, fake: .statistics(Moments(fake).statistics()))
        #expect(none.interval == nil && none[detail: "bias"] == nil && abs(none.value - both.value) < 1e-13)
    }

    @Test func fewImagesWarnInsteadOfExtrapolating() throws {
        let result = try FrechetInceptionDistance.default(real: .features(real.rows(0..<7)), fake: .features(fake))
        #expect(result[detail: "fid_infinity"] == nil)
        #expect(result.warnings.count == 2)
        #expect(result.interval != nil)
    }
}
