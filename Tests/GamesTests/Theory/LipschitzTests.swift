import Games
import Tensors
import Testing

/// Theory, T25, spectral norms, clipping, the bias of the gradient penalty, and closed forms of second derivatives.
@Suite struct LipschitzTests {
    let d = Discrete()
    let stream = RandomStream(seed: 29)

    @Test func atTheEquilibriumR1VanishesAndTheOneCentredPenaltyDoesNot() throws {
        let x = stream.normal([5, 2, 3, 2], type: .float64, on: d.backend), weight = Tensor(repeating: 0, shape: [1, 12], type: .float64, on: d.backend)
        let indifferent = { (x: Tensor) in x.flattened.linear(weight) }
        func value(_ penalty: GradientPenalty) throws -> Double { try #require(penalty.penalty(of: indifferent, real: x, fake: x, stream: stream)).item() }
        #expect(try value(.r1(gamma: 10)) == 0 && value(.r2(gamma: 10)) == 0 && value(.interpolated(weight: 10, target: 0)) == 0)
        #expect(try value(.interpolated(weight: 10)) == 10 && value(.interpolated(weight: 3)) == 3)
        #expect(try value(.interpolated(weight: 10, isOneSided: true)) == 0)
    }

    /// A linear critic between a distribution and its copy moved by θ: the slope is 1 + θ/2λ, and the estimate too large by that factor.
    @Test(arguments: [(0.5, 10, 0.5125), (1, 10, 1.05), (2, 10, 2.2), (4, 10, 4.8), (1, 1, 1.5)])
    func theGradientPenaltyOverestimatesTheDistance(_ theta: Double, _ weight: Double, _ estimate: Double) throws {
        let fake = stream.normal([64, 1], type: .float64, on: d.backend), real = fake + theta
        let loss = { (slope: Tensor) -> Tensor in
            let critic = { (x: Tensor) in x * slope }
            let penalty = GradientPenalty.interpolated(weight: weight).penalty(of: critic, at: GradientPenalty.mixture(of: real, and: fake, shares: stream.uniform([64], type: .float64, on: d.backend)))
            return Objective.wasserstein.criticLoss(real: critic(real), fake: critic(fake)) + penalty
        }
        let slope = Newton.minimum(of: loss, from: [0.7], on: d.backend)[0]
        let found = -Objective.wasserstein.criticLoss(real: real * slope, fake: fake * slope).item()
        #expect(abs(slope - (1 + theta / (2 * weight))) < 1e-10 && abs(found - estimate) < 1e-10)
        #expect(abs(found - theta) > 0.01, "it is not the distance itself")
    }

    @Test func theOneCentredPenaltyOfALinearCriticHasItsClosedForm() {
        let w = stream.normal([1, 12], type: .float64, on: d.backend).variable, x = stream["x"].normal([3, 2, 3, 2], type: .float64, on: d.backend)
        let found = gradients(of: GradientPenalty.interpolated(weight: 7).penalty(of: { $0.flattened.linear(w) }, at: x), withRespectTo: [w])[0].doubles
        let length = w.doubles.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(distance(found, w.doubles.map { 2 * 7 * (length - 1) * $0 / length }) < 1e-12)
    }

    /// `D = ½ xᵀAx` has the slope sym(A)·x.
    @Test func r1OfAQuadraticCriticHasItsClosedForm() {
        let a = stream.normal([4, 4], type: .float64, on: d.backend).variable, x = stream["x"].normal([6, 4], type: .float64, on: d.backend)
        let penalty = GradientPenalty.r1(gamma: 3).penalty(of: { ($0.product(a) * $0).sumPerSample * 0.5 }, at: x)
        let symmetric = (a.detached + a.detached.permuted(1, 0)) * 0.5
        let moments = x.product(x, transposesSelf: true) / 6
        #expect(abs(penalty.item() - (x.product(symmetric).squared.sumPerSample.mean * 1.5).item()) < 1e-12)
        let product = symmetric.product(moments)
        let expected = (product + product.permuted(1, 0)) * 0.5 * 3
        let found = gradients(of: penalty, withRespectTo: [a])[0]
        #expect(distance(found.doubles, expected.doubles) < 1e-12)
        #expect(distance(found.doubles, (product * 3).doubles) > 0.1, "the derivative is symmetric")
    }

    /// `E ‖Mᵀy‖² = tr MᵀM`; over an orthonormal basis instead of normal noise the mean is a sum and exact.
    @Test func thePathLengthOfALinearGeneratorIsItsTrace() {
        let m = stream.normal([5, 12], type: .float64, on: d.backend), codes = stream["w"].normal([12, 5], type: .float64, on: d.backend).variable
        let images = codes.product(m).reshaped([12, 2, 3, 2])
        let basis = Tensor((0..<144).map { $0 / 12 == $0 % 12 ? 6.0.squareRoot() : 0 }, shape: [12, 2, 3, 2], on: d.backend)
        let lengths = PathLength.lengths(images: images, latents: codes, noise: basis)
        #expect(abs(lengths.squared.sum.item() - m.squared.sum.item()) < 1e-12)
    }

    /// The running mean takes its share of this step's, and the derivative passes through that share.
    @Test func thePathLengthMovesItsMeanBeforeItCompares() {
        let codes = d.matrix([[1, 0], [0, 2]]).variable, scale = d.vector([3]).variable
        let images = (codes * codes * scale).reshaped([2, 1, 1, 2]), noise = Tensor(repeating: 1, shape: [2, 1, 1, 2], type: .float64, on: d.backend)
        let path = PathLength(weight: 2, decay: 0.25).penalty(images: images, latents: codes, noise: noise, mean: d.zero + 4)
        // Lengths 6 and 12; mean 4 + ¼(9 − 4) = 5.25.
        #expect(abs(path.mean.item() - 5.25) < 1e-14 && abs(path.loss.item() - (0.75 * 0.75 + 6.75 * 6.75)) < 1e-12)
        let found = gradients(of: path.loss, withRespectTo: [scale])[0].item()
        #expect(abs(found - 2 * (0.75 * (2 - 0.75) + 6.75 * (4 - 0.75))) < 1e-12)
        #expect(abs(found - 2 * (0.75 * 2 + 6.75 * 4)) > 1, "a constant mean would give this")
    }

    func iterates(_ w: Tensor, throughTranspose: Bool, steps: Int) -> [(vector: [Double], norm: Double)] {
        var x = d.matrix([[0.6], [0.8]]), found: [(vector: [Double], norm: Double)] = []
        for _ in 0..<steps {
            let moved = throughTranspose ? w.product(w.product(x), transposesSelf: true) : w.product(x)
            x = moved / moved.squared.sum.squareRoot
            found.append((x.doubles, w.product(x).squared.sum.squareRoot.item()))
        }
        return found
    }

    @Test func powerIterationConvergesToTheSpectralNormAtTheSquaredRatioOfSingularValues() {
        let w = d.matrix([[3, 0], [0, 1]]), found = iterates(w, throughTranspose: true, steps: 20)
        for (a, b) in zip(found.prefix(10), found.dropFirst()) { #expect(abs(b.vector[1] / b.vector[0] / (a.vector[1] / a.vector[0]) - 1.0 / 9) < 1e-12) }
        #expect(abs((found.last?.norm ?? 0) - 3) < 1e-14)
    }

    /// The article on Wasserstein GANs iterates x → Wx/‖Wx‖, which finds eigenvectors: right for symmetric matrices only.
    @Test func iteratingWithoutTheTransposeFindsTheSpectralNormOfSymmetricMatricesOnly() {
        let symmetric = d.matrix([[2, 1], [1, -1]]), other = d.matrix([[0, 3], [1, 0]]), sheared = d.matrix([[1, 4], [0, 1]])
        func norm(_ w: Tensor, throughTranspose: Bool) -> Double { iterates(w, throughTranspose: throughTranspose, steps: 200).last?.norm ?? 0 }
        for w in [symmetric, other, sheared] {
            let values = w.doubles, squares = values.reduce(0) { $0 + $1 * $1 }, product = values[0] * values[3] - values[1] * values[2]
            let exact = ((squares + (squares * squares - 4 * product * product).squareRoot()) / 2).squareRoot()
            #expect(abs(norm(w, throughTranspose: true) - exact) < 1e-12)
            #expect((abs(norm(w, throughTranspose: false) - exact) < 1e-9) == (w.doubles[1] == w.doubles[2]))
        }
    }

    @Test func clippedWeightsBoundTheSpectralNormByTheRootOfTheirNumber() {
        let clipping = WeightClipping(limit: 0.3)
        func norm(_ w: Tensor) -> Double {
            var x = d.matrix((0..<w.shape[1]).map { [1 + 0.37 * Double($0 * $0)] })
            for _ in 0..<300 { x = w.product(w.product(x), transposesSelf: true); x = x / x.squared.sum.squareRoot }
            return w.product(x).squared.sum.squareRoot.item()
        }
        for (rows, columns) in [(3, 5), (7, 2), (1, 4)] {
            let bound = 0.3 * Double(rows * columns).squareRoot()
            for index in 0..<20 {
                let w = clipping.constrained(stream["\(rows)"][index].normal([rows, columns], type: .float64, on: d.backend))
                #expect(norm(w) <= bound * (1 + 1e-12) && w.doubles.contains { abs($0) == 0.3 })
            }
            let full = clipping.constrained(Tensor(repeating: 9, shape: [rows, columns], type: .float64, on: d.backend))
            #expect(abs(norm(full) - bound) < 1e-12 && norm(full) < 0.3 * Double(rows * columns) * 0.6, "tight, and half of what c · m · l allows")
        }
    }

    /// Without biases a rectified network is homogeneous: a clipped critic's estimate grows as limitᵈᵉᵖᵗʰ, so it measures the distance in a unit of its own.
    @Test func aRectifiedCriticWithoutBiasesScalesWithThePowerOfItsDepth() {
        let shapes: [Shape] = [[6, 3], [5, 6], [1, 5]], x = stream.normal([8, 3], type: .float64, on: d.backend)
        let weights = shapes.enumerated().map { stream["w"][$0.offset].normal($0.element, type: .float64, on: d.backend) }
        func critic(_ scale: Double) -> [Double] {
            weights.enumerated().reduce(x) { x, layer in
                let moved = x.linear(layer.element * scale)
                return layer.offset < 2 ? moved.relu : moved
            }.doubles
        }
        let one = critic(1)
        #expect(critic(0.5) == one.map { $0 / 8 } && critic(4) == one.map { $0 * 64 })
        #expect(distance(critic(0.01).map { $0 * 1e6 }, one) < 1e-12 && distance(critic(0.5), one.map { $0 / 2 }) > 0.01)
    }

    /// Minibatch standard deviation of {1, 2, 3, 4}: of the population, not of the sample.
    @Test func theMinibatchDeviationOfOneToFourIsTheRootOfFiveQuarters() {
        let x = d.matrix([[1], [2], [3], [4]])
        let deviation = (x - x.reduced(.mean, axes: 0)).squared.reduced(.mean, axes: 0).squareRoot.item()
        #expect(abs(deviation - 1.11803399) < 1e-8 && abs(deviation - (5.0 / 3).squareRoot()) > 0.1)
    }
}
