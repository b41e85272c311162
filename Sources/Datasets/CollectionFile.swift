import Archives
import HDF5
import Images

/// Writes images as one file that `ImageSource` and other tools read. The same images give the same bytes.
public enum CollectionFile {
    /// What a file is, by the ending of its name.
    public enum Kind: String, CaseIterable, Sendable {
        /// `images` `[N, H, W, C]`, `labels`, `class_names`.
        case hdf5 = "h5"
        /// StyleGAN's data sets: PNG files and `dataset.json`.
        case zip
        /// `arr_0` `[N, H, W, C]` and `arr_1`, as ADM's samples.
        case npz

        /// - Throws: `DatasetError` for any other ending.
        public init(path: String) throws(DatasetError) {
            guard let kind = Self.allCases.first(where: { path.hasSuffix("." + $0.rawValue) }) else {
                throw DatasetError(path: path, .badSpecification("expected a name that ends in .h5, .zip or .npz"))
            }
            self = kind
        }
    }

    /// Writes the first `count` images of a source, with their classes if it has any.
    /// - Parameter progress: told how many are done, now and then.
    /// - Throws: `DatasetError` naming an image that cannot be read, or the file that cannot be written.
    public static func write(
        _ source: any SampleSource, count: Int, to path: String, progress: @escaping (Int) -> Void = { _ in }
    ) throws(DatasetError) {
        precondition(source.holdsImages && source.count.map { count <= $0 } ?? true, "no \(count) images in \(source.name)")
        let images = Images(source: source, count: count, progress: progress)
        switch try Kind(path: path) {
        case .hdf5: try writeHDF5(images, path)
        case .zip: try writeZip(images, path)
        case .npz: try writeNumPy(images, path)
        }
    }

    /// The images in runs, as bytes.
    private struct Images {
        let source: any SampleSource
        let count: Int
        let progress: (Int) -> Void

        var labels: [Int]? { source.classNames == nil ? nil : (0..<count).compactMap(source.label) }

        func forEachRun(_ body: (_ rows: Range<Int>, _ bytes: [UInt8]) throws(DatasetError) -> Void) throws(DatasetError) {
            for start in stride(from: 0, to: count, by: 256) {
                let rows = start..<min(start + 256, count)
                try body(rows, source.read(Array(rows)).map { UInt8((($0 + 1) * 127.5).rounded()) })
                progress(rows.upperBound)
            }
        }
    }

    private static func writeHDF5(_ images: Images, _ path: String) throws(DatasetError) {
        let shape = images.source.shape, file = try DatasetError.about { () throws(HDF5Error) in try HDF5File(creating: path) }
        // Chunks of about 256 KiB: a random image costs little, a whole set is read in few steps.
        let chunk = max(1, (1 << 18) / images.source.sampleSize)
        let dataset = try DatasetError.about { () throws(HDF5Error) in
            let dataset = try file.root.createDataset("images", of: UInt8.self, shape: [images.count] + shape, chunkRows: chunk, compression: 6)
            try dataset.attributes.set("layout", .string(ArrayLayout.Axes.channelsLast.rawValue))
            return dataset
        }
        try images.forEachRun { (rows, bytes) throws(DatasetError) in
            try DatasetError.about { () throws(HDF5Error) in try dataset.write(bytes, rows: rows) }
        }
        try DatasetError.about { () throws(HDF5Error) in
            if let labels = images.labels, let names = images.source.classNames {
                try file.root.write(labels.map(Int32.init), as: "labels", compression: 6)
                try file.root.write(names, as: "class_names")
            }
            try file.commit()
        }
    }

    private static func writeZip(_ images: Images, _ path: String) throws(DatasetError) {
        let (height, width, channels) = (images.source.shape[0], images.source.shape[1], images.source.shape[2]), size = images.source.sampleSize
        func name(_ index: Int) -> String { padded(index / 1000, 5) + "/img" + padded(index, 8) + ".png" }
        var entries: [(name: String, bytes: [UInt8])] = []
        try images.forEachRun { (rows, bytes) throws(DatasetError) in
            for row in rows {
                let start = (row - rows.lowerBound) * size
                let image = Image(width: width, height: height, channels: channels, pixels: Array(bytes[start..<start + size]))
                do throws(ImageError) {
                    entries.append((name(row), try image.pngData()))
                } catch {
                    throw DatasetError(path: path, error)
                }
            }
        }
        // Written without classes as well, or the folders of the names would stand for some.
        let pairs = images.labels.map { "[" + $0.enumerated().map { "[\"\(name($0.offset))\", \($0.element)]" }.joined(separator: ", ") + "]" }
        entries.append((ClassLabels.fileName, Array("{\"labels\": \(pairs ?? "null")}\n".utf8)))
        // PNG files are compressed already.
        try DatasetError.about { () throws(ArchiveError) in try ZipArchive.write(entries, to: path, packing: .stored) }
    }

    private static func writeNumPy(_ images: Images, _ path: String) throws(DatasetError) {
        var values: [UInt8] = []
        values.reserveCapacity(images.count * images.source.sampleSize)
        try images.forEachRun { values += $1 }
        var arrays = [(name: "arr_0", bytes: NumPyArray.encode(values, shape: [images.count] + images.source.shape))]
        if let labels = images.labels { arrays.append(("arr_1", NumPyArray.encode(labels))) }
        try DatasetError.about { () throws(ArchiveError) in try NumPyArchive.write(arrays, to: path, packing: .deflated) }
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
