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
/// All calls may come from any thread; those that write run one at a time.
public final class HDF5File: Sendable {
    /// The path the file has, or will have once committed.
    public let path: String
    /// The group `/`.
    public let root: HDF5Group

    /// Where the file is until it is committed, and where it is then; nil for one that is read.
    private let names: (temporary: String, final: String)?
    private let id: Mutex<hid_t?>

    /// Opens an existing file for reading.
    /// - Throws: `HDF5Error` with reason `unreadable` where there is no readable HDF5 file.
    public convenience init(reading path: String) throws(HDF5Error) {
        try self.init(path) { () throws(Damage) in try StoredBytes(path: path) }
    }

    /// Reads a file that is in memory.
    /// - Parameter name: stands for the path in errors.
    public convenience init(bytes: [UInt8], name: String) throws(HDF5Error) {
        try self.init(name) { () throws(Damage) in StoredBytes(bytes) }
    }

    private init(_ path: String, bytes: () throws(Damage) -> StoredBytes) throws(HDF5Error) {
        let place = Place(file: path, object: "")
        let object = try place.locating { () throws(Damage) in
            let file = try StoredFile(bytes())
            return try StoredObject(at: file.root, in: file)
        }
        guard case .group(let group) = object else { throw place.error(.unreadable, expected: "a root group", found: "another object") }
        (self.path, names) = (path, nil)
        id = Mutex(nil)
        root = HDF5Group(backing: .stored(group), place: Place(file: path, object: "/"))
    }

    /// Starts a new file that replaces `path`, or what it links to, on `commit()`; without a commit nothing remains of it.
    /// - Throws: `HDF5Error` with reason `unwritable`, also for a pipe or a device, whose place no file may take.
    public init(creating path: String) throws(HDF5Error) {
        let final = try Self.final(path), temporary = "\(final).partial-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 16))"
        let (file, root) = try Library.locked { () throws(HDF5Error) -> (hid_t, hid_t) in
            let list = H5Pcreate(CHDF5_file_access_class()), place = Place(file: path)
            defer { H5Pclose(list) }
            CHDF5_tolerate_missing_locks(list)
            // Groups and datasets that are still referenced must not hold back the close that precedes the sync.
            H5Pset_fclose_degree(list, H5F_CLOSE_STRONG)
            let file = try Library.check(
                H5Fcreate(temporary, CHDF5_exclusive(), CHDF5_default(), list), place, .unwritable, expected: "a file that can be written")
            return (file, try Library.check(H5Gopen2(file, "/", CHDF5_default()), place, .unwritable, expected: "a root group"))
        }
        (self.path, names) = (path, (temporary, final))
        id = Mutex(file)
        self.root = HDF5Group(backing: .written(Handle(root, close: H5Gclose)), place: Place(file: path, object: "/"))
    }

    deinit {
        close()
        if let names { unlink(names.temporary) }
    }

    /// The bytes that HDF5 files begin with, unless something else stands before.
    public static let signature: [UInt8] = StoredFile.signature

    /// Whether the file begins as HDF5 files do (at byte 0, 512, 1024, …, where the signature may stand).
    public static func isHDF5(_ path: String) -> Bool {
        guard let bytes = try? StoredBytes(path: path) else { return false }
        return (try? StoredFile.begin(of: bytes)) != nil
    }

    /// Writes what is buffered to the file; it stays open.
    public func flush() throws(HDF5Error) {
        try Library.locked { () throws(HDF5Error) in
            guard let file = id.withLock({ $0 }) else { return }
            _ = try Library.check(
                H5Fflush(file, H5F_SCOPE_LOCAL), Place(file: path), .unwritable, expected: "room for the buffered data")
        }
    }

    /// Closes the file, syncs it to disk and moves it to its name. Its groups and datasets are unusable afterwards.
    /// - Throws: `HDF5Error` with reason `unwritable`; the file is then removed.
    public func commit() throws(HDF5Error) {
        guard let (temporary, final) = names, id.withLock({ $0 }) != nil else { return }
        try flush()
        let place = Place(file: path)
        guard close() >= 0 else { throw place.error(.unwritable, expected: "a file that closes", found: Library.lastMessage) }
        try sync(temporary)
        guard rename(temporary, final) == 0 else {
            throw place.error(.unwritable, expected: "to move \(temporary) here", found: String(cString: strerror(errno)))
        }
        let folder = final.lastIndex(of: "/").map { String(final[...$0]) } ?? "."
        // Some file systems cannot sync a folder; the rename itself has happened.
        try? sync(folder)
    }

    /// The file that a path leads to.
    private static func final(_ path: String) throws(HDF5Error) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return path }
        guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { throw Place(file: path).error(.unwritable, expected: "a file", found: "a pipe or a device") }
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
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
}

private func posixClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
