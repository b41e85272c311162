import CHDF5

extension HDF5Group {
    /// Writes an array as a new dataset.
    /// - Parameters:
    ///   - compression: deflate level 1…9 with byte shuffle; `nil` stores the plain array.
    @discardableResult
    public func write<Element: HDF5Element>(
        _ elements: [Element], shape: [Int]? = nil, as name: String, compression: Int? = nil
    ) throws(HDF5Error) -> HDF5Dataset {
        let shape = shape ?? [elements.count]
        let dataset = try createDataset(name, of: Element.self, shape: shape, compression: compression)
        try dataset.write(elements)
        return dataset
    }

    /// Writes strings as a new dataset of variable-length UTF-8.
    @discardableResult
    public func write(_ strings: [String], as name: String) throws(HDF5Error) -> HDF5Dataset {
        let place = place.child(name), group = try backing.handle(place)
        let id = try Library.locked { () throws(HDF5Error) in
            let type = WrittenText.variableLengthType()
            defer { H5Tclose(type) }
            let space = H5Screate_simple(1, [hsize_t(strings.count)], nil)
            defer { H5Sclose(space) }
            let links = Self.intermediateGroups(), layout = Self.timelessLayout()
            defer {
                H5Pclose(links)
                H5Pclose(layout)
            }
            let id = try Library.check(
                H5Dcreate2(group.id, name, type, space, links, layout, CHDF5_default()), place, .unwritable,
                expected: "a new dataset")
            guard !strings.isEmpty else { return id }
            _ = try Library.check(
                WrittenText.withPointers(to: strings) { H5Dwrite(id, type, CHDF5_all(), CHDF5_all(), CHDF5_default(), $0) },
                place, .unwritable, expected: "room for \(strings.count) strings")
            return id
        }
        return HDF5Dataset(backing: .written(Handle(id, close: H5Dclose)), elementType: .string, place: place)
    }

    /// Makes an empty dataset to be written by `write(_:rows:)` or `append(_:)`.
    /// - Parameters:
    ///   - shape: the extents; a `growing` dataset may begin with 0 rows.
    ///   - growing: whether rows can be appended; the dataset is then stored in chunks.
    ///   - chunkRows: rows per chunk; by default as many as fit 1 MiB, the size of the library's chunk cache.
    ///   - compression: deflate level 1…9 with byte shuffle; `nil` for none.
    @discardableResult
    public func createDataset<Element: HDF5Element>(
        _ name: String, of type: Element.Type, shape: [Int], growing: Bool = false, chunkRows: Int? = nil, compression: Int? = nil
    ) throws(HDF5Error) -> HDF5Dataset {
        precondition(shape.allSatisfy { $0 >= 0 }, "negative extent in shape \(shape)")
        precondition(!growing || !shape.isEmpty, "a growing dataset needs a row axis")
        let place = place.child(name), group = try backing.handle(place)
        let id = try Library.locked { () throws(HDF5Error) in
            let extents = shape.map { hsize_t($0) }
            let limits = growing ? [CHDF5_unlimited()] + extents.dropFirst() : extents
            let space = shape.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(shape.count), extents, limits)
            defer { H5Sclose(space) }
            let layout = Self.timelessLayout()
            defer { H5Pclose(layout) }
            let rowElements = shape.dropFirst().reduce(1, *)
            // Empty and scalar datasets cannot be chunked, and have nothing to compress.
            if growing || (compression != nil && rowElements * (shape.first ?? 0) > 0) {
                let rowBytes = max(1, rowElements * MemoryLayout<Element>.stride)
                var rows = max(1, chunkRows ?? (1 << 20) / rowBytes)
                if !growing { rows = min(rows, shape[0]) }
                H5Pset_chunk(layout, Int32(shape.count), [hsize_t(rows)] + shape.dropFirst().map { hsize_t(max(1, $0)) })
                if let compression {
                    H5Pset_shuffle(layout)
                    _ = try Library.check(
                        H5Pset_deflate(layout, UInt32(clamping: compression)), place, .unwritable, expected: "a deflate level 0…9")
                }
            }
            let links = Self.intermediateGroups()
            defer { H5Pclose(links) }
            return try Library.check(
                H5Dcreate2(group.id, name, Element.nativeType, space, links, layout, CHDF5_default()), place, .unwritable,
                expected: "a new dataset")
        }
        return HDF5Dataset(backing: .written(Handle(id, close: H5Dclose)), elementType: Element.elementType, place: place)
    }

    /// Properties of a new dataset that does not note when it was made: the same arrays give the same bytes.
    private static func timelessLayout() -> hid_t {
        let layout = H5Pcreate(CHDF5_dataset_create_class())
        H5Pset_obj_track_times(layout, false)
        return layout
    }
}

extension HDF5Dataset {
    /// Writes all elements, or those of a range of rows, in row-major order.
    public func write<Element: HDF5Element>(_ elements: [Element], rows: Range<Int>? = nil) throws(HDF5Error) {
        let handle = try backing.handle(place)
        try Library.locked { () throws(HDF5Error) in
            let shape = try dimensions(handle)
            if let rows {
                guard let height = shape.first, rows.lowerBound >= 0, rows.upperBound <= height else {
                    throw place.error(.mismatched, expected: "rows \(rows.lowerBound)..<\(rows.upperBound)", found: "shape \(shape)")
                }
            }
            let rowShape = rows.map { [$0.count] + shape.dropFirst() } ?? shape
            guard elements.count == rowShape.reduce(1, *) else {
                throw place.error(.mismatched, expected: "elements for shape \(rowShape)", found: "\(elements.count)")
            }
            guard !elements.isEmpty else { return }
            let transfer = CHDF5_create_exact_transfer()
            defer { H5Pclose(transfer) }
            let (memory, file) = Self.selection(rows, of: shape, in: handle)
            defer { for space in [memory, file] where space != CHDF5_all() { H5Sclose(space) } }
            _ = try Library.check(
                H5Dwrite(handle.id, Element.nativeType, memory, file, transfer, elements), place, .unwritable,
                expected: "room for \(elements.count) \(elementType) elements")
        }
    }

    /// Adds rows at the end of a growing dataset.
    /// - Shape: `elements`: `[rows, shape[1], …]`, flattened; whole rows only.
    public func append<Element: HDF5Element>(_ elements: [Element]) throws(HDF5Error) {
        let handle = try backing.handle(place)
        try Library.locked { () throws(HDF5Error) in
            let shape = try dimensions(handle)
            let rowElements = shape.dropFirst().reduce(1, *)
            guard let height = shape.first, rowElements > 0, elements.count.isMultiple(of: rowElements) else {
                throw place.error(.mismatched, expected: "whole rows for shape \(shape)", found: "\(elements.count) elements")
            }
            let grown = height + elements.count / rowElements
            _ = try Library.check(
                H5Dset_extent(handle.id, [hsize_t(grown)] + shape.dropFirst().map { hsize_t($0) }), place, .unwritable,
                expected: "a dataset that can grow")
            try write(elements, rows: height..<grown)
        }
    }

    /// The memory and file spaces that select a range of rows; `H5S_ALL` for all of them.
    private static func selection(_ rows: Range<Int>?, of shape: [Int], in handle: Handle) -> (memory: hid_t, file: hid_t) {
        guard let rows else { return (CHDF5_all(), CHDF5_all()) }
        var start = [hsize_t](repeating: 0, count: shape.count)
        start[0] = hsize_t(rows.lowerBound)
        let count = [hsize_t(rows.count)] + shape.dropFirst().map { hsize_t($0) }
        let file = H5Dget_space(handle.id)
        H5Sselect_hyperslab(file, H5S_SELECT_SET, start, nil, count, nil)
        return (H5Screate_simple(Int32(count.count), count, nil), file)
    }
}
