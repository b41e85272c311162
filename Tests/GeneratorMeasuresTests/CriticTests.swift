import Evaluation
import GeneratorMeasures
import Tensors
import TestSupport
import Testing

@Suite struct CriticTests {
    private func distance(_ shift: [Float]) throws -> MetricResult {
        var critic = IndependentCritic()
        (critic.steps, critic.rate, critic.width) = (500, 2e-3, 32)
        return try critic(real: SavedRun.normal(8000, shift: [0, 0], deviation: 0.5), fake: SavedRun.normal(8000, shift: shift, deviation: 0.5, seed: 2), on: CPUBackend())
    }

    /// W₁ of a distribution and the same moved is the way; the penalty lets the slope be 1 + W₁/2λ.
    @Test func movedPointsAreAsFarAsTheyWereMoved() throws {
        let result = try distance([0.6, 0.8])
        #expect((0.9...1.1).contains(result.value), "\(result.value): 1, or 1.05 with the penalty's slope")
        #expect(abs(try #require(result[detail: "training"]) - result.value) < 0.1)
        let interval = try #require(result.interval)
        #expect(interval.contains(result.value) && interval.upper - interval.lower < 0.1)
    }

    @Test func pointsOfOneKindAreNotTold() throws {
        let result = try distance([0, 0])
        #expect(abs(result.value) < 0.06, "\(result.value)")
    }

    /// Trapezoids: (1 + 1)/2 + (1 + 0)/2 = 1.5 and 0.5 + 0 = 0.5.
    @Test func scoresAreSharesOfAreas() {
        #expect(RelativeDiscriminativeScore.scores([[1, 1, 0], [1, 0, 0]]) == [0.75, 0.25])
    }

    @Test func whatIsNearerIsToldLater() throws {
        var score = RelativeDiscriminativeScore()
        (score.epochs, score.longestEpoch, score.rate, score.repetitions) = (6, 30, 2e-3, 2)
        let real = SavedRun.normal(4000, shift: [0, 0]), near = SavedRun.normal(4000, shift: [0.3, 0], seed: 2), far = SavedRun.normal(4000, shift: [0, 4], seed: 3)
        let results = try score(real: real, fakes: [near, far, near], on: CPUBackend()), values = results.map(\.value)
        #expect(abs(values.reduce(0, +) - 1) < 1e-9 && values[0] > 0.38 && values[1] < 0.24 && values[0] == values[2], "\(values)")
        #expect(results[0].curves[0].points.count == 7 && results[0].interval != nil)
        refused("at least 2") { try score(real: real, fakes: [near], on: CPUBackend()) }
    }
}
