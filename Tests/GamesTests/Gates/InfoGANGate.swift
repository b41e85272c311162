import Games
import Tensors
import Testing

extension Gates {
    /// Without labels a code comes to mean a digit, because the game pays for information: without the pay there is none.
    @Suite struct InfoGANGate {
        @Test(arguments: Gate.seeds) func codesMeanDigits(seed: Int) throws {
            try Gate.check("infogan", seed: seed) {
                let digits = try Digits(), backend = CPUBackend()
                let judge = digits.judge(seed: seed, on: backend)
                func trained(weight: Double) throws -> GateTrainer<InfoGAN> {
                    var configuration = InfoGAN.Configuration()
                    (configuration.weight, configuration.continuousWeight) = (weight, weight * 0.1)
                    configuration.networks = NetworkSettings(.perceptron, width: 128, depth: 2)
                    configuration.critic.r1 = 1
                    configuration.generator = TeamSettings(learningRate: 1e-3, beta2: 0.9)
                    configuration.criticTeam = TeamSettings(learningRate: 1e-3, beta2: 0.9)
                    let trainer = try GateTrainer<InfoGAN>(configuration, on: digits.training, batch: 64, seed: seed, backend: backend)
                    try trainer.train(4000)
                    return trainer
                }
                /// The bound by a recogniser that is trained afterwards and judged on fresh samples: about the generator alone.
                func informationAfterwards(_ game: InfoGAN) -> Double {
                    let codes = (0..<2000).map { $0 % 10 }
                    func samples(_ name: String) -> Tensor { game.samples(codes.count, SamplingOptions(labels: codes), RandomStream(seed: UInt64(seed))[name]) }
                    return Classifier(samples("fitted"), codes, seed: seed).logLikelihood(samples("judged"), codes) + 2.302585092994046
                }
                let trainer = try trained(weight: 1), game = trainer.averaged
                let codes = (0..<1000).map { $0 % 10 }
                let samples = game.samples(codes.count, SamplingOptions(labels: codes), RandomStream(seed: UInt64(seed))["judged"])
                let table = table(codes, judge.classes(of: samples))
                let purity = table.map { Double($0.max() ?? 0) }.reduce(0, +) / Double(codes.count)
                let free = try trained(weight: 0)
                return [.above("information of categorical codes", trainer.game.information(1000, RandomStream(seed: UInt64(seed))["bound"]), 2.2),
                        .above("information found afterwards", informationAfterwards(game), 2.2),
                        .above("purity of codes", purity, 0.7),
                        .above("digits that some code means", Double(Set(table.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }).count), 8),
                        .below("information found afterwards without λ", informationAfterwards(free.averaged), 1)]
            }
        }

        /// How often each code is taken for each digit.
        private func table(_ codes: [Int], _ digits: [Int]) -> [[Int]] {
            var table = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 10)
            for (code, digit) in zip(codes, digits) { table[code][digit] += 1 }
            return table
        }
    }
}
