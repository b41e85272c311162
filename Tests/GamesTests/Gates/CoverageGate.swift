import Datasets
import Games
import Tensors
import Testing

extension Gates {
    /// Which games keep every mode of a mixture, and which lose some: the classic collapse is reproduced, and the measure of it sees it.
    @Suite struct CoverageGate {
        /// Eight normal distributions on a circle.
        @Test(arguments: Gate.seeds) func ring(seed: Int) throws {
            let ring = GaussianMixture.ring(divisor: 2.0.squareRoot(), stream: RandomStream(seed: UInt64(seed))["ring"])
            try Gate.check("ring", seed: seed) {
                let plain = try coverage(plain(), of: ring, steps: 3000, seed: seed), kept = try coverage(penalised(1), of: ring, steps: 3000, seed: seed)
                let transported = try coverage(wasserstein(), of: ring, steps: 1500, seed: seed)
                return [.above("modes with R1", Double(kept.modesFound), 8), .below("reverse divergence with R1", kept.reverseDivergence, 0.02),
                        .above("modes of wgan-gp", Double(transported.modesFound), 8), .below("reverse divergence of wgan-gp", transported.reverseDivergence, 0.02),
                        .above("reverse divergence without, against R1's", plain.reverseDivergence / kept.reverseDivergence, 5)]
            }
        }

        /// 25 normal distributions on a grid.
        @Test(arguments: Gate.seeds) func grid(seed: Int) throws {
            let grid = GaussianMixture.grid(deviation: 0.2, divisor: 8.0.squareRoot(), stream: RandomStream(seed: UInt64(seed))["grid"])
            try Gate.check("grid", seed: seed) {
                let kept = try coverage(penalised(0.1), of: grid, steps: 4000, seed: seed)
                return [.above("modes with R1", Double(kept.modesFound), 20), .below("reverse divergence with R1", kept.reverseDivergence, 0.03)]
            }
        }

        private func plain() -> Original.Configuration {
            var configuration = Original.Configuration()
            (configuration.latentSize, configuration.width, configuration.depth) = (2, 128, 2)
            configuration.generator = TeamSettings(learningRate: 1e-3, beta2: 0.9)
            configuration.criticTeam = TeamSettings(learningRate: 1e-3, beta2: 0.9)
            return configuration
        }

        private func penalised(_ gamma: Double) -> Original.Configuration {
            var configuration = plain()
            configuration.critic.r1 = gamma
            return configuration
        }

        private func wasserstein() -> Original.Configuration {
            var configuration = plain()
            configuration.critic = CriticSettings(.wasserstein, gradientPenalty: 0.1)
            configuration.criticTeam.repeats = 5
            return configuration
        }

        private func coverage(_ configuration: Original.Configuration, of mixture: GaussianMixture, steps: Int, seed: Int) throws -> ModeCoverage {
            let trainer = try GateTrainer<Original>(configuration, on: mixture, batch: 256, seed: seed)
            try trainer.train(steps)
            let samples = trainer.averaged.samples(2500, SamplingOptions(), RandomStream(seed: UInt64(seed))["judged"])
            let coverage = ModeCoverage(samples: samples, centres: mixture.centres, deviation: mixture.deviations[0])
            print("\(mixture.name), \(configuration.critic.objective.name), R1 \(configuration.critic.r1), penalty \(configuration.critic.gradientPenalty): \(coverage)")
            return coverage
        }
    }
}
