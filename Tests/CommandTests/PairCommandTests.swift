import Foundation
import TestSupport
import Testing

extension Commands {
    /// `gan-eval lpips`, `ssim`, `psnr` and `pairs`: files, folders, one folder, and what goes wrong.
    @Suite struct PairCommands {
        private let sandbox: Sandbox
        private func picture(_ name: String) -> String { Fixtures.path("perceptual/pairs/\(name).png") }

        init() throws { sandbox = try Sandbox() }

        @Test func twoFilesHaveADistanceAndAMap() throws {
            let outcome = try sandbox.run("lpips", picture("shift-a"), picture("shift-b"), "--map", sandbox.path("map.png"), "--quiet")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let value = try #require(try /^LPIPS \(efficientnet-lite0\)  ([0-9.]+)\n$/.firstMatch(in: outcome.output)?.output.1, "\(outcome.output)")
            #expect(try #require(Double(value)) > 0)
            #expect(outcome.errors.contains("map.png: black is 0, the brightest "))
            let map = try sandbox.run("datasets", "info", sandbox.path("map.png"))
            #expect(map.output.contains("192 x 176") && map.output.contains("3 (RGB)"), "\(map.output)")
            let report = try sandbox.report("lpips", picture("shift-a"), picture("shift-b"))
            #expect(report.results.count == 1 && report.counts == ["real": 1, "fake": 1] && report.identity["network"] == "efficientnet-lite0" && report.identity["resize"] == "none")
            #expect(try String(format: "%.6g", report["lpips"].value) == String(value) && report["lpips"].interval == nil)
            let same = try sandbox.report("lpips", picture("shift-a"), picture("shift-a"))
            #expect(try same["lpips"].value == 0)
        }

        @Test func foldersArePairedByName() throws {
            _ = try sandbox.digits("real", 5)
            _ = try sandbox.digits("real", 4, as: "fake")
            let report = try sandbox.report("pairs", sandbox.path("real"), sandbox.path("fake"), "--metrics", "lpips,ssim", "--size", "64")
            #expect(report.results.map(\.metric) == ["lpips", "ssim"])
            #expect(try report["lpips"].value == 0 && abs(report["ssim"].value - 1) < 1e-12 && report["lpips"].details["pairs"] == 4)
            #expect(report.warnings.count == 1 && report.warnings[0].contains("1 image has no partner and is left out: "))
            // Equal pictures are infinitely alike by some measures, which JSON cannot say.
            let all = try sandbox.run("pairs", sandbox.path("real"), sandbox.path("fake"), "--metrics", "lpips,ssim,psnr,sharpness", "--size", "64", "--each", sandbox.path("each.csv"))
            #expect(all.status == 0 && all.output.contains(/PSNR +inf\n/) && all.output.contains("whose PSNR is infinite"), "\(all.output)")
            let rows = try String(contentsOfFile: sandbox.path("each.csv"), encoding: .utf8).split(separator: "\n")
            #expect(rows.count == 5 && rows[0] == "first,second,lpips,ssim,psnr,sharpness" && rows[1].hasSuffix(",0.0,1.0,inf,inf"), "\(rows)")
        }

        @Test func oneFolderHasADiversity() throws {
            let folder = try sandbox.digits("real", 6)
            let all = try sandbox.report("ssim", folder)
            #expect(try all["ssim"].details["pairs"] == 15 && all["ssim"].interval != nil && all.counts["real"] == .some(nil))
            let some = try sandbox.report("ssim", folder, "--pairs", "3", "--seed", "5")
            #expect(try some["ssim"].details["pairs"] == 3 && some.identity["pairs"] == "random, seed 5")
            #expect(try sandbox.report("ssim", folder, "--pairs", "3", "--seed", "5").bits(of: "ssim") == some.bits(of: "ssim"))
            #expect(try sandbox.report("ssim", folder, "--threads", "1").bits(of: "ssim") == all.bits(of: "ssim"))
            let multi = try sandbox.report("pairs", folder, "--metrics", "ms-ssim", "--size", "176", "--pairs", "2")
            #expect((0...1).contains(try multi["ms-ssim"].value))
        }

        @Test func mistakesAreExplained() throws {
            let folder = try sandbox.digits("real", 3), damaged = try sandbox.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], to: "damaged.png")
            let text = try sandbox.write(Array("no image".utf8), to: "notes.bin")
            let cases: [([String], Int32, String)] = [
                (["lpips", folder, "--network", "inception-v3"], 2, "--network is inception-v3; expected a network that LPIPS has weights for: efficientnet-lite0, alexnet, vgg16, squeezenet1_1"),
                (["lpips", folder, "--lpips-version", "0.1"], 2, "--lpips-version is 0.1; expected no such option with efficientnet-lite0"),
                (["lpips", picture("noise-a"), picture("noise-b"), "--network", "alexnet"], 4, "run `gan-eval networks install alexnet`, or give a file with --weights"),
                (["lpips", picture("noise-a"), picture("pixels-a")], 3, "expected 91 x 71 pixels as in \(picture("noise-a")), found 64 x 64; --size N makes all pictures N x N"),
                (["lpips", folder], 3, "expected at least 32 x 32 pixels for LPIPS (efficientnet-lite0), found "),
                (["lpips", picture("noise-a"), damaged], 3, "damaged.png: "),
                (["lpips", picture("noise-a"), sandbox.path("absent.png")], 3, "absent.png: "),
                (["ssim", picture("noise-a"), text], 3, "notes.bin"),
                (["ssim", picture("noise-a")], 3, "expected at least 2 images, whose pairs are compared, found 1"),
                (["ssim", picture("noise-a"), folder], 3, "expected one image file to go with "),
                (["pairs", picture("noise-a"), picture("noise-b"), "--metrics", "fid"], 2, "--metrics is fid; expected a list of lpips, dists, ssim, ms-ssim, psnr, sharpness"),
                (["pairs", picture("noise-a"), picture("noise-b"), "--metrics", "ssim,dists"], 4, "run `gan-eval networks install vgg16`"),
                (["pairs", picture("noise-a"), picture("noise-b"), "--metrics", ""], 2, "expected a list of lpips, "),
                (["pairs", picture("noise-a"), picture("noise-b"), "--metrics", "ms-ssim"], 3, "expected at least 176 x 176 pixels for MS-SSIM"),
                (["psnr", folder, "--size", "0"], 2, "--size is 0; expected a number of pixels from 1 to 8192"),
                (["lpips", folder, "--size", "64", "--map", sandbox.path("map.png")], 2, "--map is of 3 pairs; expected two image files"),
                (["ssim", folder, "--confidence", "1"], 2, "--confidence is 1.0; expected a number between 0 and 1"),
            ]
            for (arguments, status, message) in cases {
                let outcome = try sandbox.start(arguments + ["--quiet"]).finish()
                #expect(outcome.status == status && outcome.output.isEmpty, "\(arguments): \(outcome.status) \(outcome.output)")
                #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("gan-eval: ") && outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
            }
            #expect(!sandbox.names(in: "").contains("map.png"))
        }

        @Test(arguments: [["lpips"], ["ssim", "a", "b", "--pairs", "3"], ["ssim", "a", "--by-order"], ["ssim", "a", "--pairs", "0"], ["lpips", "a", "--lpips-version", "0.2"],
                          ["ssim", "a", "b", "--size", "8", "--resampler", "nearest"], ["lpips", "a", "--unit-length", "mine"], ["psnr", "a", "--threads", "0"], ["ssim", "a", "--map", "b"]])
        func wrongArgumentsAreExplained(_ arguments: [String]) throws {
            let outcome = try sandbox.start(arguments).finish()
            #expect(outcome.status == 2 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains("Usage: gan-eval"), "\(outcome.errors)")
        }
    }
}
