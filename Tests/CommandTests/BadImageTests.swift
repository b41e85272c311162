import Foundation
import TestSupport
import Testing

extension Commands {
    /// Images and folders that cannot be used: one line that names the file and the reason, exit code 3.
    @Suite struct BadImages {
        private let sandbox: Sandbox
        private let real: String

        init() throws {
            sandbox = try Sandbox()
            real = try sandbox.digits("real", 6)
        }

        /// Ways to spoil a folder of images, each with what the message says after the file's name.
        enum Spoiled: String, CaseIterable {
            case truncatedPNG, truncatedJPEG, textNamedPNG, zeroBytes, danglingLink, decompressionBomb, zeroWidth, otherFormat

            /// The file's name; last in byte order.
            var name: String { self == .truncatedJPEG ? "zz.JPG" : "zz.png" }

            var reason: String {
                switch self {
                case .truncatedPNG: "damaged or truncated PNG: "
                case .truncatedJPEG: "damaged or truncated JPEG: "
                case .textNamedPNG: "not an image: expected the first bytes of a PNG or JPEG file"
                case .zeroBytes: "the file is empty (0 bytes)"
                case .danglingLink: "cannot be read: No such file or directory"
                case .decompressionBomb: "60000 x 60000 is more than the limit of "
                case .zeroWidth: "damaged or truncated PNG: "
                case .otherFormat: "GIF is not supported; convert it to PNG or JPEG"
                }
            }

            /// The file's bytes; nil for a link to nowhere.
            func bytes(like good: Data) throws -> Data? {
                switch self {
                case .truncatedPNG: good.prefix(good.count - 60)
                case .truncatedJPEG: try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("images/decoding/baseline-420.jpg"))).prefix(700)
                case .textNamedPNG: Data("These are no pixels.\n".utf8)
                case .zeroBytes: Data()
                case .danglingLink: nil
                case .decompressionBomb: PNG.claiming(width: 60000, height: 60000)
                case .zeroWidth: PNG.claiming(width: 0, height: 5)
                case .otherFormat: Data("GIF89a".utf8) + Data(count: 40)
                }
            }
        }

        /// A folder of six good images and a bad one.
        private func folder(_ spoiled: Spoiled) throws -> (folder: String, file: String) {
            let folder = try sandbox.digits("fake", 6)
            let file = folder + "/" + spoiled.name
            if let bytes = try spoiled.bytes(like: Data(contentsOf: URL(fileURLWithPath: folder + "/0-000.png"))) {
                try bytes.write(to: URL(fileURLWithPath: file))
            } else {
                try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: sandbox.path("nowhere"))
            }
            return (folder, file)
        }

        @Test(arguments: Spoiled.allCases)
        func aBadImageIsNamedOrSkippedAndReported(_ spoiled: Spoiled) throws {
            let (folder, file) = try folder(spoiled)
            func refuse() throws {
                let outcome = try sandbox.run("fid", real, folder, "--quiet")
                #expect(outcome.status == 3 && outcome.output.isEmpty && outcome.errorLines.count == 1)
                #expect(outcome.errors.hasPrefix("gan-eval: \(file): \(spoiled.reason)"), "\(outcome.errors)")
            }
            try refuse()

            let good = try sandbox.report("fid", real, try sandbox.digits("fake", 6, as: "good"))
            // The second time everything comes from the cache, and is reported all the same.
            for _ in 1...2 {
                let report = try sandbox.report("fid", real, folder, "--skip-unreadable")
                #expect(try agree(report.fid, good.fid, within: 1e-6))
                #expect(report.counts == ["real": 6, "fake": 6])
                #expect(report.warnings.count == 1 && report.warnings[0].hasPrefix("\(folder): 1 unreadable image left out, first \(file): \(spoiled.reason)"), "\(report.warnings)")
            }
            // What was kept without the image is no answer for a run that wants them all.
            try refuse()
        }

        @Test func extractionReportsWhatItLeftOut() throws {
            let (folder, file) = try folder(.zeroBytes)
            for (command, name) in [("features", "f.h5"), ("statistics", "s.h5")] {
                let outcome = try sandbox.run(command, folder, "-o", sandbox.path(name), "--skip-unreadable", "--quiet")
                #expect(outcome.status == 0 && outcome.output.contains("6 images"))
                #expect(outcome.errors == "note: \(folder): 1 unreadable image left out, first \(file): the file is empty (0 bytes)\n")
            }
        }

        /// A journal with gaps, left by a run that might skip, is not continued by one that must not.
        @Test func anInterruptedSkippingRunDoesNotHideTheBadImage() throws {
            let folder = try sandbox.digits("fake", 40), bad = folder + "/0-001.png"
            try Data().write(to: URL(fileURLWithPath: bad))
            let arguments = ["fid", folder, real, "--batch-size", "2"]
            func interrupt() throws {
                let run = try sandbox.start(arguments + ["--skip-unreadable"])
                #expect(try run.firstProgress() != nil)
                run.send(SIGKILL)
                #expect(try run.finish().wasSignalled)
            }
            try interrupt()
            let strict = try sandbox.start(arguments).finish()
            #expect(strict.status == 3 && strict.errors.contains("\(bad): the file is empty"), "\(strict.errors)")
            try interrupt()
            let report = try sandbox.report("fid", folder, real, "--batch-size", "2", "--skip-unreadable")
            #expect(report.counts == ["real": 39, "fake": 6])
            #expect(report.warnings == ["\(folder): 1 unreadable image left out, first \(bad): the file is empty (0 bytes)"])
        }

        @Test func nothingReadableIsAnError() throws {
            try FileManager.default.createDirectory(atPath: sandbox.path("bad"), withIntermediateDirectories: true)
            for name in ["a.png", "b.png"] { try sandbox.write("".utf8, to: "bad/" + name) }
            let outcome = try sandbox.run("fid", real, sandbox.path("bad"), "--skip-unreadable", "--quiet")
            #expect(outcome.status == 3 && outcome.errors == "gan-eval: \(sandbox.path("bad")): expected at least one readable image, found none in 2\n", "\(outcome.errors)")
        }

        @Test func aFileWithoutPermissionIsNamed() throws {
            sandbox.heedsPermissions = true
            let fake = try sandbox.digits("fake", 6)
            chmod(fake + "/0-002.png", 0)
            let outcome = try sandbox.run("fid", real, fake, "--quiet")
            #expect(outcome.status == 3 && outcome.errors == "gan-eval: \(fake)/0-002.png: cannot be read: Permission denied\n")
            let report = try sandbox.report("fid", real, fake, "--skip-unreadable")
            #expect(report.counts == ["real": 6, "fake": 5] && report.warnings.count == 1)
        }

        @Test func whatMayNotBeReadOrWrittenIsNamed() throws {
            sandbox.heedsPermissions = true
            for name in ["locked", "locked.h5", "locked.npz", "locked.zip", "locked.txt"] {
                let path = sandbox.path(name)
                if name == "locked" { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } else { try sandbox.write("x".utf8, to: name) }
                chmod(path, 0)
                let outcome = try sandbox.run("fid", real, path, "--quiet")
                #expect(outcome.status == 3 && outcome.errors == "gan-eval: \(path): cannot be read: Permission denied\n", "\(outcome.errors)")
                chmod(path, 0o700)
            }
            let closed = sandbox.path("closed")
            try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: true)
            chmod(closed, 0o500)
            for arguments in [["features", real, "-o", closed + "/f.h5"], ["statistics", real, "-o", closed + "/s.h5"], ["fid", real, real, "--json", closed + "/r.json"]] {
                let outcome = try sandbox.start(arguments + ["--quiet"]).finish()
                #expect(outcome.status == 4 && outcome.errorLines.count == 1 && outcome.errors.hasPrefix("gan-eval: \(closed)/"), "\(outcome.errors)")
                #expect(outcome.errors.lowercased().contains("permission denied"), "\(outcome.errors)")
            }
            let outcome = try sandbox.run("fid", real, real, "--cache", closed + "/cache", "--quiet")
            #expect(outcome.status == 4 && outcome.errors == "gan-eval: \(closed)/cache: cannot make the folder: permission denied\n", "\(outcome.errors)")
        }

        @Test func collectionsThatHoldNothingAreNamed() throws {
            for name in ["empty", "texts"] { try FileManager.default.createDirectory(atPath: sandbox.path(name), withIntermediateDirectories: true) }
            try sandbox.write("hello".utf8, to: "texts/a.txt")
            try sandbox.write([0, 1, 2, 255], to: "data.bin")
            try sandbox.write(Data("PK\u{3}\u{4}".utf8) + Data(count: 40), to: "broken.zip")
            try sandbox.write(Data([0x89]) + Data("HDF\r\n\u{1A}\n".utf8) + Data(count: 40), to: "broken.h5")
            try sandbox.write(Data([0x93]) + Data("NUMPY".utf8) + Data(count: 40), to: "broken.npy")
            for (name, reason) in [
                ("empty", "the folder is empty; expected PNG or JPEG images"), ("missing", "cannot be read: No such file or directory"),
                ("texts", "no image in the folder: none of its 1 entry ends in .png, .jpg or .jpeg"), ("broken.zip", ""), ("broken.h5", ""), ("broken.npy", ""), ("data.bin", "expected a folder of images, a .zip, an HDF5 file, a .npy or .npz array, or a text file listing image paths"),
            ] {
                let path = sandbox.path(name)
                for arguments in [["fid", real, path], ["fid", path, real], ["is", path], ["features", path, "-o", sandbox.path("f.h5")]] {
                    let outcome = try sandbox.start(arguments + ["--quiet"]).finish()
                    #expect(outcome.status == 3 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(name): \(outcome.errors)")
                    #expect(outcome.errors.hasPrefix("gan-eval: \(path): \(reason)"), "\(outcome.errors)")
                }
            }
        }

        @Test func aFolderOfOneImageIsTooFew() throws {
            let one = try sandbox.digits("fake", 1)
            for (arguments, need) in [
                (["fid", real, one], "at least 2 images for the Fréchet distance"), (["fid", one, real], "at least 2 images for the Fréchet distance"),
                (["kid", real, one], "at least 4 images for KID"), (["kid", one, real], "at least 4 images for KID"),
                (["is", one], "at least 10 images for the Inception Score in 10 splits"),
            ] {
                let outcome = try sandbox.start(arguments + ["--quiet"]).finish()
                #expect(outcome.status == 3 && outcome.errors == "gan-eval: \(one): expected \(need), found 1\n", "\(outcome.errors)")
            }
        }

        @Test func imagesOfAllSizesAndKindsAreOneSet() throws {
            let all = Fixtures.path("images/decoding")
            let report = try sandbox.report("fid", real, all)
            let count = try FileManager.default.contentsOfDirectory(atPath: all).filter { !$0.hasSuffix(".tsv") }.count
            #expect(report.counts == ["real": 6, "fake": count] && count > 50)
        }
    }
}

/// Just enough of a PNG file to claim a size.
private enum PNG {
    static func claiming(width: UInt32, height: UInt32) -> Data {
        var header = Data()
        for number in [width, height] { withUnsafeBytes(of: number.bigEndian) { header.append(contentsOf: $0) } }
        header.append(contentsOf: [8, 2, 0, 0, 0])
        // A zlib stream of nothing.
        let nothing = Data([0x78, 0x9C, 0x03, 0, 0, 0, 0, 1])
        return Data([0x89]) + Data("PNG\r\n\u{1A}\n".utf8) + chunk("IHDR", header) + chunk("IDAT", nothing) + chunk("IEND", Data())
    }

    private static func chunk(_ name: String, _ content: Data) -> Data {
        let named = Data(name.utf8) + content
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in named {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return [UInt32(content.count), ~crc].map { number in withUnsafeBytes(of: number.bigEndian) { Data($0) } }.enumerated()
            .reduce(Data()) { $0 + ($1.offset == 0 ? $1.element + named : $1.element) }
    }
}
