import Images
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension FileStore {
    /// All images in a folder and its sub-folders, in the byte order of their relative paths. Links are followed; names
    /// that start with a dot are passed over.
    /// - Parameter labelled: read classes from `dataset.json` where the folder has one, otherwise from its sub-folders.
    init(folder: String, labelled: Bool) throws(DatasetError) {
        var walk = FolderWalk(root: folder)
        try walk.visit("", ancestors: [])
        guard !walk.images.isEmpty else {
            throw DatasetError(path: folder, .noImages(kind: "folder", otherEntries: walk.otherEntries))
        }
        let names = walk.images.sorted(by: precedes)
        guard labelled else {
            self.init(folder: folder, names: names, labels: nil)
            return
        }
        if walk.hasLabelFile {
            let bytes: [UInt8]
            do throws(ImageError) {
                bytes = try ImageFile.read(joined(folder, ClassLabels.fileName))
            } catch {
                throw DatasetError(path: joined(folder, ClassLabels.fileName), error)
            }
            self.init(folder: folder, names: names, labels: try ClassLabels(json: bytes, of: names, in: folder))
        } else {
            self.init(folder: folder, names: names, labels: try ClassLabels(folders: names, in: folder))
        }
    }
}

/// A recursive look into a folder.
private struct FolderWalk {
    /// A folder's own number: reached twice on one path, a link leads back to it.
    struct Identity: Equatable {
        let device: UInt64
        let node: UInt64
    }

    let root: String
    var images: [String] = []
    var otherEntries = 0
    var hasLabelFile = false

    init(root: String) { self.root = root }

    mutating func visit(_ relative: String, ancestors: [Identity]) throws(DatasetError) {
        let path = relative.isEmpty ? root : joined(root, relative)
        let own = identity(path)
        // A link back to a folder above would never end.
        guard !ancestors.contains(own) else { return }
        guard let directory = opendir(path) else { throw DatasetError(path: path, .unreadable(systemError())) }
        var subfolders: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(validating: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard let name else {
                closedir(directory)
                throw DatasetError(path: path, .malformed("a file name in this folder is not UTF-8; rename it"))
            }
            if name.utf8.first == UInt8(ascii: ".") { continue }
            let child = relative.isEmpty ? name : relative + "/" + name
            if isFolder(child, kind: Int32(entry.pointee.d_type)) {
                subfolders.append(child)
            } else if hasImageExtension(name) {
                images.append(child)
            } else {
                otherEntries += 1
                if child == ClassLabels.fileName { hasLabelFile = true }
            }
        }
        let failure = errno
        closedir(directory)
        guard failure == 0 else { throw DatasetError(path: path, .unreadable(String(cString: strerror(failure)))) }
        for subfolder in subfolders { try visit(subfolder, ancestors: ancestors + [own]) }
    }

    /// Asks the file system only where the directory's entry leaves it open (links, some file systems).
    private func isFolder(_ relative: String, kind: Int32) -> Bool {
        if kind == Int32(DT_DIR) { return true }
        guard kind == Int32(DT_LNK) || kind == Int32(DT_UNKNOWN) else { return false }
        var status = stat()
        return stat(joined(root, relative), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private func identity(_ path: String) -> Identity {
        var status = stat()
        guard stat(path, &status) == 0 else { return Identity(device: 0, node: 0) }
        return Identity(device: UInt64(truncatingIfNeeded: status.st_dev), node: UInt64(status.st_ino))
    }
}

/// The operating system's words for what just failed.
func systemError() -> String { String(cString: strerror(errno)) }
