/// Why an image could not be read or written: the file, and one reason.
///
/// Source: limits and wording are this package's; the set of accepted files is Pillow's for PNG and JPEG.
public struct ImageError: Error, Equatable, Sendable {
    /// What went wrong.
    public enum Reason: Equatable, Sendable {
        /// The operating system refused: its own words ("Permission denied").
        case unreadable(String)
        /// The file could not be written: the operating system's words.
        case unwritable(String)
        /// There is not a single byte.
        case empty
        /// The first bytes belong to no image format known here.
        case notAnImage
        /// An image, but of a format this package does not decode.
        case unsupportedFormat(String)
        /// Broken or truncated: the decoder's words.
        case damaged(format: String, detail: String)
        /// More pixels than are decoded (`Image.maximumPixels`): a decompression bomb, or a mistake.
        case tooLarge(width: Int, height: Int)
        /// The pixels cannot be written in this format: the encoder's words.
        case notEncodable(format: String, detail: String)
    }

    /// The file, or the entry of an archive; nil when the bytes came without a name.
    public var path: String?
    /// What went wrong.
    public var reason: Reason

    /// An error about `path`.
    public init(path: String? = nil, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// The same error about a named file.
    public func naming(_ path: String) -> ImageError { ImageError(path: path, reason) }
}

extension ImageError: CustomStringConvertible {
    /// One line: the file, what was expected or found, what to do.
    public var description: String { (path ?? "image") + ": " + reason.description }
}

extension ImageError.Reason: CustomStringConvertible {
    /// One line without the file's name.
    public var description: String {
        switch self {
        case .unreadable(let words): "cannot be read: \(words)"
        case .unwritable(let words): "cannot be written: \(words)"
        case .empty: "the file is empty (0 bytes)"
        case .notAnImage: "not an image: expected the first bytes of a PNG or JPEG file"
        case .unsupportedFormat(let name): "\(name) is not supported; convert it to PNG or JPEG"
        case .damaged(let format, let detail): "damaged or truncated \(format): \(detail)"
        case .tooLarge(let width, let height):
            "\(width) x \(height) is more than the limit of \(Image.maximumPixels) pixels (a decompression bomb?)"
        case .notEncodable(let format, let detail): "cannot be encoded as \(format): \(detail)"
        }
    }
}
