import CHDF5

extension HDF5Dataset {
    /// Reads all elements, or those of a range of rows, in row-major order.
    ///
    /// The library converts from the stored type. A value that `Element` cannot hold (too large, or a fraction where a whole number is asked for) is an
    /// error; a `Double` read as `Float` is rounded.
    /// - Shape: `[rows, shape[1], …]`, flattened.
    public func read<Element: HDF5Element>(_ type: Element.Type = Element.self, rows: Range<Int>? = nil) throws(HDF5Error) -> [Element] {
        try Library.locked { () throws(HDF5Error) in
            let count = try elementCount(rows)
            try justify(bytes: count, times: MemoryLayout<Element>.stride)
            // The closure of this initialiser cannot throw a typed error, so the outcome is carried out of it.
            var failure: HDF5Error?
            let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                do throws(HDF5Error) {
                    try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), rows: rows)
                    initialized = count
                } catch { failure = error }
            }
            if let failure { throw failure }
            return elements
        }
    }

    /// Reads rows into memory that the caller owns, whose size must be that of the rows.
    public func read<Element: HDF5Element>(into buffer: UnsafeMutableBufferPointer<Element>, rows: Range<Int>? = nil) throws(HDF5Error) {
        try Library.locked { () throws(HDF5Error) in
            let count = try elementCount(rows)
            guard count == buffer.count else {
                throw place.error(.mismatched, expected: "\(buffer.count) elements", found: "\(count) in rows of shape \(try dimensions())")
            }
            try fill(buffer, rows: rows)
        }
    }

    /// Reads text, of fixed or variable length, one string per element.
    public func readStrings() throws(HDF5Error) -> [String] {
        try Library.locked { () throws(HDF5Error) in
            let type = H5Dget_type(handle.id)
            defer { H5Tclose(type) }
            let space = H5Dget_space(handle.id)
            defer { H5Sclose(space) }
            return try StoredText(type: type, place: place, limit: byteLimit())
                .read(space: space) { memory, buffer in H5Dread(handle.id, memory, CHDF5_all(), CHDF5_all(), CHDF5_default(), buffer) }
        }
    }

    /// The count of elements in a range of rows, which must lie inside the dataset.
    private func elementCount(_ rows: Range<Int>?) throws(HDF5Error) -> Int {
        let shape = try dimensions()
        guard elementType.isNumeric else { throw place.error(.mismatched, expected: "numbers", found: "elements of type \(elementType)") }
        guard let rows else { return shape.reduce(1, *) }
        guard let height = shape.first, rows.lowerBound >= 0, rows.upperBound <= height else {
            throw place.error(.mismatched, expected: "rows \(rows.lowerBound)..<\(rows.upperBound)", found: "shape \(shape)")
        }
        return rows.count * shape.dropFirst().reduce(1, *)
    }

    /// Reads into memory of the right size; called inside the lock.
    private func fill<Element: HDF5Element>(_ buffer: UnsafeMutableBufferPointer<Element>, rows: Range<Int>?) throws(HDF5Error) {
        guard !buffer.isEmpty else { return }
        try justifyLayout()
        let transfer = CHDF5_create_exact_transfer()
        defer { H5Pclose(transfer) }
        let (memory, file) = try selection(rows)
        defer { close(memory, file) }
        _ = try Library.check(
            H5Dread(handle.id, Element.nativeType, memory, file, transfer, buffer.baseAddress), place, .unreadable,
            expected: "\(elementType) elements that \(Element.self) can hold")
    }

    /// The memory and file spaces that select a range of rows; `H5S_ALL` for all of them.
    func selection(_ rows: Range<Int>?) throws(HDF5Error) -> (memory: hid_t, file: hid_t) {
        guard let rows else { return (CHDF5_all(), CHDF5_all()) }
        let shape = try dimensions()
        var start = [hsize_t](repeating: 0, count: shape.count)
        start[0] = hsize_t(rows.lowerBound)
        let count = [hsize_t(rows.count)] + shape.dropFirst().map { hsize_t($0) }
        let file = H5Dget_space(handle.id)
        H5Sselect_hyperslab(file, H5S_SELECT_SET, start, nil, count, nil)
        return (H5Screate_simple(Int32(count.count), count, nil), file)
    }

    func close(_ spaces: hid_t...) { for space in spaces where space != CHDF5_all() { H5Sclose(space) } }

    /// More bytes than this cannot honestly come out of the file: deflate expands at most 1032 times.
    private func byteLimit() -> Int {
        var size: hsize_t = 0
        let file = H5Iget_file_id(handle.id)
        defer { H5Fclose(file) }
        H5Fget_filesize(file, &size)
        return (Int(clamping: size).multipliedReportingOverflow(by: 1032).overflow ? Int.max >> 1 : Int(size) * 1032) + 64 << 20
    }

    private func justify(bytes count: Int, times size: Int) throws(HDF5Error) {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        let limit = byteLimit()
        guard !overflow, bytes <= limit else {
            throw place.error(.oversized, expected: "at most \(limit) bytes in a file of this size", found: "\(count) elements of \(size) bytes")
        }
    }

    /// Refuses chunks that the library would allocate beyond what the file can justify, and data that lies in other files.
    private func justifyLayout() throws(HDF5Error) {
        let layout = H5Dget_create_plist(handle.id)
        defer { H5Pclose(layout) }
        if H5Pget_external_count(layout) > 0 {
            throw place.error(.unreadable, expected: "data inside this file", found: "data in an external file")
        }
        guard H5Pget_layout(layout) == H5D_CHUNKED else { return }
        var extents = [hsize_t](repeating: 0, count: try dimensions().count)
        H5Pget_chunk(layout, Int32(extents.count), &extents)
        let type = H5Dget_type(handle.id)
        defer { H5Tclose(type) }
        var elements = 1
        for extent in extents {
            let (product, overflow) = elements.multipliedReportingOverflow(by: Int(clamping: extent))
            elements = overflow ? Int.max : product
        }
        try justify(bytes: elements, times: H5Tget_size(type))
    }
}
