import Evaluation
import Statistics
import Testing

@Suite struct MersenneTwisterTests {
    @Test(arguments: MetricGoldens.all.generator.indices) func drawsWhatNumPyDraws(index: Int) {
        let golden = MetricGoldens.all.generator[index]
        func fresh() -> MersenneTwister { MersenneTwister(seed: golden.seed) }
        var g = fresh()
        #expect(golden.draws.map { _ in g.nextUInt32() } == golden.draws)
        g = fresh()
        #expect(golden.uniforms.map { _ in g.randomSample() } == golden.uniforms)
        g = fresh()
        #expect(zip(golden.normals.map { _ in g.standardNormal() }, golden.normals).allSatisfy { abs($0 - $1) <= 4 * $1.ulp })
        g = fresh()
        #expect(golden.integers.map { _ in g.integer(below: 1000) } == golden.integers)
        g = fresh()
        #expect(g.permutation(10) == golden.permutation)
        g = fresh()
        #expect([50, 1200].map { Array(g.choice(4, of: $0)) } == golden.choices)
        g = fresh()
        let large = g.permutation(50_000)
        #expect(Array(large.prefix(5)) == golden.largeFirst)
        #expect(String(large.enumerated().reduce(0) { $0 + $1.offset * $1.element }) == golden.largeHash)
        #expect(g.randomSample() == golden.afterwards)
    }

    @Test func degenerateDrawsTakeNothing() {
        var g = MersenneTwister(seed: 1), untouched = g
        #expect(g.permutation(1) == [0])
        #expect(g.permutation(0) == [])
        #expect(g.integer(below: 1) == 0)
        #expect(g.nextUInt32() == untouched.nextUInt32())
    }
}

@Suite struct NormalDistributionTests {
    @Test(arguments: MetricGoldens.all.quantiles.indices) func quantilesEqualFortyDigitArithmetic(index: Int) {
        let golden = MetricGoldens.all.quantiles[index]
        #expect(abs(NormalDistribution.quantile(golden.p) - golden.z) <= 4e-15 * max(abs(golden.z), 0.1))
        #expect(abs(NormalDistribution.cumulative(golden.z) - golden.p) <= 2e-13 * golden.p)
    }

    @Test func endsAreInfinite() {
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
    }

    @Test func intervalsAreSymmetricAboutTheEstimate() {
        let interval = ConfidenceInterval(normal: 3, standardError: 2, confidence: 0.95)
        #expect(abs(interval.upper - (3 + 2 * 1.959963984540054)) < 1e-14)
        #expect(abs(interval.lower + interval.upper - 6) < 1e-14)
        #expect(interval.contains(3) && !interval.contains(7))
    }
}
