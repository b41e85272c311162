extension HDF5Dataset {
    /// Reads all elements, or those of a range of rows, in row-major order.
    ///
    /// Elements are converted from the stored type. A value that `Element` cannot hold (too large, or a fraction where a whole number is asked for) is an
    /// error; a `Double` read as `Float` is rounded.
    /// - Shape: `[rows, shape[1], …]`, flattened.
    public func read<Element: HDF5Element>(_ type: Element.Type = Element.self, rows: Range<Int>? = nil) throws(HDF5Error) -> [Element] {
        let dataset = try backing.stored(place), (range, count) = try selection(rows, of: dataset, elementSize: MemoryLayout<Element>.stride)
        // The closure of this initialiser cannot throw a typed error, so the outcome is carried out of it.
        var failure: HDF5Error?
        let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(HDF5Error) {
                try fill(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(count * MemoryLayout<Element>.stride)]), Element.elementType, range, of: dataset)
                initialized = count
            } catch { failure = error }
        }
        if let failure { throw failure }
        return elements
    }

    /// Reads rows into memory that the caller owns, whose size must be that of the rows.
    public func read<Element: HDF5Element>(into buffer: UnsafeMutableBufferPointer<Element>, rows: Range<Int>? = nil) throws(HDF5Error) {
        let dataset = try backing.stored(place), (range, count) = try selection(rows, of: dataset, elementSize: MemoryLayout<Element>.stride)
        guard count == buffer.count else {
            throw place.error(.mismatched, expected: "\(buffer.count) elements", found: "\(count) in rows of shape \(dataset.space.extents)")
        }
        try fill(UnsafeMutableRawBufferPointer(buffer), Element.elementType, range, of: dataset)
    }

    /// Reads text, of fixed or variable length, one string per element.
    public func readStrings() throws(HDF5Error) -> [String] {
        let dataset = try backing.stored(place)
        return try place.locating { () throws(Damage) in
            let text = StoredText(type: dataset.type, file: dataset.file, limit: dataset.file.bytes.expansionLimit), count = dataset.space.count
            guard dataset.type.text != nil, count > 0 else { return try text.read([]) }
            try dataset.file.bytes.justify(count, times: dataset.type.size)
            var bytes = [UInt8](repeating: 0, count: count * dataset.type.size), failure: Damage?
            bytes.withUnsafeMutableBytes { buffer in
                do throws(Damage) { try dataset.read(0..<(dataset.space.extents.first ?? 1), into: buffer) } catch { failure = error }
            }
            if let failure { throw failure }
            return try text.read(bytes)
        }
    }

    /// A range of rows, which must lie inside the dataset, and the count of its elements, which the file must justify.
    private func selection(_ rows: Range<Int>?, of dataset: StoredDataset, elementSize: Int) throws(HDF5Error) -> (rows: Range<Int>, count: Int) {
        let shape = dataset.space.extents
        guard elementType.isNumeric else { throw place.error(.mismatched, expected: "numbers", found: "elements of type \(elementType)") }
        var (range, count) = (0..<(shape.first ?? 1), dataset.space.count)
        if let rows {
            guard let height = shape.first, rows.lowerBound >= 0, rows.upperBound <= height else {
                throw place.error(.mismatched, expected: "rows \(rows.lowerBound)..<\(rows.upperBound)", found: "shape \(shape)")
            }
            (range, count) = (rows, rows.count * shape.dropFirst().reduce(1, *))
        }
        try place.locating { () throws(Damage) in try dataset.file.bytes.justify(count, times: max(elementSize, dataset.type.size)) }
        return (range, count)
    }

    /// Reads rows into memory of the right size, and converts them to the type of its elements.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer, _ target: HDF5ElementType, _ rows: Range<Int>, of dataset: StoredDataset) throws(HDF5Error) {
        guard let begin = buffer.baseAddress, !buffer.isEmpty else { return }
        let type = dataset.type
        let isWhole = try place.locating { () throws(Damage) in
            if ElementConversion.isIdentity(type, target) {
                try dataset.read(rows, into: buffer)
                return true
            }
            // As many rows at a time as a small buffer holds.
            let perRow = buffer.count / rows.count, elementsPerRow = dataset.space.extents.dropFirst().reduce(1, *)
            let step = min(rows.count, try dataset.rowsPerPass(1 << 20))
            let stored = UnsafeMutableRawBufferPointer.allocate(byteCount: step * elementsPerRow * type.size, alignment: 16)
            defer { stored.deallocate() }
            for first in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
                let part = first..<min(first + step, rows.upperBound)
                let bytes = UnsafeMutableRawBufferPointer(rebasing: stored[..<(part.count * elementsPerRow * type.size)])
                try dataset.read(part, into: bytes)
                guard ElementConversion.convert(bytes, type, to: target, at: begin + (first - rows.lowerBound) * perRow) else { return false }
            }
            return true
        }
        guard isWhole else { throw place.error(.unreadable, expected: "\(elementType) elements that \(target) can hold", found: "one that it cannot") }
    }
}
