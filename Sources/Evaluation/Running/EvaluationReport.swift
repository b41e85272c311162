import Archives
import Weights

/// Metrics with everything that they depend on.
public struct EvaluationReport: Sendable {
    /// One entry for each metric asked for, in that order.
    public let results: [MetricResult]
    /// How a table calls each result: `FID`, `FID (efficientnet-lite0)`.
    public let titles: [String]
    /// Everything that decides the numbers.
    public let identity: FeatureIdentity
    /// Images in the real set, where there is one and it says.
    public let realCount: Int?
    /// Images in the generated set, where it says.
    public let fakeCount: Int?
    /// What the reader must know, beside the warnings of each result.
    public let warnings: [String]
    /// What running the images of both sets took; zero where all was at hand.
    public let timing: ExtractionTiming

    /// A report of numbers that were computed elsewhere, a title for each.
    public init(results: [MetricResult], titles: [String], identity: FeatureIdentity, realCount: Int? = nil, fakeCount: Int? = nil, warnings: [String] = [], timing: ExtractionTiming = .zero) {
        precondition(results.count == titles.count, "\(titles.count) titles of \(results.count) results")
        (self.results, self.titles, self.identity, self.realCount, self.fakeCount) = (results, titles, identity, realCount, fakeCount)
        (self.warnings, self.timing) = (warnings, timing)
    }

    /// Whether the weights of an identity are the published file of its network; StyleGAN's file holds the same Inception as pytorch-fid's.
    static func isPublished(_ identity: FeatureIdentity) -> Bool {
        guard let network = identity["network"], let digest = identity["weights_sha256"] else { return false }
        return WeightsCatalog.all.contains { ($0.name == network || $0.name == network + "-stylegan") && $0.digest.matches(digest) }
    }

    /// One line for each result, then its notes: for people.
    public var text: String {
        let width = titles.map(\.count).max() ?? 0
        var lines: [String] = []
        for (title, result) in zip(titles, results) {
            var line = title + String(repeating: " ", count: width - title.count) + "  " + Number.short(result.value)
            if let interval = result.interval { line += "  [\(Number.short(interval.lower)), \(Number.short(interval.upper))] \(Number.percent(interval.confidence))" }
            lines.append(line)
            if let limit = result[detail: "fid_infinity"], let bias = result[detail: "bias"] {
                lines.append("  about \(Number.short(bias)) of this is owed to the small number of images; with infinitely many it would be \(Number.short(limit))")
            }
            lines += result.warnings.map { "  note: " + $0 }
        }
        return (lines + warnings.map { "note: " + $0 }).joined(separator: "\n")
    }

    /// `{"results": […], "identity": {…}, "counts": {…}, "warnings": […], "timing": {…}}` with 17 significant digits; see `Documentation/JSON.md`.
    public var json: String {
        let items = zip(titles, results).map { title, result -> String in
            var fields = [("metric", JSON.text(result.metric)), ("title", JSON.text(title)), ("value", JSON.number(result.value))]
            fields.append(("interval", result.interval.map { "[\(JSON.number($0.lower)), \(JSON.number($0.upper))]" } ?? "null"))
            fields.append(("confidence", result.interval.map { JSON.number($0.confidence) } ?? "null"))
            fields.append(("standard_error", result.standardError.map(JSON.number) ?? "null"))
            fields.append(("details", JSON.object(result.details.map { ($0.name, JSON.number($0.value)) })))
            if !result.curves.isEmpty { fields.append(("curves", JSON.list(result.curves.map(Self.json)))) }
            fields.append(("warnings", JSON.list(result.warnings.map(JSON.text))))
            return "    " + JSON.object(fields)
        }
        let counts = JSON.object([("real", realCount.map(String.init) ?? "null"), ("fake", fakeCount.map(String.init) ?? "null")])
        let identity = JSON.object(identity.entries.sorted { $0.key < $1.key }.map { ($0.key, JSON.text($0.value)) })
        let timing = JSON.object([("extraction_seconds", JSON.number(timing.seconds)), ("exposed_decoding_seconds", JSON.number(timing.exposedDecodingSeconds))])
        return """
            {
              "results": [
            \(items.joined(separator: ",\n"))
              ],
              "identity": \(identity),
              "counts": \(counts),
              "warnings": \(JSON.list(warnings.map(JSON.text))),
              "timing": \(timing)
            }

            """
    }

    private static func json(_ curve: MetricResult.Curve) -> String {
        JSON.object([
            ("name", JSON.text(curve.name)), ("x", JSON.text(curve.x)), ("y", JSON.text(curve.y)),
            ("points", JSON.list(curve.points.map { JSON.list([JSON.number($0.x), JSON.number($0.y)]) })),
        ])
    }

    /// One row for each result under a header row.
    public var csv: String {
        let settings = identity.entries.sorted { $0.key < $1.key }
        let header = ["metric", "title", "value", "lower", "upper", "confidence", "real", "fake"] + settings.map(\.key)
        var rows = [header]
        for (title, result) in zip(titles, results) {
            var row = [result.metric, title, JSON.number(result.value)]
            if let interval = result.interval {
                row += [interval.lower, interval.upper, interval.confidence].map(JSON.number)
            } else {
                row += ["", "", ""]
            }
            row += [realCount, fakeCount].map { $0.map(String.init) ?? "" }
            rows.append(row + settings.map(\.value))
        }
        return rows.map { $0.map(CSV.field).joined(separator: ",") + "\n" }.joined()
    }
}
