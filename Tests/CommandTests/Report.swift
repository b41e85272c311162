import Foundation
import Testing

/// The JSON that the command writes, in the documented schema: a key more or less, or of another type, is an error.
struct Report {
    struct Result: Decodable {
        let metric: String, title: String
        let value: Double
        let interval: [Double]?
        let confidence: Double?
        let standardError: Double?
        let details: [String: Double]
        let warnings: [String]

        private enum CodingKeys: String, CodingKey { case metric, title, value, interval, confidence, standardError = "standard_error", details, warnings }
    }

    private struct Content: Decodable {
        let results: [Result]
        let identity: [String: String]
        let counts: [String: Int?]
        let warnings: [String]
        let timing: Timing
    }

    struct Timing: Decodable, Equatable {
        let extraction: Double, exposedDecoding: Double

        private enum CodingKeys: String, CodingKey { case extraction = "extraction_seconds", exposedDecoding = "exposed_decoding_seconds" }
    }

    let results: [Result]
    let identity: [String: String]
    let counts: [String: Int?]
    let warnings: [String]
    let timing: Timing

    init(_ text: String) throws {
        let content = try JSONDecoder().decode(Content.self, from: Data(text.utf8))
        let plain = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        try #require(Set(plain.keys) == ["results", "identity", "counts", "warnings", "timing"])
        for result in try #require(plain["results"] as? [[String: Any]]) {
            // Only some metrics have curves.
            try #require(Set(result.keys).subtracting(["curves"]) == ["metric", "title", "value", "interval", "confidence", "standard_error", "details", "warnings"])
        }
        try #require(Set(content.counts.keys) == ["real", "fake"])
        (results, identity, counts, warnings, timing) = (content.results, content.identity, content.counts, content.warnings, content.timing)
    }

    /// The result of a metric.
    subscript(metric: String) -> Result {
        get throws { try #require(results.first { $0.metric == metric }) }
    }

    /// The Fréchet distance.
    var fid: Double { get throws { try self["fid"].value } }

    /// The numbers of a metric whose bits must not change.
    func bits(of metric: String) throws -> [UInt64] {
        let result = try self[metric]
        return ([result.value] + (result.interval ?? [])).map(\.bitPattern)
    }
}

/// Whether two numbers agree.
func agree(_ a: Double, _ b: Double, within tolerance: Double) -> Bool { abs(a - b) <= tolerance * max(abs(a), abs(b)) }
