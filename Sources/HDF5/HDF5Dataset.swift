import CHDF5

/// An n-dimensional array inside a file. Its first axis is the row axis of partial reads and appends.
public struct HDF5Dataset: Sendable {
    let backing: Backing<StoredDataset>
    /// How the file stores the elements.
    public let elementType: HDF5ElementType
    let place: Place

    /// The path of the dataset inside the file.
    public var path: String { place.object }

    /// The extent of each axis; empty for a scalar.
    /// - Throws: `HDF5Error` where the file was closed.
    public var shape: [Int] {
        get throws(HDF5Error) {
            switch backing {
            case .stored(let dataset): dataset.space.extents
            case .written(let handle): try Library.locked { () throws(HDF5Error) in try dimensions(handle) }
            }
        }
    }

    /// The extents of an array of the library, which this process made; called inside the lock.
    func dimensions(_ handle: Handle) throws(HDF5Error) -> [Int] {
        let space = try Library.check(H5Dget_space(handle.id), place, .unwritable, expected: "an open dataset")
        defer { H5Sclose(space) }
        var extents = [hsize_t](repeating: 0, count: Int(try Library.check(H5Sget_simple_extent_ndims(space), place, .unwritable, expected: "a shape")))
        _ = try Library.check(H5Sget_simple_extent_dims(space, &extents, nil), place, .unwritable, expected: "a shape")
        return extents.map { Int(clamping: $0) }
    }
}
