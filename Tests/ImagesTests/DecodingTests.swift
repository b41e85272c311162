import Images
import Testing

@Suite struct DecodingTests {
    @Test("Every kind of PNG and JPEG decodes to Pillow's RGB", arguments: ExpectedImage.all)
    func equalsPillow(_ expected: ExpectedImage) throws {
        let image = try Image(contentsOf: expected.path)
        #expect(image.width == expected.width)
        #expect(image.height == expected.height)
        #expect(Golden.digest(image.rgb.pixels) == expected.digest)
    }

    @Test func theTableIsComplete() { #expect(ExpectedImage.all.count == 67) }

    @Test func greyFilesStayGrey() throws {
        for name in ["grey1.png", "grey16.png", "grey-alpha8.png", "grey-alpha16.png", "grey.jpg"] {
            #expect(try Golden.decode(Golden.bytes("decoding/" + name)).channels == 1, "\(name)")
        }
        #expect(try Golden.decode(Golden.bytes("decoding/palette1.png")).channels == 3)
    }

    @Test("Decoding into an image that held something else gives the same picture")
    func memoryIsReused() throws {
        var reused = try Golden.decode(Golden.bytes("decoding/rgb8-many-idat.png"))
        for expected in ExpectedImage.all + ExpectedImage.all.reversed() {
            let bytes = try Golden.bytes("decoding/" + expected.file)
            try bytes.withUnsafeBytes { try reused.decode($0) }
            #expect(try reused == Golden.decode(bytes), "\(expected.file)")
        }
    }
}
