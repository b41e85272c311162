import Archives

/// PyTorch's format since 1.6 and TorchScript: a ZIP archive with a pickle `data.pkl` and the bytes of each storage as an entry.
struct TorchZipWeights: WeightsContents {
    let format: WeightsFile.Format
    let arrays: [WeightsArray]

    init(_ archive: ZipArchive) throws(WeightsError) {
        // All entries lie in one folder, named after the file when it was written.
        guard let pickle = archive.entries.first(where: { $0.name.hasSuffix("/data.pkl") || $0.name == "data.pkl" }) else {
            throw WeightsError(.unreadable, file: archive.path, expected: "an entry data.pkl, as PyTorch writes it", found: "\(archive.entries.count) other entries")
        }
        let folder = String(pickle.name.dropLast("data.pkl".count))
        let isScript = archive.entry(folder + "constants.pkl") != nil
        format = isScript ? .torchScript : .pyTorch
        var isBigEndian = false
        if let order = archive.entry(folder + "byteorder") {
            let text = try WeightsError.archives { () throws(ArchiveError) in try archive.read(order, limit: 16) }
            isBigEndian = text.starts(with: "big".utf8)
        }
        var arrays = try Self.read(pickle, archive, storages: folder + "data/", prefix: "", isScript, isBigEndian)
        if let constants = archive.entry(folder + "constants.pkl") {
            arrays += try Self.read(constants, archive, storages: folder + "constants/", prefix: "CONSTANTS.", isScript, isBigEndian)
        }
        self.arrays = arrays
    }

    private static func read(
        _ pickle: ZipArchive.Entry, _ archive: ZipArchive, storages folder: String, prefix: String, _ isScript: Bool, _ isBigEndian: Bool
    ) throws(WeightsError) -> [WeightsArray] {
        let source = try WeightsError.archives { () throws(ArchiveError) in try archive.source(pickle) }
        var machine = PickleMachine(ByteCursor(source), allowsScriptClasses: isScript)
        let root = try machine.run()
        var sources: [String: ZipEntryBytes] = [:]
        var arrays: [WeightsArray] = []
        for named in try machine.namedTensors(root) {
            let storage = machine.storages[named.tensor.storage]
            let name = prefix + named.name
            if sources[storage.key] == nil {
                guard let entry = archive.entry(folder + storage.key) else {
                    throw WeightsError(.missing, file: archive.path, entry: name, expected: "an entry \(folder + storage.key)", found: "none")
                }
                sources[storage.key] = try WeightsError.archives { () throws(ArchiveError) in try archive.source(entry) }
            }
            guard let bytes = sources[storage.key] else { continue }
            guard storage.count <= bytes.count / storage.elementType.size else {
                throw WeightsError(
                    .oversized, file: archive.path, entry: name, expected: "\(storage.count) elements of \(storage.elementType)", found: "\(bytes.count) bytes")
            }
            arrays.append(try WeightsArray(torch: named.tensor, name, storage, source: bytes, origin: 0, isBigEndian: isBigEndian))
        }
        return arrays
    }
}

/// PyTorch's format before 1.6: pickles of a magic number, a version, the system, the object and the storages' keys, then count and bytes of each storage.
struct TorchOldWeights: WeightsContents {
    let format = WeightsFile.Format.pyTorchOld
    let arrays: [WeightsArray]

    /// `0x1950a86a20f9469cfc6c` as a pickle of protocol 2.
    private static let magic: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]

    /// Whether a file begins with the magic number, whatever the protocol of its pickle.
    static func begins(_ start: [UInt8]) -> Bool {
        guard start.count > magic.count, start[0] == 0x80 else { return false }
        return start.prefix(32).indices.contains { start[$0...].starts(with: magic[2...]) }
    }

    init(_ source: some ByteSource) throws(WeightsError) {
        var machine = PickleMachine(ByteCursor(source))
        _ = try machine.run()
        guard case .int(1001) = try machine.run() else { throw machine.misuse("an unknown version") }
        let isBigEndian = Self.isBigEndian(try machine.run(), machine)
        let root = try machine.run()
        let list = try machine.run()
        let keys = try machine.items(list, .list)

        // The element type of a storage is known from the tensors that use it.
        let types = Dictionary(machine.storages.map { ($0.key, $0) }) { first, _ in first }
        var runs: [String: (origin: Int, count: Int)] = [:]
        for key in keys {
            guard case .string(let key) = key, let storage = types[key] else { throw machine.misuse("a storage that nothing names") }
            let count = Int(clamping: Int64(bitPattern: try machine.cursor.unsigned(8)))
            guard count >= 0, count <= machine.cursor.remaining / storage.elementType.size else {
                throw machine.error(.oversized, expected: "\(count) elements of \(storage.elementType) in storage \(key)", found: "\(machine.cursor.remaining) bytes")
            }
            runs[key] = (machine.cursor.position, count)
            try machine.cursor.skip(count * storage.elementType.size)
        }
        var arrays: [WeightsArray] = []
        for named in try machine.namedTensors(root) {
            let storage = machine.storages[named.tensor.storage]
            guard let run = runs[storage.key], storage.count <= run.count, types[storage.key]?.elementType == storage.elementType else {
                throw WeightsError(
                    .unreadable, file: source.file, entry: named.name, expected: "\(storage.count) elements of \(storage.elementType) in storage \(storage.key)",
                    found: "\(runs[storage.key]?.count ?? 0)")
            }
            arrays.append(try WeightsArray(torch: named.tensor, named.name, storage, source: source, origin: run.origin, isBigEndian: isBigEndian))
        }
        self.arrays = arrays
    }

    private static func isBigEndian(_ system: PickleValue, _ machine: PickleMachine) -> Bool {
        guard case .node(let index) = system else { return false }
        let items = machine.nodes[index].items
        for position in stride(from: 0, to: items.count - 1, by: 2) {
            if case .string("little_endian") = items[position], case .bool(let isLittle) = items[position + 1] { return !isLittle }
        }
        return false
    }
}

extension WeightsArray {
    fileprivate init(
        torch tensor: TorchTensor, _ name: String, _ storage: TorchStorage, source: any ByteSource, origin: Int, isBigEndian: Bool
    ) throws(WeightsError) {
        let bytes = try StridedBytes(
            name, source: source, elementType: storage.elementType, origin: origin, available: storage.count, start: tensor.start, shape: tensor.shape,
            strides: tensor.strides, isBigEndian: isBigEndian)
        self.init(name: name, shape: tensor.shape, elementType: storage.elementType, storage: .strided(bytes))
    }
}
