import Images

/// A collection that is an array of 8-bit values: images of one size, known by their numbers.
protocol ArrayStore: ImageStore {
    associatedtype RowError: FileError
    /// The file, for messages.
    var path: String { get }
    var layout: ArrayLayout { get }
    /// The values of one image, as they lie in the file.
    func row(_ index: Int) throws(RowError) -> [UInt8]
}

extension ArrayStore {
    var count: Int { layout.count }

    var contentKind: String { layout.contentKind }

    func name(_ index: Int) -> String { String(index) }

    func location(_ index: Int) -> String { "\(path): image \(index)" }

    func read(_ index: Int, into bytes: inout [UInt8]) throws(ImageError) {
        bytes = try ImageError.about { () throws(RowError) in try row(index) }
    }

    func decode(_ bytes: [UInt8], into image: inout Image) throws(ImageError) { layout.decode(bytes, into: &image) }
}
