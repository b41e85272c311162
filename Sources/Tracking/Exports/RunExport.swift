import Archives
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Runs in the forms that other tools read.
public struct RunExport: Sendable {
    /// A form.
    public enum Format: String, Sendable, CaseIterable {
        /// One JSON object a line, which ``RunImport`` reads back whole.
        case jsonl
        /// A row for each number.
        case csv
        /// A folder with an event file for each run.
        case tensorboard
        /// A folder that is MLflow's store.
        case mlflow

        /// Whether it is a folder of files.
        public var isFolder: Bool { self == .tensorboard || self == .mlflow }
    }

    private let store: RunStore

    /// Exports from a store.
    public init(_ store: RunStore) { self.store = store }

    /// Writes runs to a file or, for a form of several files, into a folder, which is made where there is none.
    /// - Throws: what reading the store and writing files throws.
    public func write(_ runs: [RecordedRun], as format: Format, to path: String) throws {
        guard ![store.path, store.path + "-wal", store.path + "-shm"].map({ Paths.absolute($0) }).contains(Paths.absolute(path)) else {
            throw TrackingError.refused(run: path, reason: "is the run store itself; export to another file")
        }
        switch format {
        case .jsonl, .csv: try AtomicFile.write(Array(text(runs, as: format).utf8), to: path)
        case .tensorboard:
            var names: [String: Int] = [:]
            for run in runs {
                // TensorBoard calls a run by its folder.
                let name = Self.folderName(run.name), count = names[name, default: 0]
                names[name] = count + 1
                let folder = "\(path)/\(count == 0 ? name : "\(name)-\(run.key)")"
                try Folder.make(folder)
                try AtomicFile.write(TensorBoardEvents(run, in: store).bytes, to: "\(folder)/\(TensorBoardEvents.name(run))")
            }
        case .mlflow:
            let mlflow = try MLflowStore(path, for: runs)
            for run in runs { try mlflow.add(run, from: store) }
        }
    }

    /// The text of a form that is one file.
    public func text(_ runs: [RecordedRun], as format: Format) throws -> String {
        guard format == .csv else { return try runs.map { try store.document(of: $0).json + "\n" }.joined() }
        return try runs.reduce(into: "key,run,kind,name,step,time,value,lower,upper\n") { text, run in
            func row(_ kind: String, _ name: String, _ step: Int?, _ time: Double?, _ numbers: [Double?]) {
                let fields = [run.key, run.name, kind, name, step.map { "\($0)" } ?? "", time.map(RunTable.date) ?? ""] + numbers.map { $0.map { $0.isFinite ? "\($0)" : "" } ?? "" }
                text += fields.map(CSV.field).joined(separator: ",") + "\n"
            }
            for curve in try store.series(of: run) {
                for point in curve.points { row(curve.name.kind, curve.name.name, point.step, point.time, [point.value, point.lower, point.upper]) }
            }
            for evaluation in try store.evaluations(of: run) {
                for result in evaluation.results { row(evaluation.kind, result.metric, nil, evaluation.created, [result.value, result.lower, result.upper]) }
            }
        }
    }

    /// The runs without their curves, with their last numbers: a JSON list.
    public func list(_ rows: [RunSummary]) throws(TrackingError) -> String {
        let items = try rows.map { row throws(TrackingError) in
            var document = try RunDocument(row.run, in: store, isWhole: false)
            document.numbers = row.last.mapValues { number in
                .init(kind: number.kind, value: number.value.isFinite ? number.value : nil, lower: number.lower, upper: number.upper, step: number.step, identity: number.identity)
            }
            return "  " + document.json
        }
        return items.isEmpty ? "[]\n" : "[\n" + items.joined(separator: ",\n") + "\n]\n"
    }

    private static func folderName(_ name: String) -> String {
        let plain = String(name.map { $0 == "/" || $0.isNewline ? "-" : $0 }.prefix(100))
        return plain.isEmpty || plain.hasPrefix(".") ? "run-" + plain : plain
    }
}
