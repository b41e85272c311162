import Archives
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Runs from files of other tools: this tool's own export, JSON lines with a step and numbers (also StyleGAN's `stats.jsonl` and `metric-*.jsonl`), and CSV tables with a step and numbers (also TensorBoard's downloads).
public struct RunImport: Sendable {
    private let store: RunStore, command: String, version: String

    /// Imports into a store.
    public init(into store: RunStore, command: String, version: String) { (self.store, self.command, self.version) = (store, command, version) }

    /// Reads a file and adds the runs in it; what it says is checked before anything is added.
    /// - Parameter name: What a run is called that its file does not name; the file's name without its ending by default.
    /// - Returns: The runs as they are in the store.
    /// - Throws: `badImport` with file and line; `refused` for an exported run that is here already; what the store throws.
    public func callAsFunction(_ path: String, name: String? = nil) throws -> [RecordedRun] {
        let file = try FileBytes(path), whole = try String(decoding: file.bytes(0..<file.count), as: UTF8.self)
        let text = whole.hasPrefix("\u{FEFF}") ? String(whole.dropFirst()) : whole
        // Other characters that end a line may stand inside a JSON text.
        let lines = text.split { $0 == "\n" || $0 == "\r\n" }
        guard let first = lines.first else { throw TrackingError.badImport(file: path, line: nil, expected: "JSON lines or a CSV table", found: "an empty file") }
        let called = name ?? path.split(separator: "/").last.map { $0.lastIndex(of: ".").map { dot in String(path.split(separator: "/").last?[..<dot] ?? "") } ?? String($0) } ?? path
        guard first.hasPrefix("{") else { return [try add(ImportedTable(csv: text, file: path).series, called)] }
        guard (try? JSONDecoder().decode(RunDocument.self, from: Data(first.utf8))) != nil else { return [try add(ImportedLines(lines, file: path).series, called)] }
        let documents = try lines.enumerated().map { number, line in
            do { return try JSONDecoder().decode(RunDocument.self, from: Data(line.utf8)) } catch {
                throw TrackingError.badImport(file: path, line: number + 1, expected: "an exported run", found: "\(line.prefix(60))")
            }
        }
        for document in documents where try store.knows(document) { throw TrackingError.refused(run: document.key, reason: "the store has this run already; nothing of \(path) was added") }
        return try documents.map { try store.add($0) }
    }

    private func add(_ series: [MetricSeries], _ name: String) throws(TrackingError) -> RecordedRun {
        var run = RecordedRun(name: name, kind: .imported, command: command, version: version)
        run.process = nil
        let times = series.flatMap { $0.points.compactMap { Times.valid($0.time) } }
        if let first = times.min() { run.created = first }
        run = try store.begin(run)
        try store.append(series, to: run)
        try store.update(run, status: .finished)
        return run
    }
}

/// Numbers by step, in the order in which their names first appear.
struct ImportedNumbers {
    static let steps = ["step", "global_step", "iteration", "iter", "_step", "epoch", "cur_nimg", "nimg"], times = ["wall time", "wall_time", "time", "timestamp", "_timestamp"]
    private(set) var series: [MetricSeries] = []
    private var places: [String: Int] = [:]

    mutating func add(_ name: String, _ point: MetricPoint) {
        let place = places[name] ?? series.count
        if place == series.count {
            places[name] = place
            series.append(MetricSeries(.init(kind: "imported", name: name)))
        }
        series[place].points.append(point)
    }
}

/// A CSV table with a column for the step.
struct ImportedTable {
    let series: [MetricSeries]

    init(csv text: String, file: String) throws(TrackingError) {
        let rows = Self.rows(of: text)
        let header = rows[0].map { $0.lowercased() }
        guard let step = ImportedNumbers.steps.compactMap({ header.firstIndex(of: $0) }).first else {
            throw .badImport(file: file, line: 1, expected: "a column named " + ImportedNumbers.steps.prefix(4).joined(separator: ", "), found: rows[0].joined(separator: ",").prefix(60) + "")
        }
        if let twice = header.first(where: { name in header.filter { $0 == name }.count > 1 }) { throw .badImport(file: file, line: 1, expected: "names that differ", found: "two columns named \(twice)") }
        let time = ImportedNumbers.times.compactMap { header.firstIndex(of: $0) }.first
        var numbers = ImportedNumbers()
        for (place, row) in rows.enumerated().dropFirst() where row != [""] {
            guard row.count == header.count else { throw .badImport(file: file, line: place + 1, expected: "\(header.count) fields", found: "\(row.count)") }
            guard let at = Double(row[step]), abs(at) < 1e15, at == at.rounded() else { throw .badImport(file: file, line: place + 1, expected: "a whole number in the column \(rows[0][step])", found: "'\(row[step])'") }
            for column in header.indices where column != step && column != time && !row[column].isEmpty {
                // Columns of text are no curves.
                if let value = Double(row[column]) { numbers.add(rows[0][column], MetricPoint(step: Int(at), time: time.flatMap { Double(row[$0]) }, value: value)) }
            }
        }
        guard !numbers.series.isEmpty else { throw .badImport(file: file, line: nil, expected: "at least one column of numbers beside the step", found: "none") }
        series = numbers.series
    }

    /// RFC 4180: fields may be quoted, with quotation marks doubled.
    static func rows(of text: String) -> [[String]] {
        var rows: [[String]] = [[""]], isQuoted = false, before: Character?
        for character in text {
            switch character {
            case "\"":
                if isQuoted { isQuoted = false } else {
                    if before == "\"" { rows[rows.count - 1][rows[rows.count - 1].count - 1].append("\"") }
                    isQuoted = true
                }
            case "," where !isQuoted: rows[rows.count - 1].append("")
            case _ where character.isNewline && !isQuoted: rows.append([""])
            default: rows[rows.count - 1][rows[rows.count - 1].count - 1].append(character)
            }
            before = character
        }
        return rows
    }
}

/// A JSON object a line.
struct ImportedLines {
    let series: [MetricSeries]

    /// What a value in a line can be.
    private indirect enum Value: Decodable {
        case number(Double), object([String: Value]), other

        init(from decoder: any Decoder) throws {
            let content = try decoder.singleValueContainer()
            if content.decodeNil() { self = .number(.nan) } else if let number = try? content.decode(Double.self) { self = .number(number) } else if let object = try? content.decode([String: Value].self) {
                self = .object(object)
            } else { self = .other }
        }
    }

    init(_ lines: [Substring], file: String) throws(TrackingError) {
        var numbers = ImportedNumbers()
        for (place, line) in lines.enumerated() {
            guard let object = try? JSONDecoder().decode([String: Value].self, from: Data(line.utf8)) else {
                // The last line of a log that is still written may be half there.
                if place == lines.count - 1 && place > 0 { break }
                throw .badImport(file: file, line: place + 1, expected: "a JSON object", found: "\(line.prefix(60))")
            }
            var flat: [String: Double] = [:]
            Self.flatten(.object(object), "", into: &flat)
            let step = Self.take(ImportedNumbers.steps, from: &flat) ?? Self.styleGANStep(flat, line)
            guard let step, abs(step) < 1e15, step == step.rounded() else { throw .badImport(file: file, line: place + 1, expected: "a whole number named " + ImportedNumbers.steps.prefix(4).joined(separator: ", "), found: "\(line.prefix(60))") }
            let time = Self.take(ImportedNumbers.times, from: &flat)
            for (name, value) in flat.sorted(by: { $0.key < $1.key }) { numbers.add(name, MetricPoint(step: Int(step), time: time, value: value)) }
        }
        guard !numbers.series.isEmpty else { throw .badImport(file: file, line: nil, expected: "at least one number beside the step", found: "none") }
        series = numbers.series
    }

    /// The number under the first of these names that is there.
    private static func take(_ names: [String], from flat: inout [String: Double]) -> Double? {
        names.first { flat[$0] != nil }.flatMap { flat.removeValue(forKey: $0) }
    }

    /// `{"num", "mean", "std"}`, StyleGAN's statistics of a number, is its mean; another object's numbers go under its name.
    private static func flatten(_ value: Value, _ name: String, into flat: inout [String: Double]) {
        switch value {
        case let .number(number): flat[name] = number
        case let .object(object):
            if case let .number(mean)? = object["mean"], object.keys.contains("num") { return flat[name] = mean }
            for (key, value) in object { flatten(value, name.isEmpty || name == "results" ? key : name + "." + key, into: &flat) }
        case .other: break
        }
    }

    /// StyleGAN counts thousands of images: in its statistics by a number, in its metrics by the name of the snapshot.
    private static func styleGANStep(_ flat: [String: Double], _ line: Substring) -> Double? {
        if let thousands = flat["Progress/kimg"] { return (thousands * 1000).rounded() }
        return line.firstMatch(of: /network-snapshot-([0-9]+)/).flatMap { Double($0.output.1) }.map { $0 * 1000 }
    }
}
