import Datasets
import Games
import Tensors
import Testing

extension Gates {
    /// Convolutions and batch norm alone draw every digit, and what the critic has learned on the way tells digits apart.
    @Suite struct DCGANGate {
        @Test(arguments: Gate.seeds) func drawsEveryDigit(seed: Int) throws {
            try Gate.check("dcgan", seed: seed) {
                let digits = try Digits(), backend = CPUBackend()
                let judge = digits.judge(seed: seed, on: backend), held = digits.judged(on: backend)
                // At 16 × 16, so that the critic has a batch norm, too.
                let enlarged = ArraySamples(digits.trained(on: backend).upsampled(2).floats, shape: [16, 16, 1])
                var configuration = DCGAN.standard
                (configuration.latentSize, configuration.width) = (16, 16)
                configuration.generator.learningRate = 1e-3
                configuration.criticTeam.learningRate = 1e-3
                let trainer = try GateTrainer<DCGAN>(configuration, on: enlarged, batch: 64, seed: seed, backend: backend)
                func drawn() -> Tensor { trainer.averaged.samples(1000, SamplingOptions(), RandomStream(seed: UInt64(seed))["judged"]).downsampled(2) }
                func distance() throws -> Double { try frechetDistance(drawn().flattened, held.flattened) }
                let before = try distance()
                try trainer.train(600)
                let coverage = ModeCoverage(labels: judge.classes(of: drawn()), modes: 10)
                return [.above("digits that are drawn", Double(coverage.modesFound), 10), .below("reverse divergence of digits", coverage.reverseDivergence, 0.1),
                        .above("distance of samples before training, against after", before / (try distance()), 10)]
            }
        }
    }
}
