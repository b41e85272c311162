import Foundation
import NeuralNetworks
import Tensors
import TestSupport
import Testing
import Weights

/// A generator as DCGAN's authors number it.
private final class Generator: Module {
    let main = Sequential(
        TransposedConvolution2D(6, 8, kernel: 4, bias: false), BatchNorm2D(8), Rectifier(),
        TransposedConvolution2D(8, 4, kernel: 4, stride: 2, padding: 1, bias: false), BatchNorm2D(4), Rectifier(),
        TransposedConvolution2D(4, 3, kernel: 4, stride: 2, padding: 1, bias: false), Function.tanh)
}

/// States in files: PyTorch's, and this package's own.
@Suite struct StateFileTests {
    @Test(arguments: ["dcgan.pth", "dcgan.safetensors"]) func aTorchStateGivesTorchsOutput(file: String) throws {
        let golden = try JSONDecoder().decode(LayerGoldenTests.Numbers.self, from: Data(contentsOf: URL(filePath: Fixtures.path("layers/dcgan.json"))))
        let generator = Generator(), backend = CPUBackend()
        let state = StateDictionary(try WeightsFile(Fixtures.path("layers/\(file)")).named())
        #expect(state.entries["main.1.num_batches_tracked"]?.values == [1250], "the file has PyTorch's counters")
        try generator.load(state, on: backend)
        let y = generator.main(GeneratedNumbers.tensor("dcgan.x.0", [2, 1, 1, 6], .float32, on: backend), .evaluation)
        #expect(y.shape.dimensions == golden.shape)
        #expect(zip(y.doubles, golden.values).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test(arguments: ["state.safetensors", "state.h5"]) func aStateSurvivesItsFile(name: String) throws {
        let generator = Generator(), backend = CPUBackend()
        generator.initialise(with: .normal(), stream: RandomStream(seed: 2), on: backend)
        let state = StateDictionary(of: generator)
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/" + name
            try WeightsFile.write(state.arrays, metadata: ["step": "12"], to: path)
            let back = StateDictionary(try WeightsFile(path).named())
            #expect(back.entries == state.entries)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name], "no temporary file is left")
            try WeightsFile.write(state.arrays, to: path)
            #expect(StateDictionary(try WeightsFile(path).named()).entries == state.entries, "an old file is replaced")
        }
    }

    @Test func anotherEndingIsRefused() {
        let error = #expect(throws: WeightsError.self) { try WeightsFile.write([:], to: "state.pth") }
        #expect(error?.description.contains(".safetensors") == true)
    }

    @Test func countersAreNobodysButOtherNamesAreUnexpected() {
        var state = StateDictionary(["weight": .init(shape: [1, 1], values: [1]), "num_batches_tracked": .init(shape: [], values: [3])])
        let map = LinearMap(1, 1, bias: false)
        #expect(map.mismatch(with: state).isEmpty)
        state.entries["tracked"] = .init(shape: [], values: [3])
        #expect(map.mismatch(with: state).unexpected == ["tracked"])
    }
}
