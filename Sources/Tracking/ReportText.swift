#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the store reads out of a report's JSON; see `Documentation/JSON.md`.
public enum ReportText {
    private struct Document: Decodable {
        struct Result: Decodable {
            let metric: String, title: String, value: Double?, interval: [Double]?, confidence: Double?, standard_error: Double?
        }

        let results: [Result]?, identity: [String: String]?
    }

    private static func document(_ json: String) -> Document? { try? JSONDecoder().decode(Document.self, from: Data(json.utf8)) }

    /// What decides the report's numbers; empty where it does not say.
    public static func identity(_ json: String) -> [String: String] { document(json)?.identity ?? [:] }

    /// The report's numbers; none of a document that has no list of results.
    public static func results(_ json: String) -> [RecordedResult] {
        (document(json)?.results ?? []).map { result in
            let ends = result.interval.flatMap { $0.count == 2 ? $0 : nil }
            return RecordedResult(metric: result.metric, title: result.title, value: result.value ?? .nan, lower: ends?[0], upper: ends?[1], confidence: result.confidence, error: result.standard_error)
        }
    }
}
