import CHDF5

/// Text on its way into a file. All of it is called inside the lock.
enum WrittenText {
    /// The type under which this package writes text: variable-length UTF-8, as h5py does.
    static func variableLengthType() -> hid_t {
        let type = H5Tcopy(CHDF5_c_string())
        H5Tset_size(type, CHDF5_variable())
        H5Tset_cset(type, H5T_CSET_UTF8)
        return type
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
