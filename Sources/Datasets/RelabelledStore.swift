import Archives
import Images

/// A collection whose classes come from elsewhere.
struct RelabelledStore: ImageStore {
    let store: any ImageStore
    let labels: ClassLabels?

    var count: Int { store.count }
    var contentKind: String { store.contentKind }
    func name(_ index: Int) -> String { store.name(index) }
    func location(_ index: Int) -> String { store.location(index) }
    func read(_ index: Int, into bytes: inout [UInt8]) throws(ImageError) { try store.read(index, into: &bytes) }
    func decode(_ bytes: [UInt8], into image: inout Image) throws(ImageError) { try store.decode(bytes, into: &image) }
}

extension ImageSource {
    /// The same images with the classes that a text file gives: one line for each image, in the order of the source. Classes are sorted as whole numbers if all of them are, else by their bytes.
    /// - Throws: `DatasetError` for a file that cannot be read, has an empty line, or another number of lines than there are images.
    public func labelled(by file: String) throws(DatasetError) -> ImageSource {
        let bytes = try DatasetError.about { () throws(ArchiveError) in try Archives.FileBytes(file).bytes() }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw DatasetError(path: file, .malformed("expected a text with one class per line")) }
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { String($0) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count == count else { throw DatasetError(path: file, .malformed("expected one class per line for the \(count) images of \(path), found \(lines.count) lines")) }
        if let empty = lines.firstIndex(where: \.isEmpty) { throw DatasetError(path: file, .malformed("line \(empty + 1) is empty; expected a class")) }
        let distinct = Set(lines), numbers = distinct.compactMap { Int($0) }
        let names = numbers.count == distinct.count ? numbers.sorted().map { String($0) } : distinct.sorted(by: precedes)
        guard Set(names) == distinct else { throw DatasetError(path: file, .malformed("a class is written in two ways, such as 1 and 01")) }
        let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        // The classes are this source's, the store is the whole collection: images outside the selection get the first class, and nobody sees it.
        var all = [Int](repeating: 0, count: store.count)
        for (index, line) in lines.enumerated() { all[position(index)] = places[line] ?? 0 }
        return ImageSource(path: path, store: RelabelledStore(store: store, labels: try ClassLabels(numbers: all, names: names, in: file)), order: order)
    }
}
