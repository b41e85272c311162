import Images
import Testing

@Suite struct EncodingTests {
    @Test("PNG comes back exactly", arguments: ["rgb8-many-idat.png", "grey8.png", "rgb8-one-pixel.png", "grey1-wide.png"])
    func pngRoundTrip(_ file: String) throws {
        let image = try Golden.decode(Golden.bytes("decoding/" + file))
        for level in [0, 1, 6, 9] {
            #expect(try Golden.decode(image.pngData(compression: level)) == image)
        }
        #expect(try image.pngData(compression: 9).count <= image.pngData(compression: 0).count)
    }

    @Test func jpegEqualsPillowsFile() throws {
        let colour = try Golden.decode(Golden.bytes("decoding/rgb8-many-idat.png"))
        let grey = try Golden.decode(Golden.bytes("decoding/grey8.png"))
        #expect(try colour.jpegData(quality: 85) == Golden.bytes("encoding/quality85-420.jpg"))
        #expect(try colour.jpegData(quality: 60, subsamplesChroma: false) == Golden.bytes("encoding/quality60-444.jpg"))
        #expect(try grey.jpegData(quality: 75) == Golden.bytes("encoding/grey-quality75.jpg"))
    }

    @Test func aJPEGHasALargestSide() throws {
        let wide = Image(width: 65_501, height: 1, channels: 1, pixels: [UInt8](repeating: 7, count: 65_501))
        #expect(throws: ImageError(.notEncodable(format: "JPEG", detail: "a JPEG is at most 65500 pixels wide or high"))) {
            try wide.jpegData()
        }
        #expect(try Golden.decode(wide.pngData()) == wide)
    }
}
