import Foundation
import TestSupport
import Testing

extension Commands {
    /// `gan-eval networks train`, and what its networks are good for.
    @Suite struct OwnNetworks {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        /// Digits of 8 × 8 and the smallest network: seconds.
        private let train = ["networks", "train", Fixtures.path("digits8x8.h5"), "--width", "4", "--epochs", "2"]

        private var store: [String] { sandbox.names(in: "gan-eval/networks") }

        @Test func aTrainedNetworkServesEveryCommand() throws {
            let outcome = try sandbox.start(train + ["-o", "digits"]).finish()
            try #require(outcome.status == 0, "\(outcome.errors)")
            let line = try #require(outcome.output.split(separator: "\n").first)
            #expect(try #/.*/networks/digits\.yaml: 10 classes, accuracy [0-9.]+ % \[[0-9.]+, [0-9.]+\] of 359 held-out images, weakest [0-9] with [0-9.]+ % of 3[0-9]/#.wholeMatch(in: line) != nil, "\(line)")
            #expect(outcome.output.hasSuffix("use it with: gan-eval fid REAL FAKE --network digits\n"))
            #expect(outcome.errors.contains("digits: ") && outcome.errors.contains("steps/s; loss "))
            #expect(store.count == 2 && store.last == "digits.yaml")

            let images = Fixtures.path("digits8x8.h5")
            let list = try sandbox.run("networks", "list")
            #expect(list.output.contains("\ndigits" + String(repeating: " ", count: 20) + "your own, accuracy "), "\(list.output)")
            let show = try sandbox.run("networks", "show", "digits")
            #expect(show.output.hasPrefix("digits: input 8x8 grey, (x/255-[0.5])/[0.5], weights your own, accuracy "))
            #expect(show.output.contains("\n  8: 8 features (default)\n  logits: 10 features (class scores)\n") && show.output.contains("\n  classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\n"))
            #expect(try sandbox.run("networks", "verify").output.contains("digits: "))

            let report = try sandbox.report("evaluate", images, images, "--metrics", "fid,is", "--network", "digits")
            #expect(report.results.map(\.title) == ["FID (digits)", "IS (digits)"])
            #expect(report.identity["network"] == "digits" && report.identity["input_side"] == "8" && report.identity["weights_sha256"]?.count == 64 && report.identity["architecture_sha256"]?.count == 64)
            #expect(report.results[0].value < 1e-4 && report.results[1].value > 1)

            // The same network by its path is the same network, and its features are found again.
            let path = sandbox.path("gan-eval/networks/digits.yaml")
            let again = try sandbox.report("evaluate", images, images, "--metrics", "fid,is", "--network", path)
            #expect(again.identity == report.identity && again.timing.extraction == 0)

            // Features of one network are not compared with another's of the same name.
            #expect(try sandbox.start(["features", images, "-o", "first.h5", "--network", "digits", "--quiet"]).finish().status == 0)
            #expect(try sandbox.start(train + ["-o", "digits", "--seed", "1", "--replace", "--quiet"]).finish().status == 0)
            #expect(store.count == 2)
            let mixed = try sandbox.run("fid", "first.h5", images, "--network", "digits", "--quiet")
            #expect(mixed.status == 3 && mixed.errors.contains("were made with different settings (weights_sha256: "), "\(mixed.errors)")
        }

        @Test func labelsAndLayersComeFromFiles() throws {
            _ = try (sandbox.digits("real", 12, as: "images/a"), sandbox.digits("fake", 12, as: "images/b"))
            try sandbox.write((0..<24).map { $0 < 12 ? "real" : "fake" }.joined(separator: "\n").utf8, to: "labels.txt")
            try sandbox.write("""
                input: {side: 16, channels: 1}
                features: f
                classes: c
                layers: [convolution: {out: 4, kernel: 3}, batchNorm, relu, mean, tap: f, linear: 2, tap: c]
                """.utf8, to: "layers.yaml")
            let outcome = try sandbox.run("networks", "train", "images", "--labels", "labels.txt", "--layers", "layers.yaml", "--epochs", "1", "-o", "here/pair.yaml", "--quiet")
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("here/pair.yaml: 2 classes, accuracy ") && store.isEmpty)
            // Two images each: nobody could tell.
            #expect(outcome.errors.hasPrefix("note: not surely better than always answering "), "\(outcome.errors)")
            let show = try sandbox.run("networks", "show", "here/pair.yaml")
            #expect(show.output.contains("\n  classes: fake, real\n"), "\(show.output)")
            let score = try sandbox.report("is", "images", "--network", "here/pair.yaml")
            #expect(score.results[0].value >= 1 && score.results[0].value <= 2)
        }

        @Test func mistakesAreExplained() throws {
            func fail(_ arguments: [String], _ status: Int32, _ message: String) throws {
                let outcome = try sandbox.start(arguments).finish()
                #expect(outcome.status == status && outcome.output.isEmpty && outcome.errors.contains(message), "\(arguments): \(outcome.status) \(outcome.errors)")
            }
            try fail(train + ["-o", "vgg16"], 2, "--output is vgg16, which is a network of this package; choose another name")
            try fail(train + ["-o", "a/b"], 2, "--output is a/b; expected a name of letters, digits")
            try fail(train + ["-o", "x", "--layers", "layers.yaml"], 2, "--side, --channels and --width do not go with it")
            try fail(train + ["-o", "x", "--held-out", "1"], 2, "--held-out is 1.0; expected a share above 0 and below 0.9")
            try fail(["networks", "train", Fixtures.path("digits/real/0"), "-o", "x"], 3, "no class labels")
            try sandbox.write("layers: [relu".utf8, to: "broken.yaml")
            try fail(["networks", "show", "broken.yaml"], 3, "gan-eval: broken.yaml: is no YAML: ")
            try fail(["networks", "show", "missing.yaml"], 3, "missing.yaml: ")
            #expect(store.isEmpty)
            // A network without class scores has features, and no Inception Score.
            try sandbox.write("name: plain\ninput: {side: 8}\nfeatures: f\nlayers: [mean, tap: f]\nweights: plain.safetensors".utf8, to: "plain.yaml")
            try sandbox.write([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), to: "plain.safetensors")
            try fail(["is", Fixtures.path("digits8x8.h5"), "--network", "plain.yaml", "--quiet"], 3, "plain: the network has no class scores")
            let distance = try sandbox.report("fid", Fixtures.path("digits8x8.h5"), Fixtures.path("digits8x8.h5"), "--network", "plain.yaml")
            #expect(distance.results[0].title == "FID (plain)" && abs(distance.results[0].value) < 1e-6)
        }

        @Test func interruptedTrainingGoesOn() throws {
            let long = ["networks", "train", Fixtures.path("digits8x8.h5"), "--width", "4", "--epochs", "40", "-o", "digits"]
            for signal in [SIGINT, SIGKILL] {
                let run = try sandbox.start(long)
                _ = try run.firstProgress()
                run.send(signal)
                let outcome = try run.finish()
                if signal == SIGINT {
                    #expect(outcome.status == 130 && !outcome.wasSignalled && outcome.errorLines.last == "gan-eval: interrupted; run the same command again to go on where it stopped", "\(outcome.errors)")
                    #expect(store == ["digits.training.h5"])
                }
                #expect(outcome.output.isEmpty && !store.contains("digits.yaml"))
            }
            let last = try sandbox.start(long).finish()
            #expect(last.status == 0 && last.errors.contains("going on at step "), "\(last.errors)")
            // A checkpoint that was being written when the process was killed may be left.
            #expect(store.filter { !$0.contains(".partial-") }.count == 2 && store.contains("digits.yaml"))
            let again = try sandbox.run("networks", "train", Fixtures.path("digits8x8.h5"), "-o", "digits")
            #expect(again.status == 2 && again.errors.contains("there is such a network; choose another name, or take its place with --replace"))
            #expect(last.errors.contains("note: ") == false)
            // One run of the store, with every step once, and what it came to.
            let shown = try sandbox.run("runs", "show", "digits", "--json", "-").output
            let recorded = try #require(try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String: Any])
            let series = try #require(recorded["series"] as? [[String: Any]]), curves = series.map { ($0["name"] as? String, ($0["points"] as? [[String: Any]]) ?? []) }
            let steps = try #require(recorded["steps"] as? Int)
            #expect(recorded["kind"] as? String == "training" && recorded["status"] as? String == "finished" && recorded["step"] as? Int == steps)
            #expect(curves.map(\.0) == ["loss", "accuracy"] && curves[0].1.compactMap { $0["step"] as? Int } == Array(1...steps))
            let accuracy = try #require(curves[1].1.first?["value"] as? Double), lower = try #require(curves[1].1.first?["lower"] as? Double)
            #expect(last.output.contains("accuracy \((accuracy * 1000).rounded() / 10) %") && lower < accuracy)
            #expect((recorded["artifacts"] as? [[String: Any]])?.count == 2 && (recorded["configuration"] as? [String: String])?["epochs"] == "40")
            #expect(try sandbox.run("networks", "remove", "digits").status == 2 && sandbox.run("networks", "remove", "none", "--yes").status == 2 && store.contains("digits.yaml"))
            let removed = try sandbox.run("networks", "remove", "digits", "--yes")
            #expect(removed.status == 0 && removed.output.split(separator: "\n").count == 2 && store.filter { !$0.contains(".partial-") }.isEmpty, "\(removed)")
        }
    }
}
