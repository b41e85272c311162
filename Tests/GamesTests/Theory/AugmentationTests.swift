import Games
import Tensors
import Testing

/// Theory, T16–T19, and Gaussian smoothing: which augmentations the generator cannot see through.
@Suite struct AugmentationTests {
    let d = Discrete()

    /// Each of the three rotations that move something, with probability p.
    func rotations(_ p: Double) -> [[Double]] {
        (0..<4).map { row in (0..<4).map { column -> Double in column == row ? 1 - 3 * p : p } }
    }

    /// Two objects, each in four orientations.
    func twoObjects(_ p: Double) -> [[Double]] {
        let one = rotations(p)
        return (0..<8).map { row in (0..<8).map { column -> Double in row / 4 == column / 4 ? one[row % 4][column % 4] : 0 } }
    }

    func applied(_ kernel: [[Double]], _ x: Tensor) -> Tensor { x.reshaped([1, x.shape.count]).product(d.matrix(kernel), transposesOther: true).reshaped(x.shape) }

    let data = [0.05, 0.2, 0.1, 0.05, 0.3, 0.1, 0.15, 0.05]

    @Test(arguments: [(0.1, 0.216), (0.2, 0.008), (0.25, 0), (0.3, -0.008)])
    func rotationsAreInvertibleUnlessAllFourAreEquallyLikely(_ p: Double, _ determinant: Double) {
        let kernel = rotations(p), factor = 1 - 4 * p
        #expect(abs(Newton.determinant(kernel) - determinant) < 1e-15 && abs(factor * factor * factor - determinant) < 1e-15)
        #expect(distance(applied(kernel, d.vector([1, 1, 1, 1])).doubles, [1, 1, 1, 1]) < 1e-15)
        for vector in [[1.0, -1, 0, 0], [0, 1, -1, 0], [0, 0, 1, -1]] {
            #expect(distance(applied(kernel, d.vector(vector)).doubles, vector.map { $0 * factor }) < 1e-15, "eigenvalue 1 − 4p, three times")
        }
    }

    /// Adaptive augmentation draws one of four orientations, the identity among them, with probability p_ada: p = p_ada / 4.
    @Test func adaptiveAugmentationLeaksAtProbabilityOneOnly() {
        for probability in stride(from: 0.0, through: 1, by: 0.125) {
            let eigenvalue = applied(rotations(probability / 4), d.vector([1, -1, 0, 0])).doubles[0]
            #expect(abs(eigenvalue - (1 - probability)) < 1e-15 && (abs(eigenvalue) < 1e-15) == (probability == 1))
        }
    }

    /// The generator that wins when both sides are augmented, or only the reals: minimum over q of the divergence.
    func winner(_ reals: [[Double]], _ fakes: [[Double]]) -> [Double] {
        let target = applied(reals, d.vector(data))
        let made = { (x: Tensor) in Tensor.concatenated([x, d.vector([0])], axis: 0).softmax }
        let best = Newton.minimum(of: { d.jensenShannon(target, applied(fakes, made($0))).sum }, from: [Double](repeating: 0, count: 7), on: d.backend)
        return made(d.vector(best)).doubles
    }

    @Test(arguments: [0.1, 0.2, 0.3])
    func augmentingBothSidesInvertiblyLeavesTheDataTheOnlyOptimum(_ p: Double) {
        #expect(distance(winner(twoObjects(p), twoObjects(p)), data) < 1e-6)
    }

    @Test func augmentingBothSidesByAllRotationsAlikeShowsTheGeneratorOnlyTheOrbits() {
        let kernel = twoObjects(0.25), target = applied(kernel, d.vector(data))
        let others = d.distributions(100, over: 4, "orbits").doubles
        let divergence = { (q: [Double]) in d.jensenShannon(target, applied(kernel, d.vector(q))).sum.item() }
        for row in stride(from: 0, to: 400, by: 8) {
            let q = others[row..<row + 4].map { $0 * 0.4 } + others[row + 4..<row + 8].map { $0 * 0.6 }
            #expect(abs(divergence(Array(q))) < 1e-15 && distance(Array(q), data) > 0.01)
        }
        #expect(divergence([0.15, 0.1, 0.1, 0.15, 0.2, 0.1, 0.1, 0.1]) > 1e-3, "another share of the objects is seen")
        let found = winner(kernel, kernel)
        #expect(abs(found[..<4].reduce(0, +) - 0.4) < 1e-9 && distance(found, data) > 0.05)
    }

    @Test(arguments: [0.1, 0.2, 0.3])
    func augmentingTheRealsOnlyMakesTheGeneratorAugment(_ p: Double) {
        let identity = twoObjects(0), found = winner(twoObjects(p), identity)
        #expect(distance(found, applied(twoObjects(p), d.vector(data)).doubles) < 1e-8 && distance(found, data) > 0.01)
    }

    @Test func compositionsOfInvertibleAugmentationsAreInvertible() {
        let first = rotations(0.1), second = [[0.7, 0.3, 0, 0], [0, 0.7, 0.3, 0], [0, 0, 0.7, 0.3], [0.3, 0, 0, 0.7]]
        let both = d.matrix(first).product(d.matrix(second)).doubles
        let rows = (0..<4).map { Array(both[4 * $0..<4 * $0 + 4]) }
        #expect(abs(Newton.determinant(rows) - Newton.determinant(first) * Newton.determinant(second)) < 1e-15 && abs(Newton.determinant(rows)) > 0.01)
        let one = d.matrix(rotations(0.25)).product(d.matrix(second)).doubles
        #expect(abs(Newton.determinant((0..<4).map { Array(one[4 * $0..<4 * $0 + 4]) })) < 1e-15, "one that is not spoils the chain")
    }

    /// On a circle of 16 points the noise multiplies frequency ω by `exp(−ε²ω²/2)`, never by zero; undoing it amplifies rounding by the inverse and nothing else.
    @Test(arguments: [0.1, 0.3, 0.6, 0.9])
    func gaussianNoiseIsInvertibleAtAPrice(_ epsilon: Double) {
        let count = 16, source = d.distributions(1, over: count, "torus").doubles
        let angles = (0..<count * count).map { index -> Double in
            let turns = index / count * (index % count) % count
            return 2 * Double.pi * Double(turns) / Double(count)
        }
        let grid = Tensor(angles, shape: [count, count], on: d.backend), cosines = grid.cosine, sines = grid.sine
        let decay = -epsilon * epsilon / 2
        let factors = d.vector((0..<count).map { frequency -> Double in
            let wave = Double(min(frequency, count - frequency))
            return (decay * wave * wave).exponential
        })
        func filtered(_ x: [Double], by factors: Tensor) -> [Double] {
            let row = d.vector(x).reshaped([1, count])
            let (real, imaginary) = (row.product(cosines) * factors, row.product(sines) * factors)
            return ((real.product(cosines) + imaginary.product(sines)) / Double(count)).doubles
        }
        let blurred = filtered(source, by: factors)
        let worst = factors.doubles.min() ?? 0
        #expect(worst > 0 && distance(blurred, source) > 1e-4 && abs(blurred.reduce(0, +) - 1) < 1e-12)
        let error = distance(filtered(blurred, by: factors.reciprocal), source)
        #expect(error < 1e-15 / worst, "ε = \(epsilon): \(error), amplified \(1 / worst) times")
    }

    /// The density of data at the origin plus noise of variance ε² solves `∂u/∂t = Δu` at t = ε²/2, since the heat kernel's variance is 2t; with t = ε²/4 it does not.
    @Test(arguments: [(0.3, -0.4, 0.5), (1.0, 0.2, 0.8), (-0.7, 1.1, 1.7)])
    func gaussianNoiseIsTheHeatEquationAtHalfItsVariance(_ x: Double, _ y: Double, _ t: Double) {
        func residual(variancePerTime: Double) -> Double {
            let density = { (at: Tensor) -> Tensor in
                let parts = at.split(axis: 0, [1, 1, 1]), variance = parts[2] * variancePerTime
                return ((-(parts[0].squared + parts[1].squared) / (variance * 2)).exponential / (variance * (2 * Double.pi))).sum
            }
            let found = Newton.expansion(of: density, at: [x, y, t], on: d.backend)
            return found.slope[2] - (found.hessian[0][0] + found.hessian[1][1])
        }
        #expect(abs(residual(variancePerTime: 2)) < 1e-14)
        #expect(abs(residual(variancePerTime: 4)) > 1e-3)
    }
}
