#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Archives
import HDF5
import Images

extension ImageSource {
    /// Opens a folder, a single image, a `.zip` of images, an HDF5 file with a dataset `images`, a `.npy` array, an `.npz` with
    /// `arr_0`, MNIST's idx or CIFAR's binary files, or a text file listing paths; told apart by what the file system and the first bytes say, never by the
    /// extension.
    /// - Parameter labelled: read class labels as well: `dataset.json` or the sub-folders of a folder or archive, the dataset
    ///   `labels`, the array `arr_1`, the idx file of labels, a list's second column.
    /// - Throws: `DatasetError` if nothing is there, it cannot be read, it holds no image, or labels are wanted and missing.
    public static func open(_ path: String, labelled: Bool = false) throws(DatasetError) -> ImageSource {
        var status = stat()
        guard stat(path, &status) == 0 else { throw DatasetError(path: path, .unreadable(systemError())) }
        if status.st_mode & S_IFMT == S_IFDIR {
            if let store = try CIFARStore(folder: path, labelled: labelled) { return ImageSource(path: path, store: store) }
            return ImageSource(path: path, store: try FileStore(folder: path, labelled: labelled))
        }
        let start: [UInt8]
        do throws(ImageError) {
            start = try ImageFile.start(of: path, count: 4096)
        } catch {
            throw DatasetError(path: path, error)
        }
        if start.withUnsafeBytes({ ImageFormat(detecting: $0) }) != nil { return try single(path, labelled: labelled) }
        if NumPyArray.isNumPy(start) { return ImageSource(path: path, store: try NumPyStore(array: path, labelled: labelled)) }
        if ZipArchive.isZip(start) { return try zipped(path, labelled: labelled) }
        if HDF5File.isHDF5(path) { return ImageSource(path: path, store: try HDF5Store(path, labelled: labelled)) }
        if IDXStore.isIDX(start) || Gzip.isGzip(start) { return ImageSource(path: path, store: try IDXStore(path, labelled: labelled)) }
        if let store = try CIFARStore(file: path, labelled: labelled) { return ImageSource(path: path, store: store) }
        return ImageSource(path: path, store: try FileStore(list: path, text: try text(path, start), labelled: labelled))
    }

    /// Whether a path is a folder.
    public static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// One image file: a source of one.
    private static func single(_ path: String, labelled: Bool) throws(DatasetError) -> ImageSource {
        guard !labelled else { throw DatasetError(path: path, .noLabels("a single image has none")) }
        return ImageSource(path: path, store: FileStore(folder: "", names: [path], labels: nil))
    }

    /// An archive of arrays (`.npz`) or of image files.
    private static func zipped(_ path: String, labelled: Bool) throws(DatasetError) -> ImageSource {
        let archive = try DatasetError.about { () throws(ArchiveError) in try ZipArchive(reading: path) }
        let holdsArrays = archive.entries.contains { $0.name.hasSuffix(".npy") }
        return ImageSource(path: path, store: holdsArrays
            ? try NumPyStore(archive, labelled: labelled) : try ZipStore(archive, labelled: labelled))
    }

    private static func text(_ path: String, _ start: [UInt8]) throws(DatasetError) -> String {
        guard !start.isEmpty else { throw DatasetError(path: path, .malformed("the file is empty (0 bytes)")) }
        guard !start.contains(0) else { throw DatasetError(path: path, .unknownKind) }
        let bytes: [UInt8]
        do throws(ImageError) {
            bytes = try ImageFile.read(path)
        } catch {
            throw DatasetError(path: path, error)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw DatasetError(path: path, .unknownKind) }
        return text
    }
}
