import Datasets
import Foundation
import HDF5
import Images
import TestSupport
import Testing

extension Commands {
    /// What can be made from a trained run.
    @Suite struct TrainedRuns {
        private let sandbox: Sandbox
        private let digits = Fixtures.path("digits8x8.h5")

        init() throws { sandbox = try Sandbox() }

        private func train(_ game: String, _ data: String, _ steps: Int = 6, _ settings: String...) throws {
            let options = (["batchSize=8", "sampleEvery=0"] + settings).flatMap { ["--set", $0] }
            let outcome = try sandbox.start(["train", "--game", game, "--data", data, "--steps", "\(steps)", "-o", "run", "--quiet"] + options).finish()
            try #require(outcome.status == 0, "\(outcome.errors)")
        }

        /// The pictures of a collection, which is known to open.
        private func images(_ name: String) throws -> [Image] {
            let source = try ImageSource.open(sandbox.path(name))
            return try (0..<source.count).map(source.decode)
        }

        /// The pictures of a grid, row by row; they stand two pixels apart.
        private func tiles(_ picture: Image, side: Int) throws -> [Image] {
            try #require(picture.width % (side + 2) == 2 && picture.height % (side + 2) == 2)
            return (0..<picture.height / (side + 2)).flatMap { row in
                (0..<picture.width / (side + 2)).map { column in
                    let pixels = (0..<side).flatMap { y in
                        let start = (((side + 2) * row + 2 + y) * picture.width + (side + 2) * column + 2) * picture.channels
                        return picture.pixels[start..<start + side * picture.channels]
                    }
                    return Image(width: side, height: side, channels: picture.channels, pixels: Array(pixels))
                }
            }
        }

        private func picture(_ name: String) throws -> Image { try Image(contentsOf: sandbox.path(name)) }

        private func succeed(_ arguments: String...) throws {
            let outcome = try sandbox.start(arguments).finish()
            #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.split(separator: "\n").count == 1, "\(arguments): \(outcome.errors)")
        }

        @Test func samplesAreTheSameInEveryFormat() throws {
            try train("conditional", digits, 6, "size=16", "networks.width=4")
            let names = ["samples", "samples.h5", "samples.zip", "samples.npz"]
            for name in names { try succeed("sample", "run", "-n", "70", "--seed", "5", "--classes", "3,1", "-o", name) }
            let expected = try images("samples.h5"), classes = (0..<70).map { $0 % 2 == 0 ? 3 : 1 }
            #expect(expected.count == 70 && expected.allSatisfy { ($0.width, $0.height, $0.channels) == (16, 16, 1) } && Set(expected.map(\.pixels)).count > 60)
            for name in names {
                #expect(try images(name) == expected, "\(name)")
                let labelled = try ImageSource.open(sandbox.path(name), labelled: true)
                #expect((0..<70).map(labelled.label) == classes, "\(name)")
                let info = try sandbox.run("datasets", "info", name)
                #expect(info.status == 0 && info.errors.isEmpty, "\(info.errors)")
                for line in ["images    70", "size      16 x 16", "channels  1 (grey)", "  1  35", "  3  35"] { #expect(info.output.split(separator: "\n").contains(Substring(line)), "\(line) in \(info.output)") }
            }
            #expect(try HDF5File(reading: sandbox.path("samples.h5")).root.dataset("images").attributes.value("layout")?.string == "NHWC")
            // A folder with other images in it is not added to.
            let again = try sandbox.run("sample", "run", "-n", "3", "-o", "samples")
            #expect(again.status == 4 && again.errors == "gan-eval: samples: expected a new or empty folder, found one with files in it\n", "\(again.errors)")
            try succeed("sample", "run", "-n", "3", "--seed", "5", "-o", "three")
            #expect(sandbox.names(in: "three") == ["000000.png", "000001.png", "000002.png"])

            // One seed, one file; another seed, another.
            try succeed("sample", "run", "-n", "70", "--seed", "5", "--classes", "3,1", "-o", "again.h5")
            #expect(try Data(contentsOf: URL(fileURLWithPath: sandbox.path("again.h5"))) == Data(contentsOf: URL(fileURLWithPath: sandbox.path("samples.h5"))))
            try succeed("sample", "run", "-n", "70", "--seed", "6", "--classes", "3,1", "-o", "other.h5")
            #expect(try images("other.h5") != expected)
            try succeed("sample", "run", "-n", "70", "--seed", "5", "--classes", "3,1", "-o", "grid.png")
            #expect(try Array(tiles(picture("grid.png"), side: 16).prefix(70)) == expected)
            // Without latents only the class is left.
            try succeed("sample", "run", "-n", "6", "--classes", "3,1", "--truncation", "0", "-o", "mean.zip")
            let means = try images("mean.zip")
            #expect(means[0] == means[2] && means[2] == means[4] && means[1] == means[5] && means[0] != means[1])

            let same = try sandbox.report("fid", sandbox.path("samples.npz"), sandbox.path("samples.zip"), "--limit", "16"), other = try sandbox.report("fid", digits, sandbox.path("samples"), "--limit", "16")
            #expect(try abs(same.fid) <= 1e-9 * other.fid && other.fid > 1 && other.counts == ["real": 16, "fake": 16])
        }

        @Test func walksAreGridsAndAnimations() throws {
            try train("dcgan", digits, 6, "size=16", "width=4", "checkpointEvery=3")
            try succeed("interpolate", "run", "-o", "grid.png", "--rows", "3", "--steps", "4", "--seed", "2")
            let grid = try tiles(picture("grid.png"), side: 16)
            #expect(grid.count == 12 && Set(grid.map(\.pixels)).count == 12)
            try succeed("interpolate", "run", "-o", "line.png", "--rows", "3", "--steps", "4", "--seed", "2", "--path", "linear")
            let line = try tiles(picture("line.png"), side: 16)
            for row in 0..<3 { #expect(line[4 * row] == grid[4 * row] && line[4 * row + 3] == grid[4 * row + 3] && line[4 * row + 1] != grid[4 * row + 1]) }
            try succeed("interpolate", "run", "-o", "early.png", "--rows", "3", "--steps", "4", "--seed", "2", "--checkpoint", "3")
            #expect(try picture("early.png") != picture("grid.png"))

            // Every frame is written by the writer that ImagesTests take apart; here, how many there are, and the first.
            let outcome = try sandbox.run("interpolate", "run", "-o", "walk.png", "--animated", "--rows", "3", "--steps", "4", "--seed", "2", "--rate", "20", "--loops", "5")
            #expect(outcome.status == 0 && outcome.output == "walk.png: 3 walks in 6 pictures, 20 a second\n", "\(outcome.errors)")
            #expect(try Array(tiles(picture("walk.png"), side: 16).prefix(3)) == [grid[0], grid[4], grid[8]])
            let bytes = try Data(contentsOf: URL(fileURLWithPath: sandbox.path("walk.png"))), control = try #require(bytes.firstRange(of: Data("acTL".utf8)))
            #expect(Array(bytes[control.upperBound..<control.upperBound + 8]) == [0, 0, 0, 6, 0, 0, 0, 5])
            #expect(bytes.ranges(of: Data("fcTL".utf8)).count == 6)
        }

        /// Behind a mapping network there are ways in w between the same ends.
        @Test func walksInWJoinTheSameEnds() throws {
            try train("dcgan", digits, 20, "size=16", "width=4", "generator.mapping=2", "averageDecay=0", "generator.learningRate=0.02")
            try succeed("interpolate", "run", "-o", "z.png", "--rows", "2", "--steps", "5", "--path", "linear")
            try succeed("interpolate", "run", "-o", "w.png", "--rows", "2", "--steps", "5", "--space", "w")
            let inZ = try tiles(picture("z.png"), side: 16), inW = try tiles(picture("w.png"), side: 16)
            /// The largest difference of any pixel; a product of fewer rows may round otherwise.
            func apart(_ a: Image, _ b: Image) -> Int { zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0 }
            #expect(inW.count == 10 && Set(inW.map(\.pixels)).count == 10)
            for row in [0, 5] { #expect(apart(inZ[row], inW[row]) <= 1 && apart(inZ[row + 4], inW[row + 4]) <= 1 && apart(inZ[row + 2], inW[row + 2]) > 1, "\(row)") }
            let round = try sandbox.run("interpolate", "run", "-o", "no.png", "--space", "w", "--path", "spherical")
            #expect(round.status == 2 && round.errors.contains("--path spherical is a way in z"), "\(round.errors)")
        }

        @Test func namesOfOtherFilesAreNoFolders() throws {
            try train("dcgan", digits, 2, "size=16", "width=4")
            let moving = try sandbox.run("sample", "run", "-n", "2", "-o", "no.gif")
            #expect(moving.status == 2 && moving.errors.contains("no.gif: expected a folder, or a name that ends in .png, .h5, .npz or .zip"), "\(moving)")
            for name in ["A.H5", "B.ZIP", "c.v1/"] { try succeed("sample", "run", "-n", "2", "-o", name) }
            #expect(try images("A.H5") == images("c.v1") && images("B.ZIP") == images("c.v1") && !sandbox.names(in: ".").contains("no.gif"))
        }

        @Test func withoutAMappingNetworkThereIsNoW() throws {
            try train("dcgan", digits, 2, "size=16", "width=4")
            let outcome = try sandbox.run("interpolate", "run", "-o", "no.png", "--space", "w")
            #expect(outcome.status == 2 && outcome.errors.contains("there is no w: walk in z"), "\(outcome.errors)")
        }

        /// Training is given up by the user alone, who is told how; it comes to the same end.
        @Test func aDamagedCheckpointIsNamedWithTheOneBefore() throws {
            try train("dcgan", digits, 4, "size=16", "width=4", "checkpointEvery=2")
            let last = URL(fileURLWithPath: sandbox.path("run/checkpoints/step-00000004.h5")), whole = try Data(contentsOf: last)
            try whole.prefix(1000).write(to: last)
            let damaged = try sandbox.run("train", "--resume", "run", "--quiet")
            #expect(damaged.status == 3 && damaged.errorLines.count == 1 && damaged.errors.contains("step-00000004.h5: expected ") && damaged.errors.hasSuffix("; remove the file to go on from step 2\n"), "\(damaged.errors)")
            try FileManager.default.removeItem(at: last)
            #expect(try sandbox.run("train", "--resume", "run", "--quiet").status == 0 && Data(contentsOf: last) == whole)
            // Without one before there is nothing to go on from.
            try FileManager.default.removeItem(atPath: sandbox.path("run/checkpoints/step-00000002.h5"))
            try whole.prefix(1000).write(to: last)
            let alone = try sandbox.run("train", "--resume", "run", "--quiet")
            #expect(alone.status == 3 && !alone.errors.contains("remove the file"), "\(alone.errors)")
        }

        /// Every game that draws from latents has ways between them; ends are samples, and nothing but latents changes on the way.
        @Test(arguments: ["bigan", "infogan", "conditional", "vaegan", "adversarial-autoencoder"]) func everyLatentCanBeWalked(_ game: String) throws {
            let team = game == "adversarial-autoencoder" ? "autoencoder" : "generator"
            // Steps so long that the few there are tell latents and classes apart.
            try train(game, digits, 20, "size=16", "networks.width=4", "averageDecay=0", "\(team).learningRate=0.02")
            let options = ["--rows", "3", "--steps", "5", "--seed", "2"]
            func walk(_ name: String, _ more: String...) throws -> [Image] {
                let outcome = try sandbox.start(["interpolate", "run", "-o", name] + options + more).finish()
                try #require(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
                return try tiles(picture(name), side: 16)
            }
            let round = try walk("round.png"), straight = try walk("straight.png", "--path", "linear")
            #expect(round.count == 15 && Set(round.map(\.pixels)).count == 15)
            for row in 0..<3 { #expect(round[5 * row] == straight[5 * row] && round[5 * row + 4] == straight[5 * row + 4] && round[5 * row + 1] != straight[5 * row + 1], "\(row)") }
            #expect(try walk("again.png") == round && walk("other.png", "--seed", "3") != round)
            guard game == "infogan" || game == "conditional" else {
                let outcome = try sandbox.run("interpolate", "run", "-o", "no.png", "--classes", "1")
                return #expect(outcome.status == 2 && outcome.errors.contains("--classes 1: \(game) makes samples without classes"), "\(outcome.errors)")
            }
            // Rows are of classes 0, 1, 2 unless others are asked for; the latents are the same.
            #expect(try walk("classes.png", "--classes", "0,1,2") == round)
            let ones = try walk("ones.png", "--classes", "1")
            #expect(ones[5..<10] == round[5..<10] && ones[..<5] != round[..<5] && ones[10...] != round[10...])
            let outcome = try sandbox.run("interpolate", "run", "-o", "no.png", "--classes", "10")
            #expect(outcome.status == 2 && outcome.errors.contains("expected numbers below 10"), "\(outcome.errors)")
        }

        /// The components of a mixture prior are classes: a walk stays in one.
        @Test func componentsAreAskedForAsClasses() throws {
            try train("adversarial-autoencoder", digits, 2, "size=16", "networks.width=4", "prior.kind=mixture", "prior.components=3")
            try succeed("interpolate", "run", "-o", "walk.png", "--rows", "2", "--steps", "4", "--classes", "2")
            try succeed("sample", "run", "-n", "6", "--classes", "2", "-o", "two.zip")
            #expect(try tiles(picture("walk.png"), side: 16).count == 8 && images("two.zip").count == 6)
            let outcome = try sandbox.run("sample", "run", "--classes", "3", "-o", "three.zip")
            #expect(outcome.status == 2 && outcome.errors.contains("expected numbers below 3"), "\(outcome.errors)")
        }

        /// A code may have other values than the data has classes.
        @Test func codesAreAskedForAsClasses() throws {
            try train("infogan", digits, 2, "size=16", "networks.width=4", "codes.categories=5", "sampleEvery=2", "sampleCount=8")
            try succeed("sample", "run", "-n", "10", "--classes", "4", "-o", "four.zip")
            #expect(try images("four.zip").count == 10)
            let outcome = try sandbox.run("sample", "run", "--classes", "5", "-o", "five.zip")
            #expect(outcome.status == 2 && outcome.errors.contains("expected numbers below 5"), "\(outcome.errors)")
        }

        /// With steps so long that the few there are tell images apart.
        @Test(arguments: [("bigan", "generator"), ("adversarial-autoencoder", "autoencoder"), ("vaegan", "generator")]) func imagesAreReconstructed(_ game: String, _ team: String) throws {
            try train(game, digits, 20, "size=16", "networks.width=4", "averageDecay=0", "\(team).learningRate=0.05")
            try succeed("reconstruct", "run", digits, "-n", "5", "-o", "pairs.png")
            try succeed("reconstruct", "run", digits, "-n", "5", "-o", "there.h5")
            try succeed("datasets", "pack", digits, "-o", "given.h5", "--size", "16", "--limit", "5", "--quiet")
            let pairs = try tiles(picture("pairs.png"), side: 16), results = try images("there.h5")
            #expect(results.count == 5 && Set(results.map(\.pixels)).count >= 3)
            #expect(stride(from: 0, to: 10, by: 2).map { pairs[$0] } == (try images("given.h5")))
            #expect(stride(from: 1, to: 10, by: 2).map { pairs[$0] } == results)
            let samples = try sandbox.run("translate", "run", digits, "-o", "no.png")
            #expect(samples.status == 2 && samples.errors.hasPrefix("gan-eval: \(game): this game has one domain"), "\(samples.errors)")
        }

        @Test func imagesAreTranslatedBothWays() throws {
            let shapes = "shapes:size=16,channels=1"
            try train("cyclegan", "\(shapes) + \(shapes)", 2, "batchSize=2", "translator.width=4", "translator.blocks=1", "critic.width=4", "critic.halvings=1")
            try succeed("datasets", "make", shapes, "-n", "20", "-o", "given.h5")
            for direction in ["forward", "backward"] { try succeed("translate", "run", "given.h5", "-o", direction + ".npz", "--direction", direction) }
            try succeed("translate", "run", "given.h5", "-o", "pairs.png", "-n", "4")
            try succeed("translate", "run", "given.h5", "-o", "PAIRS.PNG", "-n", "4")
            #expect(try picture("PAIRS.PNG") == picture("pairs.png"))
            let forward = try images("forward.npz"), pairs = try tiles(picture("pairs.png"), side: 16)
            #expect(try forward.count == 20 && forward != images("backward.npz"))
            #expect(try [0, 2, 4, 6].map { pairs[$0] } == Array(images("given.h5").prefix(4)) && [1, 3, 5, 7].map { pairs[$0] } == Array(forward.prefix(4)))
            for (arguments, words) in [
                (["sample", "run", "-o", "no.h5"], "translates images and makes none of its own: use gan-eval translate"), (["interpolate", "run", "-o", "no.png"], "makes samples of images, not of latents"),
                (["reconstruct", "run", "given.h5", "-o", "no.png"], "this game has no encoder"),
            ] {
                let outcome = try sandbox.start(arguments).finish()
                #expect(outcome.status == 2 && outcome.errorLines.count == 1 && outcome.errors.contains(words), "\(outcome.errors)")
            }
        }

        @Test func pointsAreWrittenAsPoints() throws {
            try train("original", "ring", 3, "width=8", "depth=1")
            try succeed("sample", "run", "-n", "70", "-o", "points.h5")
            let info = try sandbox.run("datasets", "info", "points.h5")
            #expect(info.status == 0 && info.output.hasPrefix("points    70\nshape     [2]\n"), "\(info.output)")
            for (arguments, words) in [(["sample", "run", "-o", "no.npz"], "expected a name that ends in .h5"), (["interpolate", "run", "-o", "no.png"], "not images"), (["interpolate", "run", "-o", "no.png", "--animated"], "not images")] {
                let outcome = try sandbox.start(arguments).finish()
                #expect([2, 3].contains(outcome.status) && outcome.errorLines.count == 1 && outcome.errors.contains(words), "\(outcome.errors)")
            }
        }
    }
}
