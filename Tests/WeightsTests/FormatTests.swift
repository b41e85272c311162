import Archives
import Foundation
import TestSupport
import Testing
import Weights

@Suite struct FormatTests {
    @Test(arguments: [
        ("state-old.pth", WeightsFile.Format.pyTorchOld), ("state-zip.pth", .pyTorch), ("state-protocol3.pth", .pyTorch),
        ("state-protocol4.pth", .pyTorch), ("state-protocol5.pth", .pyTorch), ("state.safetensors", .safetensors), ("state.npz", .numPy),
        ("flat.h5", .hdf5),
    ])
    func everyFormatGivesTheSameArrays(name: String, format: WeightsFile.Format) throws {
        let file = try StateDictionary.fixture(name)
        #expect(file.format == format)
        // NumPy and HDF5 as h5py writes it have no bfloat16.
        let expected = StateDictionary.arrays.filter { $0.name != "bfloat" || ![.numPy, .hdf5].contains(format) }
        #expect(Set(file.names) == Set(expected.map(\.name)))
        if format == .pyTorch || format == .pyTorchOld { #expect(file.names == expected.map(\.name), "the file's own order") }
        for wanted in expected {
            let array = try file.array(wanted.name)
            #expect(array.shape == wanted.shape, "\(wanted.name)")
            #expect(array.elementType == wanted.type, "\(wanted.name)")
            #expect(try array.doubles() == wanted.values, "\(wanted.name)")
            #expect(try array.floats() == wanted.values.map(Float.init), "\(wanted.name)")
            if [.int64, .int32, .int16, .int8, .uint8, .boolean].contains(wanted.type) {
                #expect(try array.integers() == wanted.values.map { Int64($0) })
            }
        }
        let bytes = try FileBytes(Fixtures.path("weights/" + name)).bytes()
        let memory = try WeightsFile(bytes: bytes, name: "memory")
        #expect(memory.names == file.names)
        #expect(try memory.array("conv.weight").floats() == file.array("conv.weight").floats())
    }

    /// The heads of LPIPS as published, against what torch reads from them.
    @Test(arguments: ["v0.0", "v0.1"], ["alex", "vgg", "squeeze"]) func publishedOldFilesAreRead(version: String, net: String) throws {
        struct Head: Decodable { var shape: [Int], sum: Double, first: Double }
        let file = try StateDictionary.fixture("lpips-\(version)-\(net).pth")
        #expect(file.format == .pyTorchOld)
        let golden = try JSONDecoder().decode([String: Head].self, from: Data(contentsOf: URL(filePath: Fixtures.path("weights/lpips-\(version)-\(net).json"))))
        #expect(Set(file.names) == Set(golden.keys))
        for (name, head) in golden {
            let array = try file.array(name)
            #expect(array.shape == head.shape)
            let values = try array.doubles()
            #expect(values.first == head.first)
            #expect(abs(values.reduce(0, +) - head.sum) < 1e-12 * abs(head.sum))
        }
    }

    @Test func parametersAreTheirTensors() throws {
        #expect(try StateDictionary.fixture("parameter.pth").array("weight").doubles() == (0..<6).map(StateDictionary.value))
    }

    @Test func aCheckpointYieldsItsStateDictionary() throws {
        let file = try StateDictionary.fixture("checkpoint.pth")
        #expect(file.names == ["module.fc.weight", "module.fc.bias"])
        #expect(try file.array("module.fc.weight").doubles() == (0..<6).map(StateDictionary.value))
    }

    @Test func nestedContainersAreJoinedWithDots() throws {
        #expect(try StateDictionary.fixture("nested.pth").names == ["g.fc.weight", "nets.0", "nets.1.x"])
    }

    @Test func torchScriptIsReadAsDataAlone() throws {
        let scripted = try StateDictionary.fixture("script.pt")
        #expect(scripted.format == .torchScript)
        #expect(scripted.names == [
            "conv.weight", "conv.mean", "conv.plain", "tower.0.weight", "tower.0.bias", "tower.1.weight", "tower.1.bias", "tower.1.running_mean",
            "tower.1.running_var", "tower.1.num_batches_tracked",
        ])
        #expect(try scripted.array("conv.weight").shape == [2, 3, 1, 1])
        #expect(try scripted.array("conv.weight").doubles() == (0..<6).map(StateDictionary.value))
        let traced = try StateDictionary.fixture("traced.pt")
        #expect(traced.format == .torchScript)
        #expect(try traced.array("0.weight").doubles() == (0..<6).map(StateDictionary.value))
        #expect(try traced.array("1.running_var").floats() == [1, 1])
    }

    @Test func nestedHDF5AndKerasAreRead() throws {
        let nested = try StateDictionary.fixture("keras.h5")
        #expect(nested.format == .keras)
        #expect(nested.names == [
            "conv.kernel", "conv.bias", "bn.gamma", "bn.beta", "bn.moving_mean", "bn.moving_variance", "dense.kernel", "dense.bias",
        ])
        #expect(try nested.array("conv.kernel").shape == [3, 3, 3, 4])
        #expect(try nested.array("conv.kernel").permuted([3, 2, 0, 1]).doubles() == (0..<108).map(StateDictionary.value))
        #expect(try nested.array("dense.kernel").permuted([1, 0]).doubles() == (0..<6).map(StateDictionary.value))
    }

    @Test func aGroupThatContainsItselfIsAnError() throws {
        let error = #expect(throws: WeightsError.self) { try StateDictionary.fixture("nested.h5") }
        #expect(error?.reason == .oversized)
    }

    @Test func permutationsCompose() throws {
        let array = try StateDictionary.fixture("state-zip.pth").array("conv.weight")
        let once = array.permuted([1, 2, 3, 0])
        #expect(once.shape == [3, 3, 3, 4])
        #expect(try once.permuted([3, 0, 1, 2]).doubles() == array.doubles())
        let twice = once.permuted([3, 2, 1, 0])
        #expect(twice.shape == [4, 3, 3, 3])
        let values = try array.doubles()
        // twice[o, w, h, i] = array[o, i, h, w].
        let expected = (0..<108).map { index in
            let (o, w, h, i) = (index / 27, index / 9 % 3, index / 3 % 3, index % 3)
            return values[((o * 3 + i) * 3 + h) * 3 + w]
        }
        #expect(try twice.doubles() == expected)
    }

    @Test func anAbsentArrayIsAnErrorThatSaysWhatThereIs() throws {
        let error = #expect(throws: WeightsError.self) { try StateDictionary.fixture("parameter.pth").array("bias") }
        #expect(error?.reason == .missing)
        #expect(error?.description.contains("weight") == true)
    }
}
