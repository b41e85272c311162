import Archives
import Crypto
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Runs as a folder that MLflow reads with `mlflow ui --backend-store-uri FOLDER`: settings as parameters, curves as metrics, grids of samples and reports as artifacts.
///
/// Source: mlflow/store/tracking/file_store.py.
struct MLflowStore {
    private let folder: String
    /// MLflow's number of the experiment "gan-eval".
    private static let experiment = "471142114711421147"

    /// A folder, made where there is none; other experiments in it stay.
    /// - Parameter runs: What will be added; the experiment is as old as the first of it.
    init(_ folder: String, for runs: [RecordedRun]) throws {
        self.folder = Paths.absolute(folder)
        try Folder.make(place)
        guard !FileManager.default.fileExists(atPath: place + "/meta.yaml") else { return }
        let began = Int((runs.map(\.created).min() ?? 0) * 1000)
        try write("""
            artifact_location: \(Self.text("file://" + place))
            creation_time: \(began)
            experiment_id: '\(Self.experiment)'
            last_update_time: \(began)
            lifecycle_stage: active
            name: gan-eval

            """, to: place + "/meta.yaml")
    }

    private var place: String { folder + "/" + Self.experiment }

    /// Adds a run, in place of what an earlier export has left of it.
    func add(_ run: RecordedRun, from store: RunStore) throws {
        let number = SHA256.hash(data: Array(run.key.utf8)).prefix(16).hexadecimal
        let path = place + "/" + number
        // Only what this export itself names is removed: a folder of this run's number.
        try? FileManager.default.removeItem(atPath: path)
        for name in ["metrics", "params", "tags", "artifacts"] { try Folder.make(path + "/" + name) }
        let status = switch run.status {
        case .running: 1
        case .finished: 3
        case .failed: 4
        case .interrupted, .killed: 5
        }
        try write("""
            artifact_uri: \(Self.text("file://" + path + "/artifacts"))
            end_time: \(run.status == .running ? "null" : "\(Int(run.updated * 1000))")
            entry_point_name: ''
            experiment_id: '\(Self.experiment)'
            lifecycle_stage: active
            run_id: \(number)
            run_name: \(Self.text(run.name))
            run_uuid: \(number)
            source_name: ''
            source_type: 4
            source_version: ''
            start_time: \(Int(run.created * 1000))
            status: \(status)
            tags: []
            user_id: ''

            """, to: path + "/meta.yaml")
        for (name, value) in run.configuration where !value.isEmpty { try write(value, to: "\(path)/params/\(Self.name(name))") }
        var tags = ["mlflow.runName": run.name, "mlflow.source.name": "gan-eval", "mlflow.note.content": run.note, "gan-eval.command": run.command, "gan-eval.key": run.key, "gan-eval.machine": run.machine, "gan-eval.version": run.version]
        tags["mlflow.source.git.commit"] = run.code
        for tag in run.tags { tags["tag." + tag] = "true" }
        for (name, value) in tags where !value.isEmpty { try write(value, to: "\(path)/tags/\(Self.name(name))") }
        for curve in try store.series(of: run) {
            let name = Self.name(curve.name.kind) + "/" + Self.name(curve.name.name)
            try metric(name, curve.points.map { ($0.step, $0.time ?? run.created, $0.value) }, path)
            for (ending, end) in [(" lower", \MetricPoint.lower), (" upper", \.upper)] {
                try metric(name + ending, curve.points.compactMap { point in point[keyPath: end].map { (point.step, point.time ?? run.created, $0) } }, path)
            }
        }
        for (place, evaluation) in try store.evaluations(of: run).enumerated() {
            for result in evaluation.results { try metric("evaluation/" + Self.name(result.metric), [(run.step ?? 0, evaluation.created, result.value)], path) }
            try write(evaluation.report, to: "\(path)/artifacts/\(Self.name(evaluation.kind))-\(place + 1).json")
        }
        for artifact in try store.artifacts(of: run) where ["samples", "configuration"].contains(artifact.kind) && (try? RecordedArtifact.digest(of: artifact.path).sha256) == artifact.sha256 {
            try AtomicFile.copy(artifact.path, to: "\(path)/artifacts/\(artifact.path.split(separator: "/").last ?? "file")")
        }
    }

    /// Lines of time in milliseconds, value and step, after those of the same name.
    private func metric(_ name: String, _ points: [(step: Int, time: Double, value: Double)], _ path: String) throws {
        guard !points.isEmpty else { return }
        let file = "\(path)/metrics/\(name)"
        if let slash = file.lastIndex(of: "/") { try Folder.make(String(file[..<slash])) }
        let before = FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
        try write(before + points.map { "\(Int($0.time * 1000)) \($0.value) \($0.step)\n" }.joined(), to: file)
    }

    private func write(_ text: String, to path: String) throws { try AtomicFile.write(Array(text.utf8), to: path) }

    /// A name with only the characters that MLflow allows, and of one level: `Loss` and `Loss/G` cannot be a file and a folder, and no name leads out of its folder.
    private static func name(_ text: String) -> String {
        let allowed = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-. :".contains($0)) ? $0 : $0 == "/" ? "." : "_" }.prefix(200))
        return allowed.allSatisfy { $0 == "." } ? "_" + allowed : allowed
    }

    /// A text in YAML, which a JSON text always is.
    private static func text(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "''"
    }
}
