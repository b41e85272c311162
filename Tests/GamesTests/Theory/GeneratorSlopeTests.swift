import Games
import Tensors
import Testing

/// Theory, T4–T6, T13, T23 and T24, and section 5.2's table: what the generator descends.
@Suite struct GeneratorSlopeTests {
    let d = Discrete()
    var p: Tensor { d.vector(d.p) }
    var best: Tensor { d.bestLogits(p, d.vector(d.q)) }

    func slope(_ objective: Objective) -> [Double] { d.slope(d.q) { d.generatorLoss(objective, $0, logits: best) } }

    /// The envelope theorem: at the best critic its own movement does not count.
    @Test func theMinimaxSlopeAtTheBestCriticIsThatOfTwiceTheJensenShannonDivergence() {
        let expected = [0.145425, 0.022764, -0.065917, -0.102273]
        let divergence = d.slope(d.q) { (d.jensenShannon(p, $0) * 2).sum }
        let throughTheCritic = d.slope(d.q) { d.value(p, $0, logits: d.bestLogits(p, $0)) }
        #expect(distance(slope(.minimax), expected) < 1e-6)
        #expect(distance(slope(.minimax), divergence) < 1e-14 && distance(throughTheCritic, divergence) < 1e-14)
        #expect(distance(slope(.minimax), d.slope(d.q) { d.jensenShannon(p, $0).sum }) > 0.05)
    }

    @Test func theNonSaturatingSlopeIsThatOfReverseDivergenceMinusTwiceTheJensenShannonDivergence() {
        #expect(distance(slope(.nonSaturating), [0.226518, -0.038055, -0.106463, -0.082000]) < 1e-6)
        #expect(distance(slope(.nonSaturating), d.slope(d.q) { d.divergence($0, p).sum - d.jensenShannon(p, $0).sum * 2 }) < 1e-14)
        #expect(distance(slope(.nonSaturating), d.slope(d.q) { d.divergence($0, p).sum - d.jensenShannon(p, $0).sum }) > 0.05)
    }

    @Test func theMaximumLikelihoodSlopeIsThatOfTheLikelihood() {
        let objective = Objective.maximumLikelihood()
        #expect(distance(slope(objective), [0.3, 0.1, -0.1, -0.3]) < 1e-14)
        #expect(distance(slope(objective), d.slope(d.q) { d.divergence(p, $0).sum }) < 1e-14)
        // The article's sign, with D = P(real), runs the other way; with D = P(fake) it descends ½χ² instead of the divergence.
        let printed = d.slope(d.q) { ($0 * best.exponential).sum }
        #expect(distance(printed, [-0.3, -0.1, 0.1, 0.3]) < 1e-14)
        let otherLabels = d.slope(d.q) { ($0 * (-best).exponential).sum }
        #expect(distance(otherLabels, [0.716667, -0.2125, -0.308333, -0.195833]) < 1e-6)
        #expect(distance(otherLabels, d.slope(d.q) { ($0.squared / p).sum * 0.5 }) < 1e-14)
        #expect(distance(otherLabels, slope(objective)) > 0.1)
    }

    /// With D read as P(fake), the article's −E ln(1 − D) is the non-saturating loss; with D = P(real) it is the minimax loss with the wrong sign.
    @Test func theArticlesBlockOfAlternativeObjectivesNamesTheLossesByTheFakeProbability() {
        let logits = d.vector([0.3, -1, 2, 0.1]), q = d.vector(d.q)
        let printed = { (probability: Tensor) in -(q * (1 - probability).logarithm).sum.item() }
        #expect(abs(printed((-logits).sigmoid) - d.generatorLoss(.nonSaturating, q, logits: logits).item()) < 1e-14)
        #expect(abs(printed(logits.sigmoid) - -d.generatorLoss(.minimax, q, logits: logits).item()) < 1e-14)
    }

    @Test(arguments: [Objective.minimax, .nonSaturating, .maximumLikelihood(), .hinge, .wasserstein])
    func againstAFixedCriticTheBestGeneratorIsAPointMassOnItsFavourite(_ objective: Objective) {
        let logits = d.vector([0.3, -1, 2, 1.9]), terms = objective.generatorTerms(logits).doubles
        let mixtures = d.distributions(10_000, "mixtures")
        let losses = (mixtures * objective.generatorTerms(logits)).sumPerSample.doubles
        #expect(losses.allSatisfy { $0 > terms[2] } && terms.min() == terms[2])
        // Following the slope of the logits ends there, too: the Helvetica scenario.
        var q = d.logits(d.q)
        for _ in 0..<4000 {
            let variable = q.variable
            q = q - gradients(of: d.generatorLoss(objective, variable.softmax, logits: logits), withRespectTo: [variable])[0] * 20
        }
        #expect(q.softmax.doubles[2] > 0.99)
    }

    @Test(arguments: [Objective.minimax, .nonSaturating, .maximumLikelihood(), .hinge, .leastSquares(), .leastSquares(a: -1, b: 1, c: 0)])
    func theDataItselfIsAStationaryPointOfEveryObjective(_ objective: Objective) {
        func best(_ q: [Double]) -> Tensor {
            switch objective {
            case .hinge: (p - d.vector(q)).sign
            case let .leastSquares(a, b, _): (p * b + d.vector(q) * a) / (p + d.vector(q))
            default: d.bestLogits(p, d.vector(q))
            }
        }
        #expect(distance(d.slope(d.p) { d.generatorLoss(objective, $0, logits: best(d.p)) }, [0, 0, 0, 0]) < 1e-14)
        #expect(distance(d.slope(d.q) { d.generatorLoss(objective, $0, logits: best(d.q)) }, [0, 0, 0, 0]) > 0.01, "and not any point is")
    }

    @Test(arguments: [Objective.minimax, .nonSaturating, .maximumLikelihood(), .hinge, .leastSquares(a: -1, b: 1, c: 0), .wasserstein])
    func exchangingTheLabelsAndReflectingTheLogitsChangesNothing(_ objective: Objective) {
        let real = d.vector([2, -1, 0.3]), fake = d.vector([-0.7, 1.2, 0.1])
        let loss = objective.criticLoss(real: real, fake: fake).item()
        #expect(objective.criticLoss(real: objective.reflected(fake), fake: objective.reflected(real)).item() == loss)
        #expect(abs(objective.criticLoss(real: fake, fake: real).item() - loss) > 0.1 && abs(objective.criticLoss(real: -real, fake: -fake).item() - loss) > 0.1)
        let both = objective.generatorLoss(real: real, fake: fake).item()
        #expect(abs(both - (objective.generatorLoss(fake: fake) + objective.generatorLoss(fake: objective.reflected(real))).item()) < 1e-15)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let mean, divergence, minimax, nonSaturating: Double
        var testDescription: String { "θ = \(mean)" }
    }

    static let table = [
        Row(mean: 0.5, divergence: 0.030311, minimax: 0.2353, nonSaturating: 0.2647), Row(mean: 1, divergence: 0.111421, minimax: 0.3980, nonSaturating: 0.6020),
        Row(mean: 2, divergence: 0.336831, minimax: 0.4496, nonSaturating: 1.5504), Row(mean: 4, divergence: 0.632720, minimax: 0.1372, nonSaturating: 3.8629),
        Row(mean: 6, divergence: 0.689298, minimax: 1.245e-2, nonSaturating: 5.9875), Row(mean: 8, divergence: 0.693054, minimax: 3.929e-4, nonSaturating: 7.9996),
        Row(mean: 10, divergence: 0.693146, minimax: 4.464e-6, nonSaturating: 10),
    ]

    /// Data N(0, 1), generator N(θ, 1), best critic: integrals by the trapezoidal rule, exact to rounding for such functions.
    @Test(arguments: table)
    func aPerfectCriticStopsTheMinimaxGeneratorAndNoOther(_ row: Row) {
        let step = 1.0 / 32, nodes = (-30 * 32...20 * 32).map { Double($0) * step }
        let z = d.vector(nodes), density = d.vector(nodes.map { step * (-$0 * $0 / 2).exponential / (2 * Double.pi).squareRoot() })
        let mean = row.mean
        let logit = { (x: Tensor) in mean * mean / 2 - x * mean }
        func slope(_ objective: Objective, _ critic: (Tensor) -> Tensor) -> Double {
            let position = d.vector([mean]).variable
            return gradients(of: (density * objective.generatorTerms(critic(z + position))).sum, withRespectTo: [position])[0].item()
        }
        let value = -(density * Objective.minimax.realTerms(logit(z)) + density * Objective.minimax.fakeTerms(logit(z + mean))).sum.item()
        let minimax = slope(.minimax, logit), nonSaturating = slope(.nonSaturating, logit)
        #expect(abs((value + 2 * 2.0.logarithm) / 2 - row.divergence) < 1e-6)
        #expect(abs(minimax - row.minimax) < 6e-4 * row.minimax && abs(nonSaturating - row.nonSaturating) < 6e-5 * max(row.nonSaturating, 1))
        #expect(abs(slope(.maximumLikelihood(), logit) - mean) < 1e-10 * mean)
        #expect(abs(slope(.wasserstein) { -$0 } - 1) < 1e-12)
        #expect(abs(minimax + nonSaturating - mean) < 1e-12 * max(mean, 1), "σ(s) + σ(−s) = 1 and the logit is linear")
    }
}
