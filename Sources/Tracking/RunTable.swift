import Archives
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs at a glance: a row for each, with the numbers that were measured.
public struct RunTable: Sendable {
    /// The rows.
    public let rows: [RunSummary]
    /// Names of the numbers that are shown.
    public let numbers: [String]
    /// From when ages count, in seconds since 1970.
    let now: Double

    /// A table.
    /// - Parameter numbers: Which numbers are shown; all that metrics have measured by default.
    public init(_ rows: [RunSummary], numbers: [String]? = nil, now: Double = Date().timeIntervalSince1970) {
        (self.rows, self.now) = (rows, now)
        self.numbers = numbers ?? rows.reduce(into: Set()) { $0.formUnion($1.measured) }.sorted()
    }

    /// The rows in the order of a field of ``RunCondition``; `-` before it turns the order. Runs without it come last.
    public static func sorted(_ rows: [RunSummary], by field: String, now: Double = Date().timeIntervalSince1970) -> [RunSummary] {
        let falls = field.hasPrefix("-"), name = falls ? String(field.dropFirst()) : field
        let keyed = rows.enumerated().map { (place: $0.offset, row: $0.element, key: RunCondition.values(of: name, nil, $0.element, now).first) }
        return keyed.sorted { a, b in
            guard let x = a.key, let y = b.key else { return a.key != nil && b.key == nil || (a.key == nil) == (b.key == nil) && a.place < b.place }
            if x == y { return a.place < b.place }
            if let x = Double(x), let y = Double(y) { return falls ? x > y : x < y }
            return falls ? x > y : x < y
        }.map(\.row)
    }

    /// The table for people, with a line about numbers of one column that were made under different settings.
    public var text: String {
        guard !rows.isEmpty else { return "no runs" }
        let header = ["RUN", "NAME", "GAME", "STATUS", "STEP", "AGE", "TAGS"] + numbers.map { $0.uppercased() }
        let cells = rows.map { row -> [String] in
            let run = row.run
            return [run.key, Self.tail(run.name), run.game ?? run.kind.rawValue, run.status.rawValue, run.step.map { step in run.steps.map { step == $0 ? "\(step)" : "\(step)/\($0)" } ?? "\(step)" } ?? "",
                    Self.age(now - run.created), run.tags.joined(separator: ",")] + numbers.map { row.last[$0].map(Self.short) ?? "" }
        }
        let widths = header.indices.map { column in ([header] + cells).map { $0[column].count }.max() ?? 0 }
        let lines = ([header] + cells).map { row in
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
            return String(padded.reversed().drop { $0 == " " }.reversed())
        }
        let mixed = numbers.filter { name in !Self.differences(rows.compactMap { $0.last[name]?.identity }).isEmpty }
        return (lines + (mixed.isEmpty ? [] : ["note: made under different settings, so not to be compared: \(mixed.joined(separator: ", ")); see gan-eval runs compare"])).joined(separator: "\n")
    }

    /// Why numbers of these identities may not be compared: names for which, but for what belongs to the generated set, there is more than one value, and the values.
    static func differences(_ identities: [[String: String]]) -> [(name: String, values: [String])] {
        var values: [String: [String]] = [:]
        for (name, value) in identities.flatMap(\.self) where !name.hasPrefix("fake_") && name != "version" && name != "arithmetic" && !values[name, default: []].contains(value) {
            values[name, default: []].append(value)
        }
        return values.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// A row for each run under a header row; an absent value is an empty field.
    public var csv: String {
        let settings = rows.reduce(into: Set()) { $0.formUnion($1.run.configuration.keys) }.sorted()
        let header = ["key", "name", "kind", "status", "game", "seed", "step", "steps", "created", "updated", "version", "code", "machine", "folder", "tags", "note", "command"]
            + numbers.flatMap { [$0, $0 + " lower", $0 + " upper"] } + settings
        let lines = rows.map { row -> [String] in
            let run = row.run
            var fields = [run.key, run.name, run.kind.rawValue, run.status.rawValue, run.game ?? ""] + [run.seed, run.step, run.steps].map { $0.map(String.init) ?? "" }
            fields += [Self.date(run.created), Self.date(run.updated), run.version, run.code ?? "", run.machine, run.folder ?? "", run.tags.joined(separator: " "), run.note, run.command]
            fields += numbers.flatMap { name in [row.last[name]?.value, row.last[name]?.lower, row.last[name]?.upper].map { $0.map { $0.isFinite ? "\($0)" : "" } ?? "" } }
            return fields + settings.map { run.configuration[$0] ?? "" }
        }
        return ([header] + lines).map { $0.map(CSV.field).joined(separator: ",") + "\n" }.joined()
    }

    /// The end of a name that is longer than a column: of a path, what tells it apart.
    private static func tail(_ name: String) -> String { name.count > 32 ? "…" + name.suffix(31) : name }

    static func short(_ number: RunSummary.Number) -> String {
        guard let lower = number.lower, let upper = number.upper else { return significant(number.value) }
        return "\(significant(number.value)) [\(significant(lower)), \(significant(upper))]"
    }

    /// Four significant digits.
    static func significant(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : value.isNaN ? "not finite" : "\(value)" }
        let decimals = max(0, 3 - Int(log10(abs(value)).rounded(.down)))
        guard decimals < 9, abs(value) < 1e9 else { return "\(value)" }
        let scale = pow(10, Double(decimals)), text = "\((value * scale).rounded() / scale)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    static func age(_ seconds: Double) -> String {
        switch min(seconds, 1e11) {
        case ..<90: "\(Int(max(0, seconds))) s"
        case ..<5400: "\(Int(seconds / 60)) min"
        case ..<172_800: "\(Int(seconds / 3600)) h"
        default: "\(Int(seconds / 86400)) d"
        }
    }

    /// `2026-11-23T05:40:00Z`.
    static func date(_ seconds: Double) -> String { Date(timeIntervalSince1970: seconds).formatted(.iso8601) }
}
