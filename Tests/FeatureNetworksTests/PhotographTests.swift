import FeatureNetworks
import HDF5
import Images
import Tensors
import TestSupport
import Testing
import Weights

/// The bundled network on real photographs of which everybody can see what they show.
@Suite(.serialized) struct PhotographTests {
    @Test(arguments: [("chelsea", 285), ("coffee", 967)])
    func networkRecognises(_ name: String, _ label: Int) throws {
        let network = try LoadedNetwork("efficientnet-lite0", on: CPUBackend())
        var resizer = Resizer(.pillowBicubic, width: 224, height: 224, clips: true)
        let pixels = resizer.resize(try Image(contentsOf: Fixtures.path("photos/\(name).png")))
        let file = try HDF5File(reading: Fixtures.path("networks/efficientnet-lite0-imagenet.h5"))

        // Golden samples of the input are Pillow's, in [3, 224, 224].
        let input = try file.root.dataset("\(name)_input").read(Float.self)
        let side = 224 * 224
        for (sample, expected) in input.enumerated() {
            let place = sample * 3 * side / input.count
            #expect(pixels[place % side * 3 + place / side] == expected, "\(place)")
        }

        let found = pixels.withUnsafeBufferPointer { network.features(of: $0, at: ["1280", "logits"]) }
        for (tap, golden) in [("1280", "\(name)_1280"), ("logits", "\(name)_logits")] {
            let expected = try file.root.dataset(golden).read(Double.self), values = try #require(found[tap]).map(Double.init)
            let scale = expected.map(abs).max() ?? 0
            let deviation = expected.indices.map { abs(values[$0 * values.count / expected.count] - expected[$0]) }.max() ?? .infinity
            #expect(scale > 0 && deviation <= 1e-4 * scale, "\(tap): \(deviation / scale)")
        }
        let logits = try #require(found["logits"])
        let order = logits.indices.sorted { logits[$0] > logits[$1] }
        #expect(order.first == label)
        #expect(order.prefix(5).map { Int64($0) } == (try file.root.dataset("\(name)_top5").read(Int64.self)))
    }

    @Test func bundledWeightsAreThePublishedOnes() throws {
        let path = try #require(BundledNetwork.path(of: "efficientnet-lite0.h5"))
        #expect(try FileDigest.sha256(path) == LoadedNetwork.bundledDigest)
        let network = try LoadedNetwork("efficientnet-lite0", on: CPUBackend())
        #expect(network.isPublished && network.weightsDigest == LoadedNetwork.bundledDigest && network.weightsOrigin == path)
        #expect(throws: FeatureNetworkError.unknownNetwork("lite0")) { try LoadedNetwork("lite0", on: CPUBackend()) }
    }
}
