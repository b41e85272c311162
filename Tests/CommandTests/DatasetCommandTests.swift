import Foundation
import TestSupport
import Testing

extension Commands {
    /// `gan-eval datasets`.
    @Suite struct Datasets {
        private let sandbox: Sandbox

        init() throws { sandbox = try Sandbox() }

        @Test func digitsArePackedAndDescribed() throws {
            let source = Fixtures.path("mnist-1000.h5")
            // Only HDF5 files keep the names of classes that no image has.
            for (file, classes) in [("set.h5", 10), ("set.zip", 3), ("set.npz", 3)] {
                let packed = try sandbox.run("datasets", "pack", source, "-o", file, "--size", "14", "--limit", "300", "--quiet")
                try #require(packed.status == 0, "\(packed.errors)")
                #expect(packed.output.hasPrefix("\(file): 300 images of 14 x 14 x 1, SHA-256 ") && packed.errors.isEmpty)
                let digest = packed.output.suffix(65).dropLast()
                let info = try sandbox.run("datasets", "info", file)
                #expect(info.status == 0 && info.errors.isEmpty, "\(info.errors)")
                for line in ["images    300", "size      14 x 14", "channels  1 (grey)", "classes   \(classes)", "  2  100", "file      SHA-256 \(digest)"] {
                    #expect(info.output.split(separator: "\n").contains(Substring(line)), "\(line) in \(info.output)")
                }
            }
            let shuffled = try sandbox.run("datasets", "pack", source, "-o", "shuffled.h5", "--shuffle", "1", "--limit", "300", "--channels", "3", "--no-labels")
            #expect(shuffled.status == 0)
            let info = try sandbox.run("datasets", "info", "shuffled.h5")
            #expect(info.output.contains("channels  3 (RGB)") && info.output.contains("classes   none"))
            #expect(info.errors.hasPrefix("note: shuffled.h5: no class labels: "))
        }

        /// The fixture holds its digits in order, a hundred of each.
        @Test func theFirstImagesCanBeLeftOut() throws {
            let packed = try sandbox.run("datasets", "pack", Fixtures.path("mnist-1000.h5"), "-o", "end.h5", "--skip", "800", "--limit", "150", "--quiet")
            #expect(packed.status == 0 && packed.output.hasPrefix("end.h5: 150 images of "), "\(packed.errors)")
            let lines = try sandbox.run("datasets", "info", "end.h5").output.split(separator: "\n")
            #expect(lines.contains("  8  100") && lines.contains("  9  50") && !lines.contains("  0  100"), "\(lines)")
        }

        @Test func distributionsAreDrawnIntoFiles() throws {
            let first = try sandbox.run("datasets", "make", "ring:modes=5", "-n", "400", "-o", "ring.h5", "--seed", "3")
            #expect(first.status == 0 && first.output.hasPrefix("ring.h5: 400 samples of ring:modes=5, seed 3, SHA-256 "), "\(first.errors)")
            #expect(try sandbox.run("datasets", "make", "ring:modes=5", "-n", "400", "-o", "ring.h5", "--seed", "3").output == first.output)
            let info = try sandbox.run("datasets", "info", "ring.h5")
            #expect(info.status == 0 && info.output.hasPrefix("points    400\nshape     [2]\n") && info.output.contains("\nclasses   5\n"), "\(info.output)")
            let shapes = try sandbox.run("datasets", "make", "shapes:channels=3", "-n", "30", "-o", "shapes.zip")
            #expect(shapes.status == 0)
            #expect(try sandbox.run("datasets", "info", "shapes.zip").output.contains("classes   3"))
            let list = try sandbox.run("datasets", "list")
            #expect(list.status == 0 && list.output.contains("modes=8,radius=2.0,deviation=0.1,divisor=1.0"))
        }

        @Test func whatIsWrongIsSaidInOneLine() throws {
            try sandbox.write([0, 0, 8, 3, 0, 0], to: "cut-images-idx3-ubyte")
            let digits = Fixtures.path("mnist-1000.h5")
            for (arguments, code, words) in [
                (["pack", "cut-images-idx3-ubyte", "-o", "x.h5"], 3, "gan-eval: cut-images-idx3-ubyte: expected 16 bytes of idx head, found 6"),
                (["pack", digits, "-o", "x.tar"], 2, "gan-eval: x.tar: expected a name that ends in .h5, .zip or .npz"),
                (["pack", digits, "-o", "missing/x.h5"], 4, "gan-eval: missing/x.h5: "),
                (["pack", Fixtures.path("images/decoding"), "-o", "x.h5", "--no-labels"], 3, "gan-eval: "),
                (["make", "ring:mode=2", "-n", "3", "-o", "x.h5"], 2, "gan-eval: ring:mode=2: ring has no option 'mode'; did you mean modes?"),
                (["info", "nothing"], 3, "gan-eval: nothing: cannot be read: No such file or directory"),
            ] {
                let outcome = try sandbox.start(["datasets"] + arguments + (arguments[0] == "pack" ? ["--quiet"] : [])).finish()
                #expect(outcome.status == Int32(code) && outcome.errorLines.count == 1 && outcome.errors.hasPrefix(words), "\(arguments): \(outcome.status) \(outcome.errors)")
            }
            for arguments in [
                ["pack", digits, "-o", "x.h5", "--channels", "2"], ["pack", digits, "-o", "x.h5", "--size", "0"], ["pack", digits, "-o", "x.h5", "--resampler", "nearest"],
                ["make", "ring", "-n", "0", "-o", "x.h5"], ["make", "ring", "-n", "3", "-o", "x.zip"], ["make", "circle", "-n", "3", "-o", "x.h5"],
            ] {
                let outcome = try sandbox.start(["datasets"] + arguments).finish()
                #expect(outcome.status == 2 && outcome.errors.contains("expected"), "\(arguments): \(outcome.status) \(outcome.errors)")
            }
            #expect(sandbox.names(in: ".").filter { $0.hasPrefix("x.") } == [])
        }
    }
}
