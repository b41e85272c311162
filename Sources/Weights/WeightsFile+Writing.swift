import Archives
import HDF5

extension WeightsFile {
    /// Writes arrays as safetensors, element types unchanged, synced and moved to `path` when complete.
    ///
    /// The bytes depend on the content alone: wider types stand first (so that all are aligned), then names in the byte order of their UTF-8.
    public static func writeSafetensors(_ arrays: [WeightsArray], metadata: [String: String] = [:], to path: String) throws(WeightsError) {
        try checkNames(arrays, path)
        let sorted = arrays.sorted {
            $0.elementType.size != $1.elementType.size
                ? $0.elementType.size > $1.elementType.size : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        var members: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { $0.key < $1.key }.map { quote($0.key) + ":" + quote($0.value) }
            members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        var offset = 0
        for array in sorted {
            guard let code = Safetensors.types.first(where: { $0.type == array.elementType })?.code else { continue }
            let end = offset + array.count * array.elementType.size
            members.append("\(quote(array.name)):{\"dtype\":\"\(code)\",\"shape\":[\(array.shape.map(String.init).joined(separator: ","))],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        do throws(ArchiveError) {
            var file = try AtomicFile(path)
            try file.write((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header)
            for array in sorted {
                let bytes: [UInt8]
                do throws(WeightsError) { bytes = try array.bytes() } catch {
                    throw ArchiveError(.unreadable, file: error.file, entry: error.entry, expected: error.expected, found: error.found)
                }
                try file.write(bytes)
            }
            try file.commit()
        } catch { throw WeightsError(error) }
    }

    /// Writes arrays as datasets of an HDF5 file's root group, synced and moved to `path` when complete.
    ///
    /// Element types are kept, but half precision and bfloat16 become float32 (exactly) and truth values bytes of 0 and 1.
    /// - Parameters:
    ///   - attributes: what describes the whole file: origin, licence, digest.
    ///   - compression: deflate level 1…9, `nil` for none.
    public static func writeHDF5(
        _ arrays: [WeightsArray], attributes: [String: HDF5Value] = [:], compression: Int? = nil, to path: String
    ) throws(WeightsError) {
        try checkNames(arrays, path)
        let file = try WeightsError.hdf5 { () throws(HDF5Error) in try HDF5File(creating: path) }
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            try WeightsError.hdf5 { () throws(HDF5Error) in try file.root.attributes.set(name, value) }
        }
        for array in arrays {
            switch array.elementType {
            case .float16, .bfloat16, .float32: try write(array, Float.self, file.root, compression)
            case .float64: try write(array, Double.self, file.root, compression)
            case .int8: try write(array, Int8.self, file.root, compression)
            case .int16: try write(array, Int16.self, file.root, compression)
            case .int32: try write(array, Int32.self, file.root, compression)
            case .int64: try write(array, Int64.self, file.root, compression)
            case .uint8, .boolean: try write(array, UInt8.self, file.root, compression)
            case .uint16: try write(array, UInt16.self, file.root, compression)
            case .uint32: try write(array, UInt32.self, file.root, compression)
            case .uint64: try write(array, UInt64.self, file.root, compression)
            }
        }
        try WeightsError.hdf5 { () throws(HDF5Error) in try file.commit() }
    }

    private static func write<Element: HDF5Element & NumPyElement>(
        _ array: WeightsArray, _ type: Element.Type, _ group: HDF5Group, _ compression: Int?
    ) throws(WeightsError) {
        let elements: [Element] = try array.read()
        _ = try WeightsError.hdf5 { () throws(HDF5Error) in try group.write(elements, shape: array.shape, as: array.name, compression: compression) }
    }

    private static func checkNames(_ arrays: [WeightsArray], _ path: String) throws(WeightsError) {
        var names: Set<String> = []
        for array in arrays where !names.insert(array.name).inserted {
            throw WeightsError(.mismatched, file: path, entry: array.name, expected: "one array of this name", found: "two")
        }
    }

    /// A JSON string.
    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
