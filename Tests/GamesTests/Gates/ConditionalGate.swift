import Datasets
import Games
import Tensors
import Testing

extension Gates {
    /// The class that is generated is the class that was asked for, and samples are as good as data to learn from.
    @Suite struct ConditionalGate {
        @Test(arguments: Gate.seeds) func samplesAreOfTheirClass(seed: Int) throws {
            try Gate.check("conditional", seed: seed) {
                let digits = try Digits(), backend = CPUBackend()
                var configuration = Conditional.Configuration()
                configuration.latentSize = 16
                configuration.networks = NetworkSettings(.perceptron, width: 128, depth: 2)
                configuration.generator = TeamSettings(learningRate: 1e-3, beta2: 0.9)
                configuration.criticTeam = TeamSettings(learningRate: 1e-3, beta2: 0.9)
                let trainer = try GateTrainer<Conditional>(configuration, on: digits.training, batch: 64, seed: seed, backend: backend)
                try trainer.train(6000)
                let labels = (0..<4000).map { $0 % 10 }
                let samples = trainer.averaged.samples(labels.count, SamplingOptions(labels: labels), RandomStream(seed: UInt64(seed))["judged"])
                let real = digits.trained(on: backend)
                let judge = digits.judge(seed: seed, on: backend), pupil = Classifier(samples, labels, steps: 1000, seed: seed)
                let held = digits.judged(on: backend)
                return [.above("judge on held digits", judge.accuracy(held, digits.heldLabels), 0.95),
                        .above("asked class generated", judge.accuracy(samples, labels), 0.95),
                        .above("trained on samples, tested on digits", pupil.accuracy(held, digits.heldLabels), 0.875),
                        .above("spread within classes against digits'", spread(samples, labels) / spread(real, digits.trainingLabels), 0.7)]
            }
        }
    }
}
