import Archives
import Images

/// The image files in a ZIP archive, in the byte order of their paths: StyleGAN's data set layout, or any other.
struct ZipStore: ImageStore {
    private let archive: ZipArchive
    private let entries: [ZipArchive.Entry]
    let labels: ClassLabels?

    /// - Parameter labelled: read classes from `dataset.json` where the archive has one, otherwise from its folders.
    init(_ archive: ZipArchive, labelled: Bool) throws(DatasetError) {
        self.archive = archive
        entries = archive.entries.filter { Self.isImage($0.name) }.sorted { precedes($0.name, $1.name) }
        guard !entries.isEmpty else {
            throw DatasetError(path: archive.path, .noImages(kind: "archive", otherEntries: archive.entries.count))
        }
        let names = entries.map(\.name)
        if !labelled {
            labels = nil
        } else if let entry = archive.entry(ClassLabels.fileName) {
            let bytes = try DatasetError.about { () throws(ArchiveError) in try archive.read(entry, limit: ImageFile.maximumCount) }
            labels = try ClassLabels(json: bytes, of: names, in: archive.path)
        } else {
            labels = try ClassLabels(folders: names, in: archive.path)
        }
    }

    /// By its extension, and not what macOS adds to archives (`__MACOSX/._1.png`) or hides.
    private static func isImage(_ name: String) -> Bool {
        hasImageExtension(name) && !name.hasPrefix("__MACOSX/") && !name.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    var count: Int { entries.count }

    func name(_ index: Int) -> String { entries[index].name }

    func location(_ index: Int) -> String { "\(archive.path): \(entries[index].name)" }

    func read(_ index: Int, into bytes: inout [UInt8]) throws(ImageError) {
        bytes = try ImageError.about { () throws(ArchiveError) in try archive.read(entries[index], limit: ImageFile.maximumCount) }
    }
}
