import Archives

/// The images of a NumPy array `[N, H, W, C]` of uint8: a `.npy` file, or `arr_0` of an `.npz` (ADM's sample files, whose
/// `arr_1` holds the classes).
struct NumPyStore: ArrayStore {
    let path: String
    private let array: NumPyArray
    let layout: ArrayLayout
    let labels: ClassLabels?

    /// A `.npy` file.
    init(array path: String, labelled: Bool) throws(DatasetError) {
        guard !labelled else { throw DatasetError(path: path, .noLabels("a .npy file has none")) }
        let array = try DatasetError.about { () throws(ArchiveError) in try NumPyArray(reading: path) }
        try self.init(path, array, numbers: nil)
    }

    /// An `.npz` file.
    init(_ archive: ZipArchive, labelled: Bool) throws(DatasetError) {
        let arrays = NumPyArchive(archive)
        guard let entry = archive.entry("arr_0.npy") else {
            let names = arrays.names.prefix(8).joined(separator: ", ")
            throw DatasetError(path: archive.path, .malformed("expected an array arr_0 of images, found \(names)"))
        }
        if labelled && !arrays.names.contains("arr_1") { throw DatasetError(path: archive.path, .noLabels("there is no array arr_1")) }
        let (array, numbers) = try DatasetError.about { () throws(ArchiveError) in
            (try entry.isStored ? arrays.array("arr_0") : NumPyArray(unpacked(archive.source(entry))),
             try labelled ? arrays.array("arr_1").read(Int.self) : nil)
        }
        try self.init(archive.path, array, numbers: numbers)
    }

    private init(_ path: String, _ array: NumPyArray, numbers: [Int]?) throws(DatasetError) {
        guard array.elementType == .uint8, let layout = ArrayLayout(shape: array.shape, axes: .channelsLast) else {
            throw DatasetError(path: path, .malformed(
                "expected uint8 images [N, H, W, C] with 1 or 3 channels, found \(array.elementType) \(array.shape)"))
        }
        (self.path, self.array, self.layout) = (path, array, layout)
        labels = try numbers.map { (numbers) throws(DatasetError) in try ClassLabels(numbers, of: "arr_1", for: layout.count, in: path) }
    }

    func row(_ index: Int) throws(ArchiveError) -> [UInt8] { try array.read(UInt8.self, rows: index..<index + 1) }
}
