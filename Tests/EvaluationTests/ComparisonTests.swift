import Evaluation
import Testing

@Suite struct ComparisonTests {
    /// SciPy goes through all exchanges; of ours, the observed one counts as one of 10 000.
    @Test(arguments: ComparisonGoldens.all.exchange.indices) func theExchangeTestIsScipys(index: Int) {
        let golden = ComparisonGoldens.all.exchange[index]
        let test = ExchangeTest(golden.first, golden.second, exchanges: 99_999)
        #expect(abs(test.pValue - golden.p) < 5 * (golden.p * (1 - golden.p) / 99_999).squareRoot() + 2e-5, "\(test.pValue)")
        #expect(ExchangeTest(golden.second, golden.first, exchanges: 99_999).pValue - test.pValue < 0.01)
    }

    @Test func thePValueIsNeverZero() {
        let test = ExchangeTest((0..<30).map { Double($0) }, (1000..<1030).map { Double($0) }, exchanges: 199)
        #expect(test.pValue == 1 / 200.0 && test.isSmallest)
        #expect(!ExchangeTest([1, 2, 3], [1, 2, 3], exchanges: 199).isSmallest)
    }

    private static let dimension = 8
    private func sets() -> (FeatureSet, FeatureSet, FeatureSet) {
        (SyntheticFeatures.features(seed: 61, count: 200, dimension: Self.dimension), SyntheticFeatures.features(seed: 62, count: 150, dimension: Self.dimension, offset: 0.05),
         SyntheticFeatures.features(seed: 63, count: 150, dimension: Self.dimension, offset: 0.12, spread: 1.1))
    }

    @Test func valuesAreTheMetrics() throws {
        let (real, a, b) = sets()
        let fid = try FrechetComparison()(.features(a), .features(b), reference: .features(real))
        let distances = try [a, b].map { try FrechetDistance(real, $0).value }, kernels = try [a, b].map { try KernelInceptionDistance.full(real: real, fake: $0).value }
        #expect(abs(fid.first - distances[0]) < 1e-12 && abs(fid.second - distances[1]) < 1e-12)
        let kid = try KernelComparison()(.memory(a), .memory(b), reference: .memory(real))
        #expect(abs(kid.first - kernels[0]) < 1e-14 && abs(kid.second - kernels[1]) < 1e-14)
        for (comparison, back) in [(fid, try FrechetComparison()(.features(b), .features(a), reference: .features(real))), (kid, try KernelComparison()(.memory(b), .memory(a), reference: .memory(real)))] {
            #expect(abs(comparison.difference + back.difference) < 1e-12 && abs(comparison.standardError - back.standardError) < 1e-6 * comparison.standardError)
            #expect(comparison.verdict == .first && back.verdict == .second)
        }
        #expect(fid.sentence(title: "FID").hasPrefix("A is better: FID 0."))
    }

    /// Resampling the images of all three sets, the reference once for both distances.
    @Test func theStandardErrorIsTheBootstraps() throws {
        let (real, a, b) = sets()
        let fid = try FrechetComparison(exchanges: 99)(.features(a), .features(b), reference: .features(real))
        let kid = try KernelComparison(exchanges: 99)(.memory(a), .memory(b), reference: .memory(real))
        var generator = MersenneTwister(seed: 5)
        func resampled(_ set: FeatureSet) -> FeatureSet { set.rows((0..<set.count).map { _ in generator.integer(below: set.count) }) }
        var differences: [[Double]] = [[], []]
        for _ in 0..<400 {
            let (r, x, y) = (resampled(real), resampled(a), resampled(b))
            differences[0].append(try FrechetDistance(r, x).value - FrechetDistance(r, y).value)
            differences[1].append(try KernelInceptionDistance.full(real: r, fake: x).value - KernelInceptionDistance.full(real: r, fake: y).value)
        }
        for (comparison, values) in [(fid, differences[0]), (kid, differences[1])] {
            let mean = values.reduce(0, +) / 400, deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
            // The deviation of 400 repetitions is known to 3.5 %.
            #expect(abs(comparison.standardError / deviation - 1) < 0.15, "\(comparison.metric): \(comparison.standardError) against \(deviation)")
        }
    }

    /// The paired error is smaller than that of two independent distances: the reference counts once.
    @Test func theReferenceCountsOnce() throws {
        let (_, a, b) = sets(), few = SyntheticFeatures.features(seed: 64, count: 40, dimension: Self.dimension)
        let paired = try FrechetComparison(exchanges: 99)(.features(a), .features(b), reference: .features(few)).standardError
        let single = try [a, b].map { try #require(try FrechetInceptionDistance.default(real: .features(few), fake: .features($0)).standardError) }
        #expect(paired < 0.8 * (single[0] * single[0] + single[1] * single[1]).squareRoot())
        let fixed = try FrechetComparison(exchanges: 99)(.features(a), .features(b), reference: .statistics(Moments(few).statistics()))
        #expect(fixed.standardError < paired && fixed.warnings == ["only statistics of the reference are at hand: it counts as fixed"])
    }

    @Test func whatCannotBeComparedIsRefused() throws {
        let (real, a, b) = sets()
        #expect(throws: EvaluationError.badShape(what: "sets to be compared", expected: "equal numbers of images, on which the distance depends", found: "150 and 149")) {
            try FrechetComparison()(.features(a), .features(b.rows(0..<149)), reference: .features(real))
        }
        let statistics = try Moments(a).statistics()
        #expect(throws: EvaluationError.featuresNeeded(metric: "a comparison")) { try FrechetComparison()(.statistics(statistics), .features(b), reference: .features(real)) }
        #expect(throws: EvaluationError.dimensionMismatch(first: 8, second: 5)) {
            try KernelComparison()(.memory(SyntheticFeatures.features(seed: 1, count: 9, dimension: 5)), .memory(b), reference: .memory(real))
        }
        #expect(throws: EvaluationError.tooFewImages(metric: "a comparison by KID", set: "first", needed: 4, found: 3)) {
            try KernelComparison()(.memory(a.rows(0..<3)), .memory(b), reference: .memory(real))
        }
    }
}
