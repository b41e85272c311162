import CHDF5

/// A group: a folder of datasets and other groups. Names may be paths (`"model_weights/conv/kernel"`).
public struct HDF5Group: Sendable {
    let handle: Handle
    let place: Place

    /// The path of the group inside the file.
    public var path: String { place.object }

    /// The path of the file.
    public var file: String { place.file }

    /// An object found under a name.
    public enum Child: Sendable {
        case group(HDF5Group)
        case dataset(HDF5Dataset)
    }

    /// The names of what the group holds, in the byte order of their UTF-8.
    public func names() throws(HDF5Error) -> [String] {
        try Library.locked { () throws(HDF5Error) in
            let (status, names) = Library.sortedNames { CHDF5_visit_links(handle.id, $0, $1) }
            _ = try Library.check(status, place, .unreadable, expected: "a group that can be listed")
            return names
        }
    }

    /// Whether an object of this name exists and can be opened.
    public func contains(_ name: String) -> Bool { (try? child(name)) != nil }

    /// The group or dataset of a name.
    /// - Throws: `HDF5Error` with reason `missing`, which lists what there is.
    public func child(_ name: String) throws(HDF5Error) -> Child {
        let place = place.child(name)
        let (id, kind) = try Library.locked { () throws(HDF5Error) -> (hid_t, H5I_type_t) in
            let access = CHDF5_create_local_link_access()
            defer { H5Pclose(access) }
            let id = name.isEmpty || name.utf8.contains(0) ? -1 : H5Oopen(handle.id, name, access)
            guard id >= 0 else {
                let message = Library.lastMessage
                let names = (try? self.names()) ?? []
                if names.contains(name) { throw place.error(.unreadable, expected: "a group or dataset", found: message) }
                throw place.error(.missing, expected: "a group or dataset of this name", found: Self.list(names))
            }
            return (id, H5Iget_type(id))
        }
        let opened = Handle(id, close: H5Oclose)
        switch kind {
        case H5I_GROUP: return .group(HDF5Group(handle: opened, place: place))
        case H5I_DATASET: return .dataset(HDF5Dataset(handle: opened, place: place))
        default: throw place.error(.mismatched, expected: "a group or dataset", found: "a named type")
        }
    }

    /// The group of a name.
    public func group(_ name: String) throws(HDF5Error) -> HDF5Group {
        if case .group(let group) = try child(name) { return group }
        throw place.child(name).error(.mismatched, expected: "a group", found: "a dataset")
    }

    /// The dataset of a name.
    public func dataset(_ name: String) throws(HDF5Error) -> HDF5Dataset {
        if case .dataset(let dataset) = try child(name) { return dataset }
        throw place.child(name).error(.mismatched, expected: "a dataset", found: "a group")
    }

    /// Makes a group, and the groups on the way to it where `name` is a path.
    @discardableResult
    public func createGroup(_ name: String) throws(HDF5Error) -> HDF5Group {
        let place = place.child(name)
        let id = try Library.locked { () throws(HDF5Error) in
            let links = Self.intermediateGroups()
            defer { H5Pclose(links) }
            return try Library.check(
                H5Gcreate2(handle.id, name, links, CHDF5_default(), CHDF5_default()), place, .unwritable, expected: "a new group")
        }
        return HDF5Group(handle: Handle(id, close: H5Gclose), place: place)
    }

    /// A link creation list under which the groups of a path come into being; called inside the lock.
    static func intermediateGroups() -> hid_t {
        let links = H5Pcreate(CHDF5_link_create_class())
        H5Pset_create_intermediate_group(links, 1)
        return links
    }

    private static func list(_ names: [String]) -> String {
        if names.isEmpty { return "an empty group" }
        return "only " + names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}
