import Foundation
import Images
import TestSupport
import Testing

@Suite struct BadInputTests {
    static let wholeFiles = ExpectedImage.all.map(\.file)

    private func reason(_ bytes: [UInt8]) -> ImageError.Reason? {
        do throws(ImageError) {
            _ = try Golden.decode(bytes)
            return nil
        } catch {
            return error.reason
        }
    }

    /// A PNG that consists of a header and a few bytes of image data.
    private func png(width: UInt32, height: UInt32) throws -> [UInt8] {
        var bytes = try Golden.bytes("decoding/rgb8.png")
        for (offset, value) in [(16, width), (20, height)] {
            for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(byte))) }
        }
        let crc = Self.crc32(bytes[12..<29])
        for byte in 0..<4 { bytes[29 + byte] = UInt8(truncatingIfNeeded: crc >> (24 - 8 * UInt32(byte))) }
        return bytes
    }

    private func jpeg(width: UInt16, height: UInt16) throws -> [UInt8] {
        var bytes = try Golden.bytes("decoding/baseline-444.jpg")
        let frame = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        bytes.replaceSubrange(frame + 5..<frame + 9, with: [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)])
        return bytes
    }

    static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
    }

    @Test("A file cut off anywhere is an error, never half a picture", arguments: wholeFiles)
    func truncated(_ file: String) throws {
        let bytes = try Golden.bytes("decoding/" + file)
        // A PNG is complete without its closing chunk (12 bytes), as it is for Pillow.
        let complete = bytes[0] == 0x89 ? bytes.count - 12 : bytes.count
        for count in 0..<complete {
            guard let reason = reason(Array(bytes[..<count])) else {
                Issue.record("decoded from \(count) of \(bytes.count) bytes")
                return
            }
            if count >= 8 { guard case .damaged = reason else { Issue.record("\(reason)"); return } }
        }
    }

    @Test("A damaged file is an error or a picture, never a crash", arguments: wholeFiles)
    func mutated(_ file: String) throws {
        let whole = try Golden.bytes("decoding/" + file)
        var state: UInt64 = 0x1234_5678_9ABC_DEF1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
            do throws(ImageError) {
                let image = try Golden.decode(bytes)
                #expect(image.pixels.count == image.width * image.height * image.channels)
            } catch {
                #expect(!error.description.contains("\n"))
            }
        }
    }

    @Test func damagedScanDataIsAnError() throws {
        var bytes = try Golden.bytes("decoding/baseline-420.jpg")
        let scan = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
        // An end-of-image marker in the middle of the picture.
        let middle = (scan + bytes.count) / 2
        bytes.replaceSubrange(middle..<middle + 2, with: [0xFF, 0xD9])
        guard case .damaged(format: "JPEG", _) = reason(bytes) else { Issue.record("accepted"); return }
    }

    @Test func checkSumsAreChecked() throws {
        var bytes = try Golden.bytes("decoding/rgb8.png")
        bytes[bytes.count - 13] ^= 1
        #expect(reason(bytes) == .damaged(format: "PNG", detail: "IDAT: CRC error"))
    }

    @Test func emptyAndForeignFiles() throws {
        #expect(reason([]) == .empty)
        #expect(reason(Array("hello, world".utf8)) == .notAnImage)
        #expect(reason([0x89]) == .notAnImage)
        let foreign: [(String, [UInt8])] = [
            ("GIF", Array("GIF89a......".utf8)), ("WebP", Array("RIFF....WEBPVP8 ".utf8)), ("BMP", Array("BM".utf8) + Array(repeating: 0, count: 60)),
            ("TIFF", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0]), ("TIFF", [0x4D, 0x4D, 0, 0x2A]), ("AVIF", [0, 0, 0, 32] + Array("ftypavif".utf8)),
            ("PNM (PBM, PGM, PPM, PAM)", Array("P6\n2 2\n255\n".utf8)), ("JPEG 2000", [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20]),
        ]
        for (name, bytes) in foreign { #expect(reason(bytes) == .unsupportedFormat(name)) }
    }

    @Test("A bomb is refused before its pixels are allocated")
    func bombs() throws {
        #expect(try reason(png(width: 100_000, height: 100_000)) == .tooLarge(width: 100_000, height: 100_000))
        #expect(try reason(png(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF)) == .tooLarge(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF))
        #expect(try reason(jpeg(width: 65_500, height: 65_500)) == .tooLarge(width: 65_500, height: 65_500))
        // Below the limit, but more than so few bytes can hold.
        for bytes in try [png(width: 18_000, height: 18_000), jpeg(width: 18_000, height: 18_000)] {
            guard case .damaged(_, let detail) = reason(bytes) else { Issue.record("accepted"); continue }
            #expect(detail.contains("cannot hold 18000 x 18000 pixels"))
        }
    }

    @Test func zeroSizes() throws {
        for (width, height) in [(0, 7), (7, 0), (0, 0)] as [(UInt32, UInt32)] {
            #expect(try reason(png(width: width, height: height)) == .damaged(format: "PNG", detail: "its width or height is zero"))
        }
        for (width, height) in [(0, 7), (7, 0)] as [(UInt16, UInt16)] {
            guard case .damaged(format: "JPEG", _) = try reason(jpeg(width: width, height: height)) else { Issue.record("accepted"); return }
        }
    }

    @Test func unreadableFilesAreNamed() throws {
        try Fixtures.withTemporaryFolder { folder in
            func failure(_ path: String) -> ImageError? {
                do throws(ImageError) { _ = try Image(contentsOf: path); return nil } catch { return error }
            }
            let missing = folder + "/missing.png"
            #expect(failure(missing)?.description == "\(missing): cannot be read: No such file or directory")
            #expect(failure(folder) == ImageError(path: folder, .unreadable("not a regular file")))
            let empty = folder + "/empty.png"
            try Data().write(to: URL(fileURLWithPath: empty))
            #expect(failure(empty) == ImageError(path: empty, .empty))
            let pipe = folder + "/pipe.png"
            #expect(mkfifo(pipe, 0o600) == 0)
            #expect(failure(pipe) == ImageError(path: pipe, .unreadable("not a regular file")))
            let locked = folder + "/locked.png"
            try Data(Golden.bytes("decoding/rgb8.png")).write(to: URL(fileURLWithPath: locked))
            #expect(chmod(locked, 0) == 0)
            Fixtures.heedingPermissions { #expect(failure(locked) == ImageError(path: locked, .unreadable("Permission denied"))) }
        }
    }
}
