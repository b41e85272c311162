import Evaluation
import Testing

@Suite struct CopyTests {
    private static let goldens = ComparisonGoldens.all

    /// Three clusters far apart, so that every run of k-means finds them; as `make_comparisons.py` draws them.
    private func clusters(_ seed: UInt64, _ count: Int, _ dimension: Int) throws -> FeatureSet {
        var rows = SyntheticFeatures.rows(seed: seed, count: count, dimension: dimension)
        for image in 0..<count { rows[image * dimension + image % 3] = Float(Double(rows[image * dimension + image % 3]) + 6) }
        return try FeatureSet(rows, dimension: dimension)
    }

    private func generated(_ name: String, _ train: FeatureSet) throws -> FeatureSet {
        let d = train.dimension, fresh = try clusters(93, 240, d)
        switch name {
        case "fresh": return fresh
        case "copies":
            let noise = SyntheticFeatures.rows(seed: 94, count: 120, dimension: d)
            let copies = zip(train.values, noise).map { $0 + 0.02 * ($1 - 0.3) }
            return try FeatureSet(copies + fresh.values[120 * d..<240 * d], dimension: d)
        default: return fresh.rows((0..<240).filter { $0 % 3 != 2 } + [2, 5, 8])
        }
    }

    /// C_T and AuthPct against the published procedure on scikit-learn and SciPy.
    @Test(arguments: goldens.copying.cases.indices) func equalsThePublishedProcedure(index: Int) throws {
        let golden = Self.goldens.copying.cases[index], d = Self.goldens.copying.dimension
        let train = try clusters(91, 300, d), test = try clusters(92, 150, d), fake = try generated(golden.name, train)
        let outcome = try DataCopyingTest()(training: .memory(train), heldOut: .memory(test), fake: .memory(fake))
        #expect(abs(try #require(outcome.statistic) - golden.ct) < 1e-9, "\(golden.name): \(outcome)")
        #expect(outcome.cells.count { $0.z == nil } == (golden.name == "missing" ? 1 : 0))
        let authenticity = Authenticity(nearest: try NearestImages(of: .memory(fake), in: .memory(train)), withinTraining: try NearestImages(within: .memory(train)))
        #expect(abs(authenticity.percent - golden.authpct) < 1e-9)
    }

    @Test func noCellMayCount() throws {
        let train = SyntheticFeatures.features(seed: 1, count: 40, dimension: 4)
        let outcome = try DataCopyingTest()(training: .memory(train), heldOut: .memory(train), fake: .memory(train.rows(0..<15)))
        #expect(outcome.statistic == nil && outcome.cells.allSatisfy { $0.z == nil } && outcome.cells.reduce(0) { $0 + $1.generated } == 15)
    }

    /// Nearest images of sets larger than one block, against a search through all pairs; ties go to the first.
    @Test func nearestImagesAreNearest() throws {
        let d = 3, a = SyntheticFeatures.features(seed: 31, count: 1300, dimension: d), b = SyntheticFeatures.features(seed: 32, count: 1100, dimension: d)
        func squared(_ x: FeatureSet, _ i: Int, _ y: FeatureSet, _ j: Int) -> Double {
            (0..<d).reduce(0) { sum, k in
                let difference = Double(x.values[i * d + k]) - Double(y.values[j * d + k])
                return sum + difference * difference
            }
        }
        let across = try NearestImages(of: .memory(a), in: .memory(b)), within = try NearestImages(within: .memory(a))
        for i in stride(from: 0, to: a.count, by: 7) {
            let best = (0..<b.count).map { squared(a, i, b, $0) }.min() ?? 0
            #expect(across.squaredDistances[i] == best && across.indices[i] == (0..<b.count).first { squared(a, i, b, $0) == best })
            let own = (0..<a.count).filter { $0 != i }.map { squared(a, i, a, $0) }.min() ?? 0
            #expect(within.squaredDistances[i] == own && within.indices[i] != i)
        }
        let tied = try FeatureSet([0, 0, 0, 1, 0, 0, 1, 0, 0], dimension: 3)
        #expect(try NearestImages(of: .memory(tied), in: .memory(tied)).indices == [0, 1, 1])
        #expect(try NearestImages(within: .memory(tied)).indices == [1, 2, 1])
        #expect(throws: EvaluationError.tooFewImages(metric: "a nearest other image", set: "searched", needed: 2, found: 1)) { try NearestImages(within: .memory(tied.rows(0..<1))) }
    }

    /// The interval's ends are quantiles of χ², which SciPy computes.
    @Test(arguments: goldens.poisson.indices) func supportIsOneOverTheShareOfRepeatedPairs(index: Int) {
        let golden = Self.goldens.poisson[index], support = SupportSize(images: 1000, duplicates: golden.count), pairs = 499_500.0
        #expect(support.estimate == (golden.count == 0 ? .infinity : pairs / Double(golden.count)))
        #expect(abs(support.interval.lower - pairs / golden.upper) < 1e-7 * support.interval.lower)
        if golden.count == 0 {
            #expect(support.interval.upper == .infinity)
        } else {
            #expect(abs(support.interval.upper - pairs / golden.lower) < 1e-7 * support.interval.upper)
        }
    }

    /// Draws of 365 days: a repetition is as likely as not among 23.
    @Test func theBirthdayParadox() {
        #expect((22.5...23.5).contains(SupportSize(images: 366 * 2, duplicates: 733).batchSize))
        var generator = MersenneTwister(seed: 3), covered = 0
        for _ in 0..<200 {
            let days = (0..<120).map { _ in generator.integer(below: 365) }
            var duplicates = 0
            for (i, day) in days.enumerated() { duplicates += days[..<i].count { $0 == day } }
            let interval = SupportSize(images: 120, duplicates: duplicates).interval
            if interval.lower <= 365, 365 <= interval.upper { covered += 1 }
        }
        #expect((180...200).contains(covered), "\(covered)")
    }

    /// A real image is covered exactly where the metric coverage counts it.
    @Test func coverageOfImagesIsTheMetrics() throws {
        let real = SyntheticFeatures.features(seed: 33, count: 300, dimension: 12), fake = SyntheticFeatures.features(seed: 34, count: 100, dimension: 12, spread: 0.8)
        let coverage = try RealCoverage(real: .memory(real), fake: .memory(fake))
        let covered = (0..<real.count).count { coverage.isCovered($0) }
        let metric = try ManifoldCoverage()(real: real, fake: fake).value
        #expect(abs(Double(covered) / 300 - metric) < 1e-12)
        for image in 0..<real.count { #expect(coverage.isCovered(image) == (coverage.ratio(image) < 1)) }
        #expect(throws: EvaluationError.badOption(name: "--neighbours", value: "0", expected: "at least 1")) { try RealCoverage(real: .memory(real), fake: .memory(fake), neighbours: 0) }
    }
}
