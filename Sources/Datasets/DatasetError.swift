import Images

/// Why a collection of images could not be opened: the path, and one reason.
public struct DatasetError: Error, Equatable, Sendable {
    /// What went wrong.
    public enum Reason: Equatable, Sendable {
        /// The operating system refused: its own words.
        case unreadable(String)
        /// A folder, archive or list in which no image was found, among so many other entries.
        case noImages(kind: String, otherEntries: Int)
        /// A file of none of the known kinds.
        case unknownKind
        /// A file of a known kind whose content does not fit.
        case malformed(String)
        /// Class labels were asked for and there are none.
        case noLabels(String)
        /// A file that cannot be written.
        case unwritable(String)
        /// A good set that cannot be used as asked.
        case unfit(String)
        /// No set or distribution of this name, or an option that it does not have.
        case badSpecification(String)
    }

    /// The folder or file.
    public var path: String
    /// What went wrong.
    public var reason: Reason

    /// A file that could not be read for the reason that `error` gives.
    init(path: String, _ error: ImageError) {
        switch error.reason {
        case .unreadable(let words): self.init(path: path, .unreadable(words))
        default: self.init(path: path, .malformed(error.reason.description))
        }
    }

    /// An error about `path`.
    public init(path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }
}

extension DatasetError: CustomStringConvertible {
    /// One line: the path, what was expected or found, what to do.
    public var description: String {
        switch reason {
        case .unreadable(let words): "\(path): cannot be read: \(words)"
        case .noImages(let kind, 0): "\(path): the \(kind) is empty; expected PNG or JPEG images"
        case .noImages(let kind, let others):
            "\(path): no image in the \(kind): none of its \(others) \(others == 1 ? "entry" : "entries") ends in .png, .jpg or .jpeg"
        case .unknownKind:
            "\(path): expected a folder of images, a .zip, an HDF5 file, a .npy or .npz array, or a text file listing image paths; MNIST's idx and CIFAR's binary files are read too"
        case .malformed(let detail), .unfit(let detail), .unwritable(let detail), .badSpecification(let detail): "\(path): \(detail)"
        case .noLabels(let detail): "\(path): no class labels: \(detail)"
        }
    }
}
