import Evaluation
import LinearAlgebra
import Testing

@Suite struct MomentsTests {
    static let dimension = 37
    static let rows = SyntheticFeatures.rows(seed: 11, count: 1500, dimension: dimension, offset: 3)

    private func moments(batch: Int) throws -> Moments {
        var moments = Moments(dimension: Self.dimension)
        for start in stride(from: 0, to: Self.rows.count, by: batch * Self.dimension) {
            try moments.add(Array(Self.rows[start..<min(Self.rows.count, start + batch * Self.dimension)]))
        }
        return moments
    }

    /// Mean and covariance by their definitions.
    private func definition(divisor: Double) -> (mean: [Double], covariance: Matrix) {
        let d = Self.dimension, n = Self.rows.count / d
        var mean = [Double](repeating: 0, count: d)
        for i in 0..<n { for j in 0..<d { mean[j] += Double(Self.rows[i * d + j]) / Double(n) } }
        var covariance = Matrix(rows: d, columns: d)
        for i in 0..<n {
            for a in 0..<d {
                for b in 0..<d { covariance[a, b] += (Double(Self.rows[i * d + a]) - mean[a]) * (Double(Self.rows[i * d + b]) - mean[b]) / divisor }
            }
        }
        return (mean, covariance)
    }

    private func relative(_ a: FeatureStatistics, _ mean: [Double], _ covariance: Matrix) -> Double {
        let top = covariance.diagonal.max() ?? 1
        return max(
            zip(a.mean, mean).map { abs($0 - $1) / abs($1) }.max() ?? 0,
            zip(a.covariance.elements, covariance.elements).map { abs($0 - $1) / top }.max() ?? 0)
    }

    @Test func equalTheirDefinitions() throws {
        let whole = try moments(batch: 1500)
        let unbiased = definition(divisor: 1499), population = definition(divisor: 1500)
        #expect(relative(try whole.statistics(), unbiased.mean, unbiased.covariance) < 1e-12)
        #expect(relative(try whole.statistics(.population), population.mean, population.covariance) < 1e-12)
    }

    @Test(arguments: [1, 7, 32, 511, 512, 513, 1024]) func doNotDependOnTheBatchSize(batch: Int) throws {
        #expect(try moments(batch: batch).statistics() == moments(batch: 1500).statistics())
    }

    @Test(arguments: [0, 1, 400, 512, 1499, 1500]) func mergedPartsEqualTheWhole(cut: Int) throws {
        var first = Moments(dimension: Self.dimension), second = Moments(dimension: Self.dimension)
        try first.add(Array(Self.rows[..<(cut * Self.dimension)]))
        try second.add(Array(Self.rows[(cut * Self.dimension)...]))
        first.merge(second)
        let whole = try moments(batch: 1500).statistics()
        #expect(first.count == 1500)
        #expect(relative(try first.statistics(), whole.mean, whole.covariance) < 1e-13)
    }

    @Test func doNotDependOnTheOrder() throws {
        let features = try FeatureSet(Self.rows, dimension: Self.dimension)
        let whole = try Moments(features).statistics()
        let shuffled = try Moments(features.rows((0..<1500).map { ($0 * 7) % 1500 })).statistics()
        #expect(relative(shuffled, whole.mean, whole.covariance) < 1e-12)
    }

    @Test(arguments: [1, 100, 3001]) func float32MeansEqualNumPys(batch: Int) throws {
        let rows = SyntheticFeatures.rows(seed: 9, count: 3001, dimension: 19, offset: 0.7)
        var moments = Moments(dimension: 19)
        for start in stride(from: 0, to: rows.count, by: batch * 19) { try moments.add(Array(rows[start..<min(rows.count, start + batch * 19)])) }
        #expect(try moments.statistics(.unbiasedFloat32Mean).mean == MetricGoldens.all.float32Mean)
    }

    @Test func largeOffsetsDoNotCancel() throws {
        // Values 1e6 ± 1: the textbook Σx² − nµ² would lose every digit of a variance of 1.
        var moments = Moments(dimension: 1)
        for i in 0..<3000 { try moments.add([1e6 + (i.isMultiple(of: 2) ? 1 : -1)]) }
        let statistics = try moments.statistics(.population)
        #expect(statistics.mean == [1e6])
        #expect(statistics.covariance.elements == [1])
    }

    @Test func constantFeaturesHaveNoVarianceAtAll() throws {
        let moments = Moments(try FeatureSet([Float](repeating: 0.1, count: 1300), dimension: 1))
        #expect(try moments.statistics().covariance.elements == [0])
    }

    @Test func badRowsAreNamedOverAllBatches() throws {
        var moments = Moments(dimension: 20)
        try moments.add([Float](repeating: 1, count: 60))
        var rows = [Float](repeating: 1, count: 40)
        rows[29] = .nan
        #expect {
            try moments.add(rows)
        } throws: { error in
            guard case .notFinite(row: 4, column: 9, value: let value)? = error as? EvaluationError else { return false }
            return value.isNaN
        }
        #expect(throws: EvaluationError.badShape(what: "features", expected: "a multiple of 20 numbers", found: "21")) {
            try moments.add([Float](repeating: 1, count: 21))
        }
        #expect(moments.count == 3)
        #expect(throws: EvaluationError.tooFewImages(metric: "a covariance", set: "given", needed: 2, found: 0)) { try Moments(dimension: 2).statistics() }
    }
}
