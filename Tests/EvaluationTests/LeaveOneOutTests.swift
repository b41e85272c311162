import Evaluation
import Testing

@Suite struct LeaveOneOutTests {
    /// Sets larger than d, smaller, as large, and of three images: against distances that NumPy computes without each image.
    @Test(arguments: ComparisonGoldens.all.leaveOneOut.indices) func equalsTheDistanceWithoutTheImage(index: Int) throws {
        let golden = ComparisonGoldens.all.leaveOneOut[index]
        let real = SyntheticFeatures.features(seed: 71, count: golden.real, dimension: golden.dimension)
        let fake = SyntheticFeatures.features(seed: 72, count: golden.fake, dimension: golden.dimension, offset: 0.05, spread: 1.2)
        try check(real, fake, MomentConvention(degreesOfFreedomRemoved: golden.ddof), golden.value, golden.changes)
    }

    /// A repeated image and a feature without variance.
    @Test func holdsWhereDimensionsAreMissing() throws {
        let golden = ComparisonGoldens.all.flat
        try check(FeatureSet(golden.real, dimension: golden.dimension), FeatureSet(golden.fake, dimension: golden.dimension), .unbiased, golden.value, golden.changes)
    }

    private func check(_ real: FeatureSet, _ fake: FeatureSet, _ convention: MomentConvention, _ value: Double, _ changes: [Double]) throws {
        let leaveOneOut = try FrechetLeaveOneOut(real: .features(real), fake: .features(fake), convention: convention)
        #expect(abs(leaveOneOut.distance.value - value) < 1e-9 * max(1, value))
        let found = leaveOneOut(fake.values)
        let largest = changes.map(abs).max() ?? 0
        #expect(found.count == changes.count)
        for (removal, change) in zip(found, changes) { #expect(abs(removal.change - change) < 1e-8 * largest, "\(removal.change) instead of \(change)") }
    }

    /// The same against this package's own distance with the two terms apart; batches of rows do not matter.
    @Test(arguments: [(30, 50, 8), (50, 30, 8), (12, 9, 20), (9, 12, 20), (40, 21, 20)]) func bothTermsEqualThoseOfTheDistance(_ shape: (real: Int, fake: Int, dimension: Int)) throws {
        let real = SyntheticFeatures.features(seed: 75, count: shape.real, dimension: shape.dimension)
        let fake = SyntheticFeatures.features(seed: 76, count: shape.fake, dimension: shape.dimension, offset: 0.1, spread: 1.3)
        let leaveOneOut = try FrechetLeaveOneOut(real: .features(real), fake: .features(fake))
        let whole = try FrechetDistance(real, fake), found = leaveOneOut(fake.values)
        // Products of other shapes add in another order.
        let alone = leaveOneOut(Array(fake.values.prefix(shape.dimension)))
        #expect(alone.count == 1 && abs(alone[0].change - found[0].change) < 1e-13)
        for image in 0..<fake.count {
            let without = try FrechetDistance(real, fake.rows((0..<fake.count).filter { $0 != image }))
            #expect(abs(found[image].meanTerm - (without.meanTerm - whole.meanTerm)) < 1e-10)
            #expect(abs(found[image].covarianceTerm - (without.covarianceTerm - whole.covarianceTerm)) < 1e-9)
        }
    }

    /// To first order the change is −ψ/(N − 1), with the influence that intervals are made of.
    @Test func isTheInfluenceToFirstOrder() throws {
        let real = SyntheticFeatures.features(seed: 77, count: 500, dimension: 6), fake = SyntheticFeatures.features(seed: 78, count: 1000, dimension: 6, offset: 0.1, spread: 1.2)
        let changes = try FrechetLeaveOneOut(real: .features(real), fake: .features(fake))(fake.values).map(\.change)
        let influences = try FrechetUncertainty(.features(real), .features(fake)).influenceOfSecond(fake.values)
        let mean = influences.reduce(0, +) / 1000, largest = changes.map(abs).max() ?? 0
        for (change, influence) in zip(changes, influences) { #expect(abs(change + (influence - mean) / 999) < 0.03 * largest) }
    }

    @Test func whatCannotBeLeftOutIsRefused() throws {
        let real = SyntheticFeatures.features(seed: 79, count: 20, dimension: 4)
        #expect(throws: EvaluationError.tooFewImages(metric: "leaving images out", set: "generated", needed: 3, found: 2)) {
            try FrechetLeaveOneOut(real: .features(real), fake: .features(real.rows(0..<2)))
        }
        let statistics = try Moments(real).statistics()
        #expect(throws: EvaluationError.featuresNeeded(metric: "leaving images out")) { try FrechetLeaveOneOut(real: .features(real), fake: .statistics(statistics)) }
        // Of the real set statistics do.
        let fake = SyntheticFeatures.features(seed: 80, count: 30, dimension: 4)
        let (a, b) = (try FrechetLeaveOneOut(real: .features(real), fake: .features(fake)), try FrechetLeaveOneOut(real: .statistics(statistics), fake: .features(fake)))
        for (x, y) in zip(a(fake.values), b(fake.values)) { #expect(abs(x.change - y.change) < 1e-12) }
    }
}
