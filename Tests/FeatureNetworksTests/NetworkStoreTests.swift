import FeatureNetworks
import Foundation
import NeuralNetworks
import Tensors
import TestSupport
import Testing
import Weights

/// Where the user's own networks stand, and how names become networks.
struct NetworkStoreTests {
    private let description = NetworkDescription(
        name: "mine", side: 8, channels: 3, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5],
        layers: [LayerDescription(.convolution, name: "conv", ["out": 4, "kernel": 3]), LayerDescription(.relu), LayerDescription(.mean), LayerDescription(.tap, name: "4")], features: "4")

    private func state(_ factor: Float) throws -> StateDictionary {
        var state = GeneratedWeights.state(of: try DescribedNetwork(description))
        state.entries = state.entries.mapValues { .init(shape: $0.shape, values: $0.values.map { $0 * factor }) }
        return state
    }

    @Test func standardFolders() {
        func folder(_ environment: [String: String]) -> String { NetworkStore.standard { environment[$0] }.folder }
        #expect(folder(["GAN_EVAL_HOME": "/g", "HOME": "/h"]) == "/g/networks")
        #if !os(macOS)
        #expect(folder(["HOME": "/h"]) == "/h/.local/share/gan-eval/networks")
        #expect(folder(["HOME": "/h", "XDG_DATA_HOME": "/d"]) == "/d/gan-eval/networks")
        #endif
    }

    @Test func namesAndPathsBecomeNetworks() throws {
        try Fixtures.withTemporaryFolder { folder in
            let store = NetworkStore(folder: folder + "/store")
            #expect(store.names.isEmpty)
            try description.write(state(1), to: store.path(of: "mine"))
            try description.write(state(1), to: folder + "/elsewhere.yaml")
            #expect(store.names == ["mine"])
            for reference in ["mine", folder + "/store/mine.yaml", folder + "/elsewhere.yaml"] {
                let loaded = try LoadedNetwork(reference, on: CPUBackend(), networks: store)
                #expect(loaded.network.name == "mine" && !loaded.isPublished && loaded.weightsDigest.count == 64)
                #expect(loaded.network.architectureDigest == description.digest)
            }
            #expect(try store.network("vgg16").name == "vgg16")
            #expect(throws: FeatureNetworkError.unknownNetwork("yours")) { try store.network("yours") }
            #expect(throws: FeatureNetworkError.unknownNetwork("..")) { try store.network("..") }
            #expect(throws: (any Error).self) { try store.network("missing.yaml") }
        }
    }

    /// The same bytes for the same weights; other weights leave no trace of the ones before.
    @Test func writingReplacesInOneStep() throws {
        try Fixtures.withTemporaryFolder { folder in
            let path = folder + "/mine.yaml"
            func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
            let first = try description.write(state(1), to: path), bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let weights = try #require(first.weights), digest = try #require(first.weightsDigest)
            #expect(weights == "mine-\(digest.prefix(12)).safetensors")
            #expect(try files() == [weights, "mine.yaml"] && FileDigest.sha256(folder + "/" + weights) == digest)
            try description.write(state(1), to: path)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes && files() == [weights, "mine.yaml"])

            // A crash between the two files: the weights of a new network are there, the description is the old one.
            try WeightsFile.write(state(2).arrays, to: folder + "/mine-000000000000.safetensors")
            #expect(try LoadedNetwork(path, on: CPUBackend()).weightsDigest == digest)

            let second = try description.write(state(3), to: path)
            #expect(second.weightsDigest != digest)
            #expect(try files() == [try #require(second.weights), "mine-000000000000.safetensors", "mine.yaml"].sorted())
            #expect(try LoadedNetwork(path, on: CPUBackend()).weightsDigest == second.weightsDigest)
        }
    }

    /// One network of grey input sees colours as their luma, and grey pictures exactly as they are.
    @Test func greyInputIsLuma() throws {
        var grey = description
        (grey.channels, grey.mean, grey.deviation) = (1, [0], [1])
        grey.layers = [LayerDescription(.flatten), LayerDescription(.tap, name: "4")]
        let network = try DescribedNetwork(grey)
        let loaded = LoadedNetwork(network, on: CPUBackend(), weightsDigest: "none", weightsOrigin: "none", isPublished: false)
        var pixels = (0..<64).flatMap { [Float](repeating: Float($0 * 4), count: 3) }
        let exact = try #require(pixels.withUnsafeBufferPointer { loaded.features(of: $0, at: ["4"]) }["4"])
        #expect(exact == (0..<64).map { Float($0 * 4) / 255 })
        (pixels[0], pixels[1], pixels[2]) = (200, 100, 50)
        let mixed = try #require(pixels.withUnsafeBufferPointer { loaded.features(of: $0, at: ["4"]) }["4"])
        #expect(abs(mixed[0] - (0.299 * 200 + 0.587 * 100 + 0.114 * 50) / 255) < 1e-6)
    }
}
