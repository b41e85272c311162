import CHDF5

/// A group: a folder of datasets and other groups. Names may be paths (`"model_weights/conv/kernel"`).
public struct HDF5Group: Sendable {
    let backing: Backing<StoredGroup>
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
        let group = try backing.stored(place)
        return try place.locating { () throws(Damage) in try group.links().keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    }

    /// Whether an object of this name exists and can be opened.
    public func contains(_ name: String) -> Bool { (try? child(name)) != nil }

    /// The group or dataset of a name.
    /// - Throws: `HDF5Error` with reason `missing`, which lists what there is.
    public func child(_ name: String) throws(HDF5Error) -> Child {
        let place = place.child(name), group = try backing.stored(place)
        switch try place.locating({ () throws(Damage) in try group.object(name) }) {
        case .group(let group): return .group(HDF5Group(backing: .stored(group), place: place))
        case .dataset(let dataset): return .dataset(HDF5Dataset(backing: .stored(dataset), elementType: dataset.type.element, place: place))
        case .type: throw place.error(.mismatched, expected: "a group or dataset", found: "a named type")
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
        let place = place.child(name), parent = try backing.handle(place)
        let id = try Library.locked { () throws(HDF5Error) in
            let links = Self.intermediateGroups()
            defer { H5Pclose(links) }
            return try Library.check(
                H5Gcreate2(parent.id, name, links, CHDF5_default(), CHDF5_default()), place, .unwritable, expected: "a new group")
        }
        return HDF5Group(backing: .written(Handle(id, close: H5Gclose)), place: place)
    }

    /// A link creation list under which the groups of a path come into being; called inside the lock.
    static func intermediateGroups() -> hid_t {
        let links = H5Pcreate(CHDF5_link_create_class())
        H5Pset_create_intermediate_group(links, 1)
        return links
    }
}
