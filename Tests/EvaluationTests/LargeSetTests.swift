import Evaluation
import TestSupport
import Testing

/// Sets too large to hold are read in passes; the numbers must be those of the same sets held in memory.
@Suite struct LargeSetTests {
    @Test func passesOverAFileGiveTheNumbersOfTheWhole() throws {
        let dimension = 12
        let counts = (real: 10_500, fake: 11_000)
        let real = try FeatureSet(rows(counts.real, dimension, seed: 5, shift: 0), dimension: dimension)
        let fake = try FeatureSet(rows(counts.fake, dimension, seed: 6, shift: 0.1), dimension: dimension)
        try Fixtures.withTemporaryFolder { folder in
            let identity = FeatureIdentity(["network": "synthetic"])
            for (name, set) in [("real", real), ("fake", fake)] {
                var start = 0
                try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: identity, dimension: dimension) { () throws(EvaluationError) in
                    guard start < set.count else { return nil }
                    let end = min(start + 997, set.count)
                    defer { start = end }
                    return (Array(set.values[start * dimension..<end * dimension]), [])
                }
            }
            let report = try Evaluator(EvaluationProtocol.named("default")) { preconditionFailure("nothing to extract") }.evaluate(
                MetricCatalog.named("fid"), real: .open(folder + "/real.h5"), fake: .open(folder + "/fake.h5"))
            let whole = try FrechetInceptionDistance.default(real: .features(real), fake: .features(fake))
            let streamed = report.results[0]
            #expect(abs(streamed.value - whole.value) <= 1e-9 * whole.value && whole.value > 0.05)
            let (a, b) = (try #require(streamed.interval), try #require(whole.interval))
            #expect(abs(a.lower - b.lower) <= 1e-9 && abs(a.upper - b.upper) <= 1e-9 && a.lower < streamed.value)
            #expect(report.realCount == counts.real && report.fakeCount == counts.fake)
        }
    }

    /// Neighbours, clusters and slices in passes over files.
    @Test func distributionsOfLargeSetsAreThoseOfTheWhole() throws {
        let dimension = 6, real = try FeatureSet(rows(10_100, dimension, seed: 7, shift: 0), dimension: dimension), fake = try FeatureSet(rows(10_300, dimension, seed: 8, shift: 0.05), dimension: dimension)
        try Fixtures.withTemporaryFolder { folder in
            for (name, set) in [("real", real), ("fake", fake)] {
                var batches = [set.values]
                try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: FeatureIdentity(["network": "synthetic"]), dimension: dimension) { () throws(EvaluationError) in batches.popLast().map { ($0, []) } }
            }
            let report = try Evaluator(EvaluationProtocol.named("default")) { preconditionFailure("nothing to extract") }.evaluate(
                MetricCatalog.named("realism,alpha-precision,1nn,prd-f8,ndb,sw1,mmd,vendi,cmmd,mean-similarity"), real: .open(folder + "/real.h5"), fake: .open(folder + "/fake.h5"))
            let whole = [
                try RealismScore()(real: real, fake: fake).value, try AlphaPrecision()(real: real, fake: fake).value, try NearestNeighbourTest()(real: real, fake: fake).value,
                try PrecisionRecallDistribution()(real: real, fake: fake).value, try DifferentBins()(real: real, fake: fake).value, try SlicedWasserstein(.first)(real: real, fake: fake).value,
                try GaussianDiscrepancy()(real: real, fake: fake).value, try VendiScore()(fake),
                try NormalisedDiscrepancy()(real: real, fake: fake).value, try MeanSimilarity()(fake).value,
            ]
            for (streamed, whole) in zip(report.results, whole) { #expect(abs(streamed.value - whole) <= 1e-9 * max(whole, 1), "\(streamed.metric): \(streamed.value), \(whole)") }
        }
    }

    /// Uniform numbers of a linear congruential generator: any numbers do, as long as both routes see the same.
    private func rows(_ count: Int, _ dimension: Int, seed: UInt64, shift: Float) -> [Float] {
        var state = seed
        return (0..<count * dimension).map { i in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) * 0x1p-24 * Float(1 + i % dimension) / 4 + shift
        }
    }
}
