import Evaluation

/// Who won: win rates, skill ratings, and the generative adversarial metric of every two games.
public struct TournamentReport {
    /// The players' names: `runs/digits@500`.
    public let names: [String]
    /// The generator's share of points, `[critic][generator]`.
    public let winRates: [[Double]]
    /// The share of real samples that each critic takes for generated.
    public let realErrors: [Double]
    /// The generators' strengths.
    public let generators: [GlickoRating]
    /// The critics' strengths.
    public let critics: [GlickoRating]
    /// Everything as other commands report it: for each player `tournament-win-rate` and `skill-rating`, then its critic's `critic-skill-rating`; for each two `gam`.
    public let report: EvaluationReport

    init(_ players: [TrainedRun], _ errors: [Tournament.Errors], _ tournament: Tournament, count: Int, warning: String?) throws {
        names = players.map { "\($0.name)@\($0.trainer.step)" }
        let n = Double(count)
        func share(_ values: [Bool]) -> Double { Double(values.count { $0 }) / n }
        realErrors = errors.map { share($0.real) }
        winRates = errors.map { critic in critic.fake.map { (share(critic.real) + share($0)) / 2 } }
        (generators, critics) = Tournament.ratings(errors, count: count, matchSize: tournament.matchSize)
        var results: [MetricResult] = [], titles: [String] = []
        for g in players.indices {
            results.append(Self.winRate(of: g, errors, winRates.map { $0[g] }, tournament.confidence))
            titles.append("Win rate of \(names[g])")
        }
        for (title, metric, ratings) in [("Skill of", "skill-rating", generators), ("Skill of the critic of", "critic-skill-rating", critics)] {
            for (name, rating) in zip(names, ratings) {
                results.append(MetricResult(
                    metric: metric, value: rating.rating, standardError: rating.deviation,
                    interval: ConfidenceInterval(normal: rating.rating, standardError: rating.deviation, confidence: tournament.confidence),
                    details: [.init("volatility", rating.volatility), .init("rounds", n / Double(tournament.matchSize))], fakeCount: count))
                titles.append("\(title) \(name)")
            }
        }
        for first in players.indices {
            for second in players.indices where second > first {
                results.append(Self.swapped(errors, first, second, count, tournament.confidence, names))
                titles.append("GAM of \(names[first]) and \(names[second])")
            }
        }
        var identity = ["samples": "\(count)", "match_size": "\(tournament.matchSize)", "version": Version.current]
        for (number, player) in players.enumerated() { identity["player_\(number)"] = "\(names[number]) \(try player.identity()["checkpoint_sha256"] ?? "")" }
        report = EvaluationReport(results: results, titles: titles, identity: FeatureIdentity(identity), realCount: count, fakeCount: count, warnings: warning.map { [$0] } ?? [])
    }

    /// The matrix of win rates, then every number with its interval: for people.
    public var text: String {
        let head = "critic \\ generator"
        let rows = [[head] + names] + zip(names, winRates).map { name, rates in [name] + rates.map(Self.percent) }
        let widths = (0...names.count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            row.enumerated().map { column, cell in
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + gap : gap + cell
            }.joined(separator: "  ")
        }
        return (["A generator's share of points against each critic, in per cent; 50 is chance:"] + lines + ["", report.text]).joined(separator: "\n")
    }

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10)" }

    /// The mean over critics, and its error over samples: a sample's points are its mean over critics.
    private static func winRate(of g: Int, _ errors: [Tournament.Errors], _ rates: [Double], _ confidence: Double) -> MetricResult {
        let critics = Double(errors.count), count = errors[0].real.count
        func variance(_ wrong: (Int, Int) -> Bool) -> Double {
            let points = (0..<count).map { sample in Double(errors.indices.count { wrong($0, sample) }) / critics }
            let mean = points.reduce(0, +) / Double(count)
            return points.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(count - 1, 1) * count)
        }
        let error = (variance { errors[$0].real[$1] } + variance { errors[$0].fake[g][$1] }).squareRoot() / 2, value = rates.reduce(0, +) / critics
        var result = MetricResult(
            metric: "tournament-win-rate", value: value, standardError: error, interval: ConfidenceInterval(normal: value, standardError: error, confidence: confidence),
            details: [.init("critics", critics)], realCount: count, fakeCount: count)
        result.curves = [.init("win_rates", x: "critic", y: "share of points", rates.enumerated().map { SIMD2(Double($0), $1) })]
        return result
    }

    private static func swapped(_ errors: [Tournament.Errors], _ first: Int, _ second: Int, _ count: Int, _ confidence: Double, _ names: [String]) -> MetricResult {
        func wrong(_ values: [Bool]) -> Int { values.count { $0 } }
        let found = SwappedCritics(real: (wrong(errors[first].real), wrong(errors[second].real)), of: count,
                                   fake: (wrong(errors[first].fake[second]), wrong(errors[second].fake[first])), of: count, confidence: confidence)
        let words = switch found.verdict {
        case .first: "\(names[first]) wins"
        case .second: "\(names[second]) wins"
        case .tie: "nobody wins: the interval contains 1"
        case .incomparable: "nobody wins: the critics do not judge real samples equally well, the ratio of their errors is \(Self.short(found.testRatio))"
        }
        return MetricResult(metric: "gam", value: found.sampleRatio, interval: found.interval, details: [.init("r_test", found.testRatio), .init("first", Double(first)), .init("second", Double(second))],
                            realCount: count, fakeCount: count, warnings: [words])
    }

    private static func short(_ ratio: Double) -> String { "\((ratio * 1000).rounded() / 1000)" }
}
