import Games
import LinearAlgebra
import NeuralNetworks
import Tensors
import Testing

extension Gates {
    /// Weights of norm one keep the critic's slope small, and the game going at a learning rate fifty times the paper's, at which the same networks without the norm lose ground.
    @Suite struct SNGANGate {
        @Test(arguments: Gate.seeds) func normTamesTheCritic(seed: Int) throws {
            try Gate.check("sngan", seed: seed) {
                let digits = try Digits(), backend = CPUBackend()
                let judge = digits.judge(seed: seed, on: backend), held = digits.judged(on: backend)
                func trained(normalised: Bool) throws -> GateTrainer<SNGAN> {
                    var configuration = SNGAN.standard
                    (configuration.latentSize, configuration.width, configuration.criticWidth) = (16, 16, 16)
                    configuration.normalisesCritic = normalised
                    (configuration.generator.learningRate, configuration.criticTeam.learningRate, configuration.criticTeam.repeats) = (0.01, 0.01, 2)
                    let trainer = try GateTrainer<SNGAN>(configuration, on: digits.training, batch: 64, seed: seed, decay: 0.99, backend: backend)
                    try trainer.train(800)
                    return trainer
                }
                func samples(_ game: SNGAN) -> Tensor { game.samples(1000, SamplingOptions(), RandomStream(seed: UInt64(seed))["judged"]) }
                let (tame, wild) = (try trained(normalised: true), try trained(normalised: false))
                let (own, other) = (samples(tame.averaged), samples(wild.averaged))
                func coverage(_ samples: Tensor) -> ModeCoverage { ModeCoverage(labels: judge.classes(of: samples), modes: 10) }
                func distance(_ samples: Tensor) throws -> Double { try frechetDistance(samples.flattened, held.flattened) }
                let (kept, lost) = (coverage(own), coverage(other))
                print("sngan, seed \(seed), with the norm: \(kept); without: \(lost)")
                let norms = try spectralNorms(of: tame.game.critic), slope = steepest(tame.game, held)
                return [.above("least of the weights' largest singular values", norms.min() ?? .nan, 0.999), .below("largest of them", norms.max() ?? .nan, 1.15),
                        .below("steepest slope", slope, Self.lipschitzConstant), .above("the same without the norm, against it", steepest(wild.game, held) / slope, 5),
                        .above("digits that are drawn", Double(kept.modesFound), 10), .below("reverse divergence of digits", kept.reverseDivergence, (10.0 / 9).logarithm / 2),
                        .above("reverse divergence without the norm, against with", lost.reverseDivergence / kept.reverseDivergence, 3),
                        .above("distance of samples without the norm, against with", try distance(other) / distance(own), 1.5)]
            }
        }

        /// What norms of one make of the residual critic of 8 × 8 images by the paper's count, which takes a convolution for its matrix:
        /// ½ + ½ for the first block, whose ways both end in or begin with a mean of four, 1 + 1 for each of the others, √16 for the sum over 16 places.
        private static let lipschitzConstant = 16.0

        /// The steepest slope that the critic has at real samples, at its own, and between pairs of them.
        private func steepest(_ game: SNGAN, _ real: Tensor) -> Double {
            let fake = game.samples(real.shape[0], SamplingOptions(), RandomStream(seed: 1))
            func critic(_ x: Tensor) -> Tensor { game.criticise(x, nil, .evaluation) }
            let slopes = [real, fake].map { GradientPenalty.slope(of: critic, at: $0).flattened.normPerSample.largest.item() }
            let rise = (critic(real) - critic(fake)).absolute / (real - fake).flattened.normPerSample
            return max(slopes.max() ?? 0, rise.largest.item())
        }

        /// The largest singular value of each weight as the critic uses it, `weight_orig / uᵀ W v`, by an exact decomposition.
        private func spectralNorms(of critic: any Module) throws -> [Double] {
            let entries = Dictionary(uniqueKeysWithValues: critic.entries.map { ($0.name, $0.entry.tensor.doubles) })
            return try critic.parameters.filter { $0.name.hasSuffix("weight_orig") }.map { name, parameter in
                let stem = name.dropLast("orig".count), rows = parameter.shape[0], columns = parameter.shape.count / rows
                let (u, v) = (try #require(entries[stem + "u"]), try #require(entries[stem + "v"])), weight = Matrix(rows: rows, columns: columns, elements: parameter.tensor.doubles)
                let estimate = (0..<rows).reduce(0.0) { sum, row in sum + u[row] * (0..<columns).reduce(0.0) { $0 + weight[row, $1] * v[$1] } }
                return try SingularValueDecomposition.values(of: weight)[0] / estimate
            }
        }
    }
}
