import Datasets
import Evaluation
import FeatureNetworks
import Foundation
import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// Golden values of `Fixtures/perceptual`.
struct PerceptualGoldens: Decodable {
    struct Pair: Decodable {
        struct Map: Decodable { let mean: Double, samples: [Float] }
        let lpips: [String: Double]
        let map: [String: Map]
        let ssim, psnr, sharpness, bundled, dists: Double
        let msSSIM: [String: Double]?

        private enum CodingKeys: String, CodingKey { case lpips, map, ssim, psnr, sharpness, bundled, dists, msSSIM = "ms_ssim" }
    }

    struct Resized: Decodable { let ssim, lpips: Double }
    struct Quantile: Decodable { let p, freedom, quantile: Double }

    let noise, pixels, shift: Pair
    let faint: [String: Double]
    let resized: [String: Resized]
    let student: [Quantile]

    /// The pairs by name.
    var pairs: [(name: String, golden: Pair)] { [("noise", noise), ("pixels", pixels), ("shift", shift)] }

    static func read() throws -> PerceptualGoldens {
        try JSONDecoder().decode(PerceptualGoldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("perceptual/perceptual.json"))))
    }

    /// A golden pair's file.
    static func path(_ name: String, _ side: String) -> String { Fixtures.path("perceptual/pairs/\(name)-\(side).png") }

    /// A golden pair's pictures.
    static func pictures(_ name: String) throws -> (Picture, Picture) {
        let pictures = try ["a", "b"].map { Picture(try ImageSource.open(path(name, $0)).decode(0)) }
        return (pictures[0], pictures[1])
    }
}

@Suite(.serialized) struct LPIPSTests {
    private let backend = CPUBackend()

    /// A trunk with generated weights.
    private func trunk(_ name: String) throws -> LoadedNetwork {
        let network = try #require(FeatureNetworkCatalog.make(name))
        try network.load(GeneratedWeights.state(of: network), on: backend)
        return LoadedNetwork(network, on: backend, weightsDigest: "generated", weightsOrigin: "generated", isPublished: false)
    }

    @Test(arguments: ["alexnet", "vgg16", "squeezenet1_1"])
    func equalsThePackages(_ name: String) throws {
        let trunk = try trunk(name), goldens = try PerceptualGoldens.read()
        var compared = 0
        for version in LPIPSHead.Version.allCases {
            for unitLength in LPIPS.UnitLength.allCases {
                let lpips = try LPIPS(trunk, version: version, unitLength: unitLength)
                for (pair, golden) in goldens.pairs {
                    guard let expected = golden.lpips["\(name)/\(version.rawValue)/\(unitLength.rawValue)"] else { continue }
                    let value = lpips.values([try PerceptualGoldens.pictures(pair)])[0]
                    #expect(abs(value - expected) <= 1e-7, "\(name) \(version) \(unitLength) \(pair): \(value), \(expected)")
                    compared += 1
                }
            }
        }
        #expect(compared == 9)
    }

    /// Where activations are tiny, the two unit lengths differ by much more than the tolerance.
    @Test(arguments: LPIPS.UnitLength.allCases)
    func unitLengthIsThePackages(_ unitLength: LPIPS.UnitLength) throws {
        let network = AlexNet()
        var state = GeneratedWeights.state(of: network)
        for (name, entry) in state.entries { state.entries[name] = .init(shape: entry.shape, values: entry.values.map { $0 * 1e-4 }) }
        try network.load(state, on: backend)
        let goldens = try PerceptualGoldens.read(), expected = try #require(goldens.faint[unitLength.rawValue])
        let loaded = LoadedNetwork(network, on: backend, weightsDigest: "generated", weightsOrigin: "generated", isPublished: false)
        let value = try LPIPS(loaded, unitLength: unitLength).values([PerceptualGoldens.pictures("noise")])[0]
        #expect(abs(value - expected) <= 1e-6, "\(value), \(expected)")
        #expect(abs((goldens.faint["lpips"] ?? 0) - (goldens.faint["torchmetrics"] ?? 0)) > 1e-4)
    }

    @Test(arguments: ["alexnet", "vgg16", "squeezenet1_1"])
    func mapEqualsThePackage(_ name: String) throws {
        let goldens = try PerceptualGoldens.read(), golden = try #require(goldens.noise.map[name])
        let (a, b) = try PerceptualGoldens.pictures("noise")
        let map = try LPIPS(trunk(name)).map(a, b)
        #expect(map.count == a.height * a.width)
        for (j, expected) in golden.samples.enumerated() { #expect(abs(map[j * map.count / 64] - expected) <= 1e-6, "\(name) \(j)") }
        #expect(abs(map.reduce(0) { $0 + Double($1) } / Double(map.count) - golden.mean) <= 1e-6)
    }

    @Test func bundledNetworkEqualsItsModule() throws {
        let lpips = try LPIPS(LoadedNetwork("efficientnet-lite0", on: backend))
        for (pair, golden) in try PerceptualGoldens.read().pairs {
            let value = lpips.values([try PerceptualGoldens.pictures(pair)])[0]
            #expect(abs(value - golden.bundled) <= 1e-6, "\(pair): \(value), \(golden.bundled)")
        }
        #expect(lpips.title == "LPIPS (efficientnet-lite0)" && lpips.identity["lpips_version"] == "distortions-1")
    }

    @Test func structureAndTextureEqualThePackage() throws {
        let dists = try DISTS(trunk("vgg16"))
        for (pair, golden) in try PerceptualGoldens.read().pairs {
            let (a, b) = try PerceptualGoldens.pictures(pair)
            let values = dists.values([(a, b), (b, a), (a, a)], workers: 2)
            #expect(abs(values[0] - golden.dists) <= 1e-6, "\(pair): \(values[0]), \(golden.dists)")
            #expect(abs(values[1] - values[0]) < 1e-12 && abs(values[2]) < 1e-12)
        }
        #expect(throws: EvaluationError.self) { try DISTS(trunk("alexnet")) }
    }

    @Test func isADistanceThatDoesNotDependOnWhatIsBesideIt() throws {
        let lpips = try LPIPS(trunk("squeezenet1_1")), goldens = try PerceptualGoldens.read()
        let pairs = try goldens.pairs.map { try PerceptualGoldens.pictures($0.name) }
        let together = lpips.values(pairs + pairs.map { ($0.1, $0.0) } + pairs.map { ($0.0, $0.0) }, workers: 3)
        for (index, pair) in pairs.enumerated() {
            #expect(lpips.values([pair])[0] == together[index], "alone and among others")
            #expect(together[3 + index] == together[index] && together[index] > 0, "symmetric")
            #expect(together[6 + index] == 0)
        }
        let (a, b) = pairs[0]
        let tensors = [a, b].map { Tensor($0.pixels, shape: [1, $0.height, $0.width, 3], on: backend) }
        #expect(abs(lpips.distances(tensors[0], tensors[1])[0] - together[0]) < 1e-6)
    }

    /// The smallest picture of each trunk has a distance; the trunks have no smaller ones.
    @Test(arguments: [("alexnet", 31), ("vgg16", 16), ("squeezenet1_1", 25), ("efficientnet-lite0", 32)])
    func smallestPicturesHaveADistance(_ name: String, _ side: Int) throws {
        let lpips = try LPIPS(trunk(name))
        #expect(lpips.smallestSide == side)
        let dark = Picture(height: side, width: side, pixels: (0..<side * side * 3).map { Float($0 % 7) })
        let bright = Picture(height: side, width: side, pixels: (0..<side * side * 3).map { Float(255 - $0 % 11) })
        let value = lpips.values([(dark, bright)])[0]
        #expect(value.isFinite && value > 0)
    }

    @Test func headsAreTheRecordedOnes() throws {
        let page = try String(contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/FeatureNetworks/Resources/networks/README.md"), encoding: .utf8)
        for (trunk, version, name) in [("alexnet", LPIPSHead.Version.v0_1, "0.1"), ("vgg16", .v0_0, "0.0"), ("squeezenet1_1", nil, "0.1"), ("efficientnet-lite0", nil, "distortions-1")] {
            let head = try LPIPSHead(trunk, version: version)
            #expect(head.version == name && page.contains(head.digest), "\(trunk)")
        }
        #expect(throws: EvaluationError.self) { try LPIPSHead("inception-v3") }
        #expect(throws: EvaluationError.self) { try LPIPSHead("efficientnet-lite0", version: .v0_1) }
    }
}
