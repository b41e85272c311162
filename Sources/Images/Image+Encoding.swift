import CImageCodecs

extension Image {
    /// The picture as a PNG file's bytes, 8 bits per channel, grey or RGB.
    /// - Parameter compression: zlib's level, 0 (none) ... 9 (smallest).
    /// - Throws: `ImageError` without a path.
    public func pngData(compression: Int = 6) throws(ImageError) -> [UInt8] {
        precondition((0...9).contains(compression), "zlib's levels are 0...9, not \(compression)")
        return try encoded(as: "PNG") { pixels, encoded, message in
            codec_png_write(pixels, UInt32(width), UInt32(height), UInt32(channels), Int32(compression), &encoded, message)
        }
    }

    /// The picture as a baseline JPEG file's bytes.
    /// - Parameters:
    ///   - quality: libjpeg's scale, 1 (worst) ... 100.
    ///   - subsamplesChroma: 4:2:0 as most cameras and Pillow's default; otherwise 4:4:4.
    /// - Throws: `ImageError` without a path.
    public func jpegData(quality: Int = 95, subsamplesChroma: Bool = true) throws(ImageError) -> [UInt8] {
        precondition((1...100).contains(quality), "JPEG qualities are 1...100, not \(quality)")
        return try encoded(as: "JPEG") { pixels, encoded, message in
            codec_jpeg_write(pixels, UInt32(width), UInt32(height), UInt32(channels), Int32(quality), subsamplesChroma,
                             &encoded, message)
        }
    }

    private func encoded(
        as format: String,
        _ write: (UnsafePointer<UInt8>?, inout CodecBytes, UnsafeMutablePointer<CChar>?) -> Bool
    ) throws(ImageError) -> [UInt8] {
        guard width <= Int32.max && height <= Int32.max else { throw ImageError(.tooLarge(width: width, height: height)) }
        var message = emptyMessage
        var bytes = CodecBytes()
        let written = pixels.withUnsafeBufferPointer { pixels in
            withCharacters(of: &message) { write(pixels.baseAddress, &bytes, $0) }
        }
        guard written else { throw ImageError(.notEncodable(format: format, detail: text(of: message))) }
        defer { codec_bytes_free(&bytes) }
        return Array(UnsafeBufferPointer(start: bytes.bytes, count: bytes.count))
    }
}
