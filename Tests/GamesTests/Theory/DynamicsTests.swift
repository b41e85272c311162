import Games
import Tensors
import Testing

/// Theory, section 5.2: the Dirac GAN. Data at 0, a generator at θ, the critic D(x) = ψx: the smallest game that shows whether training settles.
@Suite struct DynamicsTests {
    let d = Discrete()

    /// The losses of both players at (θ, ψ).
    func losses(_ objective: Objective, gamma: Double, _ state: [Tensor]) -> (generator: Tensor, critic: Tensor) {
        let critic = { (x: Tensor) in x * state[1] }, data = Tensor(repeating: 0, shape: [1, 1], type: .float64, on: d.backend), made = state[0]
        let loss = objective.criticLoss(real: critic(data), fake: critic(made)) + GradientPenalty.r1(gamma: gamma).penalty(of: critic, at: data)
        return (objective.generatorLoss(fake: critic(made)), loss)
    }

    /// The derivative of one step at the equilibrium (0, 0), from the second derivatives of the losses.
    func step(_ objective: Objective, gamma: Double = 0, generator h: Double, critic k: Double, alternating: Bool = false) -> [[Double]] {
        let state = (0..<2).map { _ in Tensor(repeating: 0, shape: [1, 1], type: .float64, on: d.backend).variable }
        let (generatorLoss, criticLoss) = losses(objective, gamma: gamma, state)
        let forces = [gradients(of: generatorLoss, withRespectTo: [state[0]], createGraph: true)[0], gradients(of: criticLoss, withRespectTo: [state[1]], createGraph: true)[0]]
        let rows = forces.map { gradients(of: $0, withRespectTo: state).map { $0.item() } }
        let moveCritic = [[1, 0], [-k * rows[1][0], 1 - k * rows[1][1]]], moveGenerator = [[1 - h * rows[0][0], -h * rows[0][1]], [0, 1]]
        return alternating ? d.matrix(moveGenerator).product(d.matrix(moveCritic)).rows : [moveGenerator[0], moveCritic[1]]
    }

    /// Magnitudes of the eigenvalues of a 2 × 2 matrix, the larger first.
    func magnitudes(_ m: [[Double]]) -> [Double] {
        let half = (m[0][0] + m[1][1]) / 2, determinant = Newton.determinant(m), discriminant = half * half - determinant
        guard discriminant > 0 else { return [determinant.squareRoot(), determinant.squareRoot()] }
        return [abs(half) + discriminant.squareRoot(), abs(abs(half) - discriminant.squareRoot())]
    }

    static let weights: [(gamma: Double, magnitudes: [Double])] = [(0, [1.001249, 1.001249]), (0.1, [0.996243, 0.996243]), (1, [0.95, 0.95]), (10, [0.997494, 0.002506])]

    @Test(arguments: weights)
    func simultaneousStepsDivergeAndR1MakesThemSettle(_ gamma: Double, _ expected: [Double]) {
        let found = magnitudes(step(.nonSaturating, gamma: gamma, generator: 0.1, critic: 0.1))
        // At γ = 1 both eigenvalues meet, and rounding moves them by its square root.
        #expect(distance(found, expected) < 1e-6, "\(found)")
        #expect(((found.max() ?? 0) < 1) == (gamma > 0))
    }

    /// λ = 1 ± i·c·√(h·k) with c = ½ for the logistic loss and 1 for the Wasserstein loss: no ratio of step sizes contracts, and taking turns only cycles.
    @Test(arguments: [(0.1, 0.1), (0.01, 0.4), (0.4, 0.01), (1e-3, 1)])
    func twoTimeScalesAloneDoNotSettleTheGame(_ h: Double, _ k: Double) {
        for (objective, coupling) in [(Objective.nonSaturating, 0.5), (.minimax, 0.5), (.wasserstein, 1)] {
            let simultaneous = magnitudes(step(objective, generator: h, critic: k)), alternating = step(objective, generator: h, critic: k, alternating: true)
            #expect(abs(simultaneous[0] - (1 + coupling * coupling * h * k).squareRoot()) < 1e-14 && simultaneous[0] > 1)
            #expect(abs(Newton.determinant(alternating) - 1) < 1e-14 && distance(magnitudes(alternating), [1, 1]) < 1e-14)
            #expect((magnitudes(step(objective, gamma: 0.2, generator: h, critic: k, alternating: true)).max() ?? 2) < 1, "a regulariser contracts")
        }
    }

    /// The linear picture holds for the game itself, played out.
    @Test func playedOutTheUnregularisedGameSpiralsAwayAndTheRegularisedOneArrives() {
        func radius(gamma: Double) -> Double {
            var values = [0.1, 0.1]
            for _ in 0..<400 {
                let state = values.map { Tensor(repeating: $0, shape: [1, 1], type: .float64, on: d.backend).variable }
                let (generatorLoss, criticLoss) = losses(.nonSaturating, gamma: gamma, state)
                values[0] -= 0.1 * gradients(of: generatorLoss, withRespectTo: [state[0]])[0].item()
                values[1] -= 0.1 * gradients(of: criticLoss, withRespectTo: [state[1]])[0].item()
            }
            return (values[0] * values[0] + values[1] * values[1]).squareRoot()
        }
        #expect(radius(gamma: 0) > 0.2 && radius(gamma: 1) < 1e-6)
    }
}

extension Tensor {
    /// The rows of a matrix.
    fileprivate var rows: [[Double]] {
        let values = doubles
        return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
    }
}
