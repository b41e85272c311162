import NeuralNetworks
import Tensors
import Testing

@Suite struct InitialiserTests {
    private func values(_ initialiser: Initialiser, _ shape: Shape) -> [Double] { initialiser.values(shape, RandomStream(seed: 9)["w"]) }
    private func deviation(_ values: [Double]) -> Double { (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot() }

    /// Of a weight `[32, 64, 3, 3]`: fan-in 576, fan-out 288.
    private static let bounds: [(Initialiser, Double)] = [(.xavierUniform(), 0.0833333333), (.heUniform(), 0.1020620726), (.pyTorch, 0.0416666667), (.uniform(bound: 0.25), 0.25)]
    private static let deviations: [(Initialiser, Double)] = [(.normal(), 0.02), (.xavierNormal(), 0.0481125224), (.heNormal(), 0.0589255651), (.heNormal(slope: 0.2), 0.0577813247)]

    @Test(arguments: bounds) func uniformBoundsAreReachedAndKept(_ initialiser: Initialiser, bound: Double) {
        let values = values(initialiser, [32, 64, 3, 3])
        let largest = values.map { abs($0) }.max() ?? 0
        #expect(largest <= bound && largest > 0.999 * bound)
        #expect(abs(deviation(values) * 3.0.squareRoot() / bound - 1) < 0.02)
    }

    @Test(arguments: deviations) func normalDeviationsAreRight(_ initialiser: Initialiser, expected: Double) {
        let values = values(initialiser, [32, 64, 3, 3]), mean = values.reduce(0, +) / Double(values.count)
        #expect(abs(deviation(values) / expected - 1) < 0.02)
        #expect(abs(mean) < 4 * expected / Double(values.count).squareRoot())
    }

    @Test(arguments: [[6, 20], [20, 6], [8, 8], [6, 3, 2, 2], [4, 3, 3, 3]] as [Shape]) func orthogonalMatricesAreOrthogonal(shape: Shape) {
        let columns = shape.count / shape[0]
        let q = Tensor(values(.orthogonal(gain: 2), shape), shape: [shape[0], columns], on: ReferenceBackend())
        let gram = shape[0] <= columns ? q.product(q, transposesOther: true) : q.product(q, transposesSelf: true)
        let side = gram.shape[0]
        #expect(gram.doubles.enumerated().allSatisfy { abs($1 - ($0 / side == $0 % side ? 4 : 0)) < 1e-13 })
    }

    /// Numbers that must not change from machine to machine or from version to version: a seed names a network.
    @Test func theBitsArePinned() {
        let found = [Initialiser.normal(), .orthogonal(), .xavierUniform()].map { values($0, [2, 2]).map { $0.bitPattern } }
        #expect(found == Self.pinned)
    }

    private static let pinned: [[UInt64]] = [
        [0x3F68_3839_81CB_874D, 0xBF7A_712D_73BA_B250, 0x3F8D_3AD2_E972_40D8, 0x3F6D_679C_1EE4_BA5B],
        [0x3FDA_A60E_5E01_C7F9, 0xBFED_1812_00D3_0457, 0x3FED_1812_00D3_0456, 0x3FDA_A60E_5E01_C7F9],
        [0x3FF1_33C8_ED84_DFCA, 0x3FE8_F41C_D140_CF3E, 0x3FE4_99D9_29E3_EA5D, 0xBFF2_0F1E_E32A_99CA],
    ]

    @Test func entriesAreFilledByNameAndRole() {
        final class Network: Module {
            let conv = Convolution2D(2, 4, kernel: 3), bn = BatchNorm2D(4), embed = Embedding(10, 6), norm = ConditionalBatchNorm2D(4, classes: 3)
            let spectral = SpectralNorm(LinearMap(4, 2)), up = TransposedConvolution2D(8, 4, kernel: 2)
        }
        let network = Network(), other = Network(), stream = RandomStream(seed: 1), backend = CPUBackend()
        network.initialise(with: .normal(), stream: stream, on: backend)
        other.initialise(with: .normal(), stream: stream, on: ReferenceBackend())
        #expect(network.entries.map { $0.entry.tensor.floats } == other.entries.map { $0.entry.tensor.floats })
        #expect(network.bn.weight?.tensor.floats == [1, 1, 1, 1] && network.bn.running_var.tensor.floats == [1, 1, 1, 1])
        #expect(network.conv.bias?.tensor.floats == [0, 0, 0, 0] && network.conv.weight.tensor.doubles.allSatisfy { abs($0) < 0.1 && $0 != 0 })
        let gains = network.norm.embed.weight.tensor.doubles
        #expect(gains.indices.allSatisfy { $0 % 8 < 4 ? abs(gains[$0] - 1) < 0.1 && gains[$0] != 1 : gains[$0] == 0 })
        #expect(abs(network.spectral.weight_u.tensor.squared.sum.item() - 1) < 1e-6)
        #expect(network.conv.weight.tensor.floats.prefix(12) != network.embed.weight.tensor.floats.prefix(12), "each name has its own numbers")
        network.initialise(with: .pyTorch, stream: stream, on: backend)
        let bound = 1 / 18.0.squareRoot()
        #expect(network.conv.bias?.tensor.doubles.allSatisfy { abs($0) <= bound && $0 != 0 } == true)
        #expect((network.up.weight.tensor.doubles.map(abs).max() ?? 0) <= 0.25, "PyTorch takes out · kH · kW for the fan of a transposed convolution")
        #expect(network.embed.weight.tensor.doubles.contains { abs($0) > 1 })
        network.initialise(with: .zeros, stream: stream, on: backend) { name, _ in name == "bn.weight" ? .normal(mean: 1) : nil }
        #expect(network.bn.weight?.tensor.doubles.allSatisfy { abs($0 - 1) < 0.1 && $0 != 1 } == true)
    }
}
