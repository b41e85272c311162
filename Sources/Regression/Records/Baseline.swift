import Archives
import Evaluation
import Weights
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the team agreed on: the numbers that nights are compared with, of one night or the means of several. Only `gan-eval regress --update` writes it.
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
            let nights = item.nights.isEmpty ? "" : "\n          \"nights\": \(JSON.list(item.nights.map(JSON.text))),"
            return """
                    {
                      "name": \(JSON.text(item.name)),\(nights)
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
                let count = item.nights?.count ?? 0
                guard measured.nights.count == count, count != 1 else { throw .baseline(file: file, reason: "\(metric.metric) of '\(item.name)' has \(measured.nights.count) nights, the case \(count)") }
                metrics.append(measured)
            }
            var measured = MeasuredCase(name: item.name, identity: item.identity, realCount: item.counts.real, fakeCount: item.counts.fake, metrics: metrics)
            measured.nights = item.nights ?? []
            cases.append(measured)
        }
        self.init(date: content.set, label: content.label, version: content.version, cases: cases)
    }

    private struct Content: Decodable {
        struct Counts: Decodable { let real: Int?, fake: Int? }
        struct Item: Decodable { let name: String, nights: [String]?, identity: [String: String], counts: Counts, metrics: [RecordForm.Metric] }
        let format: String, format_version: Int, set: String, label: String?, version: String, cases: [Item]
    }
}
