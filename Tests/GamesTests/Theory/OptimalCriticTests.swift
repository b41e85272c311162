import Games
import Tensors
import Testing

/// Theory, T1–T3, T7–T9, T12 and T15: what the best critic is, and what its loss then measures.
@Suite struct OptimalCriticTests {
    let d = Discrete()
    var p: Tensor { d.vector(d.p) }
    var q: Tensor { d.vector(d.q) }

    func bestCritic(_ objective: Objective, from start: [Double] = [0, 0, 0, 0]) -> [Double] {
        Newton.minimum(of: { d.criticLoss(objective, p, q, logits: $0) }, from: start, on: d.backend)
    }

    @Test(arguments: [Objective.minimax, .nonSaturating, .maximumLikelihood()])
    func theBestCriticIsPOverPPlusQ(_ objective: Objective) {
        let expected = [0.2, 0.4, 0.6, 0.8]
        let found = d.vector(bestCritic(objective, from: [1, -2, 0.5, 0.1])).sigmoid.doubles
        #expect(distance(found, expected) < 1e-12)
        #expect(distance(found, expected.map { 1 - $0 }) > 0.5, "q / (p + q) belongs to a critic that names the generated samples")
        let curvature = Newton.expansion(of: { d.criticLoss(objective, p, q, logits: $0) }, at: bestCritic(objective), on: d.backend).hessian
        #expect(Newton.isPositiveDefinite(curvature), "strictly convex: there is no second best critic")
    }

    @Test func theValueOfTheBestCriticIsTwiceTheJensenShannonDivergenceMinusTwoLogTwo() {
        let value = d.value(p, q, logits: d.bestLogits(p, q)).item(), divergence = d.jensenShannon(p, q).item()
        #expect(abs(value - -1.1734140905) < 1e-10)
        #expect(abs(divergence - 0.1064401353) < 1e-10)
        #expect(abs(value - (2 * divergence - 2 * 2.0.logarithm)) < 1e-14)
        #expect(abs(value - (divergence - 2 * 2.0.logarithm)) > 0.1, "the factor 2 that the article's proof drops")
    }

    @Test func theEquilibriumIsUnique() {
        let others = d.distributions(10_000, "others")
        let reference = p.reshaped([1, 4]).broadcast(to: others.shape)
        let values = -(reference * Objective.minimax.realTerms(d.bestLogits(reference, others)) + others * Objective.minimax.fakeTerms(d.bestLogits(reference, others))).sumPerSample
        let least = -2 * 2.0.logarithm
        #expect(values.doubles.allSatisfy { $0 > least })
        #expect(abs(d.value(p, p, logits: d.bestLogits(p, p)).item() - -1.3862943611) < 1e-10 && abs(least - -1.3862943611) < 1e-10)
        #expect(d.bestLogits(p, p).sigmoid.doubles == [0.5, 0.5, 0.5, 0.5])
        // 2 JSD around q = p, in three free coordinates: diag(1/2p) and the last point's share.
        let free = { (x: Tensor) in Tensor.concatenated([x, 1 - x.sum.reshaped([1])], axis: 0) }
        let around = Newton.expansion(of: { (d.jensenShannon(p, free($0)) * 2).sum }, at: Array(d.p.dropLast()), on: d.backend)
        for row in 0..<3 {
            #expect(abs(around.slope[row]) < 1e-14)
            for column in 0..<3 { #expect(abs(around.hessian[row][column] - ((row == column ? 0.5 / d.p[row] : 0) + 0.5 / d.p[3])) < 1e-12) }
        }
        #expect(Newton.isPositiveDefinite(around.hessian))
    }

    /// The loss is convex and linear between its kinks at ±1, so it is least at a corner.
    @Test func theHingeLossOfTheBestCriticIsTwoMinusTwiceTheTotalVariation() {
        let variation = zip(d.p, d.q).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
        let corners = (0..<16).map { corner in (0..<4).map { corner >> $0 & 1 == 1 ? 1.0 : -1 } }
        let losses = corners.map { d.criticLoss(.hinge, p, q, logits: d.vector($0)).item() }
        let least = losses.min() ?? 0
        #expect(abs(variation - 0.4) < 1e-14 && abs(least - (2 - 2 * variation)) < 1e-14 && abs(least - 1.2) < 1e-14)
        #expect(abs(least - (2 - variation)) > 0.3)
        #expect(corners[losses.firstIndex(of: least) ?? 0] == zip(d.p, d.q).map { $0 > $1 ? 1 : -1 })
        let logits = RandomStream(seed: 3).normal([10_000, 4], deviation: 2, type: .float64, on: d.backend)
        let random = (p * Objective.hinge.realTerms(logits) + q * Objective.hinge.fakeTerms(logits)).sumPerSample.doubles
        #expect(random.allSatisfy { $0 >= 1.2 - 1e-14 } && random.contains { $0 < 1.6 })
    }

    @Test func leastSquaresWithMinusOneOneZeroMeasuresPearsonsChiSquare() {
        let objective = Objective.leastSquares(a: -1, b: 1, c: 0)
        let best = bestCritic(objective)
        #expect(distance(best, [-0.6, -0.2, 0.2, 0.6]) < 1e-12)
        // The paper counts the real samples, too, which do not depend on the generator.
        let value = 2 * (d.generatorLoss(objective, p, logits: d.vector(best)) + d.generatorLoss(objective, q, logits: d.vector(best))).item()
        let pearson = zip(d.p, d.q).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / ($1.0 + $1.1) }
        let neyman = zip(d.p, d.q).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / (2 * $1.1) }
        #expect(abs(value - 0.4) < 1e-12 && abs(value - pearson) < 1e-12)
        #expect(abs(value - neyman) > 0.1, "χ²(p + q ‖ 2q) divides by its first argument")
    }

    @Test(arguments: [(0.0, 1.0, 1.0), (-1, 1, 0), (0.3, 2.5, -1), (2, -1, 0.5)])
    func theBestLeastSquaresCriticWeighsTheLabels(_ a: Double, _ b: Double, _ c: Double) {
        let best = bestCritic(.leastSquares(a: a, b: b, c: c), from: [3, 1, -4, 1])
        #expect(distance(best, zip(d.p, d.q).map { (b * $0 + a * $1) / ($0 + $1) }) < 1e-12)
        #expect(distance(best, zip(d.p, d.q).map { (a * $0 + b * $1) / ($0 + $1) }) > 0.1)
    }

    @Test func leastSquaresWithOneLabelForBothTeachesNothing() {
        let objective = Objective.leastSquares(a: 0.7, b: 0.7, c: 2)
        let best = bestCritic(objective)
        #expect(distance(best, [0.7, 0.7, 0.7, 0.7]) < 1e-12)
        #expect(distance(d.slope(d.q) { d.generatorLoss(objective, $0, logits: d.vector(best)) }, [0, 0, 0, 0]) < 1e-14)
    }

    /// The loss's derivative along p − q, by which q would become p.
    @Test func leastSquaresPullsTheGeneratorToTheDataWhenItWantsTheRealLabelAndAwayWhenItWantsTheFakeOne() {
        func alongTheWay(c: Double) -> Double {
            let objective = Objective.leastSquares(a: 0, b: 1, c: c)
            return d.generatorLoss(objective, p - q, logits: d.vector(bestCritic(objective))).item()
        }
        #expect(alongTheWay(c: 1) < -0.1 && alongTheWay(c: 0) > 0.1)
    }

    @Test func theJensenShannonDivergenceIsZeroOnlyAtEqualityAndNeverAboveLogTwo() {
        let a = d.distributions(10_000, "a", spread: 3), b = d.distributions(10_000, "b", spread: 3)
        let divergences = d.jensenShannon(a, b).doubles, variations = (a - b).absolute.sumPerSample.doubles.map { $0 / 2 }
        for (divergence, variation) in zip(divergences, variations) {
            #expect(divergence > 0 && divergence < 2.0.logarithm)
            // Pinsker on both halves below, and the chord of a convex function above.
            #expect(divergence >= variation * variation / 2 && divergence <= variation * 2.0.logarithm + 1e-15)
        }
        #expect(d.jensenShannon(a, a).doubles.allSatisfy { $0 == 0 })
        #expect(zip(divergences, variations).contains { $0 < 2 * $1 * $1 / 2 }, "a bound twice as large would be false")
    }

    @Test func noCriticsValueExceedsTheBestSoEveryCriticBoundsTheDivergenceFromBelow() {
        let logits = RandomStream(seed: 5).normal([10_000, 4], deviation: 1.5, type: .float64, on: d.backend)
        let values = -(p * Objective.minimax.realTerms(logits) + q * Objective.minimax.fakeTerms(logits)).sumPerSample
        let bounds = values.doubles.map { ($0 + 2 * 2.0.logarithm) / 2 }, divergence = d.jensenShannon(p, q).item()
        #expect(bounds.allSatisfy { $0 <= divergence } && bounds.contains { $0 > 0.9 * divergence })
        #expect(bounds.contains { 2 * $0 > divergence }, "without the division by 2 it is no bound")
    }
}
