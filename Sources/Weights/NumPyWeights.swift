import Archives

/// An npz archive as weights.
struct NumPyWeights: WeightsContents {
    let format = WeightsFile.Format.numPy
    let arrays: [WeightsArray]

    init(_ archive: ZipArchive) throws(WeightsError) {
        let arrays = NumPyArchive(archive)
        self.arrays = try WeightsError.archives { () throws(ArchiveError) in
            try arrays.names.map { name throws(ArchiveError) in
                let array = try arrays.array(name)
                return WeightsArray(name: name, shape: array.shape, elementType: WeightsElementType(array.elementType), storage: .numPy(array))
            }
        }
    }
}

extension WeightsElementType {
    init(_ type: NumPyElementType) {
        self = switch type {
        case .float16: .float16
        case .float32: .float32
        case .float64: .float64
        case .int8: .int8
        case .int16: .int16
        case .int32: .int32
        case .int64: .int64
        case .uint8: .uint8
        case .uint16: .uint16
        case .uint32: .uint32
        case .uint64: .uint64
        case .boolean: .boolean
        }
    }
}
