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
                let labels = (0..<1000).map { $0 % 10 }
                let samples = trainer.averaged.samples(labels.count, SamplingOptions(labels: labels), RandomStream(seed: UInt64(seed))["judged"])
                let real = Tensor(digits.training.values, shape: [digits.trainingLabels.count, 8, 8, 1], on: backend)
                let judge = Classifier(real, digits.trainingLabels, seed: seed), pupil = Classifier(samples, labels, seed: seed)
                let held = digits.judged(on: backend)
                return [.above("judge on held digits", judge.accuracy(held, digits.heldLabels), 0.95),
                        .above("asked class generated", judge.accuracy(samples, labels), 0.95),
                        .above("trained on samples, tested on digits", pupil.accuracy(held, digits.heldLabels), 0.9),
                        .above("spread within classes against digits'", spread(samples, labels) / spread(real, digits.trainingLabels), 0.7)]
            }
        }
    }
}

/// Mean deviation of numbers within their class.
func spread(_ samples: Tensor, _ labels: [Int]) -> Double {
    let rows = samples.flattened.floats, size = samples.shape.count / samples.shape[0]
    var total = 0.0
    let classes = Set(labels)
    for label in classes {
        let members = labels.indices.filter { labels[$0] == label }
        for pixel in 0..<size {
            let values = members.map { Double(rows[$0 * size + pixel]) }, mean = values.reduce(0, +) / Double(values.count)
            total += (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        }
    }
    return total / Double(classes.count * size)
}
