import CImageCodecs

extension Image {
    /// Decodes a PNG or JPEG file's bytes.
    ///
    /// The values equal Pillow's `Image.open(…).convert('RGB')`: alpha dropped without compositing, 16-bit colour cut to
    /// its high byte, 16-bit grey clipped to 255, CMYK taken as inverted; JPEG by libjpeg-turbo's slow integer transform
    /// with smooth chroma upsampling. Profiles, gamma and orientation are not applied.
    /// - Throws: `ImageError` without a path.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(ImageError) {
        self.init()
        try decode(bytes)
    }

    /// Reads and decodes a file.
    /// - Throws: `ImageError` naming `path`.
    public init(contentsOf path: String) throws(ImageError) {
        let bytes = try ImageFile.read(path)
        do throws(ImageError) {
            self.init()
            var failure: ImageError?
            bytes.withUnsafeBytes { buffer in
                do throws(ImageError) { try self.decode(buffer) } catch { failure = error }
            }
            if let failure { throw failure }
        } catch {
            throw error.naming(path)
        }
    }

    /// Decodes into this picture, reusing its memory; after an error its values are undefined.
    /// - Parameter pixelLimit: the most pixels that are decoded; judged by the header, before anything is allocated.
    /// - Throws: `ImageError` without a path.
    public mutating func decode(
        _ bytes: UnsafeRawBufferPointer, pixelLimit: Int = Image.maximumPixels
    ) throws(ImageError) {
        guard !bytes.isEmpty else { throw ImageError(.empty) }
        switch ImageFormat(detecting: bytes) {
        case .png: try decode(bytes, with: .png, pixelLimit)
        case .jpeg: try decode(bytes, with: .jpeg, pixelLimit)
        case .unsupported(let name): throw ImageError(.unsupportedFormat(name))
        case nil: throw ImageError(.notAnImage)
        }
    }

    private mutating func decode(_ bytes: UnsafeRawBufferPointer, with codec: Codec, _ pixelLimit: Int) throws(ImageError) {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { throw ImageError(.empty) }
        var header = CodecHeader()
        guard let decoder = codec.open(start, bytes.count, &header) else {
            throw ImageError(.damaged(format: codec.name, detail: text(of: header.message)))
        }
        defer { codec.close(decoder) }
        let (width, height) = (Int(header.width), Int(header.height))
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow && pixels <= pixelLimit else { throw ImageError(.tooLarge(width: width, height: height)) }
        guard !header.too_short else {
            throw ImageError(.damaged(format: codec.name, detail: "\(bytes.count) bytes cannot hold \(width) x \(height) pixels"))
        }
        try refill(width: width, height: height, channels: Int(header.channels)) { (buffer) throws(ImageError) in
            var message = emptyMessage
            guard codec.read(decoder, buffer.baseAddress, &message) else {
                throw ImageError(.damaged(format: codec.name, detail: text(of: message)))
            }
        }
    }

    /// One black pixel, before something is decoded into it.
    private init() { self.init(width: 1, height: 1, channels: 1, pixels: [0]) }
}

/// The three steps of a decoder in C, the same for each format.
private struct Codec {
    let name: String
    let open: (UnsafePointer<UInt8>, Int, inout CodecHeader) -> OpaquePointer?
    let read: (OpaquePointer, UnsafeMutablePointer<UInt8>?, inout Message) -> Bool
    let close: (OpaquePointer) -> Void

    static var png: Codec {
        Codec(name: "PNG", open: { codec_png_open($0, $1, &$2) },
              read: { decoder, pixels, message in withCharacters(of: &message) { codec_png_read(decoder, pixels, $0) } },
              close: { codec_png_close($0) })
    }

    static var jpeg: Codec {
        Codec(name: "JPEG", open: { codec_jpeg_open($0, $1, &$2) },
              read: { decoder, pixels, message in withCharacters(of: &message) { codec_jpeg_read(decoder, pixels, $0) } },
              close: { codec_jpeg_close($0) })
    }
}
