import CHDF5

/// Text of a dataset or attribute, of fixed or variable length. All of it is called inside the lock.
struct StoredText {
    var type: hid_t
    var place: Place
    /// The most bytes that the text may claim.
    var limit: Int

    /// The type under which this package writes text: variable-length UTF-8, as h5py does.
    static func variableLengthType() -> hid_t {
        let type = H5Tcopy(CHDF5_c_string())
        H5Tset_size(type, CHDF5_variable())
        H5Tset_cset(type, H5T_CSET_UTF8)
        return type
    }

    /// Reads every element of `space` by a call that fills memory of the given type.
    func read(space: hid_t, by read: (hid_t, UnsafeMutableRawPointer) -> herr_t) throws(HDF5Error) -> [String] {
        guard H5Tget_class(type) == H5T_STRING else {
            throw place.error(.mismatched, expected: "text", found: "elements of type \(HDF5ElementType(of: type))")
        }
        let count = try place.dimensions(of: space).reduce(1, *)
        if count == 0 { return [] }
        return H5Tis_variable_str(type) > 0 ? try readVariable(count, space, read) : try readFixed(count, read)
    }

    private func readVariable(
        _ count: Int, _ space: hid_t, _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws(HDF5Error) -> [String] {
        try justify(count, times: MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)
        let memory = H5Tcopy(type)
        defer { H5Tclose(memory) }
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        let status = read(memory, &pointers)
        defer { H5Dvlen_reclaim(memory, space, CHDF5_default(), &pointers) }
        _ = try Library.check(status, place, .unreadable, expected: "variable-length text")
        return pointers.map { $0.map { String(cString: $0) } ?? "" }
    }

    private func readFixed(_ count: Int, _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t) throws(HDF5Error) -> [String] {
        let size = H5Tget_size(type)
        try justify(count, times: size)
        var bytes = [UInt8](repeating: 0, count: count * size)
        let status = read(type, &bytes)
        _ = try Library.check(status, place, .unreadable, expected: "text of \(size) bytes")
        let padding: UInt8? = H5Tget_strpad(type) == H5T_STR_SPACEPAD ? UInt8(ascii: " ") : nil
        return (0..<count).map { index in
            var text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
            while let padding, text.last == padding { text.removeLast() }
            return String(decoding: text, as: UTF8.self)
        }
    }

    private func justify(_ count: Int, times size: Int) throws(HDF5Error) {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow, bytes <= limit else {
            throw place.error(.oversized, expected: "at most \(limit) bytes of text", found: "\(count) strings of \(size) bytes")
        }
    }

    /// Calls `body` with an array of C strings.
    static func withPointers<Result>(to strings: [String], _ body: (UnsafeRawPointer) -> Result) -> Result {
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for string in strings {
            offsets.append(bytes.count)
            bytes += string.utf8CString
        }
        return bytes.withUnsafeBufferPointer { text in
            let pointers = offsets.map { text.baseAddress.unsafelyUnwrapped + $0 }
            return pointers.withUnsafeBytes { body($0.baseAddress.unsafelyUnwrapped) }
        }
    }
}
