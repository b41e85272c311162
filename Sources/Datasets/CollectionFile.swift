import Archives
import HDF5
import Images
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Images on their way into one file, or a folder, that `ImageSource` and other tools read. The same images give the same bytes.
///
/// A file appears under its name when it is committed.
public struct CollectionFile {
    /// What is written.
    public enum Kind: Sendable {
        /// `images` `[N, H, W, C]`, `labels`, `class_names`.
        case hdf5
        /// StyleGAN's data sets: PNG files and `dataset.json`.
        case zip
        /// `arr_0` `[N, H, W, C]` and `arr_1`, as ADM's samples.
        case npz
        /// PNG files and, with classes, `dataset.json`.
        case folder

        /// The kind of file that a name's ending stands for.
        /// - Throws: `DatasetError` for any other ending.
        public init(path: String) throws(DatasetError) {
            if path.hasSuffix(".h5") || path.hasSuffix(".hdf5") {
                self = .hdf5
            } else if path.hasSuffix(".zip") {
                self = .zip
            } else if path.hasSuffix(".npz") {
                self = .npz
            } else {
                throw DatasetError(path: path, .badSpecification("expected a name that ends in .h5, .zip or .npz"))
            }
        }

        /// What is to be made under the name of a file or folder; nil for a single PNG.
        ///
        /// Any name may be a folder's but those that can only have been meant for a file of another kind.
        /// - Throws: `DatasetError` for these.
        public init?(output path: String) throws(DatasetError) {
            guard !path.hasSuffix("/") else {
                self = .folder
                return
            }
            let name = path.split(separator: "/").last ?? "", ending = name.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last?.lowercased()
            switch ending {
            case "png": return nil
            case "h5", "hdf5": self = .hdf5
            case "zip": self = .zip
            case "npz": self = .npz
            case "gif", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "avif", "svg", "pdf", "mp4", "npy", "pt", "pth", "pkl", "mat", "tar", "gz", "tgz", "tfrecord", "tfrecords", "parquet", "csv", "json":
                throw DatasetError(path: path, .badSpecification("expected a folder, or a name that ends in .png, .h5, .npz or .zip"))
            default: self = .folder
            }
        }
    }

    private let path: String, kind: Kind
    private let count: Int, shape: [Int]
    private let labels: [Int]?, classNames: [String]?
    private var done = 0
    private var stored: (file: HDF5File, images: HDF5Dataset)?
    private var values: [UInt8] = []
    private var entries: [(name: String, bytes: [UInt8])] = []

    /// Begins a collection.
    /// - Parameters:
    ///   - shape: `[height, width, channels]` of an image.
    ///   - labels: one class per image.
    ///   - classNames: the classes' names, which HDF5 files keep.
    /// - Throws: `DatasetError` for a file that cannot be written, or a folder that holds something already.
    public init(creating path: String, as kind: Kind, count: Int, shape: [Int], labels: [Int]? = nil, classNames: [String]? = nil) throws(DatasetError) {
        precondition(shape.count == 3 && labels.map { $0.count == count } ?? true, "no \(count) images of shape \(shape)")
        (self.path, self.kind, self.count, self.shape, self.labels, self.classNames) = (path, kind, count, shape, labels, classNames)
        switch kind {
        case .hdf5:
            stored = try DatasetError.about { () throws(HDF5Error) -> (file: HDF5File, images: HDF5Dataset) in
                let file = try HDF5File(creating: path)
                // Chunks of about 256 KiB: a random image costs little, a whole set is read in few steps.
                let chunk = max(1, (1 << 18) / shape.reduce(1, *))
                let images = try file.root.createDataset("images", of: UInt8.self, shape: [count] + shape, chunkRows: chunk, compression: 6)
                try images.attributes.set("layout", .string(ArrayLayout.Axes.channelsLast.rawValue))
                return (file, images)
            }
        case .folder: try Self.makeFolder(path)
        case .npz: values.reserveCapacity(count * shape.reduce(1, *))
        case .zip: break
        }
    }

    /// Adds images.
    /// - Shape: `[n, height, width, channels]`, in 0…255.
    /// - Throws: `DatasetError` naming the file that cannot be written.
    public mutating func append(_ bytes: [UInt8]) throws(DatasetError) {
        let size = shape.reduce(1, *), rows = done..<done + bytes.count / size
        precondition(bytes.count % size == 0 && rows.upperBound <= count, "\(bytes.count) values after \(done) of \(count) images of shape \(shape)")
        switch kind {
        case .hdf5: try DatasetError.about { () throws(HDF5Error) in try stored?.images.write(bytes, rows: rows) }
        case .npz: values += bytes
        case .zip, .folder:
            for (place, row) in rows.enumerated() {
                let file = try png(Array(bytes[place * size..<(place + 1) * size]))
                if kind == .zip {
                    entries.append((name(row), file))
                } else {
                    try DatasetError.about { () throws(ArchiveError) in try AtomicFile.write(file, to: joined(path, name(row))) }
                }
            }
        }
        done = rows.upperBound
    }

    /// Completes the collection, once.
    /// - Throws: `DatasetError` naming the file that cannot be written.
    public func commit() throws(DatasetError) {
        precondition(done == count, "\(done) of \(count) images")
        switch kind {
        case .hdf5:
            try DatasetError.about { () throws(HDF5Error) in
                if let labels { try stored?.file.root.write(labels.map(Int32.init), as: "labels", compression: 6) }
                if labels != nil, let classNames { try stored?.file.root.write(classNames, as: "class_names") }
                try stored?.file.commit()
            }
        case .npz:
            let classes = labels.map { [(name: "arr_1", bytes: NumPyArray.encode($0))] } ?? []
            let arrays = [(name: "arr_0", bytes: NumPyArray.encode(values, shape: [count] + shape))] + classes
            try DatasetError.about { () throws(ArchiveError) in try NumPyArchive.write(arrays, to: path, packing: .deflated) }
        case .zip:
            // With or without classes, or the folders of the names would stand for some. PNG files are compressed already.
            let entries = entries + [(ClassLabels.fileName, labelFile)]
            try DatasetError.about { () throws(ArchiveError) in try ZipArchive.write(entries, to: path, packing: .stored) }
        case .folder:
            guard labels != nil else { return }
            let text = labelFile
            try DatasetError.about { () throws(ArchiveError) in try AtomicFile.write(text, to: joined(path, ClassLabels.fileName)) }
        }
    }

    /// Writes the first `count` images of a source, with their classes if it has any.
    /// - Parameter progress: told how many are done, now and then.
    /// - Throws: `DatasetError` naming an image that cannot be read, or the file that cannot be written.
    public static func write(
        _ source: any SampleSource, count: Int, to path: String, progress: @escaping (Int) -> Void = { _ in }
    ) throws(DatasetError) {
        precondition(source.holdsImages && source.count.map { count <= $0 } ?? true, "no \(count) images in \(source.name)")
        let labels = source.classNames.map { _ in (0..<count).compactMap(source.label) }
        var file = try CollectionFile(creating: path, as: Kind(path: path), count: count, shape: source.shape, labels: labels, classNames: source.classNames)
        for start in stride(from: 0, to: count, by: 256) {
            let rows = start..<min(start + 256, count)
            try file.append(PixelScale.bytes(source.read(Array(rows))))
            progress(rows.upperBound)
        }
        try file.commit()
    }

    private func png(_ pixels: [UInt8]) throws(DatasetError) -> [UInt8] {
        do throws(ImageError) {
            return try Image(width: shape[1], height: shape[0], channels: shape[2], pixels: pixels).pngData()
        } catch {
            throw DatasetError(path: path, error)
        }
    }

    /// The content of `dataset.json`.
    private var labelFile: [UInt8] {
        let pairs = labels.map { "[" + $0.enumerated().map { "[\"\(name($0.offset))\", \($0.element)]" }.joined(separator: ", ") + "]" }
        return Array("{\"labels\": \(pairs ?? "null")}\n".utf8)
    }

    private func name(_ index: Int) -> String {
        kind == .folder ? Self.padded(index, 6) + ".png" : Self.padded(index / 1000, 5) + "/img" + Self.padded(index, 8) + ".png"
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// What is left from another time would be taken for images of this one.
    private static func makeFolder(_ path: String) throws(DatasetError) {
        try DatasetError.about { () throws(ArchiveError) in try Folder.make(path) }
        guard (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true else {
            throw DatasetError(path: path, .unwritable("expected a new or empty folder, found one with files in it"))
        }
    }
}
