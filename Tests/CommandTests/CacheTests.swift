import Foundation
import Images
import TestSupport
import Testing

extension Commands {
    /// Features kept between runs: used when nothing changed, never when anything did.
    @Suite struct Cache {
        private let sandbox: Sandbox
        private let real: String, fake: String

        init() throws {
            sandbox = try Sandbox()
            (real, fake) = (try sandbox.digits("real", 8), try sandbox.digits("fake", 8))
        }

        /// The sets that a run of `fid` extracted, by its progress lines.
        private func extracted(_ arguments: String...) throws -> Set<String> {
            let outcome = try sandbox.start(["fid", real, fake] + arguments).finish()
            try #require(outcome.status == 0, "\(outcome.errors)")
            return Set(outcome.errorLines.compactMap { $0.split(separator: ":").first.map(String.init) })
        }

        @Test func aSecondRunExtractsNothing() throws {
            #expect(try extracted() == ["real", "fake"])
            #expect(try extracted() == [])
            #expect(sandbox.cache.count == 2 && sandbox.cache.allSatisfy { $0.hasSuffix(".features.h5") })
            // Contents count, not names or places.
            try FileManager.default.moveItem(atPath: real, toPath: sandbox.path("elsewhere"))
            let moved = try sandbox.run("fid", sandbox.path("elsewhere"), fake)
            #expect(moved.status == 0 && moved.errors.isEmpty)
        }

        @Test func oneChangedPixelMisses() throws {
            let before = try sandbox.report("fid", real, fake)
            let path = real + "/0-003.png"
            let image = try Image(contentsOf: path)
            var pixels = image.pixels
            pixels[400] ^= 1
            try Data(Image(width: image.width, height: image.height, channels: image.channels, pixels: pixels).pngData()).write(to: URL(fileURLWithPath: path))
            #expect(try extracted() == ["real"])
            #expect(try sandbox.report("fid", real, fake).fid != before.fid)
        }

        @Test func otherSettingsMiss() throws {
            #expect(try extracted() == ["real", "fake"])
            #expect(try extracted("--protocol", "pytorch-fid") == ["real", "fake"])
            #expect(try extracted("--tap", "logits") == ["real", "fake"])
            #expect(try extracted("--limit", "7") == ["real", "fake"])
            #expect(try extracted("--shuffle", "3") == ["real", "fake"])
            #expect(try extracted("--weights", changedWeights()) == ["real", "fake"])
            // What changes nothing but speed still hits.
            #expect(try extracted("--batch-size", "3", "--threads", "1") == [])
            #expect(try extracted() == [])
        }

        /// The bundled weights with the last bit of one number flipped.
        private func changedWeights() throws -> String {
            let bundled = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("Sources/FeatureNetworks/Resources/networks/efficientnet-lite0.h5")
            var bytes = try Data(contentsOf: bundled)
            bytes[bytes.count / 2 & ~3] ^= 1
            return try sandbox.write(bytes, to: "changed.h5")
        }

        @Test func aDamagedFileIsMadeAgain() throws {
            let expected = try sandbox.report("fid", real, fake)
            let kept = sandbox.cache
            for name in kept {
                let path = sandbox.path("cache/gan-eval/" + name)
                try Data(contentsOf: URL(fileURLWithPath: path)).prefix(3000).write(to: URL(fileURLWithPath: path))
            }
            #expect(try extracted() == ["real", "fake"])
            #expect(sandbox.cache == kept)
            #expect(try sandbox.report("fid", real, fake).bits(of: "fid") == expected.bits(of: "fid"))
        }

        @Test func listAndClear() throws {
            let empty = try sandbox.run("cache", "list")
            #expect(empty.status == 0 && empty.output.isEmpty)
            _ = try extracted()
            try sandbox.write("mine".utf8, to: "cache/gan-eval/notes.txt")
            let list = try sandbox.run("cache", "list")
            let lines = list.output.split(separator: "\n")
            #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix(sandbox.path("cache/gan-eval/")) && $0.hasSuffix("efficientnet-lite0 1280, pillow-bicubic") }, "\(list.output)")
            let clear = try sandbox.run("cache", "clear")
            #expect(clear.status == 0 && clear.output == "2 files deleted\n")
            #expect(sandbox.cache == ["notes.txt"], "other files are left alone")
            #expect(try extracted() == ["real", "fake"])
        }

        @Test func cacheMayLieElsewhereOrNowhere() throws {
            let other = sandbox.path("other/cache")
            #expect(try extracted("--cache", other) == ["real", "fake"])
            #expect(try extracted("--cache", other) == [])
            #expect(sandbox.cache.isEmpty && sandbox.names(in: "other/cache").count == 2)
            #expect(try sandbox.run("cache", "list", "--cache", other).output.split(separator: "\n").count == 2)
            #expect(try sandbox.run("cache", "clear", "--cache", other).output == "2 files deleted\n")

            #expect(try extracted("--no-cache") == ["real", "fake"])
            #expect(sandbox.cache.isEmpty && sandbox.names(in: "temporary").isEmpty)
            let impossible = try sandbox.run("fid", real, fake, "--cache", "/dev/null/cache")
            #expect(impossible.status == 4 && impossible.errors == "gan-eval: /dev/null/cache: cannot make the folder: not a directory\n", "\(impossible.errors)")
            let both = try sandbox.run("fid", real, fake, "--cache", other, "--no-cache")
            #expect(both.status == 2 && both.errors.contains("exclude each other"))
        }
    }
}
