import Foundation
import Images
import TestSupport
import Testing

extension Commands {
    /// `compare`, `explain` and `copies`.
    @Suite struct Comparing {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        private func json(_ arguments: [String]) throws -> [String: Any] {
            let outcome = try sandbox.start(arguments + ["--json", "-", "--quiet"]).finish()
            try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
            return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        }

        private func rows(_ csv: String) -> [[Substring]] { csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) } }

        @Test func whichSetIsBetter() throws {
            let real = try sandbox.digits("real", 30), fake = try sandbox.digits("fake", 24), more = try sandbox.digits("real", 40, as: "more")
            let outcome = try sandbox.run("compare", fake, more, "--reference", real, "--quiet")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.prefix(3) == ["A  \(fake), 24 images", "B  \(more), 40 images", "reference  \(real), 30 images"])
            #expect(lines[3].hasPrefix("B is better: FID (efficientnet-lite0) "), "\(outcome.output)")
            #expect(lines[4] == "  note: the distance depends on the number of images, so 24 evenly spaced ones of B's 40 were taken")

            let report = try json(["compare", fake, more, "--reference", real, "--metrics", "fid,kid", "--exchanges", "99"])
            #expect(Set(report.keys) == ["comparisons", "sets", "identity", "warnings"])
            let comparisons = try #require(report["comparisons"] as? [[String: Any]])
            #expect(comparisons.map { $0["metric"] as? String } == ["fid", "kid"] && comparisons.allSatisfy { $0["verdict"] as? String == "second" && $0["p_value"] as? Double == 0.01 })
            // The values are those of the metrics themselves.
            let kid = try sandbox.report("kid", real, fake)["kid"].value, value = try #require(comparisons[1]["first"] as? Double)
            #expect(abs(value - kid) < 1e-12)
            // Swapped, the same.
            let back = try #require(try json(["compare", more, fake, "--reference", real, "--exchanges", "99"])["comparisons"] as? [[String: Any]])
            #expect(back[0]["verdict"] as? String == "first")
            let difference = try #require(comparisons[0]["difference"] as? Double), opposite = try #require(back[0]["difference"] as? Double)
            #expect(abs(difference + opposite) < 1e-9 * abs(difference))
        }

        @Test func aSetIsNotBetterThanItself() throws {
            let real = try sandbox.digits("real", 20), fake = try sandbox.digits("fake", 12)
            let outcome = try sandbox.run("compare", fake, fake, "--reference", real, "--quiet", "--csv")
            let table = rows(outcome.output)
            #expect(outcome.status == 0 && table.count == 2 && table[0].prefix(3) == ["metric", "title", "verdict"] && table[1][2] == "undecided", "\(outcome.output)")
        }

        @Test func storedFeaturesAndStatisticsDo() throws {
            let real = try sandbox.digits("real", 20), fake = try sandbox.digits("fake", 12), more = try sandbox.digits("real", 12, as: "more")
            for (images, file) in [(fake, "fake.h5"), (more, "more.h5")] { try #require(try sandbox.run("features", images, "-o", sandbox.path(file), "--quiet").status == 0) }
            try #require(try sandbox.run("statistics", real, "-o", sandbox.path("real.h5"), "--quiet").status == 0)
            let outcome = try sandbox.run("compare", sandbox.path("fake.h5"), sandbox.path("more.h5"), "--reference", sandbox.path("real.h5"), "--quiet")
            #expect(outcome.status == 0 && outcome.output.contains("B is better") && outcome.output.contains("only statistics of the reference are at hand: it counts as fixed"), "\(outcome)")
            // Explaining needs the features of both; showing needs the images.
            let refused = try sandbox.run("explain", sandbox.path("real.h5"), sandbox.path("fake.h5"))
            #expect(refused.status == 3 && refused.errors == "gan-eval: \(sandbox.path("real.h5")): expected images or a features file, found statistics\n", "\(refused.errors)")
            let blind = try sandbox.run("explain", sandbox.path("more.h5"), sandbox.path("fake.h5"), "-o", sandbox.path("pictures"))
            #expect(blind.status == 3 && blind.output.isEmpty && blind.errors.contains("expected images, to show them, found features only"), "\(blind.errors)")
            #expect(try sandbox.run("explain", sandbox.path("more.h5"), sandbox.path("fake.h5")).status == 0)
        }

        @Test func everyImageIsExplained() throws {
            let (real, fake) = (Fixtures.path("digits/real"), Fixtures.path("digits/fake")), folder = sandbox.path("explanation")
            let arguments = ["explain", real, fake, "--limit", "60", "--shuffle", "1"]
            let outcome = try sandbox.start(arguments + ["--labels", "--quiet", "-o", folder, "--csv", sandbox.path("images.csv"), "--pictures", "9"]).finish()
            #expect(outcome.status == 0 && outcome.output.contains("generated images that raise it most") && outcome.output.contains("by class"), "\(outcome.errors)")
            for (name, columns) in [("worst-generated", 3), ("best-generated", 3), ("least-covered", 2)] {
                let picture = try Image(contentsOf: folder + "/\(name).png")
                #expect(picture.channels == 3 && picture.width == columns * 100 + 4, "\(name): \(picture.width)")
            }
            let table = rows(try String(contentsOfFile: sandbox.path("images.csv"), encoding: .utf8))
            #expect(table.count == 121 && table.dropFirst().count { $0[0] == "generated" } == 60)

            // The influence of an image is what its removal does: here by the command itself.
            let report = try json(arguments), whole = try #require(report["fid"] as? Double), images = try #require(report["generated"] as? [[String: Any]])
            let worst = try #require(images.max { ($0["influence"] as? Double ?? 0) < ($1["influence"] as? Double ?? 0) }), name = try #require(worst["name"] as? String)
            let others = images.compactMap { $0["name"] as? String }.filter { $0 != name }.map { fake + "/" + $0 }.joined(separator: "\n")
            let list = try sandbox.write((others + "\n").utf8, to: "others.txt")
            let reals = try #require(report["real"] as? [[String: Any]]).compactMap { $0["name"] as? String }.map { real + "/" + $0 }.joined(separator: "\n")
            let without = try sandbox.report("fid", try sandbox.write((reals + "\n").utf8, to: "reals.txt"), list).fid
            let influence = try #require(worst["influence"] as? Double)
            #expect(influence > 0 && abs(whole - without - influence) < 1e-6 * whole, "\(whole) - \(without) against \(influence)")
        }

        @Test func copiesAreFound() throws {
            let training = try sandbox.digits("real", 30, as: "training"), heldOut = try sandbox.digits("real", 50, as: "held-out"), fake = try sandbox.digits("fake", 12)
            let names = try FileManager.default.contentsOfDirectory(atPath: training).sorted()
            for name in names { try FileManager.default.removeItem(atPath: heldOut + "/" + name) }
            // Two copies of a training image, which also repeat each other.
            for copy in ["x.png", "y.png"] { try FileManager.default.copyItem(atPath: training + "/" + names[3], toPath: fake + "/" + copy) }
            let folder = sandbox.path("copies"), outcome = try sandbox.run("copies", fake, "--training", training, "--held-out", heldOut, "-o", folder, "--quiet")
            #expect(outcome.status == 0, "\(outcome.errors)")
            for line in ["equal features as a training image  2", "equal pixels as a training image (at 32x32)  2", "pairs of generated images with equal features  1", "  x.png  0 from \(names[3])"] {
                #expect(outcome.output.contains(line + "\n") || outcome.output.contains(line + ", "), "\(line): \(outcome.output)")
            }
            for name in ["closest-features", "closest-pixels", "closest-generated"] { #expect(try Image(contentsOf: folder + "/\(name).png").channels == 3) }
            let report = try json(["copies", fake, "--training", training, "--held-out", heldOut, "--pixels", "0"])
            #expect(report["identical"] as? Int == 2 && report["identical_pixels"] is NSNull && (report["images"] as? [Any])?.count == 14)
            // 14 images in cells of more than 20 are none.
            #expect(report["ct"] is NSNull && (report["ct_cells"] as? [Any])?.count == 3)
            let alone = try sandbox.run("copies", fake, "--training", training, "--quiet")
            #expect(alone.status == 0 && alone.output.contains("note: without held-out images (--held-out) there is no data-copying test"), "\(alone.output)")
        }

        /// Before anything is extracted.
        @Test func mistakesAreFoundFirst() throws {
            let images = try sandbox.digits("real", 4)
            let cases: [([String], Int32, String)] = [
                (["compare", images, images, "--reference", images, "--metrics", "fid,is"], 2, "--metrics is is; expected a list of fid, kid; other metrics have no paired test yet"),
                (["compare", images, images, "--reference", images, "--exchanges", "10"], 2, "--exchanges is 10; expected a number from 19, which 95 % need, to 1000000"),
                (["compare", images, images, "--reference", images, "--confidence", "1"], 2, "--confidence is 1.0; expected a number between 0 and 1"),
                (["copies", images, "--training", images, "--near", "0"], 2, "--near is 0.0; expected a number between 0 and 1"),
                (["copies", images, "--training", images, "--pixels", "300"], 2, "--pixels is 300; expected a number from 1 to 256, or 0 for none"),
                (["compare", images, images, "--reference", sandbox.path("none")], 3, "none: "),
                (["explain", images, images, "--labels"], 3, "expected one sub-folder per class"),
            ]
            for (arguments, status, message) in cases {
                let outcome = try sandbox.start(arguments).finish()
                #expect(outcome.status == status && outcome.output.isEmpty && outcome.errorLines.count == 1 && outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
                #expect(sandbox.cache.isEmpty)
            }
            for arguments in [["compare", "a"], ["compare", "a", "b"], ["copies", "a"], ["explain", "a"], ["explain", "a", "b", "--top", "0"], ["explain", "a", "b", "--neighbours", "0"]] {
                let outcome = try sandbox.start(arguments).finish()
                #expect(outcome.status == 2 && outcome.errors.contains("Usage: gan-eval"), "\(arguments): \(outcome.errors)")
            }
            // Too few images show only once they are counted.
            let few = try sandbox.run("compare", images, images, "--reference", images, "--quiet")
            #expect(few.status == 3 && few.errors == "gan-eval: \(images): expected at least 10 images for a comparison, found 4\n", "\(few.errors)")
        }
    }
}
