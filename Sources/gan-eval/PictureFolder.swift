import Archives
import Evaluation
import Images
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder that a command fills with pictures.
struct PictureFolder {
    private let path: String

    /// Makes the folder where it does not exist.
    init(_ path: String) throws(EvaluationError) {
        self.path = path
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw .system(path: path, operation: "create the folder", reason: error.localizedDescription)
        }
    }

    /// Writes PNG files and says so on standard error.
    func write(_ pictures: [(name: String, image: Image)]) throws {
        guard !pictures.isEmpty else { throw EvaluationError.wrongFile(path: path, expected: "images, to show them", found: "features only") }
        for (name, image) in pictures { try AtomicFile.write(image.pngData(), to: "\(path)/\(name).png") }
        Terminal.write("\(path): \(pictures.map { $0.name + ".png" }.joined(separator: ", "))\n")
    }
}
