import Archives
import HDF5

/// A file of named arrays in any of the formats in which weights are exchanged. The format is told by content; elements are read when asked for.
public struct WeightsFile: Sendable {
    /// The formats that are recognised.
    public enum Format: String, Sendable, CustomStringConvertible {
        case pyTorch = "PyTorch"
        case pyTorchOld = "PyTorch (before 1.6)"
        case torchScript = "TorchScript"
        case safetensors
        case hdf5 = "HDF5"
        case keras = "Keras HDF5"
        case numPy = "NumPy npz"

        /// The name itself.
        public var description: String { rawValue }
    }

    /// The path of the file.
    public let path: String
    /// The format it was recognised as.
    public let format: Format
    /// The arrays in the file's own order; no two have the same name.
    public let arrays: [WeightsArray]
    private let positions: [String: Int]

    /// Opens a file and reads its table of contents.
    /// - Throws: `WeightsError`: `unreadable` for an unknown or broken format, `refused` for a pickle that names a callable outside the allow-list,
    ///   `oversized` where claims exceed the file.
    public init(_ path: String) throws(WeightsError) {
        let source = try WeightsError.archives { () throws(ArchiveError) in try FileBytes(path) }
        if HDF5File.isHDF5(path) {
            let root = try WeightsError.hdf5 { () throws(HDF5Error) in try HDF5File(reading: path).root }
            try self.init(path, HDF5Weights(root))
            return
        }
        try self.init(source) { () throws(ArchiveError) in try ZipArchive(reading: path) }
    }

    /// Reads a file that is in memory.
    /// - Parameter name: stands for the path in errors.
    public init(bytes: [UInt8], name: String) throws(WeightsError) {
        if bytes.starts(with: HDF5File.signature) {
            let root = try WeightsError.hdf5 { () throws(HDF5Error) in try HDF5File(bytes: bytes, name: name).root }
            try self.init(name, HDF5Weights(root))
            return
        }
        try self.init(MemoryBytes(bytes, file: name)) { () throws(ArchiveError) in try ZipArchive(bytes: bytes, name: name) }
    }

    /// The names of the arrays, in the file's own order.
    public var names: [String] { arrays.map(\.name) }

    /// The array of a name, `nil` where there is none.
    public subscript(name: String) -> WeightsArray? { positions[name].map { arrays[$0] } }

    /// The array of a name.
    /// - Throws: `WeightsError` with reason `missing`.
    public func array(_ name: String) throws(WeightsError) -> WeightsArray {
        if let array = self[name] { return array }
        throw WeightsError(
            .missing, file: path, entry: name, expected: "an array of this name",
            found: arrays.isEmpty ? "no arrays" : "\(arrays.count) others: " + names.prefix(4).joined(separator: ", ") + (arrays.count > 4 ? ", …" : ""))
    }

    private init(_ source: some ByteSource, zip: () throws(ArchiveError) -> ZipArchive) throws(WeightsError) {
        let start = try WeightsError.archives { () throws(ArchiveError) in try source.bytes(0..<min(source.count, 64)) }
        if ZipArchive.isZip(start) {
            let archive = try WeightsError.archives(zip)
            let isNumPy = archive.entries.contains { $0.name.hasSuffix(".npy") } && !archive.entries.contains { $0.name.hasSuffix("data.pkl") }
            if isNumPy {
                try self.init(source.file, NumPyWeights(archive))
            } else {
                try self.init(source.file, TorchZipWeights(archive))
            }
        } else if TorchOldWeights.begins(start) {
            try self.init(source.file, TorchOldWeights(source))
        } else if Safetensors.begins(start, count: source.count) {
            try self.init(source.file, Safetensors(source))
        } else {
            throw WeightsError(
                .unreadable, file: source.file, expected: "weights as PyTorch, TorchScript, safetensors, HDF5 or npz", found: Self.describe(start))
        }
    }

    private init(_ path: String, _ contents: some WeightsContents) throws(WeightsError) {
        self.path = path
        format = contents.format
        arrays = contents.arrays
        var positions: [String: Int] = [:]
        for (index, array) in contents.arrays.enumerated() {
            if positions.updateValue(index, forKey: array.name) != nil {
                throw WeightsError(.mismatched, file: path, entry: array.name, expected: "one array of this name", found: "two")
            }
        }
        self.positions = positions
    }

    /// What the first bytes of a file say about it, for those that are no weights.
    private static func describe(_ start: [UInt8]) -> String {
        if start.isEmpty { return "an empty file" }
        let text = String(decoding: start.prefix(40), as: UTF8.self)
        if text.hasPrefix("version https://git-lfs") { return "a Git LFS pointer: fetch the file itself with 'git lfs pull'" }
        if text.lowercased().hasPrefix("<!doctype html") || text.lowercased().hasPrefix("<html") { return "a web page: the download went wrong" }
        return "bytes " + start.prefix(8).map { byte in String(byte, radix: 16) }.joined(separator: " ")
    }
}

/// What a reader of one format yields.
protocol WeightsContents {
    var format: WeightsFile.Format { get }
    var arrays: [WeightsArray] { get }
}
