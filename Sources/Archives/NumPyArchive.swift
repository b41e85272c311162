/// An `.npz` file: a ZIP archive of `.npy` arrays by name. Arrays are opened and read when asked for; a stored entry is read in place.
public struct NumPyArchive: Sendable {
    /// The names of the arrays (`mu`, not `mu.npy`), in the archive's order.
    public let names: [String]
    private let archive: ZipArchive

    /// Opens an `.npz` file.
    public init(reading path: String) throws(ArchiveError) { self.init(try ZipArchive(reading: path)) }

    /// The arrays of an open archive.
    public init(_ archive: ZipArchive) {
        self.archive = archive
        names = archive.entries.compactMap { $0.name.hasSuffix(Self.suffix) ? String($0.name.dropLast(Self.suffix.count)) : nil }
    }

    /// The array of a name.
    /// - Throws: `ArchiveError` with reason `missing`, which lists what there is.
    public func array(_ name: String) throws(ArchiveError) -> NumPyArray {
        guard let entry = archive.entry(name + Self.suffix) else {
            throw ArchiveError(
                .missing, file: archive.path, entry: name, expected: "an array of this name",
                found: names.isEmpty ? "no arrays" : "only " + names.prefix(8).joined(separator: ", "))
        }
        return try NumPyArray(archive.source(entry))
    }

    /// Writes arrays, each given as its `.npy` bytes (`NumPyArray.encode`), synced and moved to `path` when complete.
    public static func write(
        _ arrays: [(name: String, bytes: [UInt8])], to path: String, packing: ZipArchive.Packing = .stored
    ) throws(ArchiveError) {
        try ZipArchive.write(arrays.map { ($0.name + suffix, $0.bytes) }, to: path, packing: packing)
    }

    private static let suffix = ".npy"
}
