#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Everything that a store knows of one run, as one JSON object: how runs leave a store and enter another. Keys are sorted, times are seconds since 1970, numbers that are not finite are absent.
public struct RunDocument: Sendable, Hashable, Codable {
    /// A curve with its points.
    public struct Series: Sendable, Hashable, Codable {
        var kind: String, name: String, identity: [String: String], points: [Point]
    }

    /// One number of a curve.
    public struct Point: Sendable, Hashable, Codable { var step: Int, time: Double?, value: Double?, lower: Double?, upper: Double? }

    /// An evaluation; its numbers are read out of the report again.
    public struct Evaluation: Sendable, Hashable, Codable { var kind: String, created: Double, command: String, report: String }

    /// A file that the run made.
    public struct Artifact: Sendable, Hashable, Codable { var kind: String, path: String, step: Int?, bytes: Int, sha256: String }

    /// The last number of a curve or metric, in a list of runs.
    public struct Number: Sendable, Hashable, Codable { var kind: String, value: Double?, lower: Double?, upper: Double?, step: Int?, identity: [String: String] }

    var key: String, name: String, kind: String, status: String, reason: String?, game: String?, seed: Int?, steps: Int?, step: Int?
    var configuration: [String: String], identity: [String: String], version: String, code: String?, machine: String, command: String, folder: String?, note: String, tags: [String]
    var created: Double, updated: Double
    var numbers: [String: Number]?
    var series: [Series], evaluations: [Evaluation], artifacts: [Artifact]

    /// A run of a store, whole.
    /// - Parameter isWhole: With its curves, evaluations and files.
    init(_ run: RecordedRun, in store: RunStore, isWhole: Bool = true) throws(TrackingError) {
        (key, name, kind, status, reason) = (run.key, run.name, run.kind.rawValue, run.status.rawValue, run.reason)
        (game, seed, steps, step, configuration, identity) = (run.game, run.seed, run.steps, run.step, run.configuration, run.identity)
        (version, code, machine, command, folder) = (run.version, run.code, run.machine, run.command, run.folder)
        (note, tags, created, updated) = (run.note, run.tags, run.created, run.updated)
        (series, evaluations, artifacts) = ([], [], [])
        guard isWhole else { return }
        series = try store.series(of: run).map { series in
            Series(kind: series.name.kind, name: series.name.name, identity: series.name.identity, points: series.points.map {
                Point(step: $0.step, time: $0.time, value: $0.value.isFinite ? $0.value : nil, lower: $0.lower, upper: $0.upper)
            })
        }
        evaluations = try store.evaluations(of: run).map { Evaluation(kind: $0.kind, created: $0.created, command: $0.command, report: $0.report) }
        artifacts = try store.artifacts(of: run).map { Artifact(kind: $0.kind, path: $0.path, step: $0.step, bytes: $0.bytes, sha256: $0.sha256) }
    }

    /// The run without its curves, evaluations and files.
    var run: RecordedRun {
        var run = RecordedRun(name: name, kind: RecordedRun.Kind(rawValue: kind) ?? .imported, command: command, version: version)
        run.key = key
        run.status = RecordedRun.Status(rawValue: status) ?? .failed
        (run.reason, run.game, run.seed, run.steps, run.step) = (reason, game, seed, steps, step)
        (run.configuration, run.identity, run.code, run.machine, run.folder, run.note, run.tags) = (configuration, identity, code, machine, folder, note, tags)
        (run.created, run.updated, run.process) = (Times.valid(created) ?? run.created, Times.valid(updated) ?? run.updated, nil)
        return run
    }

    /// The curves.
    var curves: [MetricSeries] {
        series.map { series in
            MetricSeries(.init(kind: series.kind, name: series.name, identity: series.identity), series.points.map {
                MetricPoint(step: $0.step, time: $0.time, value: $0.value ?? .nan, lower: $0.lower, upper: $0.upper)
            })
        }
    }

    /// The object in one line.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { preconditionFailure("a document holds finite numbers and texts only") }
        return String(decoding: data, as: UTF8.self)
    }
}

extension RunStore {
    /// Everything that the store knows of a run.
    public func document(of run: RecordedRun) throws(TrackingError) -> RunDocument { try RunDocument(run, in: self) }
}
