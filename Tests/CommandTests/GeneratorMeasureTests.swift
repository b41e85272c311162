import Foundation
import TestSupport
import Testing

extension Commands {
    /// Measures of runs, on runs of a few steps.
    @Suite struct GeneratorMeasures {
        private let sandbox: Sandbox
        private let digits = Fixtures.path("digits8x8.h5")

        init() throws { sandbox = try Sandbox() }

        private func train(_ folder: String, _ game: String, _ data: String, _ settings: String...) throws {
            let options = (["batchSize=16", "sampleEvery=0", "checkpointEvery=2"] + settings).flatMap { ["--set", $0] }
            let outcome = try sandbox.start(["train", "--game", game, "--data", data, "--steps", "4", "-o", folder, "--quiet"] + options).finish()
            try #require(outcome.status == 0, "\(outcome.errors)")
        }

        private func refused(_ status: Int32, _ words: String, _ arguments: String...) throws {
            let outcome = try sandbox.start(arguments).finish()
            #expect(outcome.status == status && outcome.errorLines.count == 1 && outcome.errors.contains(words) && outcome.output.isEmpty, "\(arguments): \(outcome.errors)")
        }

        /// A run that is looked at where its data are not says so.
        @Test func dataThatAreElsewhereAreNamed() throws {
            try FileManager.default.copyItem(atPath: digits, toPath: sandbox.path("data.h5"))
            try train("run", "dcgan", "data.h5", "size=16", "width=4")
            let found = try sandbox.run("reconstruction-error", "run", "-n", "3", "--steps", "5", "--json", "-", "--quiet").output
            try FileManager.default.moveItem(atPath: sandbox.path("data.h5"), toPath: sandbox.path("moved.h5"))
            let moved = try sandbox.run("reconstruction-error", "run", "-n", "3", "--steps", "5", "--json", "-", "--quiet", "--data", "moved.h5").output
            func digest(_ text: String) -> Substring? { text.firstMatch(of: /"data_sha256": "([0-9a-f]{64})"/)?.1 }
            #expect(digest(found) != nil && digest(found) == digest(moved), "the same data elsewhere")
            for command in [["duality-gap"], ["reconstruction-error", "-n", "3"]] {
                let outcome = try sandbox.start(command + ["run"]).finish()
                #expect(outcome.status == 3 && outcome.errorLines.count == 1 && outcome.errors.contains("run: was trained on data.h5, which cannot be read from here: ") && outcome.errors.hasSuffix("give the real samples with --data\n"), "\(outcome)")
            }
        }

        @Test func pathsAreMeasured() throws {
            try train("run", "conditional", digits, "size=16", "networks.width=4")
            let report = try sandbox.report("path-length", "run", "-n", "20", "--size", "32"), again = try sandbox.report("path-length", "run", "-n", "20", "--size", "32")
            let value = try report["path-length"].value
            #expect(try value > 0 && again["path-length"].value == value)
            #expect(try sandbox.report("path-length", "run", "-n", "20", "--size", "32", "--seed", "1")["path-length"].value != value)
            let early = try sandbox.report("path-length", "run", "-n", "20", "--size", "32", "--checkpoint", "2")
            #expect(try early["path-length"].value != value)
            let plain = try sandbox.run("path-length", "run", "-n", "20", "--size", "32", "--quiet")
            #expect(plain.output.hasPrefix("PPL (z, full; LPIPS (efficientnet-lite0))  "))
            let end = try sandbox.run("path-length", "run", "-n", "20", "--convention", "torchmetrics", "--quiet")
            #expect(end.status == 0 && end.output.hasPrefix("PPL (z, end; LPIPS (efficientnet-lite0))  "), "\(end.errors)")
            try refused(3, "there is no w: measure in z", "path-length", "run", "--space", "w")
            try refused(2, "the size of the samples is 16 x 16; expected at least 32 x 32", "path-length", "run", "-n", "20", "--quiet")
            try train("points", "original", "ring", "width=8", "depth=1")
            try refused(3, "its samples are points", "path-length", "points")
        }

        /// In w: behind a mapping network, whose runs are measured in both spaces.
        @Test func pathsAndClassesAreMeasuredInW() throws {
            try train("run", "dcgan", digits, "size=16", "width=4", "generator.mapping=2")
            let inZ = try sandbox.report("path-length", "run", "-n", "20", "--size", "32", "--sampling", "end")
            let inW = try sandbox.report("path-length", "run", "-n", "20", "--size", "32", "--sampling", "end", "--space", "w")
            #expect(try inW["path-length"].value > 0 && inW["path-length"].value != inZ["path-length"].value)
            #expect(try sandbox.run("path-length", "run", "-n", "20", "--size", "32", "--space", "w", "--quiet").output.hasPrefix("PPL (w, full; LPIPS (efficientnet-lite0))  "))
            let classes = try sandbox.run("separability", "run", "-n", "40", "--space", "w", "--quiet")
            #expect(classes.status == 0 && classes.output.hasPrefix("Linear separability (w; data's classes by efficientnet-lite0)  "), "\(classes)")
            // The bundled network's own 1000 classes are attributes too.
            let named = try sandbox.run("separability", "run", "-n", "40", "--classes", "network", "--quiet")
            #expect(named.status == 0 && named.output.hasPrefix("Linear separability (z; classes of efficientnet-lite0)  "), "\(named)")
        }

        @Test func checkpointsMeet() throws {
            try train("run", "dcgan", digits, "size=16", "width=4", "heldOut=0.2")
            try train("other", "wgan-gp", digits, "size=16", "width=4")
            let outcome = try sandbox.run("tournament", "run", "other", "-n", "128", "--quiet")
            #expect(outcome.status == 0, "\(outcome.errors)")
            for name in ["run@2", "run@4", "other@2", "other@4"] { #expect(outcome.output.contains("Win rate of " + name) && outcome.output.contains("Skill of the critic of " + name)) }
            #expect(outcome.output.contains("GAM of run@2 and other@4") && !outcome.output.contains("may know some by heart"))
            let last = try sandbox.report("tournament", "run", "other", "--last", "-n", "64")
            #expect(last.counts == ["real": 64, "fake": 64])
            // One run whose data was not held out says so.
            #expect(try sandbox.run("tournament", "other", "-n", "64", "--quiet").output.contains("may know some by heart"))
            #expect(try !sandbox.run("tournament", "other", "-n", "64", "--quiet", "--data", digits).output.contains("may know some by heart"))
            try refused(2, "training keeps more with checkpointKeep=20", "tournament", "run", "--last")
            try refused(3, "no run: config.yaml is missing", "tournament", "nothing")
        }

        @Test func gamesAreTakenFurther() throws {
            try train("run", "dcgan", digits, "size=16", "width=4", "heldOut=0.2")
            let gap = try sandbox.report("duality-gap", "run", "--steps", "3", "-n", "64")
            #expect(try gap["duality-gap"].value.isFinite)
            #expect(try sandbox.report("duality-gap", "run", "--steps", "3", "-n", "64", "--fresh")["duality-gap"].value != gap["duality-gap"].value)
            let found = try sandbox.report("reconstruction-error", "run", "-n", "3", "--steps", "5", "-o", "pairs.png")
            #expect(try found["reconstruction-error"].value > 0 && FileManager.default.fileExists(atPath: sandbox.path("pairs.png")))
            let separable = try sandbox.report("separability", "run", "-n", "40")
            #expect(try (1...1024).contains(separable["separability"].value))
            try refused(2, "--steps is 0", "duality-gap", "run", "--steps", "0")
            try train("points", "original", "ring", "width=8", "depth=1")
            #expect(try sandbox.report("reconstruction-error", "points", "-n", "3", "--steps", "5")["reconstruction-error"].value >= 0)
            #expect(try sandbox.report("duality-gap", "points", "--steps", "3", "-n", "64")["duality-gap"].value.isFinite)
            try refused(3, "its samples are points", "separability", "points", "--quiet")
        }

        /// Networks that are kept are networks like any other; a second time nothing is learnt again.
        @Test func classifiersLearnFromSets() throws {
            let options = ["cas", digits, digits, "--epochs", "2", "--width", "4", "-o", "nets"]
            let outcome = try sandbox.start(options + ["--json", "cas.json"]).finish()
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("learning from generated images: ") && outcome.errors.contains("learning from real images: "))
            let again = try sandbox.start(options + ["--json", "again.json"]).finish()
            #expect(again.status == 0 && !again.errors.contains("learning from"))
            #expect(try String(contentsOfFile: sandbox.path("again.json"), encoding: .utf8) == String(contentsOfFile: sandbox.path("cas.json"), encoding: .utf8))
            #expect(try sandbox.report("is", digits, "--network", sandbox.path("nets/learnt-from-real.yaml"))["is"].value >= 1)
            let page = try sandbox.run("report", "a=cas.json", "b=again.json", "-o", "report")
            #expect(page.status == 0 && page.output.contains("share the best CAS of 2"), "\(page)")
            try refused(3, "no class labels: expected one sub-folder per class", "cas", digits, Fixtures.path("photos"))
            try refused(2, "--epochs is 0; expected 1 to 100000", "cas", digits, digits, "--epochs", "0")
        }

        @Test func freshCriticsJudgeSets() throws {
            let far = try sandbox.report("critic", digits, Fixtures.path("digits/fake"), "--size", "8", "--steps", "20", "--width", "8", "-n", "100")
            #expect(try far["critic"].value.isFinite)
            let scores = try sandbox.run("nrds", digits, digits, Fixtures.path("digits/fake"), "--size", "8", "--epochs", "1", "--repetitions", "1", "--width", "4", "-n", "50", "--quiet")
            #expect(scores.status == 0 && scores.output.split(separator: "\n").count == 2, "\(scores.errors)")
            try refused(2, "--size is 10; expected 8, 16, 32", "critic", digits, digits, "--size", "10")
            try refused(2, "at least 2: the score is relative", "nrds", digits, digits)
        }
    }
}
