import Evaluation
import Games
import Tensors
import Training

/// Every critic judges every generator: checkpoints of one run, or of several runs on data of one shape.
///
/// A match is between a critic and a generator: the critic sees a batch of real samples and a batch of the generator's, and every sample that it judges wrongly, a real one taken for generated or
/// a generated one for real, is a point for the generator. The tournament win rate of a generator is the mean over critics of its share of points; ½ is chance. Skill ratings are ``Glicko2``'s, a
/// round of one match between every two opponents being a rating period and the share of points the score.
/// Source: Olsson, Bhupatiraju, Brown, Odena and Goodfellow 2018, *Skill rating for generative models*, arXiv:1808.04888, section 3. Numbers of different tournaments cannot be compared.
///
/// A critic takes a sample for real where its logit is above that of indifference. Wasserstein critics know no such place: theirs is halfway between their means on real samples and on those of
/// the generator they were trained against.
public struct Tournament {
    /// Samples from each side: real ones, and of every generator.
    public var count = 1024
    /// Samples from each side in one match.
    public var matchSize = 64
    /// The fraction of repetitions that intervals cover.
    public var confidence = 0.95
    /// Called with the pairs that have met and how many there are.
    public var progress: (Int, Int) -> Void = { _, _ in }
    /// Asked between pairs.
    public var isCancelled: () -> Bool = { false }

    /// 1024 samples from each side in matches of 64.
    public init() {}

    /// Wrong judgements of one critic.
    struct Errors {
        /// Of each real sample.
        var real: [Bool]
        /// Of each sample of each generator.
        var fake: [[Bool]]
    }

    /// Plays all matches.
    /// - Throws: `TrainingError` for games whose critics judge no samples, for runs of different shapes, and for a critic of classes that meets samples without; `EvaluationError` below two players
    ///   or one match, and where it is cancelled; what reading samples throws.
    public func callAsFunction(_ players: [TrainedRun], real: RealSamples) throws -> TournamentReport {
        guard players.count >= 2 else { throw EvaluationError.badOption(name: "the tournament", value: "of \(players.count) checkpoint", expected: "at least 2; training keeps more with checkpointKeep=20") }
        let count = real.count(upTo: count) / matchSize * matchSize
        guard count > 0 else { throw EvaluationError.badOption(name: "-n", value: "\(real.count(upTo: self.count))", expected: "at least \(matchSize) real samples, one match") }
        try check(players)
        let judges = try players.map { try $0.judge() }
        let (truth, labels) = try real.batch(real.source.spacedOut(0..<count, of: count), on: players[0].trainer.backend)
        let made = try players.map { try $0.samples(count, "tournament") }
        var errors: [Errors] = []
        progress(0, players.count * players.count)
        for (index, (player, judge)) in zip(players, judges).enumerated() {
            func logits(_ samples: Tensor, _ labels: [Int]?) -> [Double] { player.trainer.logits(of: samples, labels: labels, by: judge) }
            let onReal = logits(truth, labels)
            var onFake: [[Double]] = []
            for (opponent, set) in made.enumerated() {
                onFake.append(logits(set.samples, set.labels))
                progress(index * players.count + opponent + 1, players.count * players.count)
                if isCancelled() { throw EvaluationError.cancelled(isKept: false) }
            }
            let border = judge.objective.indifference ?? (onReal.reduce(0, +) + onFake[index].reduce(0, +)) / Double(2 * count)
            errors.append(Errors(real: onReal.map { $0 <= border }, fake: onFake.map { $0.map { $0 > border } }))
        }
        return try TournamentReport(players, errors, self, count: count, warning: real.warning)
    }

    /// The players' ratings after all rounds: the generators', then the critics'.
    static func ratings(_ errors: [Errors], count: Int, matchSize: Int) -> (generators: [GlickoRating], critics: [GlickoRating]) {
        let system = Glicko2(), fresh = [GlickoRating](repeating: GlickoRating(), count: errors.count)
        var (generators, critics) = (fresh, fresh)
        for start in stride(from: 0, to: count, by: matchSize) {
            let match = start..<start + matchSize
            func points(_ critic: Int, _ generator: Int) -> Double {
                Double(errors[critic].real[match].count { $0 } + errors[critic].fake[generator][match].count { $0 }) / Double(2 * matchSize)
            }
            let before = (generators, critics)
            generators = errors.indices.map { g in system.updated(before.0[g], errors.indices.map { (before.1[$0], points($0, g)) }) }
            critics = errors.indices.map { c in system.updated(before.1[c], errors.indices.map { (before.0[$0], 1 - points(c, $0)) }) }
        }
        return (generators, critics)
    }

    private func check(_ players: [TrainedRun]) throws {
        guard (1...100_000).contains(count) else { throw EvaluationError.badOption(name: "-n", value: "\(count)", expected: "a number from 1 to 100000") }
        guard confidence > 0, confidence < 1 else { throw EvaluationError.badOption(name: "--confidence", value: "\(confidence)", expected: "a number between 0 and 1") }
        let first = players[0]
        for player in players {
            guard player.trainer.sampleShape == first.trainer.sampleShape else {
                throw player.failure("makes samples of shape \(player.trainer.sampleShape), \(first.name) of \(first.trainer.sampleShape): they cannot meet")
            }
            // A critic that is told the class of a sample must be told it of everybody's.
            guard try player.judge().judgesClasses == first.judge().judgesClasses else {
                throw player.failure("one of \(player.name) and \(first.name) judges samples with their classes, the other without: they cannot meet")
            }
        }
    }
}
