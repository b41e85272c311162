extension WeightsFile {
    /// Every array in single precision, by name: what a network's state dictionary is made of.
    /// - Throws: `WeightsError` where elements cannot be read or exceed the range.
    public func named() throws(WeightsError) -> [String: (shape: [Int], values: [Float])] {
        var result: [String: (shape: [Int], values: [Float])] = [:]
        for name in names {
            let array = try array(name)
            result[name] = (array.shape, try array.floats())
        }
        return result
    }

    /// Writes named arrays in the format that the path's ending names, `.safetensors`, `.h5` or `.hdf5`: synced and moved to `path` when complete.
    /// - Parameter metadata: Texts that describe the file; attributes of the root group in HDF5.
    /// - Throws: `WeightsError`, also where the ending is another.
    public static func write(_ arrays: [String: (shape: [Int], values: [Float])], metadata: [String: String] = [:], to path: String) throws(WeightsError) {
        let list = arrays.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { WeightsArray(name: $0, shape: $1.shape, floats: $1.values) }
        switch path.split(separator: ".").last {
        case "safetensors": try writeSafetensors(list, metadata: metadata, to: path)
        case "h5", "hdf5": try writeHDF5(list, attributes: metadata.mapValues { .string($0) }, to: path)
        default: throw WeightsError(.unsupported, file: path, expected: "a name that ends in .safetensors, .h5 or .hdf5", found: "another ending")
        }
    }
}
