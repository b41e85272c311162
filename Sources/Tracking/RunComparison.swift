#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs side by side: where their settings differ, and their numbers.
public struct RunComparison: Sendable {
    private let rows: [RunSummary]

    /// A comparison of runs, in this order.
    public init(_ rows: [RunSummary]) { self.rows = rows }

    /// Settings that not all runs have alike: name, and the value in each run, nil where it has none.
    public var differences: [(name: String, values: [String?])] {
        let described = rows.map { row -> [String: String] in
            var all = row.run.configuration
            all["game"] = row.run.game
            all["seed"] = row.run.seed.map(String.init)
            all["gan-eval version"] = row.run.version
            all["commit"] = row.run.code
            all["machine"] = row.run.machine
            for (name, value) in row.run.identity where name != "version" && name != "seed" { all[name] = value }
            return all
        }
        return described.reduce(into: Set()) { $0.formUnion($1.keys) }.sorted().compactMap { name in
            let values = described.map { $0[name] }
            return Set(values).count > 1 ? (name, values) : nil
        }
    }

    /// Measured numbers: name, and in each run the last one.
    public var numbers: [(name: String, values: [RunSummary.Number?])] {
        rows.reduce(into: Set()) { $0.formUnion($1.measured) }.sorted().map { name in (name, rows.map { $0.last[name] }) }
    }

    /// For people: a column for each run; below, which numbers may not be compared.
    public var text: String {
        let header = [""] + rows.map { "\($0.run.name) (\($0.run.key))" }
        let settings = differences.map { [$0.name] + $0.values.map { Self.shortened($0 ?? "–") } }
        let numbers = numbers, values = numbers.map { [$0.name] + $0.values.map { $0.map(RunTable.short) ?? "–" } }
        let table = [header] + (settings.isEmpty ? [] : [["settings that differ"]] + settings) + (values.isEmpty ? [] : [["numbers"]] + values)
        let widths = header.indices.map { column in table.map { column < $0.count && $0.count > 1 ? $0[column].count : 0 }.max() ?? 0 }
        var lines = table.map { row in
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined(separator: "  ")
            return String(padded.reversed().drop { $0 == " " }.reversed())
        }
        for (name, values) in numbers {
            let different = RunTable.differences(values.compactMap { $0?.identity }).map { "\($0.name) \($0.values.map(Self.shortened).joined(separator: " and "))" }.joined(separator: "; ")
            if !different.isEmpty { lines.append("note: \(name) was made under different settings (\(different)), so these numbers are not to be compared") }
        }
        if settings.isEmpty { lines.append("all settings are the same") }
        return lines.joined(separator: "\n")
    }

    /// Digests and commands are longer than a column.
    private static func shortened(_ text: String) -> String { text.count > 40 ? text.prefix(36) + "…" : text }
}

extension RunStore {
    /// Everything about a run, for people.
    public func description(of run: RecordedRun) throws(TrackingError) -> String {
        var fields: [(String, String?)] = [
            ("run", run.key), ("name", run.name), ("kind", run.kind.rawValue), ("status", run.status.rawValue + (run.reason.map { ": " + $0 } ?? "")), ("game", run.game),
            ("steps", run.step.map { step in run.steps.map { "\(step) of \($0)" } ?? "\(step)" }), ("seed", run.seed.map { "\($0)" }),
            ("began", RunTable.date(run.created)), ("last heard of", RunTable.date(run.updated)), ("folder", run.folder), ("command", run.command), ("version", run.version), ("commit", run.code),
            ("machine", run.machine), ("tags", run.tags.joined(separator: ", ")), ("note", run.note),
        ]
        fields.removeAll { $0.1?.isEmpty ?? true }
        let width = fields.map(\.0.count).max() ?? 0
        var lines = fields.map { $0 + String(repeating: " ", count: width - $0.count) + "  " + ($1 ?? "") }
        func section(_ title: String, _ rows: [String]) { if !rows.isEmpty { lines += ["", title] + rows.map { "  " + $0 } } }
        section("settings", run.configuration.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
        section("made under", run.identity.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
        section("curves", try series(of: run).map { curve in
            let finite = curve.points.map(\.value).filter(\.isFinite)
            let extent = finite.min().flatMap { low in finite.max().map { "\(RunTable.significant(low)) to \(RunTable.significant($0)), " } } ?? ""
            return "\(curve.name.kind): \(curve.name.name): \(extent)\(curve.points.count) points, last \(RunTable.significant(curve.points.last?.value ?? .nan)) at step \(curve.points.last?.step ?? 0)"
        })
        section("evaluations", try evaluations(of: run).flatMap { evaluation in
            ["\(RunTable.date(evaluation.created)) \(evaluation.command)"] + evaluation.results.map { result in
                "  " + result.title + "  " + RunTable.short(RunSummary.Number(kind: "", value: result.value, lower: result.lower, upper: result.upper))
            }
        })
        section("files", try artifacts(of: run).map { "\($0.kind): \($0.path), \($0.bytes / 1024) kB, sha256 \($0.sha256.prefix(12))…" })
        return lines.joined(separator: "\n")
    }
}
