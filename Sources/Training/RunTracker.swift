import Games
import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Tells a run store what a run of a game does.
///
/// Numbers are written before every checkpoint, and at least every two seconds; what a killed run has not written is in its log, and is brought in when it is resumed, or at the end where the store could not be written.
public final class RunTracker {
    private let recorder: RunRecorder

    /// A tracker that is not yet attached to a run.
    public init(_ recorder: RunRecorder) { self.recorder = recorder }

    func begin(_ run: Run, tags: [String]) {
        let (folder, configuration, step, isResumed) = (run.folder, run.trainer.configuration, run.trainer.step, run.isResumed)
        recorder.begin { store, record in
            var record = record
            try record.describe(folder, configuration)
            (record.step, record.tags) = (step, tags)
            record = try store.begin(record, continuing: isResumed)
            try store.append(RunHistory(folder).series, to: record, keepsKnown: true)
            try store.addArtifact("configuration", Paths.absolute(folder.configuration), to: record)
            return record
        }
    }

    func took(_ line: RunLog.Line) {
        let now = Date().timeIntervalSince1970
        recorder.add(MetricSeries.of(line.kind, step: line.step, time: now, line.numbers, text: line.text), isPressing: line.kind == "measurement")
    }

    func made(_ kind: String, _ path: String, step: Int) {
        recorder.flush()
        recorder.attempt { store, record in try store.addArtifact(kind, Paths.absolute(path), step: step, to: record) }
    }

    func end(_ status: RecordedRun.Status, _ run: Run, reason: String? = nil) {
        let isWhole = recorder.end(status, step: run.trainer.step, reason: reason) { store, record in
            if recorder.hasFailed {
                try store.append(RunHistory(run.folder).series, to: record, keepsKnown: true)
                let files = try run.folder.recordedFiles
                try store.transaction { writer in try files.forEach { try writer.add($0, to: record) } }
            }
            try store.forgetMissingArtifacts(of: record)
        }
        if !isWhole { recorder.note("the run is not wholly recorded; bring it in with: gan-eval runs import \(run.folder.path)") }
    }
}

extension RecordedRun {
    /// Takes over what a run's folder says of it.
    /// - Throws: what reading its files throws.
    mutating func describe(_ folder: RunFolder, _ configuration: RunConfiguration) throws {
        let path = Paths.absolute(folder.path)
        (name, self.folder) = (path.split(separator: "/").last.map(String.init) ?? path, path)
        (game, seed, steps) = (configuration.game, configuration.seed, configuration.steps)
        self.configuration = Dictionary(try configuration.all().map { ($0.name, $0.value) }) { _, last in last }
        if folder.has(folder.identity) { identity = try RunIdentity(yaml: folder.text(of: folder.identity), file: folder.identity).entries.entries }
    }
}

extension RunStore {
    /// Brings in a run that was trained without this store, or adds what the store has missed of one that it knows.
    /// - Returns: The run as it is in the store.
    /// - Throws: ``TrainingError`` for a folder that holds no run; `refused` for a run under way, which records itself; what the store throws.
    public func bringIn(_ folder: RunFolder) throws -> RecordedRun {
        let configuration = try RunConfiguration(reading: folder.configuration), history = try RunHistory(folder), path = Paths.absolute(folder.path)
        let step = max(history.curves.compactMap { $0.points.last?.step }.max() ?? 0, folder.checkpointedSteps.last ?? 0)
        var record: RecordedRun, isKnown = false
        if let known = try owner(of: path), known.folder == path {
            if known.status == .running { throw TrackingError.refused(run: path, reason: "is being trained, and records itself") }
            (record, isKnown) = (known, true)
        } else {
            record = RecordedRun(name: "", kind: .training, command: "", version: "")
            try record.describe(folder, configuration)
            // Who brings it in is not who trained it.
            record.forgetOrigin()
            (record.step, record.steps, record.version) = (step, max(configuration.steps, step), record.identity["version"] ?? "")
            // As near as the files say.
            (record.created, record.updated) = (Self.time(of: folder.configuration) ?? record.created, Self.time(of: folder.log) ?? record.updated)
        }
        let files = try folder.recordedFiles, status = record.status == .failed ? .failed : step >= record.steps ?? configuration.steps ? RecordedRun.Status.finished : .interrupted
        return try transaction { writer in
            let updated = record.updated
            if !isKnown { record = try writer.begin(record) }
            try writer.append(history.series, to: record, keepsKnown: true)
            for file in files { try writer.add(file, to: record) }
            try writer.update(record, status: status, step: step, reason: record.reason, time: updated)
            return record
        }
    }

    private static func time(of path: String) -> Double? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate].flatMap { ($0 as? Date)?.timeIntervalSince1970 }
    }
}

extension RunFolder {
    /// The configuration, checkpoints and grids that are in the folder now, as a store notes them.
    fileprivate var recordedFiles: [RecordedArtifact] {
        get throws {
            let made = [("configuration", configuration, nil)] + checkpointedSteps.map { ("checkpoint", checkpoint($0), Optional($0)) }
                + sampledSteps.map { ("samples", samples($0), Optional($0)) } + (has(best) ? [("best checkpoint", best, nil)] : [])
            return try made.map { kind, path, step in try RecordedArtifact(kind, Paths.absolute(path), step: step) }
        }
    }
}

extension RunHistory {
    /// The curves as a store keeps them: `fid lower` and `fid upper` are the ends of the interval of `fid`.
    var series: [MetricSeries] {
        let names = Set(curves.map { [$0.kind, $0.name] })
        return curves.compactMap { curve in
            guard MetricSeries.owner(of: curve.name).map({ !names.contains([curve.kind, $0]) }) ?? true else { return nil }
            func ends(_ end: String) -> [Int: Double] {
                let points = curves.first { $0.kind == curve.kind && $0.name == curve.name + end && $0.identity == curve.identity }?.points ?? []
                return Dictionary(points.map { ($0.step, $0.value) }) { _, last in last }
            }
            let (lower, upper) = (ends(" lower"), ends(" upper"))
            let points = curve.points.map { MetricPoint(step: $0.step, value: $0.value, lower: lower[$0.step], upper: upper[$0.step]) }
            return MetricSeries(.init(kind: curve.kind, name: curve.name, identity: curve.identity), points)
        }
    }
}

extension MetricSeries {
    /// The name of the number whose interval ends here, by this name.
    static func owner(of name: String) -> String? { [" lower", " upper"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) } }

    /// One point for each number of a line in a log.
    static func of(_ kind: String, step: Int, time: Double, _ numbers: [(name: String, value: Double)], text: [(name: String, value: String)]) -> [MetricSeries] {
        let values = Dictionary(numbers.map { ($0.name, $0.value) }) { _, last in last }
        let identity = kind == "measurement" ? Dictionary(text.map { ($0.name, $0.value) }) { _, last in last } : [:]
        return numbers.compactMap { name, value in
            guard owner(of: name).map({ values[$0] == nil }) ?? true else { return nil }
            return MetricSeries(.init(kind: kind, name: name, identity: identity), [MetricPoint(step: step, time: time, value: value, lower: values[name + " lower"], upper: values[name + " upper"])])
        }
    }
}
