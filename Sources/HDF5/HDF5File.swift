import CHDF5
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An HDF5 file: open for reading, or being written under a temporary name until `commit()`.
///
/// A file that is being created appears under its own name only when `commit()` has synced it to disk: a crash leaves the old file or the new one.
/// All calls may come from any thread; the library runs them one at a time.
public final class HDF5File: Sendable {
    /// The path the file has, or will have once committed.
    public let path: String
    /// The group `/`.
    public let root: HDF5Group

    private let mode: Mode
    private let id: Mutex<hid_t?>

    private enum Mode: Equatable { case reading, memory, updating, creating(temporary: String) }

    /// Opens an existing file for reading.
    /// - Throws: `HDF5Error` with reason `unreadable` where there is no readable HDF5 file.
    public convenience init(reading path: String) throws(HDF5Error) {
        try self.init(path, .reading) { list in H5Fopen(path, CHDF5_read_only(), list) }
    }

    /// Opens an existing file for reading and writing in place; what was written is on disk after `commit()`.
    ///
    /// A crash between two flushes may leave such a file unreadable: use it for files that can be made again.
    public convenience init(updating path: String) throws(HDF5Error) {
        try self.init(path, .updating) { list in H5Fopen(path, CHDF5_read_write(), list) }
    }

    /// Starts a new file that replaces `path` on `commit()`; without a commit nothing remains of it.
    public convenience init(creating path: String) throws(HDF5Error) {
        let temporary = "\(path).partial-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 16))"
        try self.init(path, .creating(temporary: temporary)) { list in
            H5Fcreate(temporary, CHDF5_exclusive(), CHDF5_default(), list)
        }
    }

    /// Reads a file that is in memory.
    /// - Parameter name: stands for the path in errors.
    public convenience init(bytes: [UInt8], name: String) throws(HDF5Error) {
        try self.init(name, .memory) { list in
            H5Pset_fapl_core(list, 1 << 16, false)
            // The library copies the image; it does not write to it.
            var image = bytes
            H5Pset_file_image(list, &image, image.count)
            return H5Fopen(name, CHDF5_read_only(), list)
        }
    }

    private init(_ path: String, _ mode: Mode, open: (hid_t) -> hid_t) throws(HDF5Error) {
        let place = Place(file: path)
        let (file, root) = try Library.locked { () throws(HDF5Error) -> (hid_t, hid_t) in
            let list = H5Pcreate(CHDF5_file_access_class())
            defer { H5Pclose(list) }
            CHDF5_tolerate_missing_locks(list)
            if mode == .reading {
                if let problem = Self.problem(reading: path) { throw place.error(.unreadable, expected: "an HDF5 file", found: problem) }
            } else if mode != .memory {
                // Groups and datasets that are still referenced must not hold back the close that precedes the sync.
                H5Pset_fclose_degree(list, H5F_CLOSE_STRONG)
            }
            let isReading = mode == .reading || mode == .memory
            let file = try Library.check(
                open(list), place, isReading ? .unreadable : .unwritable, expected: isReading ? "an HDF5 file" : "a file that can be written")
            let root = H5Gopen2(file, "/", CHDF5_default())
            if root < 0 {
                let message = Library.lastMessage
                H5Fclose(file)
                throw place.error(.unreadable, expected: "a root group", found: message)
            }
            return (file, root)
        }
        self.path = path
        self.mode = mode
        self.id = Mutex(file)
        self.root = HDF5Group(handle: Handle(root, close: H5Gclose), place: Place(file: path, object: "/"))
    }

    deinit {
        close()
        if case .creating(let temporary) = mode { unlink(temporary) }
    }

    /// The bytes that HDF5 files begin with, unless something else stands before.
    public static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Whether the file begins as HDF5 files do (at byte 0, 512, 1024, …, where the signature may stand).
    public static func isHDF5(_ path: String) -> Bool { Library.locked { H5Fis_hdf5(path) > 0 } }

    /// Writes what is buffered to the file; it stays open.
    public func flush() throws(HDF5Error) {
        try Library.locked { () throws(HDF5Error) in
            guard let file = id.withLock({ $0 }) else { return }
            _ = try Library.check(
                H5Fflush(file, H5F_SCOPE_LOCAL), Place(file: path), .unwritable, expected: "room for the buffered data")
        }
    }

    /// Closes the file, syncs it to disk and, for a created file, moves it to its name. Its groups and datasets are unusable afterwards.
    /// - Throws: `HDF5Error` with reason `unwritable`; a created file is then removed.
    public func commit() throws(HDF5Error) {
        guard mode != .reading, mode != .memory, id.withLock({ $0 }) != nil else { return }
        try flush()
        let place = Place(file: path)
        guard close() >= 0 else { throw place.error(.unwritable, expected: "a file that closes", found: Library.lastMessage) }
        guard case .creating(let temporary) = mode else { return try sync(path) }
        try sync(temporary)
        guard rename(temporary, path) == 0 else {
            throw place.error(.unwritable, expected: "to move \(temporary) here", found: String(cString: strerror(errno)))
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        // Some file systems cannot sync a folder; the rename itself has happened.
        try? sync(folder)
    }

    @discardableResult
    private func close() -> herr_t {
        Library.locked {
            id.withLock { id in
                defer { id = nil }
                return id.map { H5Fclose($0) } ?? 0
            }
        }
    }

    private func sync(_ path: String) throws(HDF5Error) {
        let descriptor = open(path, O_RDONLY)
        defer { if descriptor >= 0 { _ = posixClose(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw Place(file: path).error(.unwritable, expected: "a file that syncs to disk", found: String(cString: strerror(errno)))
        }
    }

    /// What forbids reading a path, where that can be said better than the library does.
    private static func problem(reading path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return String(cString: strerror(errno)).lowercased() }
        if status.st_mode & S_IFMT == S_IFDIR { return "a folder" }
        if status.st_size == 0 { return "an empty file" }
        if access(path, R_OK) != 0 { return String(cString: strerror(errno)).lowercased() }
        return H5Fis_hdf5(path) > 0 ? nil : "no HDF5 signature"
    }
}

private func posixClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
