/// A file format, told by its first bytes and never by the file's extension.
public enum ImageFormat: Equatable, Sendable {
    /// Portable Network Graphics (RFC 2083).
    case png
    /// JPEG (ITU-T T.81), any wrapping.
    case jpeg
    /// A format that is recognised only to name it in an error.
    case unsupported(String)

    /// The format whose magic number `bytes` start with; nil if none is known.
    public init?(detecting bytes: UnsafeRawBufferPointer) {
        func starts(_ magic: StaticString, at offset: Int = 0) -> Bool {
            guard bytes.count >= offset + magic.utf8CodeUnitCount else { return false }
            return UnsafeBufferPointer(start: magic.utf8Start, count: magic.utf8CodeUnitCount)
                .elementsEqual(bytes[offset..<offset + magic.utf8CodeUnitCount])
        }
        func starts(_ magic: [UInt8], at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: magic) }

        if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if starts([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if starts("GIF87a") || starts("GIF89a") {
            self = .unsupported("GIF")
        } else if starts("RIFF") && starts("WEBP", at: 8) {
            self = .unsupported("WebP")
        } else if starts([0x49, 0x49, 0x2A, 0]) || starts([0x4D, 0x4D, 0, 0x2A]) || starts([0x49, 0x49, 0x2B, 0])
            || starts([0x4D, 0x4D, 0, 0x2B]) {
            self = .unsupported("TIFF")
        } else if starts("ftypavif", at: 4) || starts("ftypavis", at: 4) {
            self = .unsupported("AVIF")
        } else if starts("ftyphei", at: 4) || starts("ftyphev", at: 4) || starts("ftypmif1", at: 4) {
            self = .unsupported("HEIF")
        } else if starts([0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20]) || starts([0xFF, 0x4F, 0xFF, 0x51]) {
            self = .unsupported("JPEG 2000")
        } else if starts([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20]) || starts([0xFF, 0x0A]) {
            self = .unsupported("JPEG XL")
        } else if starts([0x8A, 0x4D, 0x4E, 0x47]) {
            self = .unsupported("MNG")
        } else if starts("8BPS") {
            self = .unsupported("Photoshop (PSD)")
        } else if starts("qoif") {
            self = .unsupported("QOI")
        } else if starts([0x76, 0x2F, 0x31, 0x01]) {
            self = .unsupported("OpenEXR")
        } else if starts("DDS ") {
            self = .unsupported("DDS")
        } else if starts("#?RADIANCE") {
            self = .unsupported("Radiance HDR")
        } else if starts([0, 0, 1, 0]) {
            self = .unsupported("ICO")
        } else if starts("BM") && bytes.count >= 26 {
            self = .unsupported("BMP")
        } else if bytes.count >= 3, bytes[0] == 0x50, (0x31...0x37).contains(bytes[1]), [0x20, 0x0A, 0x0D, 0x09].contains(bytes[2]) {
            self = .unsupported("PNM (PBM, PGM, PPM, PAM)")
        } else {
            return nil
        }
    }

    /// The format's usual name.
    public var name: String {
        switch self {
        case .png: "PNG"
        case .jpeg: "JPEG"
        case .unsupported(let name): name
        }
    }
}
