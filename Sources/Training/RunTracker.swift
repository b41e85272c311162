import Games
import Tracking
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Tells a run store what a run does.
///
/// Numbers are collected for two seconds and written in one transaction, and always before a checkpoint; what a killed run has not written is in its log, and is brought in when it is resumed. A store that cannot be written
/// does not stop a training: that is said once, numbers wait, and it is tried again every minute and at the end, when what is still missing comes from the log.
public final class RunTracker {
    /// Called with a line about a store that cannot be written.
    public var note: (String) -> Void = { _ in }

    private let opening: () throws -> RunStore
    private var record: RecordedRun
    /// The store, and how the run was put into it, which is done once.
    private var store: RunStore?, start: ((RunStore) throws -> Void)?
    private var waiting: [MetricSeries.Name: [MetricPoint]] = [:], order: [MetricSeries.Name] = []
    private var written = ContinuousClock.now, retry: ContinuousClock.Instant?
    private var hasFailed = false

    /// A tracker that is not yet attached to a run.
    /// - Parameter opening: Opens the store; called again where it could not be opened.
    public init(command: String, version: String, opening: @escaping () throws -> RunStore) {
        self.opening = opening
        record = RecordedRun(name: "", kind: .training, command: command, version: version)
    }

    func begin(_ run: Run, tags: [String]) {
        let (folder, configuration, step, isResumed) = (run.folder, run.trainer.configuration, run.trainer.step, run.isResumed)
        start = { [unowned self] store in
            try record.describe(folder, configuration)
            (record.step, record.tags) = (step, tags)
            record = try store.begin(record, continuing: isResumed)
            try store.append(RunHistory(folder).series, to: record, keepsKnown: true)
            try store.addArtifact("configuration", Paths.absolute(folder.configuration), to: record)
        }
        attempt { _ in }
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
        attempt { store in try store.addArtifact(kind, Paths.absolute(path), step: step, to: record) }
    }

    func end(_ status: RecordedRun.Status, _ run: Run, reason: String? = nil) {
        retry = nil
        flush()
        attempt { store in
            if hasFailed { try store.append(RunHistory(run.folder).series, to: record, keepsKnown: true) }
            try store.forgetMissingArtifacts(of: record)
            try store.update(record, status: status, step: run.trainer.step, reason: reason)
        }
        if retry != nil { note("the run is not wholly recorded; bring it in with: gan-eval runs import \(run.folder.path)") }
    }

    private func flush() {
        written = .now
        guard attempt({ store in try store.append(order.map { MetricSeries($0, waiting[$0] ?? []) }, to: record) }) else { return }
        (waiting, order) = ([:], [])
    }

    /// Whether it was done; a store that could not be written is left alone for a minute.
    @discardableResult
    private func attempt(_ body: (RunStore) throws -> Void) -> Bool {
        if let retry, ContinuousClock.now < retry { return false }
        do {
            let store = try self.store ?? opening()
            self.store = store
            try start?(store)
            start = nil
            try body(store)
            retry = nil
            return true
        } catch {
            if !hasFailed { note("note: not recorded for now: \(error)") }
            hasFailed = true
            // Only of the store is there hope; a file that another has removed is gone.
            if error is TrackingError { retry = .now + .seconds(60) }
            return false
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
    /// Brings in a run that was trained without this store, or adds what the store has missed of one that it knows.
    /// - Returns: The run as it is in the store.
    /// - Throws: ``TrainingError`` for a folder that holds no run; `refused` for a run under way, which records itself; what the store throws.
    public func bringIn(_ folder: RunFolder) throws -> RecordedRun {
        let configuration = try RunConfiguration(reading: folder.configuration), history = try RunHistory(folder), path = Paths.absolute(folder.path)
        let step = max(history.curves.compactMap { $0.points.last?.step }.max() ?? 0, folder.checkpointedSteps.last ?? 0)
        var record: RecordedRun
        if let known = try owner(of: path), known.folder == path {
            if known.status == .running { throw TrackingError.refused(run: path, reason: "is being trained, and records itself") }
            record = known
        } else {
            record = RecordedRun(name: "", kind: .training, command: "", version: "")
            try record.describe(folder, configuration)
            // Who brings it in is not who trained it.
            record.forgetOrigin()
            (record.step, record.steps, record.version) = (step, max(configuration.steps, step), record.identity["version"] ?? "")
            // As near as the files say.
            (record.created, record.updated) = (Self.time(of: folder.configuration) ?? record.created, Self.time(of: folder.log) ?? record.updated)
            record = try begin(record)
        }
        try append(history.series, to: record, keepsKnown: true)
        let made = [("configuration", folder.configuration, nil)] + folder.checkpointedSteps.map { ("checkpoint", folder.checkpoint($0), Optional($0)) }
            + folder.sampledSteps.map { ("samples", folder.samples($0), Optional($0)) } + (folder.has(folder.best) ? [("best checkpoint", folder.best, nil)] : [])
        for (kind, path, step) in made { try addArtifact(kind, Paths.absolute(path), step: step, to: record) }
        if record.status != .failed { try update(record, status: step >= record.steps ?? configuration.steps ? .finished : .interrupted, step: step) }
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
