import Archives
import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SubjectFiles {
    /// What a store knows to have been measured of a run: of numbers of one metric under the same settings the last. Nights of a suite and studies of metrics are of no single subject, and are left out.
    /// - Throws: what reading the store throws; ``ReportError`` for an evaluation that is none.
    static func results(of run: RecordedRun, in store: RunStore) throws -> [StoredResult] {
        var later: Set<[String: String]> = []
        let all = try store.evaluations(of: run).filter { !["night", "sanity"].contains($0.kind) }.map { evaluation in
            let time = Date(timeIntervalSince1970: evaluation.created.rounded(.down)).formatted(.iso8601)
            return try StoredResult(json: evaluation.report, source: Source("run \(run.key)", command: evaluation.command.isEmpty ? nil : evaluation.command, time: time, tags: run.tags))
        }
        return all.reversed().compactMap { result -> StoredResult? in
            guard case var .evaluation(evaluation) = result else { return result }
            let settings = evaluation.settings
            evaluation.results.removeAll { !later.insert(settings.merging(["metric of these settings": $0.metric]) { _, name in name }).inserted }
            return evaluation.results.isEmpty ? nil : .evaluation(evaluation)
        }.reversed()
    }
}

extension RunRecord {
    /// A training of the run store: from its folder where that is still there, else from what the store knows of it.
    /// - Throws: what reading the folder and the store throws.
    static func stored(_ run: RecordedRun, in store: RunStore) throws -> RunRecord {
        guard let folder = run.folder, FileManager.default.fileExists(atPath: folder + "/config.yaml") else { return try RunRecord(run, in: store) }
        return try RunRecord(folder: folder)
    }

    /// A run whose folder is gone: settings in the order of their names, curves with their intervals, the last grid if it is still where it was.
    private init(_ run: RecordedRun, in store: RunStore) throws {
        func settings(_ values: [String: String]) -> [Setting] { values.sorted { $0.key < $1.key }.map { Setting($0.key, $0.value) } }
        let curves = try store.series(of: run).flatMap { series in
            let ends: [(String, (MetricPoint) -> Double?)] = [("", { $0.value }), (" lower", { $0.lower }), (" upper", { $0.upper })]
            return ends.compactMap { ending, value in
                let points = series.points.compactMap { point in value(point).map { SIMD2(Double(point.step), $0) } }
                return points.isEmpty ? nil : Curve(kind: series.name.kind, name: series.name.name + ending, points: points)
            }
        }
        let grid = try store.artifacts(of: run).last { $0.kind == "samples" && FileManager.default.fileExists(atPath: $0.path) }
        let grids = try grid.map { [try Picture("step-\($0.step ?? 0)", png: FileBytes($0.path).bytes(), file: $0.path)] } ?? []
        self.init(configuration: settings(run.configuration), identity: settings(run.identity), curves: curves, grids: grids, source: Source("run \(run.key)"))
    }
}
