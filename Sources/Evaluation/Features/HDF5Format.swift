import Archives
import HDF5

/// What the HDF5 files of this package have in common: the attributes `format` and `format_version`, and the identity's entries as attributes of the group
/// `identity`.
struct HDF5Format {
    /// The value of `format`.
    let name: String
    let version = 1

    static let statistics = HDF5Format(name: "gan-eval statistics")
    static let features = HDF5Format(name: "gan-eval features")

    func write(_ identity: FeatureIdentity, to root: HDF5Group) throws(HDF5Error) {
        try root.attributes.set("format", .string(name))
        try root.attributes.set("format_version", .integer(version))
        let group = try root.createGroup("identity")
        for (key, value) in identity.entries.sorted(by: { $0.key < $1.key }) { try group.attributes.set(key, .string(value)) }
    }

    /// Opens a file and checks that it is of this format.
    func open(_ path: String) throws(EvaluationError) -> (file: HDF5File, identity: FeatureIdentity) {
        do {
            let file = try HDF5File(reading: path)
            let found = try file.root.attributes.value("format")?.string
            guard found == name else {
                throw EvaluationError.wrongFile(path: path, expected: "a file of the format \"\(name)\"", found: found.map { "the format \"\($0)\"" } ?? "no attribute \"format\"")
            }
            let version = try file.root.attributes.require("format_version").integer
            guard version == self.version else {
                throw EvaluationError.wrongFile(
                    path: path, expected: "version \(self.version) of the format", found: "version \(version.map(String.init) ?? "unknown"); make the file again with this program")
            }
            let attributes = try file.root.group("identity").attributes
            var identity = FeatureIdentity()
            for key in try attributes.names() { identity[key] = try attributes.require(key).string }
            return (file, identity)
        } catch let error as HDF5Error {
            throw .hdf5(error)
        } catch let error as EvaluationError {
            throw error
        } catch {
            preconditionFailure("HDF5 files throw HDF5Error only, not \(error)")
        }
    }
}

/// Runs calls of the HDF5 room under this room's error type.
func withHDF5<Result>(_ body: () throws(HDF5Error) -> Result) throws(EvaluationError) -> Result {
    do { return try body() } catch { throw .hdf5(error) }
}

/// Runs calls of the archives room under this room's error type.
func withArchive<Result>(_ body: () throws(ArchiveError) -> Result) throws(EvaluationError) -> Result {
    do { return try body() } catch { throw .archive(error) }
}
