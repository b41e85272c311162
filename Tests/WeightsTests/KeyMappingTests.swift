import Archives
import Foundation
import HDF5
import TestSupport
import Testing
import Weights

@Suite struct KeyMappingTests {
    private func arrays(_ names: String...) -> [WeightsArray] { names.map { WeightsArray(name: $0, shape: [1], floats: [2]) } }

    private func names(_ mapping: KeyMapping, _ arrays: [WeightsArray]) throws -> [String] { try mapping.apply(to: arrays, file: "f").map(\.name) }

    @Test func rulesApplyInOrder() throws {
        #expect(try names(KeyMapping([.stripPrefix("module.")]), arrays("module.a.w", "b.w")) == ["a.w", "b.w"])
        #expect(try names(KeyMapping([.only("g."), .addPrefix("net.")]), arrays("g.w", "d.w")) == ["net.w"])
        #expect(try names(KeyMapping([.rename(["a": "b"]), .renameLast(["w": "weight"])]), arrays("a", "x.w", "w")) == ["b", "x.weight", "weight"])
        let error = #expect(throws: WeightsError.self) { try names(KeyMapping([.stripPrefix("module.")]), arrays("module.a", "a")) }
        #expect(error?.reason == .mismatched)
    }

    @Test func onesFillAnAbsentScale() throws {
        let mapped = try KeyMapping([.ones(suffix: "weight", beside: "bias")]).apply(to: arrays("a.bias", "b.bias", "b.weight"), file: "f")
        #expect(mapped.map(\.name) == ["a.bias", "b.bias", "b.weight", "a.weight"])
        #expect(try mapped[3].floats() == [1])
        #expect(try mapped[2].floats() == [2])
    }

    @Test func kerasBecomesPyTorch() throws {
        let file = try StateDictionary.fixture("keras.h5")
        let (arrays, report) = try file.match(
            [
                .init("conv.weight", [4, 3, 3, 3]), .init("conv.bias", [4]), .init("bn.weight", [4]), .init("bn.bias", [4]), .init("bn.running_mean", [4]),
                .init("bn.running_var", [4]), .init("dense.weight", [2, 3]), .init("dense.bias", [2]),
            ], mapping: .keras)
        #expect(report.isComplete, "\(report)")
        #expect(try arrays[0].doubles() == (0..<108).map(StateDictionary.value))
        #expect(try arrays[6].doubles() == (0..<6).map(StateDictionary.value))
    }

    /// The mapped names are those of pytorch-fid's network, no more and no less.
    @Test func styleganInceptionCoversTheWholeNetwork() throws {
        let golden = try JSONDecoder().decode([String: [Int]].self, from: Data(contentsOf: URL(filePath: Fixtures.path("weights/inception-fid.json"))))
        guard case .rename(let table) = KeyMapping.styleganInception.rules[0] else { throw WeightsError(.missing, file: "", expected: "a renaming", found: "another rule") }
        let needed = Set(golden.keys.filter { !$0.hasSuffix("num_batches_tracked") })
        #expect(needed.count == 472)
        let scales = needed.filter { $0.hasSuffix("bn.weight") }
        #expect(Set(table.values) == needed.subtracting(scales))
        #expect(table["layers.mixed_10.tower_1_mixed_conv_1.var"] == "Mixed_7c.branch3x3dbl_3b.bn.running_var")
        #expect(table["layers.mixed_4.tower_1.conv_2.weight"] == "Mixed_6b.branch7x7dbl_3.conv.weight")
        // Each name once; whether a block joins its parts with dots or underscores makes no difference.
        var seen: Set<String> = []
        let arrays = table.sorted { $0.key < $1.key }.filter { seen.insert($0.value).inserted }.map { script, state in
            WeightsArray(name: script, shape: golden[state] ?? [], floats: [Float](repeating: 0, count: (golden[state] ?? []).reduce(1, *)))
        }
        let mapped = try KeyMapping.styleganInception.apply(to: arrays, file: "f")
        #expect(Set(mapped.map(\.name)) == needed)
        for array in mapped { #expect(array.shape == golden[array.name]) }
        #expect(try mapped.first { $0.name == "Mixed_7c.branch3x3dbl_3a.bn.weight" }?.floats() == [Float](repeating: 1, count: 384))
    }

    @Test func theReportNamesEveryDifference() throws {
        let file = try StateDictionary.fixture("checkpoint.pth")
        let (arrays, report) = try file.match(
            [.init("fc.weight", [2, 3]), .init("fc.bias", [3]), .init("fc.scale", [1])], mapping: KeyMapping([.stripPrefix("module.")]))
        #expect(arrays.map(\.name) == ["fc.weight"])
        #expect(report.applied == ["fc.weight"])
        #expect(report.missing.map(\.name) == ["fc.scale"])
        #expect(report.missing[0].shape == [1])
        #expect(report.misshapen.map(\.name) == ["fc.bias"])
        #expect(report.misshapen[0].expected == [3])
        #expect(report.misshapen[0].found == [2])
        #expect(report.unexpected == [])
        #expect(report.description == """
            \(file.path): 1 arrays fit
              1 missing:
                fc.scale [1]
              1 misshapen:
                fc.bias: expected [3], found [2]
            """)
        let error = #expect(throws: WeightsError.self) { try report.requireComplete() }
        #expect(error?.found == "1 missing (fc.scale [1]), 1 misshapen (fc.bias: expected [3], found [2])")
        let other = try StateDictionary.fixture("state-zip.pth").match([.init("conv.bias", [4])]).report
        #expect(other.ignored == ["bn.num_batches_tracked"])
        #expect(other.unexpected.count == 16)
        #expect(other.description.contains("16 unexpected:"))
    }

    @Test(arguments: ["state-zip.pth", "state.safetensors", "flat.h5", "state.npz"]) func whatIsWrittenComesBack(source: String) throws {
        try Fixtures.withTemporaryFolder { folder in
            let file = try StateDictionary.fixture(source)
            let tensors = folder + "/a.safetensors"
            try WeightsFile.writeSafetensors(file.arrays, metadata: ["origin": "a \"test\"\n"], to: tensors)
            try WeightsFile.writeHDF5(file.arrays, attributes: ["origin": "test", "count": 3], compression: 4, to: folder + "/a.h5")
            for path in [tensors, folder + "/a.h5"] {
                let written = try WeightsFile(path)
                #expect(Set(written.names) == Set(file.names))
                for array in file.arrays {
                    let copy = try written.array(array.name)
                    #expect(copy.shape == array.shape)
                    #expect(try copy.doubles() == array.doubles())
                    if path == tensors { #expect(copy.elementType == array.elementType) }
                }
            }
            #expect(try HDF5File(reading: folder + "/a.h5").root.attributes.value("origin") == "test")
            // Permuted and constant arrays are written as they read.
            let mapped = try KeyMapping([.permute(last: "base", axes: [1, 0]), .ones(suffix: "scale", beside: "conv.bias")]).apply(to: file.arrays, file: "f")
            try WeightsFile.writeSafetensors(mapped, to: tensors)
            #expect(try WeightsFile(tensors).array("base").doubles() == file.array("base.transposed").doubles())
            #expect(try WeightsFile(tensors).array("scale").floats() == [1, 1, 1, 1])
        }
    }

    @Test func twoArraysOfOneNameAreNotWritten() throws {
        try Fixtures.withTemporaryFolder { folder in
            #expect(throws: WeightsError.self) { try WeightsFile.writeSafetensors(arrays("a", "a"), to: folder + "/a") }
            #expect(throws: WeightsError.self) { try WeightsFile.writeHDF5(arrays("a", "a"), to: folder + "/a") }
        }
    }
}
