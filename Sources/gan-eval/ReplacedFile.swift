import Archives
import ArgumentParser
import Evaluation
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a command would write over: a result may replace an earlier one, and nothing else, as the images that were meant as its input.
enum ReplacedFile {
    /// A kind of result, by how it begins.
    enum Kind: String {
        case json = "JSON", csv = "CSV", markup = "XML or HTML"

        fileprivate func fits(_ head: Substring) -> Bool {
            switch self {
            case .json: head.hasPrefix("{") || head.hasPrefix("[")
            case .csv: head.prefix { !$0.isNewline }.contains(",")
            case .markup: head.hasPrefix("<")
            }
        }
    }

    /// Refuses a file of other numbers, or of images, in the place of features or statistics.
    static func expect(_ isRight: (EvaluationInput) -> Bool, _ what: String, _ path: String) throws {
        guard !AtomicFile.isStream(path) else { throw ValidationError("--output \(path): expected a file, found a pipe or a device") }
        // What cannot be opened is said where it is written.
        guard let content = try? FileBytes(path), content.count > 0 else { return }
        guard let found = try? EvaluationInput.open(path), isRight(found) else {
            throw ValidationError("--output \(path): a file is there that holds no \(what); it is not replaced, choose another name")
        }
    }

    /// Refuses a file that is there and is of another kind. `-` is standard output.
    static func expect(_ kind: Kind, _ path: String?, for option: String) throws {
        // What cannot be opened is said where it is written.
        guard let path, path != "-", !AtomicFile.isStream(path), let file = try? FileBytes(path), file.count > 0 else { return }
        let content = try file.bytes(0..<min(file.count, 4096))
        // The head of a longer file may end in the middle of a letter.
        let heads = (0...(file.count > content.count ? 3 : 0)).lazy.map { content.dropLast($0) }
        let text = heads.compactMap { String(validating: $0, as: UTF8.self) }.first.map { $0.drop { $0.isWhitespace || $0 == "\u{FEFF}" } }
        guard let text, !content.contains(0), kind.fits(text) else {
            throw ValidationError("\(option) \(path): a file is there that is no \(kind.rawValue); it is not replaced, choose another name")
        }
    }
}
