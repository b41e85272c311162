import FeatureNetworks
import HDF5
import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// Every tap of every network against its own Python module in float64, with weights from the same formula on both sides.
@Suite(.serialized) struct GoldenTests {
    /// Largest difference that float32 arithmetic may make, relative to the tap's largest value.
    static let tolerance = 1e-4

    @Test func weightFormulaMatchesPython() throws {
        let file = try HDF5File(reading: Fixtures.path("networks/generated-weights.h5"))
        for name in try file.root.names() {
            let golden = try file.root.dataset(name)
            let shape = Shape(try golden.attributes.require("shape").integers ?? [])
            let expected = try golden.read(Float.self)
            let found: [Float] = name == "input"
                ? GeneratedWeights.uniform(name, expected.count).map { Float(2 * $0 - 1) }
                : Array(GeneratedWeights.values(name, shape: shape, isNorm: name.contains(".bn.")).prefix(expected.count))
            #expect(found == expected, "\(name)")
        }
    }

    @Test(arguments: FeatureNetworkCatalog.names)
    func tapsMatchPyTorch(_ name: String) throws {
        let network = try #require(FeatureNetworkCatalog.make(name))
        let backend = CPUBackend()
        try network.load(GeneratedWeights.state(of: network), on: backend)
        try compare(network, with: name, on: backend)
    }

    @Test func bundledWeightsMatchPyTorch() throws {
        let backend = CPUBackend()
        let network = EfficientNetLite0()
        try network.load(bundledState(), on: backend)
        try compare(network, with: "efficientnet-lite0-imagenet", on: backend)
    }

    private func compare(_ network: any FeatureNetwork, with golden: String, on backend: CPUBackend) throws {
        let side = network.inputSide
        let input = Tensor(GeneratedWeights.uniform("input", 2 * 3 * side * side).map { Float(2 * $0 - 1) }, shape: [2, 3, side, side], on: backend)
            .permuted(0, 2, 3, 1)
        let found = network.activations(of: input, at: Set(network.taps.map(\.name)))
        let file = try HDF5File(reading: Fixtures.path("networks/\(golden).h5"))
        let names = try file.root.names()
        var compared = 0
        for tap in network.taps where names.contains(tap.name) {
            let dataset = try file.root.dataset(tap.name)
            let expected = try dataset.read(Double.self)
            let activation = try #require(found[tap.name], "\(tap.name) was not computed")
            let ordered = tap.isSpatial ? activation.permuted(0, 3, 1, 2) : activation
            #expect(ordered.shape.dimensions == (try dataset.attributes.require("shape").integers), "shape of \(tap.name)")
            #expect(activation.shape[-1] == tap.dimension, "dimension of \(tap.name)")
            let values = ordered.doubles
            let scale = expected.map(abs).max() ?? 0
            let deviation = expected.indices.map { abs(expected[$0] - values[$0 * values.count / expected.count]) }.max() ?? .infinity
            #expect(scale > 0 && deviation <= Self.tolerance * scale, "\(golden) \(tap.name): \(deviation / scale)")
            let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let expectedNorm = try dataset.attributes.require("l2").number ?? .nan
            #expect(abs(norm - expectedNorm) <= Self.tolerance * expectedNorm, "norm of \(tap.name)")
            compared += 1
        }
        #expect(compared >= 5, "\(golden): only \(compared) taps compared")
    }

    private func bundledState() throws -> StateDictionary {
        let file = try HDF5File(reading: try #require(BundledNetwork.path(of: "efficientnet-lite0.h5")))
        var state = StateDictionary()
        for name in try file.root.names() {
            let dataset = try file.root.dataset(name)
            state.entries[name] = .init(shape: Shape(try dataset.shape), values: try dataset.read(Float.self))
        }
        return state
    }
}
