import Games
import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Tells a run store what a run does.
///
/// Numbers are collected for two seconds and written in one transaction, and always before a checkpoint; what a killed run has not written is in its log, and is brought in when it is resumed. A store that fails does
/// not stop a training: its error is said once, and `gan-eval runs import FOLDER` brings the run in later.
public final class RunTracker {
    /// Called with the one line of a store that fails.
    public var note: (String) -> Void = { _ in }

    private let store: RunStore
    private var record: RecordedRun
    private var waiting: [MetricSeries.Name: [MetricPoint]] = [:], order: [MetricSeries.Name] = []
    private var written = ContinuousClock.now
    private var isBroken = false

    /// A tracker that is not yet attached to a run.
    public init(_ store: RunStore, command: String, version: String) {
        self.store = store
        record = RecordedRun(name: "", kind: .training, command: command, version: version)
    }

    /// Whether the store has failed, so that the run is not, or not wholly, in it.
    public var hasFailed: Bool { isBroken }

    func begin(_ run: Run, tags: [String]) {
        attempt {
            try record.describe(run.folder, run.trainer.configuration)
            record.step = run.trainer.step
            record.tags = tags
            record = try store.begin(record, continuing: run.isResumed)
            try store.append(RunHistory(run.folder).series, to: record, keepsKnown: true)
            try store.addArtifact("configuration", record.folder.map { $0 + "/config.yaml" } ?? run.folder.configuration, to: record)
        }
    }

    func took(_ line: RunLog.Line) {
        let now = Date().timeIntervalSince1970
        for series in MetricSeries.of(line.kind, step: line.step, time: now, line.numbers, text: line.text) {
            if waiting[series.name] == nil { order.append(series.name) }
            waiting[series.name, default: []] += series.points
        }
        if line.kind == "measurement" || ContinuousClock.now - written > .seconds(2) { flush() }
    }

    func made(_ kind: String, _ path: String, step: Int) {
        flush()
        attempt { try store.addArtifact(kind, Paths.absolute(path), step: step, to: record) }
    }

    func end(_ status: RecordedRun.Status, step: Int, reason: String? = nil) {
        flush()
        attempt {
            try store.forgetMissingArtifacts(of: record)
            try store.update(record, status: status, step: step, reason: reason)
        }
    }

    private func flush() {
        attempt { try store.append(order.map { MetricSeries($0, waiting[$0] ?? []) }, to: record) }
        (waiting, order, written) = ([:], [], ContinuousClock.now)
    }

    private func attempt(_ body: () throws -> Void) {
        guard !isBroken else { return }
        do { try body() } catch {
            isBroken = true
            note("\(error); the run goes on unrecorded: bring it in later with gan-eval runs import")
        }
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
    /// Brings in a run that was trained without this store, or that its store has lost.
    /// - Returns: The run as it is in the store.
    /// - Throws: ``TrainingError`` for a folder that holds no run; what the store throws.
    public func bringIn(_ folder: RunFolder, command: String, version: String) throws -> RecordedRun {
        var record = RecordedRun(name: "", kind: .training, command: command, version: version)
        let configuration = try RunConfiguration(reading: folder.configuration), history = try RunHistory(folder)
        try record.describe(folder, configuration)
        let step = max(history.curves.compactMap { $0.points.last?.step }.max() ?? 0, folder.checkpointedSteps.last ?? 0)
        record.step = step
        // As near as the files say.
        (record.created, record.updated) = (Self.time(of: folder.configuration) ?? record.created, Self.time(of: folder.log) ?? record.updated)
        record = try begin(record, continuing: true)
        try append(history.series, to: record, keepsKnown: true)
        let made = [("configuration", folder.configuration, nil)] + folder.checkpointedSteps.map { ("checkpoint", folder.checkpoint($0), Optional($0)) }
        for (kind, path, step) in made { try addArtifact(kind, Paths.absolute(path), step: step, to: record) }
        if folder.has(folder.best) { try addArtifact("best checkpoint", Paths.absolute(folder.best), to: record) }
        for step in folder.sampledSteps { try addArtifact("samples", Paths.absolute(folder.samples(step)), step: step, to: record) }
        try update(record, status: step >= configuration.steps ? .finished : .interrupted, step: step)
        return record
    }

    private static func time(of path: String) -> Double? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate].flatMap { ($0 as? Date)?.timeIntervalSince1970 }
    }
}

extension RunHistory {
    /// The curves as a store keeps them: `fid lower` and `fid upper` are the ends of the interval of `fid`.
    var series: [MetricSeries] {
        let names = Set(curves.map { [$0.kind, $0.name] })
        return curves.compactMap { curve in
            guard MetricSeries.owner(of: curve.name).map({ !names.contains([curve.kind, $0]) }) ?? true else { return nil }
            func ends(_ end: String) -> [Int: Double] {
                let points = curves.first { $0.kind == curve.kind && $0.name == curve.name + end }?.points ?? []
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
