import Games
import Tensors
import Testing

extension Gates {
    /// The encoder inverts the generator although nobody ever compares a sample with its reconstruction.
    @Suite struct BiGANGate {
        @Test(arguments: Gate.seeds) func encoderInvertsGenerator(seed: Int) throws {
            try Gate.check("bigan", seed: seed) {
                let digits = try Digits(), backend = CPUBackend()
                let judge = digits.judge(seed: seed, on: backend)
                var configuration = BiGAN.Configuration()
                configuration.latentSize = 16
                configuration.networks = NetworkSettings(.perceptron, width: 256, depth: 2)
                configuration.critic.r1 = 0.1
                configuration.generator = TeamSettings(learningRate: 5e-4, beta2: 0.9)
                configuration.criticTeam = TeamSettings(learningRate: 5e-4, beta2: 0.9)
                let trainer = try GateTrainer<BiGAN>(configuration, on: digits.training, batch: 128, seed: seed, backend: backend)
                let held = digits.judged(on: backend), count = digits.heldLabels.count
                let shuffled = held.gathered((0..<count).map { ($0 + 1) % count })
                func ratio() -> Double {
                    let made = trainer.averaged.reconstruct(held)
                    return (made - held).flattened.normPerSample.mean.item() / (made - shuffled).flattened.normPerSample.mean.item()
                }
                let before = ratio()
                try trainer.train(2500)
                return [.below("distance to own reconstruction against another's", ratio(), 0.65), .above("the same before training", before, 0.95),
                        .above("class kept", judge.accuracy(trainer.averaged.reconstruct(held), digits.heldLabels), 0.6)]
            }
        }
    }
}
