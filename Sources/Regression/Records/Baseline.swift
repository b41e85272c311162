import Archives
import Evaluation
import Weights
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the team agreed on: the numbers that nights are compared with. Only `gan-eval regress --update` writes it.
public struct Baseline: Sendable, Hashable {
    /// When it was set: `2026-11-23T05:00:00Z`.
    public var date: String
    /// The commit, or another name of what was measured; nil where nobody said.
    public var label: String?
    /// Of the program.
    public var version: String
    /// In the suite's order.
    public var cases: [MeasuredCase]

    /// A baseline.
    public init(date: String, label: String?, version: String = Version.current, cases: [MeasuredCase]) { (self.date, self.label, self.version, self.cases) = (date, label, version, cases) }

    /// Tells it from other baselines, in the history: the first digits of the SHA-256 of its file.
    public var identifier: String { String(FileDigest.sha256(Array(json.utf8)).prefix(16)) }

    /// A baseline's file; nil where there is none.
    /// - Throws: ``RegressionError`` for a file that is no baseline or is damaged.
    public static func read(_ path: String) throws -> Baseline? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try Baseline(json: String(decoding: FileBytes(path).bytes(), as: UTF8.self), file: path)
    }

    /// Writes the file in one step: what was there stays until the new one is whole and on the disk.
    /// - Throws: ``ArchiveError``.
    public func write(to path: String) throws(ArchiveError) { try AtomicFile.write(Array(json.utf8), to: path) }

    private static let format = "gan-eval-baseline", formatVersion = 1

    /// As `Documentation/Regression.md` says, with 17 significant digits.
    public var json: String {
        let items = cases.map { item -> String in
            let metrics = item.metrics.map { metric in
                "        " + JSON.object(RecordForm.fields(metric))
            }
            return """
                    {
                      "name": \(JSON.text(item.name)),
                      "identity": \(JSON.object(item.identity.sorted { $0.key < $1.key }.map { ($0.key, JSON.text($0.value)) })),
                      "counts": \(JSON.object([("real", RecordForm.count(item.realCount)), ("fake", RecordForm.count(item.fakeCount))])),
                      "metrics": [
                \(metrics.joined(separator: ",\n"))
                      ]
                    }
                """
        }
        return """
            {
              "format": \(JSON.text(Self.format)),
              "format_version": \(Self.formatVersion),
              "set": \(JSON.text(date)),
              "label": \(JSON.optional(label)),
              "version": \(JSON.text(version)),
              "cases": [
            \(items.joined(separator: ",\n"))
              ]
            }

            """
    }

    /// What ``json`` wrote.
    /// - Throws: ``RegressionError``.
    public init(json text: String, file: String) throws(RegressionError) {
        let content: Content
        do { content = try JSONDecoder().decode(Content.self, from: Data(text.utf8)) } catch { throw .baseline(file: file, reason: "expected a baseline of gan-eval regress, found \(RecordForm.problem(error))") }
        guard content.format == Self.format else { throw .baseline(file: file, reason: "expected the format \(Self.format), found \(content.format)") }
        guard content.format_version == Self.formatVersion else { throw .baseline(file: file, reason: "expected format version \(Self.formatVersion), found \(content.format_version)") }
        var cases: [MeasuredCase] = []
        for item in content.cases {
            var metrics: [MeasuredMetric] = []
            for metric in item.metrics {
                guard let measured = metric.measured else { throw .baseline(file: file, reason: "'better' of \(metric.metric) is \(metric.better)") }
                metrics.append(measured)
            }
            cases.append(MeasuredCase(name: item.name, identity: item.identity, realCount: item.counts.real, fakeCount: item.counts.fake, metrics: metrics))
        }
        self.init(date: content.set, label: content.label, version: content.version, cases: cases)
    }

    private struct Content: Decodable {
        struct Counts: Decodable { let real: Int?, fake: Int? }
        struct Item: Decodable { let name: String, identity: [String: String], counts: Counts, metrics: [RecordForm.Metric] }
        let format: String, format_version: Int, set: String, label: String?, version: String, cases: [Item]
    }
}

/// What the files of this room write alike.
enum RecordForm {
    /// A metric with its number.
    struct Metric: Decodable {
        let metric: String, title: String, better: String, aim: Double?, value: Double, standard_error: Double?, degrees_of_freedom: Double?

        /// Nil where no metric is better that way.
        var measured: MeasuredMetric? {
            MetricDescription.Better(rawValue: better).map {
                MeasuredMetric(metric, title: title, better: $0, aim: aim, Estimate(value, standardError: standard_error, degreesOfFreedom: degrees_of_freedom))
            }
        }
    }

    /// A metric with its number.
    static func fields(_ metric: MeasuredMetric) -> [(String, String)] {
        [
            ("metric", JSON.text(metric.metric)), ("title", JSON.text(metric.title)), ("better", JSON.text(metric.better.rawValue)), ("aim", optional(metric.aim)), ("value", JSON.number(metric.estimate.value)),
            ("standard_error", optional(metric.estimate.standardError)), ("degrees_of_freedom", optional(metric.estimate.degreesOfFreedom)),
        ]
    }

    static func optional(_ value: Double?) -> String { value.map(JSON.number) ?? "null" }
    static func count(_ value: Int?) -> String { value.map(String.init) ?? "null" }

    /// What a decoder did not like, in a few words.
    static func problem(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return RegressionError.oneLine("\(error)") }
        func place(_ context: DecodingError.Context) -> String { context.codingPath.map(\.stringValue).joined(separator: ".") }
        switch error {
        case .keyNotFound(let key, let context): return "no '\(key.stringValue)'\(context.codingPath.isEmpty ? "" : " in \(place(context))")"
        case .typeMismatch(let type, let context): return "something else than \(type) at \(place(context))"
        case .valueNotFound(_, let context): return "nothing at \(place(context))"
        case .dataCorrupted(let context):
            let cause = context.underlyingError.map { RegressionError.oneLine("\($0)") } ?? ""
            return "damaged JSON\(cause.firstRange(of: "line ").map { " at " + cause[$0.lowerBound...].prefix { $0 != "." } } ?? "")"
        @unknown default: return RegressionError.oneLine("\(error)")
        }
    }
}
