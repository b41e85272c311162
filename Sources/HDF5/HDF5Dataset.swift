import CHDF5

/// An n-dimensional array inside a file. Its first axis is the row axis of partial reads and appends.
public struct HDF5Dataset: Sendable {
    let handle: Handle
    let place: Place

    /// The path of the dataset inside the file.
    public var path: String { place.object }

    /// The extent of each axis; empty for a scalar.
    /// - Throws: `HDF5Error` where an extent or the count of elements exceeds `Int`.
    public var shape: [Int] {
        get throws(HDF5Error) { try Library.locked { () throws(HDF5Error) in try dimensions() } }
    }

    /// How the file stores the elements.
    public var elementType: HDF5ElementType {
        Library.locked {
            let type = H5Dget_type(handle.id)
            defer { H5Tclose(type) }
            return type < 0 ? .other("unknown") : HDF5ElementType(of: type)
        }
    }

    /// The extents, checked; called inside the lock.
    func dimensions() throws(HDF5Error) -> [Int] {
        let space = try Library.check(H5Dget_space(handle.id), place, .unreadable, expected: "a shape")
        defer { H5Sclose(space) }
        return try place.dimensions(of: space)
    }
}

extension Place {
    /// The extents of a data space whose count of elements fits `Int`; a null space is an empty row.
    func dimensions(of space: hid_t) throws(HDF5Error) -> [Int] {
        if H5Sget_simple_extent_type(space) == H5S_NULL { return [0] }
        let rank = try Library.check(H5Sget_simple_extent_ndims(space), self, .unreadable, expected: "a shape")
        var extents = [hsize_t](repeating: 0, count: Int(rank))
        _ = try Library.check(H5Sget_simple_extent_dims(space, &extents, nil), self, .unreadable, expected: "a shape")
        var count = 1
        return try extents.map { extent throws(HDF5Error) in
            guard let value = Int(exactly: extent), case let (product, overflow) = count.multipliedReportingOverflow(by: max(value, 1)),
                !overflow
            else { throw error(.oversized, expected: "a count of elements that fits 64 bits", found: "shape \(extents)") }
            count = product
            return value
        }
    }
}
