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

    /// Reads a file and adds the runs in it, all or, where one cannot be, none.
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
        do { return try store.transaction { writer in try documents.map { try writer.add($0) } } } catch {
            guard case let .refused(run, reason) = error else { throw error }
            throw TrackingError.refused(run: run, reason: "\(reason); nothing of \(path) was added")
        }
    }

    private func add(_ series: [MetricSeries], _ name: String) throws(TrackingError) -> RecordedRun {
        var run = RecordedRun(name: name, kind: .imported, command: command, version: version)
        run.process = nil
        let times = series.flatMap { $0.points.compactMap { Times.valid($0.time) } }
        if let first = times.min() { run.created = first }
        return try store.transaction { writer in
            run = try writer.begin(run)
            try writer.append(series, to: run)
            try writer.update(run, status: .finished)
            return run
        }
    }
}
