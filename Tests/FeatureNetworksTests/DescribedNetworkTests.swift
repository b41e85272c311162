import FeatureNetworks
import Foundation
import HDF5
import NeuralNetworks
import Tensors
import TestSupport
import Testing
import Weights

/// Networks by layer list against the torch models that they describe, in float64.
@Suite(.serialized) struct DescribedNetworkTests {
    /// Largest difference relative to the tap's largest value; torch itself strays by 3e-7 in float32.
    static let tolerance = 1e-5

    static let cases: [(name: String, taps: Int)] = [("residual", 8), ("sequential", 6)]

    private static func path(_ name: String) -> String { Fixtures.path("networks/described/\(name)") }

    /// A golden model's pixels and taps.
    private struct Golden {
        let pixels: [Float]
        let taps: [String: [Double]]

        init(_ name: String) throws {
            let group = try HDF5File(reading: DescribedNetworkTests.path("goldens.h5")).root.group(name)
            pixels = try group.dataset("pixels").read(UInt8.self).map { Float($0) }
            taps = Dictionary(uniqueKeysWithValues: try group.names().filter { $0 != "pixels" }.map { ($0, try group.dataset($0).read(Double.self)) })
        }
    }

    /// Largest deviation relative to the largest value, of `[N, H, W, C]` from `[N, C, H, W]`.
    private func deviation(_ found: [Float], _ tap: FeatureTap, _ expected: [Double], images: Int) throws -> Double {
        try #require(found.count == expected.count, "\(tap.name)")
        let channels = tap.dimension, places = expected.count / images / channels
        let scale = expected.map(abs).max() ?? 0
        var largest = 0.0
        for image in 0..<images {
            for place in 0..<places {
                for channel in 0..<channels {
                    largest = max(largest, abs(Double(found[(image * places + place) * channels + channel]) - expected[(image * channels + channel) * places + place]))
                }
            }
        }
        return largest / scale
    }

    @Test(arguments: cases.map(\.name)) func tapsMatchTorch(_ name: String) throws {
        let golden = try Golden(name)
        for backend in [CPUBackend(), ReferenceBackend()] as [any Backend] {
            let loaded = try LoadedNetwork(Self.path(name + ".yaml"), on: backend)
            let images = golden.pixels.count / (3 * loaded.network.inputSide * loaded.network.inputSide)
            #expect(Set(golden.taps.keys) == Set(loaded.network.taps.map(\.name)))
            // All at once, and each by itself, when more can be fused.
            let together = golden.pixels.withUnsafeBufferPointer { loaded.features(of: $0, at: Set(golden.taps.keys)) }
            for tap in loaded.network.taps {
                let alone = golden.pixels.withUnsafeBufferPointer { loaded.features(of: $0, at: [tap.name]) }
                #expect(alone.count == 1)
                for found in [together, alone] {
                    let strays = try deviation(try #require(found[tap.name]), tap, try #require(golden.taps[tap.name]), images: images)
                    #expect(strays <= Self.tolerance, "\(backend.name) \(name) \(tap.name): \(strays)")
                }
            }
        }
    }

    @Test func bfloat16StaysClose() throws {
        for (name, _) in Self.cases {
            let golden = try Golden(name), loaded = try LoadedNetwork(Self.path(name + ".yaml"), precision: .bfloat16, on: CPUBackend())
            let tap = try #require(loaded.network.taps.first { $0.name == loaded.network.defaultTap }), images = golden.pixels.count / (3 * loaded.network.inputSide * loaded.network.inputSide)
            let found = golden.pixels.withUnsafeBufferPointer { loaded.features(of: $0, at: [tap.name]) }
            #expect(try deviation(try #require(found[tap.name]), tap, try #require(golden.taps[tap.name]), images: images) < 0.05)
        }
    }

    /// What training computes, with batch norms that follow no batch, is what inference computes with everything fused.
    @Test(arguments: cases.map(\.name)) func evaluationInTheTrainingPathIsTheSame(_ name: String) throws {
        let backend = ReferenceBackend(), loaded = try LoadedNetwork(Self.path(name + ".yaml"), on: backend)
        let network = try #require(loaded.network as? DescribedNetwork), side = network.inputSide
        let x = Tensor(GeneratedWeights.uniform("input", 2 * side * side * network.inputChannels).map { 2 * $0 - 1 }, shape: [2, side, side, network.inputChannels], type: .float32, on: backend)
        let last = try #require(network.taps.last?.name)
        let fused = try #require(network.activations(of: x, at: [last])[last]).doubles, plain = network(x, .evaluation).doubles
        #expect(zip(fused, plain).allSatisfy { abs($0 - $1) <= 1e-5 * (1 + abs($1)) })
        #expect(Set(fused).count > 4)
    }

    @Test func foldedNumbersFollowTheWeights() throws {
        let loaded = try LoadedNetwork(Self.path("residual.yaml"), on: CPUBackend())
        let network = try #require(loaded.network as? DescribedNetwork), pixels = try Golden("residual").pixels
        func features() -> [Float] { pixels.withUnsafeBufferPointer { loaded.features(of: $0, at: ["stem"])["stem"] ?? [] } }
        let before = features()
        let entry = try #require(network.entries.first { $0.name == "conv1.weight" }?.entry)
        entry.tensor = entry.tensor * 0.5
        #expect(features() != before)
    }

    @Test func descriptionsSurviveWritingAndReading() throws {
        for (name, _) in Self.cases {
            var description = try NetworkDescription(reading: Self.path(name + ".yaml"))
            description.notes = [("it's: a \"note\"", "line\nbreak, tab\t and ümlaut"), ("accuracy", "98 %")]
            let again = try NetworkDescription(yaml: description.yaml, file: description.file)
            #expect(again.digest == description.digest && again.yaml == description.yaml)
            #expect(again.notes.map(\.name) == description.notes.map(\.name) && again.notes.map(\.text) == description.notes.map(\.text))
            #expect(again.name == name && again.weightsPath == Self.path(description.weights ?? ""))
            #expect(try DescribedNetwork(again).entries.map(\.name) == DescribedNetwork(description).entries.map(\.name))
        }
    }

    /// What decides the numbers is part of the digest; what does not is no part of it.
    @Test func digestsTellNetworksApart() throws {
        let text = try String(contentsOfFile: Self.path("residual.yaml"), encoding: .utf8)
        func digest(_ old: String, _ new: String) throws -> String {
            try #require(text.contains(old))
            return try NetworkDescription(yaml: text.replacingOccurrences(of: old, with: new), file: "residual.yaml").digest
        }
        let own = try digest("name: residual", "name: residual")
        for (old, new) in [("stride: 2, padding: 2", "stride: 1, padding: 2"), ("relu6", "relu"), ("eps: 0.001", "eps: 0.002"), ("0.25, 0.2, 0.3", "0.25, 0.2, 0.31"), ("side: 20", "side: 24"), ("  - tanh\n", ""), ("leakyRelu: 0.1", "leakyRelu"),
                           ("  - relu\n  - tap: blocks", "  - tap: blocks\n  - relu"), ("        - relu\n", "")] {
            #expect(try digest(old, new) != own, "\(old) to \(new)")
        }
        for (old, new) in [("name: residual", "name: other"), ("weights: residual.pth", "weights: other.pth"), ("groups: 4}", "groups: 4, bias: true, dilation: 1}")] {
            #expect(try digest(old, new) == own, "\(old) to \(new)")
        }
    }
}
