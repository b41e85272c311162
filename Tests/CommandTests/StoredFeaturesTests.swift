import Foundation
import HDF5
import TestSupport
import Testing

extension Commands {
    /// Features and statistics files in place of images.
    @Suite struct StoredFeatures {
        private let sandbox: Sandbox
        private let real: String, fake: String

        init() throws {
            sandbox = try Sandbox()
            (real, fake) = (try sandbox.digits("real", 12), try sandbox.digits("fake", 12))
        }

        private func make(_ command: String, _ images: String, _ name: String, _ options: String...) throws -> String {
            let outcome = try sandbox.start([command, images, "-o", sandbox.path(name), "--quiet"] + options).finish()
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix(sandbox.path(name) + ": ") && outcome.output.contains("12 images") && outcome.errors.isEmpty)
            return sandbox.path(name)
        }

        @Test func featuresStandForTheirImages() throws {
            let direct = try sandbox.report("evaluate", real, fake)
            let (f, g) = (try make("features", real, "f.h5"), try make("features", fake, "g.h5"))
            let stored = try sandbox.report("evaluate", f, g)
            for metric in ["fid", "kid", "is"] { #expect(try stored.bits(of: metric) == direct.bits(of: metric), "\(metric)") }
            #expect(stored.counts == direct.counts && stored.warnings == direct.warnings)
            // Which class scores lie beside the features decides nothing here.
            #expect(stored.identity.filter { $0.key != "logits" } == direct.identity.filter { $0.key != "logits" })
            let mixed = try sandbox.report("fid", f, fake, "--no-cache")
            #expect(try mixed.bits(of: "fid") == direct.bits(of: "fid"))

            let file = try HDF5File(reading: f)
            #expect(try file.root.dataset("features").shape == [12, 1280] && file.root.dataset("logits").shape == [12, 1000])
            #expect(try file.root.dataset("names").readStrings().first == "0-000.png")
            #expect(try file.root.group("identity").attributes.require("network").string == "efficientnet-lite0")
            #expect(sandbox.names(in: ".").filter { $0.contains(".partial") }.isEmpty)
        }

        @Test func featuresWithoutClassScoresGiveNoInceptionScore() throws {
            let f = try make("features", fake, "f.h5", "--no-logits")
            let outcome = try sandbox.run("is", f)
            #expect(outcome.status == 3 && outcome.errors == "gan-eval: \(f): expected a data set \"logits\", found features only; extract them again with a classifier's logits\n")
        }

        /// From 12 images the covariance of 1280 features has rank 11; statistics and features take different exact routes to the distance.
        @Test(arguments: ["h5", "npz"])
        func statisticsStandForTheirImages(_ ending: String) throws {
            let direct = try sandbox.report("fid", real, fake)["fid"]
            let s = try make("statistics", real, "real." + ending), t = try make("statistics", fake, "fake." + ending)
            for (report, isFixed) in [(try sandbox.report("fid", s, fake), "real"), (try sandbox.report("fid", real, t), "generated")] {
                let result = try report["fid"]
                #expect(agree(result.value, direct.value, within: 1e-9), "\(result.value) \(direct.value)")
                let interval = try #require(result.interval), whole = try #require(direct.interval)
                #expect(interval[0] < result.value && result.value < interval[1] && interval[1] - interval[0] < whole[1] - whole[0])
                #expect(result.warnings.contains("only statistics of the \(isFixed) set are at hand: the interval takes them as fixed"))
                #expect(report.warnings == (ending == "npz" ? ["statistics without an identity were made with a network and settings that cannot be checked"] : []))
            }
            let both = try sandbox.report("fid", s, t)
            // Statistics that do not say of which images they are are told apart by their numbers.
            let digests = ["real_numbers_sha256", "fake_numbers_sha256"].map { both.identity[$0] }
            #expect(ending == "npz" ? digests[0]?.count == 64 && digests[1]?.count == 64 && digests[0] != digests[1] : digests == [nil, nil])
            #expect(try agree(both.fid, direct.value, within: 1e-9))
            #expect(try both["fid"].interval == nil && both["fid"].confidence == nil && both["fid"].standardError == nil)
            #expect(both.counts == (ending == "npz" ? ["real": nil, "fake": nil] : ["real": 12, "fake": 12]))

            for metric in ["kid", "is"] {
                let outcome = try sandbox.start([metric] + (metric == "kid" ? [s, t] : [t])).finish()
                #expect(outcome.status == 3 && outcome.errors.hasPrefix("gan-eval: \(metric) needs the features of every image"), "\(outcome.errors)")
            }
        }

        @Test func statisticsOfAFeaturesFileAreThoseOfItsImages() throws {
            let s = try make("statistics", make("features", real, "f.h5"), "s.h5"), t = try make("statistics", real, "t.h5")
            #expect(try HDF5File(reading: s).root.dataset("co_moment").read(Double.self) == HDF5File(reading: t).root.dataset("co_moment").read(Double.self))
            let refused = try sandbox.run("statistics", s, "-o", sandbox.path("u.h5"))
            #expect(refused.status == 3 && refused.errors == "gan-eval: \(s): expected images or features, found statistics\n")
        }

        @Test func differentSettingsAreNotCompared() throws {
            let f = try make("features", real, "f.h5"), g = try make("features", fake, "g.h5", "--protocol", "pytorch-fid")
            let outcome = try sandbox.run("fid", f, g)
            #expect(outcome.status == 3 && outcome.errorLines.count == 1)
            #expect(outcome.errors.contains("different settings (clips: true and false)"), "\(outcome.errors)")
            // Refused before the images beside it are run through the network.
            let mixed = try sandbox.run("fid", f, fake, "--protocol", "pytorch-fid", "--cache", sandbox.path("untouched"))
            #expect(mixed.status == 3 && mixed.errors == outcome.errors && sandbox.names(in: "untouched").isEmpty)
        }

        /// Features are not made anew, whatever the options say: what says otherwise is refused, and not printed beside their number.
        @Test func optionsThatFeaturesContradictAreRefused() throws {
            let f = try make("features", real, "f.h5"), g = try make("features", fake, "g.h5")
            for (options, words) in [
                (["--protocol", "pytorch-fid"], "expected features made as the protocol pytorch-fid says (resampler: torch-bilinear), found pillow-bicubic; extract them again under this protocol, or choose theirs"),
                (["--network", "inception-v3"], "expected features made as the options say (network: inception-v3), found efficientnet-lite0"),
                (["--tap", "logits"], "expected features made as the options say (tap: logits), found 1280"),
                (["--precision", "bfloat16"], "expected features made as the options say (precision: bfloat16), found float32"),
                (["--limit", "5"], "expected images, from which --limit and --shuffle choose, found features of 12; give both options to the command that extracts them"),
            ] {
                let outcome = try sandbox.start(["fid", f, g, "--quiet"] + options).finish()
                #expect(outcome.status == 3 && outcome.output.isEmpty && outcome.errors == "gan-eval: \(f): \(words)\n", "\(options): \(outcome)")
            }
            // What they agree with is no contradiction.
            #expect(try sandbox.run("fid", f, g, "--quiet", "--protocol", "clean-fid", "--tap", "1280", "--limit", "12").status == 0)
            let statistics = try make("statistics", real, "s.h5"), refused = try sandbox.run("fid", statistics, g, "--quiet", "--protocol", "ttur")
            #expect(refused.status == 3 && refused.errors.contains("as the protocol ttur says"), "\(refused)")
        }

        /// One folder per class, one image of which cannot be read; then the same from the cache, and in another order.
        @Test func labelsLieBesideTheirRows() throws {
            for (name, digit) in [("b", "1"), ("a", "7")] {
                try FileManager.default.createDirectory(atPath: sandbox.path("classes/" + name), withIntermediateDirectories: true)
                for index in 0..<3 {
                    let image = "\(digit)-00\(index).png"
                    try FileManager.default.copyItem(atPath: Fixtures.path("digits/fake/\(digit)/\(image)"), toPath: sandbox.path("classes/\(name)/\(image)"))
                }
            }
            try sandbox.write("".utf8, to: "classes/a/7-001.png")
            for (arguments, labels) in [([], [0, 0, 1, 1, 1]), ([], [0, 0, 1, 1, 1]), (["--shuffle", "5"], nil), (["--limit", "4"], [0, 0, 1])] as [([String], [Int]?)] {
                let outcome = try sandbox.start(["features", sandbox.path("classes"), "-o", sandbox.path("l.h5"), "--labels", "--skip-unreadable", "--quiet"] + arguments).finish()
                try #require(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.output.hasSuffix(" images, 1280 features each, 2 classes\n"))
                let root = try HDF5File(reading: sandbox.path("l.h5")).root
                let names = try root.dataset("names").readStrings(), stored = try root.dataset("labels").read(Int.self)
                #expect(try root.dataset("class_names").readStrings() == ["a", "b"])
                #expect(stored == names.map { $0.hasPrefix("a/") ? 0 : 1 } && (labels == nil || stored == labels))
                #expect(try root.dataset("features").shape == [stored.count, 1280] && root.dataset("logits").shape == [stored.count, 1000])
            }
            // The rows are those without labels, and the file stands for its images as any other.
            let plain = try make("features", real, "f.h5"), first = try sandbox.report("fid", plain, sandbox.path("l.h5"))
            let unlabelled = try sandbox.run("features", sandbox.path("classes"), "-o", sandbox.path("u.h5"), "--skip-unreadable", "--limit", "4")
            #expect(unlabelled.status == 0)
            #expect(try sandbox.report("fid", plain, sandbox.path("u.h5")).bits(of: "fid") == first.bits(of: "fid"))
            #expect(try !HDF5File(reading: sandbox.path("u.h5")).root.contains("labels"))
        }

        @Test(arguments: ["stylegan.zip", "adm.npz", "nhwc.h5"]) func labelsOfCollectionsAreKept(_ collection: String) throws {
            let outcome = try sandbox.run("features", Fixtures.path("images/collections/" + collection), "-o", sandbox.path("l.h5"), "--labels", "--quiet")
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(try HDF5File(reading: sandbox.path("l.h5")).root.dataset("labels").read(Int.self) == [2, 0, 1, 0, 2])
            #expect(try HDF5File(reading: sandbox.path("l.h5")).root.dataset("class_names").readStrings() == ["0", "1", "2"])
        }

        @Test func missingLabelsAreAnError() throws {
            let outcome = try sandbox.run("features", real, "-o", sandbox.path("l.h5"), "--labels", "--quiet")
            #expect(outcome.status == 3 && outcome.errorLines.count == 1 && outcome.errors.hasPrefix("gan-eval: \(real): "), "\(outcome.errors)")
            #expect(outcome.errors.contains("expected one sub-folder per class, but 0-000.png is in none") && !FileManager.default.fileExists(atPath: sandbox.path("l.h5")))
        }

        @Test func anOutputThatCannotBeWrittenIsNamed() throws {
            for (command, name) in [("features", "absent/f.h5"), ("statistics", "absent/s.h5"), ("statistics", "absent/s.npz")] {
                let outcome = try sandbox.run(command, real, "-o", sandbox.path(name), "--quiet")
                #expect(outcome.status == 4 && outcome.errorLines.count == 1 && outcome.errors.hasPrefix("gan-eval: \(sandbox.path(name)): "), "\(outcome.errors)")
            }
            let outcome = try sandbox.run("statistics", real, "-o", sandbox.path("s.txt"))
            #expect(outcome.status == 2 && outcome.errors.contains("expected a name that ends in .h5 or .npz"))
        }
    }
}
