import Archives
import Evaluation
import Images
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder that a command fills with pictures.
enum PictureFolder {
    /// Writes PNG files into a folder, which is made where it does not exist, and says so on standard error.
    static func write(_ pictures: [(name: String, image: Image)], to path: String) throws {
        guard !pictures.isEmpty else { throw EvaluationError.wrongFile(path: path, expected: "images, to show them", found: "features only") }
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw EvaluationError.system(path: path, operation: "create the folder", reason: error.localizedDescription)
        }
        for (name, image) in pictures { try AtomicFile.write(image.pngData(), to: "\(path)/\(name).png") }
        Terminal.write("\(path): \(pictures.map { $0.name + ".png" }.joined(separator: ", "))\n")
    }
}
