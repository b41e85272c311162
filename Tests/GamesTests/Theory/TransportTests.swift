import Games
import Tensors
import Testing

/// Theory, T10 and T11, Gaussian W2: the earth mover's distance, from both sides.
@Suite struct TransportTests {
    let d = Discrete()

    /// `Σ |F_p − F_q|` on neighbouring positions.
    func byDistributionFunctions(_ p: [Double], _ q: [Double]) -> Double {
        var (difference, sum) = (0.0, 0.0)
        for (a, b) in zip(p, q) { difference += a - b; sum += abs(difference) }
        return sum
    }

    /// `max Σ f (p − q)` with `|f(i) − f(j)| ≤ lipschitz · |i − j|`; the multipliers are the transport plan. f may be moved up until it is not negative.
    func dual(_ p: [Double], _ q: [Double], lipschitz: Double = 1) -> (value: Double, critic: [Double], plan: [[Double]]) {
        let pairs = p.indices.flatMap { i in p.indices.filter { $0 != i }.map { (i, $0) } }
        let rows = pairs.map { i, j in p.indices.map { $0 == i ? 1.0 : ($0 == j ? -1 : 0) } }
        let program = Simplex.maximum(of: zip(p, q).map { $0 - $1 }, rows, atMost: pairs.map { lipschitz * Double(abs($0 - $1)) })
        var plan = [[Double]](repeating: [Double](repeating: 0, count: p.count), count: p.count)
        for ((i, j), moved) in zip(pairs, program.multipliers) { plan[i][j] = moved }
        return (program.value, program.x, plan)
    }

    @Test func theWassersteinCriticReachesTheKantorovichDualWhichIsTheEarthMoversDistance() {
        let (value, critic, plan) = dual(d.p, d.q)
        let game = -d.criticLoss(.wasserstein, d.vector(d.p), d.vector(d.q), logits: d.vector(critic)).item()
        #expect(abs(byDistributionFunctions(d.p, d.q) - 1) < 1e-14 && abs(value - 1) < 1e-12 && abs(game - 1) < 1e-12)
        // The plan moves p to q at that cost: nothing cheaper exists, nothing dearer is needed.
        let cost = plan.indices.flatMap { i in plan.indices.map { plan[i][$0] * Double(abs(i - $0)) } }.reduce(0, +)
        #expect(abs(cost - 1) < 1e-12 && plan.allSatisfy { $0.allSatisfy { $0 >= -1e-14 } })
        for point in plan.indices {
            let out = plan[point].reduce(0, +), into = plan.reduce(0) { $0 + $1[point] }
            #expect(abs(out - into - (d.p[point] - d.q[point])) < 1e-12)
        }
        #expect(abs(dual(d.q, d.p).value - value) < 1e-12, "a distance is symmetric")
        #expect(abs(d.criticLoss(.wasserstein, d.vector(d.p), d.vector(d.q), logits: d.vector(critic)).item() - 1) > 1, "the critic's loss has the other sign")
    }

    @Test(arguments: [0.5, 2, 7])
    func aCriticOfAnotherLipschitzConstantMeasuresTheDistanceTimesTheConstant(_ constant: Double) {
        #expect(abs(dual(d.p, d.q, lipschitz: constant).value - constant) < 1e-12)
    }

    @Test func theDualIsTheDistanceForAnyTwoDistributions() {
        let rows = d.distributions(40, over: 5, "transport").doubles
        for pair in 0..<20 {
            let p = Array(rows[10 * pair..<10 * pair + 5]), q = Array(rows[10 * pair + 5..<10 * pair + 10])
            #expect(abs(dual(p, q).value - byDistributionFunctions(p, q)) < 1e-12)
        }
    }

    /// A point at 0 and a point at θ: the divergence is log 2 however near they are, not infinite, and says nothing of where to go.
    @Test(arguments: 1...7)
    func onDisjointSupportsTheJensenShannonDivergenceIsLogTwoAndTheWassersteinDistanceIsTheDistance(_ theta: Int) {
        let p = (0..<8).map { $0 == 0 ? 1.0 : 0 }, q = (0..<8).map { $0 == theta ? 1.0 : 0 }
        let logits = d.vector(zip(p, q).map { 60 * ($0 - $1) })
        let divergence = (d.value(d.vector(p), d.vector(q), logits: logits).item() + 2 * 2.0.logarithm) / 2
        #expect(abs(divergence - 0.6931471806) < 1e-10 && divergence.isFinite)
        let slope = d.slope(q.map { max($0, 1e-9) }) { d.generatorLoss(.minimax, $0, logits: logits) }
        #expect(slope.allSatisfy { abs($0) < 1e-6 })
        #expect(abs(byDistributionFunctions(p, q) - Double(theta)) < 1e-14 && abs(dual(p, q).value - Double(theta)) < 1e-12)
    }

    /// In one dimension the best plan keeps the order, so it is affine between normal distributions.
    @Test func theSecondWassersteinDistanceOfNormalsIsTheirMeansAndDeviationsApart() {
        let step = 1.0 / 16, nodes = (-160...160).map { Double($0) * step }
        let z = d.vector(nodes), density = d.vector(nodes.map { step * (-$0 * $0 / 2).exponential / (2 * Double.pi).squareRoot() })
        let (mean, deviation, otherMean, otherDeviation) = (0.7, 1.5, -1.1, 0.4)
        let ordered = (density * ((z * deviation + mean) - (z * otherDeviation + otherMean)).squared).sum.item()
        let reversed = (density * ((z * deviation + mean) - (z * -otherDeviation + otherMean)).squared).sum.item()
        let closed = (mean - otherMean) * (mean - otherMean) + (deviation - otherDeviation) * (deviation - otherDeviation)
        #expect(abs(ordered - closed) < 1e-12 && reversed > ordered + 1)
    }

    /// Couplings of two normal distributions in the plane have the cross-covariance `A·R·B` with roots A, B and a contraction R; the best R is a rotation, found here by Newton's method.
    @Test func theFréchetDistanceIsTheCheapestCouplingOfNormals() {
        let first = [[2.0, 0.6], [0.6, 0.5]], second = [[0.7, -0.3], [-0.3, 1.9]]
        func root(_ m: [[Double]]) -> [[Double]] {
            let s = Newton.determinant(m).squareRoot(), t = (m[0][0] + m[1][1] + 2 * s).squareRoot()
            return [[(m[0][0] + s) / t, m[0][1] / t], [m[1][0] / t, (m[1][1] + s) / t]]
        }
        let (a, b) = (d.matrix(root(first)), d.matrix(root(second)))
        let cost = { (angle: Tensor) -> Tensor in
            let (c, s) = (angle.cosine, angle.sine)
            let rotation = Tensor.concatenated([c, -s, s, c], axis: 0).reshaped([2, 2])
            let cross = a.product(rotation).product(b)
            return (a.squared.sum + b.squared.sum) - (cross * d.matrix([[1, 0], [0, 1]])).sum * 2
        }
        let angle = Newton.minimum(of: cost, from: [0.1], on: d.backend)
        let product = d.matrix(first).product(d.matrix(second)).doubles
        let trace = first[0][0] + first[1][1] + second[0][0] + second[1][1]
        let closed = trace - 2 * (product[0] + product[3] + 2 * (Newton.determinant(first) * Newton.determinant(second)).squareRoot()).squareRoot()
        #expect(abs(cost(d.vector(angle)).item() - closed) < 1e-12)
        #expect(cost(d.vector([0])).item() > closed + 1e-3, "the product of the roots' trace is no shortcut")
    }
}
