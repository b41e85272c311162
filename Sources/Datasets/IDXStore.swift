#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Archives

/// The images of an idx file, plain or gzipped (MNIST, Fashion-MNIST, EMNIST), and the classes in the file of labels beside it.
///
/// Format: two zero bytes, the element type (8: unsigned bytes), the number of axes, their extents as big-endian 32-bit numbers, the elements.
struct IDXStore: ArrayStore {
    let path: String
    private let bytes: any ByteSource
    let layout: ArrayLayout
    let labels: ClassLabels?

    /// Whether a file's first bytes, unpacked, are those of an idx file of any type.
    static func isIDX(_ start: [UInt8]) -> Bool {
        start.count >= 4 && start[0] == 0 && start[1] == 0 && [8, 9, 11, 12, 13, 14].contains(start[2]) && (1...4).contains(start[3])
    }

    init(_ path: String, labelled: Bool) throws(DatasetError) {
        let (bytes, extents) = try Self.open(path)
        guard extents.count == 3 else {
            let kind = extents.count == 1 ? "labels; name the file of images" : "an array of \(extents.count) axes"
            throw DatasetError(path: path, .malformed("expected images, an idx file of 3 axes (00 00 08 03), found \(kind)"))
        }
        guard let layout = ArrayLayout(shape: extents, axes: .channelsLast) else {
            throw DatasetError(path: path, .malformed("expected images, found an array of \(extents)"))
        }
        (self.path, self.bytes, self.layout) = (path, bytes, layout)
        labels = labelled ? try Self.labels(beside: path, count: layout.count) : nil
    }

    /// The bytes of an idx file and the extents in its head, which its length has confirmed.
    private static func open(_ path: String) throws(DatasetError) -> (any ByteSource, [Int]) {
        let (bytes, head) = try DatasetError.about { () throws(ArchiveError) -> (any ByteSource, [UInt8]) in
            var bytes: any ByteSource = try Archives.FileBytes(path)
            if try Gzip.isGzip(bytes.bytes(0..<min(2, bytes.count))) {
                bytes = try MemoryBytes(Gzip.decompress(bytes.bytes(), name: path), file: path)
            }
            return (bytes, try bytes.bytes(0..<min(20, bytes.count)))
        }
        guard isIDX(head), head[2] == 8 else {
            let found = head.prefix(4).map { [$0].hexadecimal }.joined(separator: " ")
            throw DatasetError(path: path, .malformed("expected an idx file of unsigned bytes (00 00 08 …), found \(found)"))
        }
        let axes = Int(head[3]), start = 4 + 4 * axes
        guard head.count >= start else { throw DatasetError(path: path, .malformed("expected \(start) bytes of idx head, found \(bytes.count)")) }
        let extents = (0..<axes).map { axis in head[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) } }
        var count = 1
        for extent in extents {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            count = overflow ? .max - start : product
        }
        guard bytes.count == start + count else {
            throw DatasetError(path: path, .malformed("expected \(start + count) bytes of an idx file of \(extents), found \(bytes.count)"))
        }
        return (bytes, extents)
    }

    private static func labels(beside path: String, count: Int) throws(DatasetError) -> ClassLabels {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "", file = String(path.dropFirst(folder.count))
        let plain = file.hasSuffix(".gz") ? String(file.dropLast(3)) : file
        var names: [String] = []
        for (images, labels) in [("images-idx3", "labels-idx1"), ("images.idx3", "labels.idx1")] {
            guard let place = plain.firstRange(of: images) else { continue }
            let name = plain[..<place.lowerBound] + labels + plain[place.upperBound...]
            names = file == plain ? [String(name), name + ".gz"] : [name + ".gz", String(name)]
        }
        guard let name = names.first(where: { access(folder + $0, F_OK) == 0 }) else {
            let wanted = names.first ?? "…-labels-idx1-ubyte beside …-images-idx3-ubyte"
            throw DatasetError(path: path, .noLabels("expected them in \(wanted), which does not exist"))
        }
        let (bytes, extents) = try open(folder + name)
        guard extents == [count] else {
            throw DatasetError(path: path, .malformed("expected \(count) labels in \(name), found \(extents)"))
        }
        let numbers = try DatasetError.about { () throws(ArchiveError) in try bytes.bytes(8..<bytes.count) }
        return try ClassLabels(numbers: numbers.map(Int.init), in: folder + name)
    }

    func row(_ index: Int) throws(ArchiveError) -> [UInt8] {
        let size = layout.height * layout.width
        return try bytes.bytes(16 + index * size..<16 + (index + 1) * size)
    }
}
