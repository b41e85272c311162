import Datasets
import Foundation
import Games
import TestSupport
import Tensors
import Testing
import Training

/// Games that fall ill for real, each with the diagnosis that it gets, and healthy ones that are not accused.
@Suite struct DiagnosisTests {
    /// What a run says when it is stopped; nil for one that reaches its end.
    private func diagnosis(_ configuration: RunConfiguration, in folder: String) throws -> String? {
        do { try TestRuns.run(configuration, in: folder) } catch let error as TrainingError {
            switch error {
            case let .diverged(step, diagnosis): return "\(step): \(diagnosis)"
            case let .notFinite(step, tensor): return "\(step): not finite: \(tensor)"
            default: throw error
            }
        }
        return nil
    }

    /// Where its generator may run ahead of a slow critic, all its samples go where the critic's slope points: the classic collapse of the minimax game (Metz et al. 2017, figure 2).
    private let chase = ["critic.objective": "minimax", "generator.learningRate": "0.003", "critic.learningRate": "0.0001"]

    private func ring(_ settings: [String: String]) throws -> RunConfiguration {
        try TestRuns.configuration(data: "ring:divisor=1.414", steps: 1500, batchSize: 128, ["width": "128", "depth": "2", "latentSize": "8", "diagnoseEvery": "100"].merging(settings) { $1 })
    }

    @Test func aCollapseOnTheRingIsSeen() throws {
        try Fixtures.withTemporaryFolder { folder in
            let ill = try ring(chase)
            let found = try #require(try diagnosis(ill, in: folder + "/ill"))
            #expect(found.contains("mode collapse: ") && found.contains("of 8 modes") && found.hasSuffix("or give the critic more moves or a higher learning rate"), "\(found)")
            // No look of the last five saw more evenness than half of the modes have: ln 2 = 0.693.
            #expect(try TestRuns.numbers("reverse divergence", folder + "/ill", "diversity").suffix(5).allSatisfy { $0 >= 0.69 })

            let healthy = try ring(["critic.r1": "1", "generator.learningRate": "0.001", "critic.learningRate": "0.001"])
            #expect(try diagnosis(healthy, in: folder + "/healthy") == nil)
            // Its samples are spread evenly long before they are all good.
            #expect(try TestRuns.numbers("reverse divergence", folder + "/healthy", "diversity").allSatisfy { $0 < 0.2 })
        }
    }

    private func digits(_ settings: [String: String], steps: Int = 1500) throws -> RunConfiguration {
        try TestRuns.configuration(data: TestRuns.digits, steps: steps,
                                   ["width": "128", "depth": "2", "latentSize": "16", "generator.learningRate": "0.0005", "critic.learningRate": "0.0005"].merging(settings) { $1 })
    }

    @Test func aCollapseOfImagesIsSeenByTheirSpread() throws {
        try Fixtures.withTemporaryFolder { folder in
            let ill = try digits(["critic.objective": "minimax", "generator.learningRate": "0.002", "critic.learningRate": "0.00002", "diagnoseEvery": "100"])
            let found = try #require(try diagnosis(ill, in: folder + "/ill"))
            #expect(found.contains("mode collapse: two samples lie on average 0."), "\(found)")
            #expect(try diagnosis(digits(["critic.r1": "0.1", "diagnoseEvery": "100"]), in: folder + "/healthy") == nil)
            let spreads = try TestRuns.numbers("spread", folder + "/healthy", "diversity")
            print("spread of a healthy game: \(spreads)")
            #expect(spreads.count == 15 && spreads.dropFirst().allSatisfy { 0.6 < $0 && $0 < 1.2 }, "\(spreads)")
        }
    }

    /// 64 digits are learnt by heart, 1 437 are not.
    @Test func overfittingIsSeenByWhatIsHeldOut() throws {
        try Fixtures.withTemporaryFolder { folder in
            let ill = try digits(["diagnoseEvery": "100", "critic.learningRate": "0.001", "heldOut": "0.9644", "batchSize": "32"], steps: 3000)
            let found = try #require(try diagnosis(ill, in: folder + "/ill"))
            #expect(found.contains("discriminator overfitting: ") && found.contains("(r_v = ") && found.contains(", r_t = "), "\(found)")
            // Each look at as many held samples as there are training samples, to which alone the critic is kind.
            let last = try #require(try TestRuns.log(folder + "/ill", "overfitting").last)
            let (training, held, made) = (try #require(last["training logit"] as? Double), try #require(last["held logit"] as? Double), try #require(last["generated logit"] as? Double))
            #expect(training > 0 && held < 0 && abs((training - held) / (training - made) - (last["r_v"] as? Double ?? 0)) < 1e-9)

            #expect(try diagnosis(digits(["diagnoseEvery": "100", "heldOut": "0.2"]), in: folder + "/healthy") == nil)
            let values = try TestRuns.numbers("r_v", folder + "/healthy", "overfitting")
            print("r_v with 1 437 digits: \(values)")
            #expect(values.count == 15 && values.allSatisfy { $0 < 0.45 }, "half of the limit: \(values)")
        }
    }

    /// Each of CycleGAN's critics is judged by what its own domain holds out. Both domains are digits: linear translators soon leave them as they are, and to critics of 64 of them only memory is left.
    @Test func overfittingOfEitherDomainIsSeen() throws {
        try Fixtures.withTemporaryFolder { folder in
            func translation(_ settings: [String: String], steps: Int) throws -> RunConfiguration {
                try TestRuns.configuration("cyclegan", data: "\(TestRuns.digits) + \(TestRuns.digits)", steps: steps, batchSize: 32,
                                           ["translator.kind": "perceptron", "translator.width": "64", "critic.width": "128", "diagnoseEvery": "100"].merging(settings) { $1 })
            }
            let found = try #require(try diagnosis(translation(["critic.learningRate": "0.001", "generator.learningRate": "0.002", "translator.blocks": "0", "heldOut": "0.9644"], steps: 3000), in: folder + "/ill"))
            #expect(found.firstMatch(of: /discriminator overfitting: the critic of [AB] takes held-out real samples for generated ones \(r_v/) != nil, "\(found)")
            let last = try #require(try TestRuns.log(folder + "/ill", "overfitting").last)
            for domain in ["A", "B"] {
                let (training, held, made) = (try #require(last["training logit of \(domain)"] as? Double), try #require(last["held logit of \(domain)"] as? Double), try #require(last["generated logit of \(domain)"] as? Double))
                #expect(held < training && abs((training - held) / (training - made) - (last["r_v of \(domain)"] as? Double ?? 0)) < 1e-9)
            }
            #expect(try diagnosis(translation(["heldOut": "0.2"], steps: 1500), in: folder + "/healthy") == nil)
            let values = try ["A", "B"].map { try TestRuns.numbers("r_v of " + $0, folder + "/healthy", "overfitting") }
            print("r_v of two domains with 1 437 digits: \(values)")
            #expect(values.allSatisfy { $0.count == 15 && $0.allSatisfy { $0 < 0.45 } }, "half of the limit: \(values)")
        }
    }

    /// What is held out of a domain is in no pair that is trained on, and all the rest is.
    @Test func domainsAreDividedByThemselves() throws {
        let parts = try TestRuns.configuration("cyclegan", data: "\(TestRuns.digits) + \(TestRuns.digits)", steps: 1, ["heldOut": "0.25"]).openDividedData()
        func images(_ source: any SampleSource, _ channel: Int) throws -> Set<[Float]> {
            let values = try source.read(Array(0..<20_000)), size = source.sampleSize
            return Set((0..<20_000).map { pair in stride(from: pair * size + channel, to: (pair + 1) * size, by: 2).map { values[$0] } })
        }
        let held = try #require(parts.heldOut)
        for channel in [0, 1] {
            let (trained, kept) = (try images(parts.training, channel), try images(held, channel))
            #expect(trained.isDisjoint(with: kept) && trained.count == 1348 && kept.count == 449, "domain \(channel): \(trained.count) and \(kept.count)")
        }
        #expect(try images(held, 0) != images(held, 1), "each by its own draw")
    }

    @Test func aCriticThatKnowsEverythingLeavesNoGradient() throws {
        try Fixtures.withTemporaryFolder { folder in
            // A generator that hardly moves, far from the data, against a critic that learns fast.
            let settings = ["critic.objective": "minimax", "generator.learningRate": "0.00000001", "critic.learningRate": "0.1", "width": "64", "depth": "2", "diagnoseEvery": "0"]
            let found = try #require(try diagnosis(TestRuns.configuration(data: "ring:radius=20", steps: 1500, settings), in: folder + "/ill"))
            #expect(found.contains("vanishing gradient: generator gradient is "), "\(found)")
            // The non-saturating generator still has one.
            let healthy = try diagnosis(TestRuns.configuration(data: "ring:radius=20", steps: 1500, settings.merging(["critic.objective": "non-saturating"]) { $1 }), in: folder + "/healthy")
            #expect(healthy == nil)
        }
    }

    @Test func aRunawayLossIsNamed() throws {
        try Fixtures.withTemporaryFolder { folder in
            // Without a bound on its slope the Wasserstein critic's loss has no end.
            let settings = ["critic.objective": "wasserstein", "critic.learningRate": "0.02", "generator.learningRate": "0.02", "width": "64", "depth": "3", "diagnoseEvery": "0"]
            let found = try #require(try diagnosis(TestRuns.configuration(data: "ring", steps: 3000, settings), in: folder + "/ill"))
            #expect(found.contains("divergence: "), "\(found)")
        }
    }

    @Test func theFirstTensorThatIsNotANumberIsNamed() throws {
        try Fixtures.withTemporaryFolder { folder in
            let settings = ["critic.objective": "wasserstein", "width": "64", "depth": "4", "critic.optimizer": "sgd", "critic.learningRate": "1", "generator.optimizer": "sgd", "generator.learningRate": "1", "diagnoseEvery": "0"]
            let found = try #require(try diagnosis(TestRuns.configuration(data: "ring", steps: 200, settings), in: folder + "/ill"))
            #expect(found.wholeMatch(of: /[0-9]+: not finite: (real logit|critic fake logit|critic loss|fake logit|generator loss|the gradient of (generator|critic)\..*)/) != nil, "\(found)")
        }
    }

    /// A run that is stopped for a complaint of some steps is stopped at the same step after a resumption in the middle of it.
    @Test func patienceSurvivesAResumption() throws {
        try Fixtures.withTemporaryFolder { folder in
            var ill = try ring(chase.merging(["diagnoseEvery": "20"]) { $1 })
            (ill.checkpointEvery, ill.checkpointKeep) = (20, 1000)
            let whole = folder + "/whole"
            let found = try #require(try diagnosis(ill, in: whole)), end = try #require(Int(found.prefix { $0 != ":" }))
            // Back to two looks before the end: three complaints were heard by then.
            for step in [end, end - 20] { try? FileManager.default.removeItem(atPath: RunFolder(whole, creating: false).checkpoint(step)) }
            #expect(try RunFolder(whole, creating: false).checkpointedSteps.last == end - 40)
            let resumed = try Run(resuming: RunFolder(whole, creating: false), backend: CPUBackend())
            #expect(throws: TrainingError.diverged(step: end, diagnosis: String(found.drop { $0 != ":" }.dropFirst(2)))) { try resumed.run() }
        }
    }

    /// Looking changes nothing: the same weights, with every kind of look at every step and without any.
    @Test(arguments: ["original", "dcgan", "sngan", "infogan", "vaegan", "bigan", "cyclegan"]) func looksLeaveNoTrace(_ game: String) throws {
        try Fixtures.withTemporaryFolder { folder in
            func weights(_ name: String, looking: Bool) throws -> Checkpoint {
                let data = game == "cyclegan" ? "\(TestRuns.digits) + \(TestRuns.digits)" : TestRuns.digits
                var configuration = try TestRuns.configuration(game, data: data, steps: 3, batchSize: 16, ["heldOut": "0.1", "diagnoseEvery": looking ? "1" : "0"])
                let known = Set(GameCatalog.settings(of: try GameCatalog.named(game)).map(\.name))
                for width in ["width", "networks.width", "translator.width", "critic.width"] where known.contains(width) { try configuration.change(width, to: "4") }
                if game == "cyclegan" { try configuration.change("critic.halvings", to: "1") }
                configuration.size = 16
                try TestRuns.run(configuration, in: folder + "/" + name)
                return try Checkpoint(reading: RunFolder(folder + "/" + name, creating: false).checkpoint(3))
            }
            let (a, b) = (try weights("looked", looking: true), try weights("blind", looking: false))
            for section in ["players", "averages", "game"] { #expect(a.sections[section]?.entries == b.sections[section]?.entries, "\(game)") }
            #expect(try TestRuns.log(folder + "/looked", "overfitting").count == 3 && TestRuns.log(folder + "/looked", "diversity").count == 3)
        }
    }

    @Test func nothingCanBeHeldOutOfADistribution() throws {
        #expect { try Trainer(TestRuns.configuration(data: "ring", steps: 1, ["heldOut": "0.1"]), backend: CPUBackend()) } throws: { "\($0)".contains("has no end") }
        #expect { try Trainer(TestRuns.configuration(data: TestRuns.digits, steps: 1, ["heldOut": "0.0001"]), backend: CPUBackend()) } throws: { "\($0)".contains("less than one of 1797") }
    }
}
