import Evaluation
import Foundation
import GeneratorMeasures
import Statistics
import Tensors
import TestSupport
import Testing
import Training

@Suite struct TournamentTests {
    private struct Case: Decodable { let player: [Double], opponents: [[Double]], updated: [Double] }

    @Test func ratingsAreGlicko2s() throws {
        let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("generators/ratings.json"))))
        #expect(cases.count == 13)
        for (number, one) in cases.enumerated() {
            let opponents = one.opponents.map { (GlickoRating(rating: $0[0], deviation: $0[1]), $0[2]) }
            let found = Glicko2().updated(GlickoRating(rating: one.player[0], deviation: one.player[1], volatility: one.player[2]), opponents)
            #expect(abs(found.rating - one.updated[0]) < 1e-3 && abs(found.deviation - one.updated[1]) < 1e-3 && abs(found.volatility - one.updated[2]) < 1e-9, "\(number): \(found)")
        }
        // Glickman's example, computed there with fewer digits.
        let example = Glicko2().updated(GlickoRating(rating: 1500, deviation: 200, volatility: 0.06), [(GlickoRating(rating: 1400, deviation: 30), 1), (GlickoRating(rating: 1550, deviation: 100), 0), (GlickoRating(rating: 1700, deviation: 300), 0)])
        #expect(abs(example.rating - 1464.06) < 0.02 && abs(example.deviation - 151.52) < 0.01 && abs(example.volatility - 0.05999) < 1e-5)
        // Who does not play is known less surely: √(200² + (173.7178 · 0.06)²).
        let idle = Glicko2().updated(GlickoRating(rating: 1600, deviation: 200, volatility: 0.06), [])
        #expect(idle.rating == 1600 && idle.volatility == 0.06 && abs(idle.deviation - 200.2714) < 1e-3)
    }

    @Test func swappedCriticsHaveFourVerdicts() {
        let first = SwappedCritics(real: (100, 105), of: 1000, fake: (200, 400), of: 1000)
        #expect(first.sampleRatio == 0.5 && first.testRatio == 100.0 / 105 && first.verdict == .first)
        // The logarithm's deviation is √(1/200.5 + 1/400.5 − 2/1000.5).
        let half = 1.959963984540054 * (1 / 200.5 + 1 / 400.5 - 2 / 1000.5).squareRoot()
        #expect(abs(first.interval.lower - 200.5 / 400.5 * exp(-half)) < 1e-12 && abs(first.interval.upper - 200.5 / 400.5 * exp(half)) < 1e-12)
        #expect(SwappedCritics(real: (100, 105), of: 1000, fake: (400, 200), of: 1000).verdict == .second)
        #expect(SwappedCritics(real: (100, 105), of: 1000, fake: (205, 200), of: 1000).verdict == .tie)
        #expect(SwappedCritics(real: (100, 300), of: 1000, fake: (200, 400), of: 1000).verdict == .incomparable)
        #expect(SwappedCritics(real: (0, 0), of: 1000, fake: (0, 1), of: 1000).verdict == .tie)
        let never = SwappedCritics(real: (0, 0), of: 1000, fake: (0, 50), of: 1000)
        #expect(never.verdict == .first && never.testRatio == 1 && never.sampleRatio == 0.5 / 50.5)
    }

    /// A perfect generator and one that is 3 off; a critic that draws the line halfway between, one that cannot tell, and one that draws it at 1.
    @Test func pointsAreCounted() throws {
        try Fixtures.withTemporaryFolder { folder in
            let players = [try SavedRun.line("good", shift: 0, slope: -1, bias: 1.5, in: folder), try SavedRun.line("bad", shift: 3, in: folder), try SavedRun.line("near", shift: 1, slope: -1, bias: 1, in: folder)]
            var tournament = Tournament()
            tournament.count = 20_000
            let found = try tournament(players, real: SavedRun.normal(20_000))
            func below(_ x: Double) -> Double { NormalDistribution.cumulative(x) }
            // Real points above the line and generated ones below it are judged wrongly. The second critic takes nothing for real.
            let expected = [1.5, 1.0].map { line in [0.0, 3, 1].map { (below(-line) + below(line - $0)) / 2 } }
            for g in 0..<3 {
                #expect(abs(found.winRates[0][g] - expected[0][g]) < 0.01 && abs(found.winRates[2][g] - expected[1][g]) < 0.01 && found.winRates[1][g] == 0.5)
                let result = found.report.results[g], mean = (expected[0][g] + 0.5 + expected[1][g]) / 3
                #expect(result.metric == "tournament-win-rate" && abs(result.value - mean) < 4 * (result.standardError ?? 0) && (result.standardError ?? 1) < 0.003)
            }
            #expect(found.realErrors[1] == 1 && abs(found.realErrors[0] - below(-1.5)) < 0.01)
            // 20 000 samples are 312 whole matches.
            #expect(found.report.realCount == 19_968)
            #expect(found.generators[0].rating > found.generators[2].rating + 20 && found.generators[2].rating > found.generators[1].rating + 20, "\(found.generators)")
            #expect(found.critics[0].rating > found.critics[1].rating && found.critics[2].rating > found.critics[1].rating)
            let swapped = found.report.results.filter { $0.metric == "gam" }
            #expect(swapped.count == 3 && swapped[0].warnings[0].contains("do not judge real samples equally well"))
            #expect(abs(try #require(swapped[1][detail: "r_test"]) - below(-1.5) / below(-1)) < 0.03)
            #expect(found.text.contains("critic \\ generator") && found.text.contains("good@0"))
        }
    }

    /// A Wasserstein critic may add any number to its logits: nothing changes.
    @Test func wassersteinCriticsHaveNoOrigin() throws {
        try Fixtures.withTemporaryFolder { folder in
            func play(_ bias: Float) throws -> [[Double]] {
                let settings = ["critic.objective": "wasserstein"]
                var tournament = Tournament()
                tournament.count = 6400
                return try tournament([SavedRun.line("a\(bias)", shift: 3, slope: -1, bias: bias, settings, in: folder), SavedRun.line("b\(bias)", shift: 1, in: folder)], real: SavedRun.normal(6400)).winRates
            }
            let rates = try play(0)
            #expect(try play(16) == rates)
            #expect(abs(rates[0][0] - NormalDistribution.cumulative(-1.5)) < 0.02)
        }
    }

    @Test func whatCannotMeetIsRefused() throws {
        try Fixtures.withTemporaryFolder { folder in
            let line = try SavedRun.line("line", shift: 0, in: folder), plane = try SavedRun.make("plane", sample: [2], in: folder) { _ in }
            let pairs = try SavedRun.make("pairs", game: "bigan", sample: [1], in: folder) { _ in }
            for (players, real, words) in [
                ([line], SavedRun.normal(100), "at least 2"), ([line, plane], SavedRun.normal(100), "they cannot meet"), ([line, line], SavedRun.normal(10), "one match"),
                ([line, pairs], SavedRun.normal(100), "does not judge samples by themselves"),
            ] {
                refused(words) { try Tournament()(players, real: real) }
            }
        }
    }
}
