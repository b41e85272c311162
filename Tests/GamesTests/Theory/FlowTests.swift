import Tensors
import Testing

/// Theory, section 5.2, as far as it is pure mathematics: change of variables in flows, and the blend of growing networks.
@Suite struct FlowTests {
    let d = Discrete()

    /// Two affine couplings in the plane: each scales and moves one coordinate by functions of the other.
    struct Couplings {
        let weights: [Tensor]

        private func scaleAndMove(_ layer: Int, _ x: Tensor) -> (Tensor, Tensor) {
            let parts = (x.linear(weights[2 * layer])).tanh.linear(weights[2 * layer + 1]).split(axis: 1, [1, 1])
            return (parts[0].tanh, parts[1])
        }

        /// From noise to data, and the logarithm of the Jacobian's determinant.
        func forward(_ z: Tensor) -> (x: Tensor, logDeterminant: Tensor) {
            var halves = z.split(axis: 1, [1, 1]), logDeterminant = z.constant(0)
            for layer in 0..<2 {
                let (scale, move) = scaleAndMove(layer, halves[0])
                halves = [halves[1] * scale.exponential + move, halves[0]]
                logDeterminant = logDeterminant + scale.sumPerSample
            }
            return (.concatenated(halves, axis: 1), logDeterminant)
        }

        /// From data to noise, and the logarithm of this direction's determinant.
        func inverse(_ x: Tensor) -> (z: Tensor, logDeterminant: Tensor) {
            var halves = x.split(axis: 1, [1, 1]), logDeterminant = x.constant(0)
            for layer in [1, 0] {
                let (scale, move) = scaleAndMove(layer, halves[1])
                halves = [halves[1], (halves[0] - move) * (-scale).exponential]
                logDeterminant = logDeterminant - scale.sumPerSample
            }
            return (.concatenated(halves, axis: 1), logDeterminant)
        }
    }

    var flow: Couplings {
        let shapes: [Shape] = [[6, 1], [2, 6], [6, 1], [2, 6]]
        return Couplings(weights: shapes.enumerated().map { RandomStream(seed: 31)[$0.offset].normal($0.element, deviation: 0.8, type: .float64, on: d.backend) })
    }

    @Test func aFlowIsInvertedExactly() {
        let z = RandomStream(seed: 37).normal([50, 2], type: .float64, on: d.backend)
        let (x, there) = flow.forward(z), (back, here) = flow.inverse(x)
        #expect(distance(back.doubles, z.doubles) < 1e-12 && distance(there.doubles, (-here).doubles) < 1e-12 && distance(x.doubles, z.doubles) > 0.5)
    }

    @Test func theLogarithmicDeterminantIsThatOfTheJacobian() {
        for index in 0..<10 {
            let z = RandomStream(seed: 41)[index].normal([1, 2], type: .float64, on: d.backend).variable
            let (x, logDeterminant) = flow.forward(z)
            let rows = x.split(axis: 1, [1, 1]).map { gradients(of: $0, withRespectTo: [z])[0].doubles }
            // Each coupling exchanges the coordinates, so two keep the orientation.
            #expect(abs(Newton.determinant(rows).logarithm - logDeterminant.item()) < 1e-12)
        }
    }

    @Test func theDensityOfAFlowIntegratesToOne() {
        let step = 0.1, side = 401
        let axis = (0..<side).map { Double($0 - 200) * step }
        let nodes = axis.flatMap { x in axis.flatMap { y in [x, y] } }
        let (z, logDeterminant) = flow.inverse(Tensor(nodes, shape: [side * side, 2], on: d.backend))
        let normal = z.squared.sumPerSample * -0.5 - (2 * Double.pi).logarithm
        let integral = { (density: Tensor) -> Double in density.exponential.sum.item() * step * step }
        #expect(abs(integral(normal + logDeterminant) - 1) < 1e-6)
        #expect(abs(integral(normal - logDeterminant) - 1) > 0.01 && abs(integral(normal) - 1) > 0.01, "with the right determinant only")
    }

    /// `(1 − α)·old + α·new` is old at 0 and new at 1 to the bit; old + α·(new − old) is not.
    @Test func theBlendOfAGrowingNetworkIsExactAtBothEnds() {
        let backend = CPUBackend()
        let old = RandomStream(seed: 43).normal([1000], deviation: 1000, on: backend), new = RandomStream(seed: 47).normal([1000], deviation: 0.001, on: backend)
        func blend(_ alpha: Double) -> [Float] { (old * (1 - alpha) + new * alpha).floats }
        #expect(blend(0) == old.floats && blend(1) == new.floats && blend(0.5) != old.floats)
        #expect((old + (new - old) * 1).floats != new.floats)
    }
}
