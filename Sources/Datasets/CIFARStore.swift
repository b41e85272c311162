#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Archives
import Images

/// The images of CIFAR-10's or CIFAR-100's binary version: one file, or the training files of a folder.
///
/// A record is one label (CIFAR-10) or a coarse and a fine one (CIFAR-100, whose fine labels are the classes), then 32 × 32 values of red, of green, of
/// blue. The format has no signature; it is known by its labels, which stand 3073 or 3074 bytes apart.
struct CIFARStore: ArrayStore {
    fileprivate enum Version: CaseIterable {
        case ten, hundred

        /// How many classes each of a record's labels has.
        var labelCounts: [Int] { self == .ten ? [10] : [20, 100] }
        var recordSize: Int { labelCounts.count + pixelCount }
        var name: String { self == .ten ? "CIFAR-10" : "CIFAR-100" }
        var namesFile: String { self == .ten ? "batches.meta.txt" : "fine_label_names.txt" }
    }

    fileprivate static let pixelCount = 32 * 32 * 3

    let path: String
    private let version: Version
    private let files: [Archives.FileBytes]
    /// The index after the last image of each file.
    private let ends: [Int]
    let layout: ArrayLayout
    let labels: ClassLabels?

    /// The training files in a folder, nil where there are none.
    init?(folder: String, labelled: Bool) throws(DatasetError) {
        let names = ((1...5).map { "data_batch_\($0).bin" } + ["train.bin"]).map { joined(folder, $0) }.filter { access($0, F_OK) == 0 }
        guard !names.isEmpty else { return nil }
        let files = try DatasetError.about { () throws(ArchiveError) in try names.map { (name) throws(ArchiveError) in try Archives.FileBytes(name) } }
        guard let version = try Self.version(files[0]) else {
            throw DatasetError(path: names[0], .malformed("expected records of CIFAR-10 (3073 bytes) or CIFAR-100 (3074 bytes), found other bytes"))
        }
        try self.init(folder, files, version, labelled: labelled)
    }

    /// One file, nil where it is not of the format.
    init?(file path: String, labelled: Bool) throws(DatasetError) {
        let file = try DatasetError.about { () throws(ArchiveError) in try Archives.FileBytes(path) }
        guard let version = try Self.version(file) else { return nil }
        try self.init(path, [file], version, labelled: labelled)
    }

    private init(_ path: String, _ files: [Archives.FileBytes], _ version: Version, labelled: Bool) throws(DatasetError) {
        var (ends, numbers): ([Int], [Int]) = ([], [])
        for file in files {
            guard file.count > 0, file.count % version.recordSize == 0 else {
                throw DatasetError(path: file.file, .malformed("expected a multiple of \(version.recordSize) bytes (\(version.name)), found \(file.count); is it cut off?"))
            }
            ends.append((ends.last ?? 0) + file.count / version.recordSize)
            let heads = try Self.heads(file, version)
            guard heads.allSatisfy({ version.accepts($0) }) else {
                throw DatasetError(path: file.file, .malformed("expected \(version.name), found a label that it does not have"))
            }
            numbers += heads.map { Int($0[$0.count - 1]) }
        }
        guard let count = ends.last, let layout = ArrayLayout(shape: [count, 3, 32, 32], axes: .channelsFirst) else {
            throw DatasetError(path: path, .noImages(kind: "folder", otherEntries: 0))
        }
        (self.path, self.files, self.version, self.ends, self.layout) = (path, files, version, ends, layout)
        labels = labelled ? try ClassLabels(numbers: numbers, names: Self.classNames(files[0].file, version), in: path) : nil
    }

    /// Told by the labels of all whole records; ten of them are enough where the last one is cut off.
    private static func version(_ file: Archives.FileBytes) throws(DatasetError) -> Version? {
        for version in Version.allCases {
            let records = file.count / version.recordSize
            guard records > 0, file.count % version.recordSize == 0 || records >= 10 else { continue }
            if try heads(file, version).allSatisfy({ version.accepts($0) }) { return version }
        }
        return nil
    }

    /// The labels of each whole record.
    private static func heads(_ file: Archives.FileBytes, _ version: Version) throws(DatasetError) -> [[UInt8]] {
        try DatasetError.about { () throws(ArchiveError) in
            try (0..<file.count / version.recordSize).map { (record) throws(ArchiveError) in
                try file.bytes(record * version.recordSize..<record * version.recordSize + version.labelCounts.count)
            }
        }
    }

    /// The names in the list that lies beside the files, or numbers.
    private static func classNames(_ file: String, _ version: Version) -> [String] {
        let count = version.labelCounts.last ?? 0, folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        let text = (try? ImageFile.read(folder + version.namesFile)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let names = text.split(whereSeparator: \.isNewline).map(String.init)
        return names.count == count ? names : (0..<count).map(String.init)
    }

    func row(_ index: Int) throws(ArchiveError) -> [UInt8] {
        let file = ends.firstIndex { index < $0 } ?? 0
        let record = index - (file > 0 ? ends[file - 1] : 0), start = record * version.recordSize + version.labelCounts.count
        return try files[file].bytes(start..<start + Self.pixelCount)
    }
}

extension CIFARStore.Version {
    /// Whether a record may begin with these labels.
    fileprivate func accepts(_ head: [UInt8]) -> Bool { zip(head, labelCounts).allSatisfy { Int($0) < $1 } }
}
