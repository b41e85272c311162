import Evaluation
import TestSupport
import Testing
import Weights

/// What a table calls a number: plain names are for the networks and the very files that papers use.
@Suite struct TitleTests {
    private func titles(_ identity: [String: String], _ metrics: String = "fid") throws -> [String] {
        try Fixtures.withTemporaryFolder { folder in
            for (name, seed) in [("real", 1), ("fake", 2)] as [(String, UInt64)] {
                var batches: [(features: [Float], logits: [Float])] = [(SyntheticFeatures.rows(seed: seed, count: 20, dimension: 4), [])]
                try FeaturesFile.write(to: "\(folder)/\(name).h5", identity: FeatureIdentity(identity), dimension: 4) { () throws(EvaluationError) in batches.popLast() }
            }
            let evaluator = Evaluator(try .named("default")) { preconditionFailure("no network is needed") }
            return try evaluator.evaluate(MetricCatalog.named(metrics), real: .open(folder + "/real.h5"), fake: .open(folder + "/fake.h5")).titles
        }
    }

    /// pytorch-fid's file, and StyleGAN's, which holds the same Inception; a digit of the digest decides.
    @Test(arguments: ["inception-v3", "inception-v3-stylegan"]) func onlyThePublishedFileGivesThePlainName(_ name: String) throws {
        guard case .sha256(let digest) = try WeightsCatalog.entry(name).digest else { throw WeightsError(.missing, file: name, expected: "a whole digest", found: "a part of one") }
        #expect(try titles(["network": "inception-v3", "tap": "2048", "weights_sha256": digest], "fid,kid") == ["FID", "KID"])
        let other = String(digest.dropLast()) + (digest.hasSuffix("0") ? "1" : "0")
        #expect(try titles(["network": "inception-v3", "tap": "2048", "weights_sha256": other]) == ["FID (inception-v3, unpublished weights)"])
        #expect(try titles(["network": "inception-v3", "tap": "768", "weights_sha256": digest]) == ["FID (inception-v3 tap 768)"])
        #expect(try titles(["network": "inception-v3-torchvision", "tap": "2048", "weights_sha256": digest]) == ["FID (inception-v3-torchvision)"])
        #expect(try titles(["network": "efficientnet-lite0", "tap": "1280"]) == ["FID (efficientnet-lite0)"])
        #expect(try titles(["tap": "2048", "weights_sha256": digest]) == ["FID (unknown network)"])
    }
}
