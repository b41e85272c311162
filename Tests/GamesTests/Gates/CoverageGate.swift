import Datasets
import Games
import Tensors
import Testing

extension Gates {
    /// Which games keep every mode of a mixture and which lose most of them: the classic collapse is reproduced, and the measure of it sees it.
    ///
    /// Without one of k even modes the reverse divergence is ln k/(k − 1) or more; half of that is the bound. From ln 2 on the verdict is `collapsed`.
    @Suite struct CoverageGate {
        private static let networks = [("latentSize", "2"), ("width", "128"), ("depth", "2")]
        private static let rates = [("generator.learningRate", "0.001"), ("generator.beta2", "0.9"), ("critic.learningRate", "0.001"), ("critic.beta2", "0.9")]

        /// Eight normal distributions on a circle: what keeps the critic smooth keeps the modes.
        @Test(arguments: Gate.seeds) func ring(seed: Int) throws {
            let ring = GaussianMixture.ring(divisor: 2.0.squareRoot(), stream: RandomStream(seed: UInt64(seed))["ring"])
            try Gate.check("ring", seed: seed) {
                let common = Self.networks + Self.rates
                let plain = try coverage(Original.self, common, of: ring, steps: 3000, seed: seed)
                let smooth = try coverage(Original.self, common + [("critic.r1", "1")], of: ring, steps: 3000, seed: seed)
                let others = [
                    ("wgan", try coverage(WGAN.self, Self.networks + [("critic.clipping", "0.1"), ("generator.learningRate", "0.0005"), ("critic.learningRate", "0.0005")], of: ring, steps: 1500, seed: seed)),
                    ("wgan-gp", try coverage(WGANGP.self, common + [("critic.gradientPenalty", "0.1")], of: ring, steps: 1500, seed: seed)),
                    ("lsgan with R1", try coverage(LSGAN.self, common + [("critic.r1", "1")], of: ring, steps: 3000, seed: seed)),
                ]
                return ([("original with R1", smooth)] + others).flatMap { name, coverage -> [Gate.Measurement] in
                    #expect(coverage.verdict == .complete, "\(name), seed \(seed): \(coverage)")
                    return [.above("modes of \(name)", Double(coverage.modesFound), 8), .below("reverse divergence of \(name)", coverage.reverseDivergence, Self.half(of: 8))]
                } + [.above("reverse divergence of original without R1, against with", plain.reverseDivergence / smooth.reverseDivergence, 5)]
            }
        }

        /// The minimax generator that answers each critic in full, with twenty moves against one, puts all samples where that critic is highest: the order of moves is that of max min. Critic by
        /// critic it chases from place to place. The same networks under the same penalty keep every mode when both move as often.
        @Test(arguments: Gate.seeds) func collapse(seed: Int) throws {
            let ring = GaussianMixture.ring(divisor: 2.0.squareRoot(), stream: RandomStream(seed: UInt64(seed))["ring"])
            let settings = Self.networks + Self.rates + [("critic.objective", "minimax"), ("critic.r1", "1")]
            try Gate.check("collapse", seed: seed) {
                let chase = try moments(settings + [("generator.repeats", "20")], of: ring, after: 0, seed: seed)
                let even = try moments(settings, of: ring, after: 2600, seed: seed)
                func collapsed(_ moments: [ModeCoverage]) -> Double { Double(moments.count { $0.verdict == .collapsed }) }
                func divergence(_ moments: [ModeCoverage]) -> Double { moments.map(\.reverseDivergence).reduce(0, +) / Double(moments.count) }
                return [.above("moments at which it is collapsed, of twenty", collapsed(chase), 10), .above("mean reverse divergence", divergence(chase), 2.0.logarithm),
                        .below("moments with equal moves, of twenty", collapsed(even), 0), .below("mean reverse divergence with equal moves", divergence(even), Self.half(of: 8))]
            }
        }

        /// The generator as it is, every twenty steps: averaged over a chase it would be somewhere between the modes.
        private func moments(_ settings: [(name: String, value: String)], of ring: GaussianMixture, after steps: Int, seed: Int) throws -> [ModeCoverage] {
            let trainer = try GateTrainer<Original>(Original.standard.with(settings), on: ring, batch: 256, seed: seed)
            try trainer.train(steps)
            return try (0..<20).map { _ in
                try trainer.train(20)
                let coverage = measured(trainer.game, ring, seed)
                print("collapse, seed \(seed), after \(steps): \(coverage)")
                return coverage
            }
        }

        /// 25 normal distributions on a grid.
        @Test(arguments: Gate.seeds) func grid(seed: Int) throws {
            let grid = GaussianMixture.grid(deviation: 0.2, divisor: 8.0.squareRoot(), stream: RandomStream(seed: UInt64(seed))["grid"])
            try Gate.check("grid", seed: seed) {
                let kept = try coverage(Original.self, Self.networks + Self.rates + [("critic.r1", "0.1")], of: grid, steps: 4000, seed: seed)
                return [.above("modes of original with R1", Double(kept.modesFound), 21), .below("reverse divergence of original with R1", kept.reverseDivergence, 2 * Self.half(of: 25))]
            }
        }

        private func coverage<G: Game>(_ game: G.Type, _ settings: [(name: String, value: String)], of mixture: GaussianMixture, steps: Int, seed: Int) throws -> ModeCoverage {
            let trainer = try GateTrainer<G>(G.standard.with(settings), on: mixture, batch: 256, seed: seed)
            try trainer.train(steps)
            let coverage = measured(trainer.averaged, mixture, seed)
            print("\(G.name) on \(mixture.name), seed \(seed), \(settings.map { "\($0.name)=\($0.value)" }.joined(separator: " ")): \(coverage)")
            return coverage
        }

        private func measured(_ game: some Game, _ mixture: GaussianMixture, _ seed: Int) -> ModeCoverage {
            let samples = game.samples(2500, SamplingOptions(), RandomStream(seed: UInt64(seed))["judged"])
            return ModeCoverage(samples: samples, centres: mixture.centres, deviation: mixture.deviations[0])
        }

        /// Half of the reverse divergence that one missing mode of so many causes.
        private static func half(of modes: Double) -> Double { (modes / (modes - 1)).logarithm / 2 }
    }
}
