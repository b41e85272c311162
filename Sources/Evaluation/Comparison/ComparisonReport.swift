import Archives

/// Comparisons of two generated sets with everything that they depend on.
public struct ComparisonReport: Sendable {
    /// One for each metric asked for, in that order.
    public let comparisons: [MetricComparison]
    /// How a table calls each metric: `FID`, `FID (efficientnet-lite0)`.
    public let titles: [String]
    /// How the sets are called.
    public let names: (first: String, second: String, reference: String)
    /// Images at hand in each set, before sets were made equal; nil for a reference whose file does not say.
    public let counts: (first: Int, second: Int, reference: Int?)
    /// Everything that decides the numbers.
    public let identity: FeatureIdentity
    /// What the reader must know, beside the warnings of each comparison.
    public let warnings: [String]

    /// A sentence for each metric, under a line for each set.
    public var text: String {
        var lines = [
            "A  \(names.first), \(counts.first) images", "B  \(names.second), \(counts.second) images",
            "reference  \(names.reference)" + (counts.reference.map { ", \($0) images" } ?? ""),
        ]
        for (title, comparison) in zip(titles, comparisons) {
            lines.append(comparison.sentence(title: title))
            lines += comparison.warnings.map { "  note: " + $0 }
        }
        return (lines + warnings.map { "note: " + $0 }).joined(separator: "\n")
    }

    /// `{"comparisons": […], "sets": {…}, "identity": {…}, "warnings": […]}`; see `Documentation/JSON.md`.
    public var json: String {
        let items = zip(titles, comparisons).map { title, comparison in
            "    " + JSON.object([
                ("metric", JSON.text(comparison.metric)), ("title", JSON.text(title)), ("verdict", JSON.text(comparison.verdict.rawValue)),
                ("first", JSON.number(comparison.first)), ("second", JSON.number(comparison.second)), ("difference", JSON.number(comparison.difference)),
                ("interval", JSON.list([comparison.interval.lower, comparison.interval.upper].map(JSON.number))), ("confidence", JSON.number(comparison.interval.confidence)),
                ("standard_error", JSON.number(comparison.standardError)), ("p_value", JSON.number(comparison.exchange.pValue)), ("exchanges", String(comparison.exchange.exchanges)),
                ("images", JSON.object([("first", String(comparison.counts.first)), ("second", String(comparison.counts.second))])),
                ("warnings", JSON.list(comparison.warnings.map(JSON.text))),
            ])
        }
        func set(_ name: String, _ count: Int?) -> String { JSON.object([("path", JSON.text(name)), ("images", count.map(String.init) ?? "null")]) }
        return """
            {
              "comparisons": [
            \(items.joined(separator: ",\n"))
              ],
              "sets": \(JSON.object([("first", set(names.first, counts.first)), ("second", set(names.second, counts.second)), ("reference", set(names.reference, counts.reference))])),
              "identity": \(JSON.object(identity.entries.sorted { $0.key < $1.key }.map { ($0.key, JSON.text($0.value)) })),
              "warnings": \(JSON.list(warnings.map(JSON.text)))
            }

            """
    }

    /// One row for each metric under a header row.
    public var csv: String {
        var rows = [["metric", "title", "verdict", "first", "second", "difference", "lower", "upper", "confidence", "standard_error", "p_value"]]
        for (title, comparison) in zip(titles, comparisons) {
            let numbers = [
                comparison.first, comparison.second, comparison.difference, comparison.interval.lower, comparison.interval.upper, comparison.interval.confidence, comparison.standardError,
                comparison.exchange.pValue,
            ]
            rows.append([comparison.metric, title, comparison.verdict.rawValue] + numbers.map(JSON.number))
        }
        return rows.map { $0.map(CSV.field).joined(separator: ",") + "\n" }.joined()
    }
}
