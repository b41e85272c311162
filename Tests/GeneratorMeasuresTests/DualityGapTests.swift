import Evaluation
import Foundation
import GeneratorMeasures
import TestSupport
import Testing

@Suite struct DualityGapTests {
    private func gap(_ shift: Float, _ settings: [String: String] = [:], slope: Float = 0, in folder: String) throws -> MetricResult {
        let options = ["critic.learningRate": "0.02", "generator.learningRate": "0.02"].merging(settings) { _, new in new }
        let run = try SavedRun.line("shift\(shift)", shift: shift, slope: slope, options, batchSize: 256, in: folder)
        var measure = DualityGap()
        (measure.steps, measure.count) = (300, 20_000)
        return try measure(run, real: SavedRun.normal(40_000)).results[0]
    }

    /// A critic that cannot decide against a normal distribution of the wrong mean: the best critic is linear in x and reaches 2 JSD − 2 ln 2, while no generator does better or worse than −2 ln 2
    /// against a critic that always says ½. JSD(N(0,1), N(2,1)) = 0.336831 by quadrature.
    @Test func anUndecidedCriticLeavesTwiceTheDivergence() throws {
        try Fixtures.withTemporaryFolder { folder in
            let result = try gap(2, in: folder), error = try #require(result.standardError)
            #expect(abs(result.value - 2 * 0.336831) < 4 * error + 0.01, "\(result)")
            let now = try #require(result[detail: "value"]), worst = try #require(result[detail: "against_worst_generator"])
            #expect(abs(now + 2 * log(2.0)) < 1e-5 && abs(worst + 2 * log(2.0)) < 1e-5)
        }
    }

    @Test func theEquilibriumHasNone() throws {
        try Fixtures.withTemporaryFolder { folder in
            let result = try gap(0, in: folder)
            #expect(abs(result.value) < 0.01, "\(result)")
        }
    }

    /// Wasserstein's value with slopes clipped to 1, E D(x) − E D(G(z)) = slope · (0 − shift): the worst critic has slope −1 and gets 2, the worst generator, which moves by about its rate a step,
    /// as far as 300 steps of 0.02 carry it: from 2 towards −4, where the value against a slope of −0.5 is −2.
    @Test func wassersteinsPlayersMove() throws {
        try Fixtures.withTemporaryFolder { folder in
            let result = try gap(2, ["critic.objective": "wasserstein", "critic.clipping": "1", "generator.beta1": "0"], slope: -0.5, in: folder)
            #expect(abs(try #require(result[detail: "value"]) - 1) < 0.03)
            #expect(abs(try #require(result[detail: "against_worst_critic"]) - 2) < 0.03)
            let worst = try #require(result[detail: "against_worst_generator"])
            #expect(worst < 0.2 && worst > -2.2, "\(worst)")
            #expect(abs(result.value - (2 - worst)) < 0.05)
        }
    }

    @Test func otherGamesAndEmptyOptionsAreRefused() throws {
        try Fixtures.withTemporaryFolder { folder in
            let run = try SavedRun.make("pairs", game: "bigan", sample: [1], in: folder) { _ in }, line = try SavedRun.line("line", shift: 0, in: folder)
            refused("is not a game of a generator against a critic") { try DualityGap()(run, real: SavedRun.normal(100)) }
            var measure = DualityGap()
            measure.steps = 0
            refused("--steps is 0") { try measure(line, real: SavedRun.normal(100)) }
            measure.steps = 1
            refused("at least 4 images in the real set") { try measure(line, real: SavedRun.normal(3)) }
        }
    }
}
