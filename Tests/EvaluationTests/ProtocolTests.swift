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
        struct Set: Decodable { let real: String, fake: String, count: Int, rows: [Int]?, protocols: [String: [String: Golden]] }
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

    @Test("Every protocol", arguments: ["crops", "digits-small"]) func everyProtocolGivesItsPeersNumbers(_ set: String) throws {
        try compare(EvaluationProtocol.all, on: set)
    }

    /// Protocols that look at the same features, so that one pass over the thousand images serves them all.
    @Test func fiveHundredDigitsGiveThePeersNumbers() throws {
        try compare(["torch-fidelity", "ttur", "adm"].map(EvaluationProtocol.named), on: "digits")
    }

    private func goldens(_ name: String) throws -> Goldens.Set {
        let all = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("protocols/goldens.json"))))
        return try #require(all.sets[name])
    }

    /// The images of a side: a folder's, or those in certain positions of it.
    private func source(_ side: String, rows: [Int]?, in folder: String) throws -> ImageSource {
        let all = try ImageSource.open(Fixtures.path(side))
        guard let rows else { return all }
        let list = folder + "/" + side.replacing("/", with: "-") + ".txt"
        try Data(rows.map { all.location($0) + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: list))
        return try ImageSource.open(list)
    }

    private func compare(_ protocols: [EvaluationProtocol], on name: String) throws {
        let set = try goldens(name), loaded = try Self.network(CPUBackend())
        try Fixtures.withTemporaryFolder { folder in
            let real = try source(set.real, rows: set.rows, in: folder), fake = try source(set.fake, rows: set.rows, in: folder)
            for proto in protocols {
                // The truth that the default protocol is held to was computed on the crops alone.
                if proto.name == "default" && name != "crops" { continue }
                let golden = try #require(set.protocols[proto.name], "no golden for \(proto.name)")
                var evaluator = Evaluator(proto) { loaded }
                evaluator.options.cache = folder
                let metrics = ["fid"] + (golden["kid_float64"] == nil ? [] : ["kid"]) + (golden["is_mean"] == nil ? [] : ["is"])
                let report = try evaluator.evaluate(MetricCatalog.named(metrics.joined(separator: ",")), real: .images(real), fake: .images(fake))
                #expect(report.realCount == set.count && report.fakeCount == set.count)
                for result in report.results {
                    switch result.metric {
                    case "fid": try expectFrechetDistance(result.value, golden, proto.name)
                    // Of no more images than a subset holds, every subset is the whole set.
                    case "kid": try expectKernelDistance(result.value, #require(golden["kid_float64"]?.number), proto.name)
                    default:
                        let mean = try #require(golden["is_mean"]?.number)
                        #expect(abs(result.value - mean) <= 1e-6 * mean, "\(proto.name): IS \(result.value), the peer says \(mean)")
                    }
                }
                if proto.name == "torch-fidelity" { try expectSubsets(evaluator, real, fake, golden) }
            }
        }
    }

    private func expectFrechetDistance(_ distance: Double, _ golden: [String: Golden], _ name: String) throws {
        let peer = try #require(golden["fid"]?.number)
        // scipy's root of a rank-deficient product is itself off by 1.5e-5 at 48 images.
        #expect(abs(distance - peer) <= 1e-4 * peer, "\(name): FID \(distance), the peer says \(peer)")
        if let exact = golden["fid_exact"]?.number {
            #expect(abs(distance - exact) <= 5e-6 * exact, "\(name): FID \(distance), exactly \(exact)")
        }
    }

    private func expectKernelDistance(_ value: Double, _ mean: Double, _ name: String) {
        #expect(abs(value - mean) <= 1e-6 + 1e-5 * abs(mean), "\(name): KID \(value), the peer says \(mean)")
    }

    private func expectSubsets(_ evaluator: Evaluator, _ real: ImageSource, _ fake: ImageSource, _ golden: [String: Golden]) throws {
        let size = Int(try #require(golden["kid_subset_size"]?.number))
        let kernel = KernelInceptionDistance(estimator: .subsets(.init(size: size, drawsGeneratedFirst: true)), precision: .float32)
        let sides = try [real, fake].map { try evaluator.extract($0, named: $0.path, keepsLogits: false).file.features() }
        try expectKernelDistance(kernel(real: sides[0], fake: sides[1]).value, #require(golden["kid_float64_mean"]?.number), "torch-fidelity, subsets of \(size)")
    }

    @Test func tapsBeforeTheLastGiveThePeersDistance() throws {
        let set = try goldens("crops")
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
