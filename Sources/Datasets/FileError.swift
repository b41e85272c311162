import Archives
import HDF5
import Images

/// What a library says about a file that it cannot read or write.
protocol FileError: Error {
    var file: String { get }
    /// The entry or object in the file, empty for the file itself.
    var place: String { get }
    var expected: String { get }
    var found: String { get }
    var isUnwritable: Bool { get }
}

extension ArchiveError: FileError {
    var place: String { entry }
    var isUnwritable: Bool { reason == .unwritable }
}

extension HDF5Error: FileError {
    var place: String { object }
    var isUnwritable: Bool { reason == .unwritable }
}

extension DatasetError {
    /// Passes on what an archive or an HDF5 file says as an error about it.
    static func about<Result, Failure: FileError>(_ body: () throws(Failure) -> Result) throws(DatasetError) -> Result {
        do throws(Failure) {
            return try body()
        } catch {
            let words = (error.place.isEmpty ? "" : error.place + ": ") + "expected \(error.expected), found \(error.found)"
            throw DatasetError(path: error.file, error.isUnwritable ? .unwritable(words) : .malformed(words))
        }
    }
}

extension ImageError {
    /// Passes on what a file says as the reason why one of its images cannot be read.
    static func about<Result, Failure: FileError>(_ body: () throws(Failure) -> Result) throws(ImageError) -> Result {
        do throws(Failure) {
            return try body()
        } catch {
            throw ImageError(.unreadable("expected \(error.expected), found \(error.found)"))
        }
    }
}
