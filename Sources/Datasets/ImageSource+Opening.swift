#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Images

extension ImageSource {
    /// Opens a folder, a single image, or a text file listing paths, told apart by what the file system and the first bytes
    /// say, never by the extension.
    /// - Parameter labelled: read class labels as well: a folder's sub-folders, a list's second column.
    /// - Throws: `DatasetError` if nothing is there, it cannot be read, it holds no image, or labels are wanted and missing.
    public static func open(_ path: String, labelled: Bool = false) throws(DatasetError) -> ImageSource {
        var status = stat()
        guard stat(path, &status) == 0 else { throw DatasetError(path: path, .unreadable(systemError())) }
        if status.st_mode & S_IFMT == S_IFDIR {
            return ImageSource(path: path, store: try FileStore(folder: path, labelled: labelled))
        }
        let start: [UInt8]
        do throws(ImageError) {
            start = try ImageFile.start(of: path, count: 4096)
        } catch {
            throw DatasetError(path: path, error)
        }
        if start.withUnsafeBytes({ ImageFormat(detecting: $0) }) != nil { return try single(path, labelled: labelled) }
        return ImageSource(path: path, store: try FileStore(list: path, text: try text(path, start), labelled: labelled))
    }

    /// One image file: a source of one.
    private static func single(_ path: String, labelled: Bool) throws(DatasetError) -> ImageSource {
        guard !labelled else { throw DatasetError(path: path, .noLabels("a single image has none")) }
        return ImageSource(path: path, store: FileStore(folder: "", names: [path], labels: nil, classNames: nil))
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
