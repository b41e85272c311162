import Evaluation
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// Golden values of `Fixtures/metrics/frechet.json`.
private struct Golden: Decodable {
    struct Small: Decodable, CustomTestStringConvertible {
        let name: String, dimension: Int, first: [Float], second: [Float], ddof: Int, mean: Double, covariance: Double
        var testDescription: String { "\(name), ddof \(ddof)" }
        var value: Double { mean + covariance }
    }
    struct Large: Decodable { let first: Int, second: Int, dimension: Int, sqrtm: Double, nuclear: Double }
    let small: [Small], large: [Large]

    static let all: Golden = try! JSONDecoder().decode(Golden.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("metrics/frechet.json"))))
}

@Suite struct FrechetDistanceTests {
    /// From features, either regime, to the digits float64 holds: 1e-13 of the traces, which is what the difference of sums can keep.
    @Test(arguments: Golden.all.small) fileprivate func equalsFiftyDigitArithmetic(_ golden: Golden.Small) throws {
        let a = try FeatureSet(golden.first, dimension: golden.dimension), b = try FeatureSet(golden.second, dimension: golden.dimension)
        let distance = try FrechetDistance(a, b, convention: golden.ddof == 1 ? .unbiased : .population)
        let scale = max(golden.value, scaleOfTraces(a, b), 1e-30)
        #expect(abs(distance.value - golden.value) <= 2e-12 * scale)
        #expect(abs(distance.meanTerm - golden.mean) <= 2e-12 * scale)
        #expect(abs(distance.covarianceTerm - golden.covariance) <= 2e-12 * scale)
    }

    /// From statistics alone, where null directions must be told from rounding: the root of that rounding is the accuracy promised.
    @Test(arguments: Golden.all.small) fileprivate func statisticsAloneAgree(_ golden: Golden.Small) throws {
        let convention: MomentConvention = golden.ddof == 1 ? .unbiased : .population
        let a = try FeatureSet(golden.first, dimension: golden.dimension), b = try FeatureSet(golden.second, dimension: golden.dimension)
        let distance = try FrechetDistance(Moments(a).statistics(convention), Moments(b).statistics(convention))
        #expect(abs(distance.value - golden.value) <= 1e-9 * max(golden.value, scaleOfTraces(a, b), 1e-30))
    }

    /// SciPy's sqrtm agrees to 1e-9 where both covariances have full rank, and to its own noise of 1e-5 where not; the nuclear norm to 1e-10 in either case.
    @Test(arguments: Golden.all.large) fileprivate func equalsSciPyAtFullSize(_ golden: Golden.Large) throws {
        let a = SyntheticFeatures.features(seed: 1, count: golden.first, dimension: golden.dimension)
        let b = SyntheticFeatures.features(seed: 2, count: golden.second, dimension: golden.dimension, offset: 0.05, spread: 1.2)
        let distance = try FrechetDistance(a, b)
        #expect(abs(distance.value / golden.nuclear - 1) < 1e-10)
        let fullRank = min(golden.first, golden.second) > golden.dimension
        #expect(abs(distance.value / golden.sqrtm - 1) < (fullRank ? 1e-9 : 1e-4))
        #expect(distance.isRankDeficient == !fullRank)
        let mixed = try FrechetDistance(.features(a), .statistics(Moments(b).statistics()))
        #expect(abs(mixed.value / golden.nuclear - 1) < 1e-9)
        let statistics = try FrechetDistance(Moments(a).statistics(), Moments(b).statistics())
        #expect(abs(statistics.value / golden.nuclear - 1) < 1e-9)
    }

    @Test func diagonalGaussiansHaveAClosedForm() throws {
        // d² = Σ (µ₁−µ₂)² + (σ₁−σ₂)²
        let (first, second): ([Double], [Double]) = ([4, 9, 0.25, 1e-6], [1, 16, 0.25, 0])
        let a = try FeatureStatistics(mean: [0, 1, 2, 3], covariance: Matrix(diagonal: first), count: nil)
        let b = try FeatureStatistics(mean: [1, 1, 0, 3], covariance: Matrix(diagonal: second), count: nil)
        let expected = 5 + zip(first, second).reduce(0) { $0 + ($1.0.squareRoot() - $1.1.squareRoot()) * ($1.0.squareRoot() - $1.1.squareRoot()) }
        let distance = try FrechetDistance(a, b)
        #expect(abs(distance.value - expected) < 1e-13)
        #expect(distance.isRankDeficient)
    }

    @Test(arguments: [(300, 40), (20, 40)]) func isSymmetricZeroOnItselfAndBlindToOrder(count: Int, dimension: Int) throws {
        let a = SyntheticFeatures.features(seed: 3, count: count, dimension: dimension)
        let b = SyntheticFeatures.features(seed: 4, count: count + 5, dimension: dimension, offset: 0.1)
        let distance = try FrechetDistance(a, b).value
        #expect(distance > 0.1)
        #expect(abs(try FrechetDistance(b, a).value - distance) < 1e-12 * distance)
        #expect(abs(try FrechetDistance(a, a).value) < 1e-13 * scaleOfTraces(a, a))
        #expect(abs(try FrechetDistance(a.rows((0..<count).reversed()), b).value - distance) < 1e-12 * distance)
    }

    @Test func grossScalesDoNotMatter() throws {
        let a = SyntheticFeatures.features(seed: 3, count: 90, dimension: 30), b = SyntheticFeatures.features(seed: 4, count: 80, dimension: 30)
        let distance = try FrechetDistance(a, b).value
        for exponent in [-30, 30] {
            let factor = Float(sign: .plus, exponent: exponent, significand: 1)
            let scaled = try FrechetDistance(FeatureSet(a.values.map { $0 * factor }, dimension: 30), FeatureSet(b.values.map { $0 * factor }, dimension: 30))
            #expect(abs(scaled.value / Double(factor * factor) - distance) < 1e-12 * distance)
        }
    }

    @Test func float32MeansAreAnOption() throws {
        let a = SyntheticFeatures.features(seed: 3, count: 5000, dimension: 8), b = SyntheticFeatures.features(seed: 4, count: 5000, dimension: 8, offset: 0.3)
        let exact = try FrechetDistance(a, b), single = try FrechetDistance(a, b, convention: .unbiasedFloat32Mean)
        #expect(exact.covarianceTerm == single.covarianceTerm)
        #expect(exact.meanTerm != single.meanTerm)
        #expect(abs(exact.meanTerm / single.meanTerm - 1) < 1e-4)
    }

    @Test func impossibleSetsAreNamed() throws {
        let one = try FeatureSet([1, 2, 3], dimension: 3), two = try FeatureSet([1, 2, 3, 3, 2, 1], dimension: 3)
        #expect(throws: EvaluationError.tooFewImages(metric: "the Fréchet distance", set: "second", needed: 2, found: 1)) { try FrechetDistance(two, one) }
        #expect(throws: EvaluationError.dimensionMismatch(first: 3, second: 2)) { try FrechetDistance(two, FeatureSet([1, 2], dimension: 2)) }
        #expect(throws: EvaluationError.notFinite(row: 1, column: 2, value: .infinity)) { try FeatureSet([1, 2, 3, 3, 2, .infinity], dimension: 3) }
        // With divisor N one image is a point: the distance is that of the means plus the other's spread.
        let point = try FrechetDistance(two, one, convention: .population)
        #expect(abs(point.value - (1 + 0 + 1 + 2)) < 1e-15)
    }

    private func scaleOfTraces(_ a: FeatureSet, _ b: FeatureSet) -> Double {
        [a, b].compactMap { try? Moments($0).statistics(.population).covariance.trace }.reduce(0, +)
    }
}
