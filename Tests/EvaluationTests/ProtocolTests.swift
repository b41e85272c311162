import Datasets
import Evaluation
import FeatureNetworks
import Foundation
import HDF5
import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// Each protocol from image files to numbers, against the peers themselves on the same files and the same weights.
@Suite(.serialized) struct ProtocolTests {
    /// `goldens.json`, see `Fixtures/protocols/README.md`.
    private struct Goldens: Decodable {
        struct Set: Decodable { let real: String, fake: String, count: Int, protocols: [String: [String: Golden]] }
        let sets: [String: Set]
    }

    /// A golden field: most are numbers, some say how they were made.
    private enum Golden: Decodable {
        case number(Double), text(String)
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = if let number = try? container.decode(Double.self) { .number(number) } else { .text(try container.decode(String.self)) }
        }
        var number: Double? { if case let .number(number) = self { number } else { nil } }
    }

    /// The peers' network: generated weights, batch-norm statistics calibrated on images.
    static func network(_ backend: CPUBackend) throws -> LoadedNetwork {
        let network = InceptionV3(.fid)
        var state = GeneratedWeights.state(of: network)
        let statistics = try HDF5File(reading: Fixtures.path("protocols/inception-v3-statistics.h5")).root
        for name in try statistics.names() {
            let dataset = try statistics.dataset(name)
            state.entries[name] = .init(shape: Shape(try dataset.shape), values: try dataset.read(Float.self))
        }
        try network.load(state, on: backend)
        return LoadedNetwork(network, on: backend, weightsDigest: "formula", weightsOrigin: "formula", isPublished: false)
    }

    @Test func everyProtocolGivesItsPeersNumbers() throws {
        let goldens = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("protocols/goldens.json"))))
        let set = try #require(goldens.sets["crops"])
        let loaded = try Self.network(CPUBackend())
        try Fixtures.withTemporaryFolder { cache in
            for proto in EvaluationProtocol.all {
                let golden = try #require(set.protocols[proto.name], "no golden for \(proto.name)")
                var evaluator = Evaluator(proto) { loaded }
                evaluator.options.cache = cache
                let hasScore = golden["is_mean"] != nil
                let report = try evaluator.evaluate(
                    MetricCatalog.named(hasScore ? "fid,is" : "fid"), real: .images(.open(Fixtures.path(set.real))), fake: .images(.open(Fixtures.path(set.fake))))
                #expect(report.realCount == set.count && report.fakeCount == set.count)
                let distance = report.results[0].value
                let peer = try #require(golden["fid"]?.number)
                // scipy's root of a rank-deficient product is itself off by 1.5e-5 at 48 images.
                #expect(abs(distance - peer) <= 1e-4 * peer, "\(proto.name): FID \(distance), the peer says \(peer)")
                if let exact = golden["fid_exact"]?.number {
                    #expect(abs(distance - exact) <= 5e-6 * exact, "\(proto.name): FID \(distance), exactly \(exact)")
                }
                if let mean = golden["is_mean"]?.number {
                    // StyleGAN resizes by an affine grid in float32, whose rounding moves pixels by some 1e-4 grey levels; the others use TensorFlow's rule itself.
                    let tolerance = proto.name == "stylegan" ? 1e-5 : 1e-6
                    #expect(abs(report.results[1].value - mean) <= tolerance * mean, "\(proto.name): IS \(report.results[1].value), the peer says \(mean)")
                }
                if proto.name == "torch-fidelity" { try expectKernelDistance(evaluator, set.real, set.fake, golden) }
            }
        }
    }

    private func expectKernelDistance(_ evaluator: Evaluator, _ real: String, _ fake: String, _ golden: [String: Golden]) throws {
        let size = Int(try #require(golden["kid_subset_size"]?.number))
        let kernel = KernelInceptionDistance(estimator: .subsets(.init(size: size, drawsGeneratedFirst: true)), precision: .float32)
        let sides = try [real, fake].map { try evaluator.extract(.open(Fixtures.path($0)), named: $0, keepsLogits: false).file.features() }
        let result = try kernel(real: sides[0], fake: sides[1])
        let mean = try #require(golden["kid_float64_mean"]?.number)
        #expect(abs(result.value - mean) <= 1e-6 + 1e-5 * abs(mean), "KID \(result.value), the peer says \(mean)")
    }

    @Test func tapsBeforeTheLastGiveThePeersDistance() throws {
        let goldens = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("protocols/goldens.json"))))
        let set = try #require(goldens.sets["crops"])
        let golden = try #require(set.protocols["pytorch-fid"])
        let loaded = try Self.network(CPUBackend())
        for tap in ["64", "192"] {
            var evaluator = Evaluator(try .named("pytorch-fid")) { loaded }
            evaluator.options.tap = tap
            let value = try evaluator.evaluate(MetricCatalog.named("fid"), real: .images(.open(Fixtures.path(set.real))), fake: .images(.open(Fixtures.path(set.fake)))).results[0].value
            let exact = try #require(golden["fid_\(tap)_exact"]?.number)
            #expect(abs(value - exact) <= 1e-5 * exact, "tap \(tap): \(value), exactly \(exact)")
        }
    }
}
