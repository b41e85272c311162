import Games
import Tensors
import Testing

@Suite struct ObjectiveTests {
    let backend = ReferenceBackend()
    let real = [2.0, -1, 0.3], fake = [-0.7, 1.2, 0.1, 40]

    func tensor(_ values: [Double]) -> Tensor { Tensor(values, shape: [values.count, 1], on: backend) }

    /// The losses in terms of probabilities, where D = σ(s), written without the toolkit.
    @Test func lossesAreTheirFormulas() {
        func mean(_ values: [Double], _ f: (Double) -> Double) -> Double { values.map(f).reduce(0, +) / Double(values.count) }
        func d(_ s: Double) -> Double { 1 / (1 + (-s).exponential) }
        let fake = Array(fake.prefix(3))
        let crossEntropy = -mean(real) { d($0).logarithm } - mean(fake) { (1 - d($0)).logarithm }
        let expected: [(Objective, Double, Double)] = [
            (.minimax, crossEntropy, mean(fake) { (1 - d($0)).logarithm }),
            (.nonSaturating, crossEntropy, -mean(fake) { d($0).logarithm }),
            (.maximumLikelihood(), crossEntropy, -mean(fake) { d($0) / (1 - d($0)) }),
            (.hinge, mean(real) { max(1 - $0, 0) } + mean(fake) { max(1 + $0, 0) }, -mean(fake) { $0 }),
            (.leastSquares(a: -1, b: 2, c: 0.5), mean(real) { ($0 - 2) * ($0 - 2) / 2 } + mean(fake) { ($0 + 1) * ($0 + 1) / 2 }, mean(fake) { ($0 - 0.5) * ($0 - 0.5) / 2 }),
            (.wasserstein, mean(fake) { $0 } - mean(real) { $0 }, -mean(fake) { $0 }),
        ]
        for (objective, critic, generator) in expected {
            #expect(abs(objective.criticLoss(real: tensor(real), fake: tensor(fake)).item() - critic) < 1e-13, "\(objective.name), critic")
            #expect(abs(objective.generatorLoss(fake: tensor(fake)).item() - generator) < 1e-13, "\(objective.name), generator")
        }
        #expect(Objective.leastSquares() == .leastSquares(a: 0, b: 1, c: 1))
    }

    @Test func aPerfectCriticLeavesLossesFinite() {
        for objective in Objective.all {
            let logits = tensor([100, -100, 1000]).variable
            let loss = objective.criticLoss(real: logits, fake: logits) + objective.generatorLoss(fake: logits)
            #expect(loss.item().isFinite, "\(objective.name)")
            #expect(gradients(of: loss, withRespectTo: [logits])[0].doubles.allSatisfy { $0.isFinite }, "\(objective.name)")
        }
    }

    @Test func theLikelihoodObjectiveIsExactUpToItsClip() {
        let logits = tensor([7.5, 8.5, 200]).variable
        let clipped = Objective.maximumLikelihood(logitClip: 8).generatorTerms(logits)
        let slopes = gradients(of: clipped.sum, withRespectTo: [logits])[0].doubles
        #expect(abs(clipped.doubles[0] + 7.5.exponential) < 1e-9 && slopes[0] == clipped.doubles[0])
        #expect(clipped.doubles[1] == clipped.doubles[2] && slopes[1] == 0 && slopes[2] == 0)
        #expect(abs(Objective.maximumLikelihood().generatorTerms(tensor([8.5])).item() + 8.5.exponential) < 1e-9)
    }

    @Test func namesAreUniqueAndLeadBack() {
        #expect(Objective.all.map(\.name) == ["minimax", "non-saturating", "maximum-likelihood", "hinge", "least-squares", "wasserstein"])
        for objective in Objective.all { #expect(Objective(name: objective.name) == objective) }
        #expect(Objective(name: "vanilla") == nil)
    }
}
