/// What stands behind a group, dataset or their attributes: a part of a file that is read, or an object of the library in a file that is being written.
enum Backing<Stored: Sendable>: Sendable {
    case stored(Stored)
    case written(Handle)

    /// The part of the file that is read.
    /// - Throws: `mismatched` where the file is being written.
    func stored(_ place: Place) throws(HDF5Error) -> Stored {
        if case .stored(let stored) = self { return stored }
        throw place.error(.mismatched, expected: "a file opened for reading", found: "one that is being written: commit it first")
    }

    /// The object of the library.
    /// - Throws: `unwritable` where the file is read.
    func handle(_ place: Place) throws(HDF5Error) -> Handle {
        if case .written(let handle) = self { return handle }
        throw place.error(.unwritable, expected: "a file that is being created", found: "one opened for reading")
    }

    /// The same, of the attributes of the object.
    func attributes(_ attributes: (Stored) -> StoredAttributes) -> Backing<StoredAttributes> {
        switch self {
        case .stored(let stored): .stored(attributes(stored))
        case .written(let handle): .written(handle)
        }
    }
}
