import HDF5

/// An HDF5 file as weights: datasets of any depth under dotted names, or the layout of Keras.
struct HDF5Weights: WeightsContents {
    let format: WeightsFile.Format
    let arrays: [WeightsArray]

    init(_ root: HDF5Group) throws(WeightsError) {
        if let arrays = try WeightsError.hdf5({ () throws(HDF5Error) in try Self.keras(root) }) {
            (format, self.arrays) = (.keras, arrays)
        } else {
            (format, arrays) = (.hdf5, try WeightsError.hdf5 { () throws(HDF5Error) in try Self.nested(root) })
        }
    }

    /// All numeric datasets, groups joined with dots, in the byte order of names. Text is no weights, and links into other files or nowhere are passed by.
    private static func nested(_ root: HDF5Group) throws(HDF5Error) -> [WeightsArray] {
        var arrays: [WeightsArray] = []
        var pending: [(group: HDF5Group, prefix: String, depth: Int)] = [(root, "", 0)]
        var visits = 0
        while let (group, prefix, depth) = pending.popLast() {
            for name in try group.names() {
                visits += 1
                guard visits < 1 << 20, depth < 32 else {
                    throw HDF5Error(
                        .oversized, file: root.file, object: group.path, expected: "a tree of at most \(1 << 20) objects and 32 levels",
                        found: "more, or a group that contains itself")
                }
                switch try? group.child(name) {
                case .dataset(let dataset):
                    if let array = try array(prefix + name, dataset) { arrays.append(array) }
                case .group(let inner): pending.append((inner, prefix + name + ".", depth + 1))
                case nil: continue
                }
            }
        }
        return arrays.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The layout of Keras 2: `layer_names` of the root (or of `model_weights`) lists groups, `weight_names` of each its datasets, in the model's order.
    /// `conv/conv/kernel:0` becomes `conv.kernel`: a weight's own name begins with its layer's.
    private static func keras(_ root: HDF5Group) throws(HDF5Error) -> [WeightsArray]? {
        let group = root.contains("model_weights") ? try root.group("model_weights") : root
        guard let layers = try group.attributes.value("layer_names")?.strings else { return nil }
        var arrays: [WeightsArray] = []
        for layer in layers {
            let inner = try group.group(layer)
            for weight in try inner.attributes.value("weight_names")?.strings ?? [] {
                let name = (weight.hasSuffix(":0") ? String(weight.dropLast(2)) : weight).split(separator: "/").joined(separator: ".")
                if let array = try array(name, try inner.dataset(weight)) { arrays.append(array) }
            }
        }
        return arrays
    }

    private static func array(_ name: String, _ dataset: HDF5Dataset) throws(HDF5Error) -> WeightsArray? {
        guard let type = WeightsElementType(dataset.elementType) else { return nil }
        return WeightsArray(name: name, shape: try dataset.shape, elementType: type, storage: .hdf5(dataset))
    }
}

extension WeightsElementType {
    init?(_ type: HDF5ElementType) {
        switch type {
        case .float16: self = .float16
        case .float32: self = .float32
        case .float64: self = .float64
        case .int8: self = .int8
        case .int16: self = .int16
        case .int32: self = .int32
        case .int64: self = .int64
        case .uint8: self = .uint8
        case .uint16: self = .uint16
        case .uint32: self = .uint32
        case .uint64: self = .uint64
        case .boolean: self = .boolean
        case .string, .other: return nil
        }
    }
}
