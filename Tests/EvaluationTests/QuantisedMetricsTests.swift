import Evaluation
import Foundation
import Testing

/// k-means, PRD, divergence frontiers, NDB and the divergence over bins against the peers' code, NumPy, SciPy and scikit-learn.
@Suite struct QuantisedMetricsTests {
    private let golden: DistributionGoldens
    private let real: FeatureSet, fake: FeatureSet

    init() throws {
        golden = try .read()
        real = SyntheticFeatures.features(seed: 21, count: golden.real, dimension: golden.dimension)
        fake = SyntheticFeatures.features(seed: 22, count: golden.fake, dimension: golden.dimension, offset: 0.03, spread: 0.9)
    }

    /// A single start leaves within clusters what scikit-learn's single starts leave.
    @Test func clustersAreAsTightAsTheirs() throws {
        let equal = real.rows(0..<golden.fake), count = 20.0
        let left = try (0..<20).map { try KMeans([equal, fake], clusters: 20, seed: UInt32($0)).inertia }, mean = left.reduce(0, +) / count
        #expect(abs(mean - golden.clusters.mean) < 4 * golden.clusters.spread * (2 / count).squareRoot() && (left.min() ?? 0) > 0.99 * golden.clusters.best, "\(mean) against \(golden.clusters.mean)")
    }

    @Test func clustersOfClearGroupsAreTheGroups() throws {
        var generator = MersenneTwister(seed: 8), rows: [Float] = []
        for image in 0..<1200 { for column in 0..<3 { rows.append(Float(0.1 * generator.standardNormal() + (image % 4 == column ? 10 : 0))) } }
        let clusters = try KMeans([FeatureSet(rows, dimension: 3)], clusters: 4)
        #expect(clusters.shares[0] == [0.25, 0.25, 0.25, 0.25] && abs(clusters.inertia - 0.03) < 0.003)
        // The sums of the inertia are those of the definition.
        let set = try FeatureSet(rows, dimension: 3)
        let direct = (0..<set.count).reduce(0.0) { sum, image in
            sum + ((0..<4).map { centre in (0..<3).reduce(0.0) { $0 + pow(Double(set.values[image * 3 + $1]) - Double(clusters.centres.values[centre * 3 + $1]), 2) } }.min() ?? 0)
        } / 1200
        #expect(abs(direct - clusters.inertia) < 1e-6)
    }

    /// Every generated image eight times: a larger set does not rule the clusters.
    @Test func setsWeighTheSame() throws {
        let brighter = try FeatureSet(fake.values.map { 1.5 * $0 }, dimension: fake.dimension), many = brighter.rows((0..<fake.count).flatMap { [Int](repeating: $0, count: 8) })
        let once = try DivergenceFrontier(clusters: 5, runs: 3)(real: real, fake: brighter).value, often = try DivergenceFrontier(clusters: 5, runs: 3)(real: real, fake: many).value
        #expect(abs(once - often) < 0.1 * once && once > 0.05, "\(once) \(often)")
        // Seeds differ, since images are drawn by number; tight clusters do not.
        let inertias = try [brighter, many].map { fake in try (0..<10).map { try KMeans([real, fake], clusters: 5, seed: $0).inertia }.min() ?? 0 }
        #expect(abs(inertias[0] / inertias[1] - 1) < 0.01, "\(inertias)")
    }

    @Test func curvesEqualNumPy() throws {
        let shares = golden.quantised
        for (q, expected) in [(shares.q, shares.prd), (shares.gap, shares.prdGap)] {
            let curve = PrecisionRecallDistribution.curve(real: shares.p, fake: q)
            #expect(curve.count == 1001)
            for (index, (precision, recall)) in zip(expected.precision, expected.recall).enumerated() {
                #expect(abs(curve[index * 100].y - precision) < 1e-9 && abs(curve[index * 100].x - recall) < 1e-9)
            }
            #expect(abs(PrecisionRecallDistribution.score(curve, beta: 8) - expected.f8) < 1e-9 && abs(PrecisionRecallDistribution.score(curve, beta: 1 / 8) - expected.f18) < 1e-9)
        }
    }

    /// The closed forms of the frontiers are what numerical minimisation over all distributions finds: no other point lies below the line through them.
    @Test func frontiersAreOptimal() throws {
        let shares = golden.quantised
        for point in shares.frontier {
            let metric = DivergenceFrontier(order: point.order)
            let curve = point.inclusive ? metric.inclusive(real: shares.p, fake: shares.q) : metric.exclusive(real: shares.p, fake: shares.q)
            // λ = 0.3.
            #expect(abs(curve[29].x - point.x) < 2e-4 && abs(curve[29].y - point.y) < 2e-4, "order \(point.order), inclusive \(point.inclusive): \(curve[29])")
            #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.x >= $1.x && $0.y <= $1.y })
        }
    }

    @Test func integralsAndTestsEqualThePeers() throws {
        let shares = golden.quantised
        for (q, expected) in zip([shares.q, shares.gap, shares.p], shares.integral) { #expect(abs(DivergenceFrontier.integral(real: shares.p, fake: q) - expected) < 1e-8) }
        #expect(DivergenceFrontier.integral(real: [1, 0], fake: [0, 1]) == 1)
        let counts = [(50, 40), (500, 300), (5000, 7000)].map { DifferentBins().count(real: shares.p, of: $0, fake: shares.q, of: $1) }
        #expect(counts == shares.different)
        #expect(abs(DifferentBins.divergence(shares.p, shares.q) - shares.divergence[0]) < 1e-12 && abs(DifferentBins.divergence(shares.p, shares.gap) - shares.divergence[1]) < 1e-12)
        #expect(abs(DifferentBins.divergence([1, 0], [0, 1]) - log(2)) < 1e-12)
    }

    @Test func setsAlikeAndSetsApart() throws {
        let halves = (real.rows((0..<320).map { 2 * $0 }), real.rows((0..<320).map { 2 * $0 + 1 })), apart = try FeatureSet(real.values.map { $0 + 100 }, dimension: real.dimension)
        let prd = PrecisionRecallDistribution(runs: 3)
        #expect(try prd(real: halves.0, fake: halves.1).value > 0.9 && prd(real: real, fake: apart).value < 1e-6)
        #expect(try DivergenceFrontier(runs: 2)(real: halves.0, fake: halves.1).value < 0.05 && abs(DivergenceFrontier(runs: 2)(real: real, fake: apart).value - 1) < 1e-12)
        #expect(try DifferentBins(bins: 20)(real: halves.0, fake: halves.1).value < 0.3 && DifferentBins(bins: 20)(real: real, fake: real).value == 0)
        // Recall of a generator that drops half of what there is; precision stays.
        let half = try FeatureSet((0..<400).flatMap { [Float($0 % 2 * 10), Float($0 % 7)] }, dimension: 2), dropped = half.rows((0..<400).filter { $0 % 2 == 0 })
        let two = PrecisionRecallDistribution(clusters: 2, runs: 2), recall = try two(real: half, fake: dropped).value, precision = try two(real: half, fake: dropped, beta: 1 / 8).value
        // Shares ½, ½ against 1, 0: F8 is its largest at λ = 2.
        #expect(abs(recall - 65 * 0.5 / 64.5) < 1e-3 && abs(precision - (65.0 / 64) * 0.5 / (1.0 / 64 + 0.5)) < 1e-3, "\(recall) \(precision)")
    }

    @Test func theSameSeedGivesTheSameNumber() throws {
        #expect(try PrecisionRecallDistribution(runs: 2)(real: real, fake: fake) == PrecisionRecallDistribution(runs: 2)(real: real, fake: fake))
        #expect(try PrecisionRecallDistribution(runs: 1, seed: 1)(real: real, fake: fake).value != PrecisionRecallDistribution(runs: 1, seed: 2)(real: real, fake: fake).value)
    }

    @Test func wrongInputIsNamed() throws {
        let few = real.rows(0..<9), other = try FeatureSet([Float](repeating: 1, count: 400), dimension: 2)
        #expect(throws: EvaluationError.tooFewImages(metric: "PRD with 20 clusters", set: "generated", needed: 20, found: 9)) { try PrecisionRecallDistribution()(real: real, fake: few) }
        #expect(throws: EvaluationError.dimensionMismatch(first: golden.dimension, second: 2)) { try DivergenceFrontier()(real: real, fake: other) }
        #expect(throws: EvaluationError.badOption(name: "order", value: "0.0", expected: "a positive number")) { try DivergenceFrontier(order: 0)(real: real, fake: fake) }
        #expect(throws: EvaluationError.badOption(name: "beta", value: "0.0", expected: "a positive number")) { try PrecisionRecallDistribution()(real: real, fake: fake, beta: 0) }
        #expect(throws: EvaluationError.tooFewImages(metric: "ndb with 100 clusters", set: "first", needed: 100, found: 9)) { try DifferentBins()(real: few, fake: fake) }
        #expect(throws: EvaluationError.badOption(name: "clusters", value: "1", expected: "2…1024")) { try KMeans([real], clusters: 1) }
    }
}
