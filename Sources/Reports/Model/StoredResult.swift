#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a command has stored as JSON.
enum StoredResult {
    case evaluation(StoredEvaluation), explanation(StoredExplanation), copies(StoredCopies), comparison(StoredComparison)

    /// Tells by its keys what a JSON object is, and reads it.
    /// - Throws: ``ReportError`` naming the source.
    init(json text: String, source: Source, pictures: [Picture] = []) throws(ReportError) {
        let data = Data(text.utf8), decoder = JSONDecoder()
        let keys: Set<String>
        do { keys = Set(try decoder.decode([String: Anything].self, from: data).keys) } catch {
            throw .unreadable(file: source.place, expected: Self.expected, found: "no JSON object")
        }
        do {
            if keys.contains("results") {
                var evaluation = try decoder.decode(StoredEvaluation.self, from: data)
                evaluation.source = source
                self = .evaluation(evaluation)
            } else if keys.contains("comparisons"), keys.contains("sets") {
                var comparison = try decoder.decode(StoredComparison.self, from: data)
                comparison.source = source
                self = .comparison(comparison)
            } else if keys.isSuperset(of: ["generated", "real", "classes"]) {
                var explanation = try decoder.decode(StoredExplanation.self, from: data)
                (explanation.source, explanation.pictures) = (source, pictures)
                self = .explanation(explanation)
            } else if keys.contains("authpct") {
                var found = try decoder.decode(StoredCopies.self, from: data)
                (found.source, found.pictures) = (source, pictures)
                self = .copies(found)
            } else {
                throw ReportError.unreadable(file: source.place, expected: Self.expected, found: "an object with \(keys.sorted().prefix(5).joined(separator: ", "))")
            }
        } catch let error as ReportError {
            throw error
        } catch {
            throw .unreadable(file: source.place, expected: Self.expected, found: Self.explained(error))
        }
    }

    private static let expected = "JSON that `gan-eval evaluate`, `compare`, `explain` or `copies` wrote"

    /// Any JSON value, which is skipped.
    private struct Anything: Decodable { init(from decoder: any Decoder) {} }

    /// Where a decoder stopped, in a few words.
    private static func explained(_ error: any Error) -> String {
        func path(_ context: DecodingError.Context) -> String { context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".") }
        return switch error {
        case let DecodingError.keyNotFound(key, context): "no \(key.stringValue) in \(path(context).isEmpty ? "the object" : path(context))"
        case let DecodingError.valueNotFound(_, context): "null at \(path(context))"
        case let DecodingError.typeMismatch(_, context), let DecodingError.dataCorrupted(context): "another kind of value at \(path(context))"
        default: "\(error)"
        }
    }
}
